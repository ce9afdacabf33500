"""How deliveries are reported, how dead letters are sent again, and in which order several workers send."""

# ruff: noqa: D103  # the tests' names are sentences

import json
import random
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bridge.sandbox.options import Destination
from bridge.sandbox.pages.monitoring import latency
from bridge.sandbox.segment.outbox import lanes
from bridge.sandbox.storage import opened_tables

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def destination(answer: Any) -> Destination:
    return Destination("abcde12345", "THEKEY", "http://kameleoon.test/segmentio", httpx.MockTransport(answer))


def test_nothing_yet(sandbox: Any) -> None:
    assert sandbox.get("/sandbox/deliveries").json() == {
        "counts": {"waiting": 0, "retrying": 0, "delivered": 0, "dead": 0},
        "retries": 0,
        "latency": None,
        "receiver": {"events": 0, "conversions": {}},
        "errors": [],
        "dead": [],
    }


def test_the_report_counts_delivered_retried_and_dead_events(start: Any) -> None:
    answers = {"fine": 200, "busy": 503, "bad": 400}
    sandbox = start(
        destination=destination(lambda request: httpx.Response(answers[json.loads(request.content)["event"]]))
    )
    for event in answers:
        sandbox.send("t", {"event": event, "userId": event, "messageId": event})
    sandbox.wait_for("destination.sent", "destination.failed", "destination.dead", count=3)
    sandbox.clock.move(timedelta(seconds=1))
    sandbox.send("t", {"event": "A", "userId": "u", "integrations": {"All": False}})  # the outbox looks again
    sandbox.wait_for("destination.failed", count=2)
    report = sandbox.get("/sandbox/deliveries").json()
    assert report["counts"] == {"waiting": 0, "retrying": 1, "delivered": 1, "dead": 1}
    assert report["retries"] == 1
    assert (report["latency"]["of"], report["latency"]["p50"]) == (1, 0)
    assert (report["errors"][0]["event"]["event"], report["errors"][0]["attempt"]) == ("busy", 2)
    (dead,) = report["dead"]
    assert (dead["event"]["event"], dead["error"]["status"], dead["attempt"]) == ("bad", 400, 1)
    assert "THEKEY" not in json.dumps(report)


def test_dead_letters_are_sent_again_at_the_push_of_a_button(start: Any) -> None:
    status = [400]
    sandbox = start(destination=destination(lambda _: httpx.Response(status[0])))
    for place in range(3):
        sandbox.send("t", {"event": "A", "userId": "u", "messageId": f"m{place}"})
    sandbox.wait_for("destination.dead", count=3)
    status[0] = 200
    assert sandbox.post("/sandbox/deliveries/replay").json() == {"success": True, "replayed": 3}
    rows = sandbox.wait_for("destination.sent", count=3)
    assert [row["messageId"] for row in rows] == ["m0", "m1", "m2"]
    report = sandbox.get("/sandbox/deliveries").json()
    assert (report["counts"]["dead"], report["counts"]["delivered"], report["dead"]) == (0, 3, [])
    assert sandbox.post("/sandbox/deliveries/replay").json()["replayed"] == 0
    assert len(sandbox.log("destination.replayed")) == 1


def test_a_visitors_events_arrive_in_order_and_others_do_not_wait_for_them(start: Any) -> None:
    first_may_go, arrived = threading.Event(), []

    def answer(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        if body["messageId"] == "slow":
            assert first_may_go.wait(5)
        arrived.append(body["messageId"])
        return httpx.Response(200)

    sandbox = start(destination=destination(answer))
    sandbox.send("t", {"event": "A", "anonymousId": "a", "messageId": "slow"})
    sandbox.send("t", {"event": "A", "anonymousId": "a", "userId": "u", "messageId": "second"})
    sandbox.send("t", {"event": "A", "userId": "u", "messageId": "third"})
    sandbox.send("t", {"event": "A", "userId": "another", "messageId": "another"})
    sandbox.wait_for("destination.sent")
    assert arrived == ["another"]
    first_may_go.set()
    sandbox.wait_for("destination.sent", count=4)
    assert arrived == ["another", "slow", "second", "third"]


def test_events_that_share_an_id_of_any_kind_share_a_lane() -> None:
    event = {"userId": "u", "anonymousId": "a", "properties": {"kameleoonVisitorCode": "v"}}
    for other in ({"userId": "u"}, {"anonymousId": "a"}, {"traits": {"kameleoonVisitorCode": "v"}}):
        assert lanes(event) & lanes(other)
    assert not lanes(event) & lanes({"userId": "a", "anonymousId": "v", "properties": {"kameleoonVisitorCode": "u"}})
    assert lanes({"userId": None, "properties": []}) == set()


EVENTS = st.lists(st.sets(st.sampled_from("abcd"), min_size=1, max_size=2), max_size=12)


@given(events=EVENTS, chance=st.randoms(use_true_random=False))
@examples(deadline=None)
def test_whatever_ends_first_no_event_overtakes_one_of_the_same_visitor(
    events: list[set[str]], chance: random.Random
) -> None:
    tables = opened_tables(":memory:", lambda: NOW)
    lanes_of, done, under_way = {}, [], set()
    for event in events:
        n = tables.log.append("track", {"event": {}})
        lanes_of[n] = event
        tables.outbox.add(n, event, NOW)
    while ready := tables.outbox.next(100):
        under_way |= {delivery.n for delivery in ready}
        assert sum(len(lanes_of[n]) for n in under_way) == len(set().union(*(lanes_of[n] for n in under_way)))
        ended = chance.choice(sorted(under_way))
        assert all(n in done for n in lanes_of if n < ended and lanes_of[n] & lanes_of[ended])
        tables.outbox.deliver(ended, NOW)
        under_way.remove(ended)
        done.append(ended)
    assert sorted(done) == list(lanes_of)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ([], None),
        ([0.0015], {"of": 1, "p50": 1.5, "p90": 1.5, "p99": 1.5, "max": 1.5}),
        ([place / 1000 for place in range(100, 0, -1)], {"of": 100, "p50": 50, "p90": 90, "p99": 99, "max": 100}),
    ],
)
def test_percentiles(seconds: list[float], expected: dict[str, float] | None) -> None:
    assert latency(seconds) == expected
