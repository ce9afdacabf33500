"""How deliveries are reported, and how dead letters are sent again."""

# ruff: noqa: D103  # the tests' names are sentences

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bridge.sandbox.pages.monitoring import latency
from tests.sandbox.destinations import destination


def test_nothing_yet(sandbox: Any) -> None:
    assert sandbox.get("/sandbox/deliveries").json() == {
        "counts": {"waiting": 0, "retrying": 0, "delivered": 0, "dead": 0},
        "retries": 0,
        "latency": None,
        "receiver": {"events": 0, "conversions": {}},
        "dropped": {"count": 0, "last": []},
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


def test_what_segment_dropped_is_counted_and_listed_the_latest_first(sandbox: Any) -> None:
    sandbox.send("b", {"batch": [{"type": "track", "event": "A"}] * 60})
    sandbox.send("t", {"event": "", "userId": "u"})
    report = sandbox.get("/sandbox/deliveries").json()["dropped"]
    assert (report["count"], len(report["last"])) == (61, 50)
    first = report["last"][0]
    assert (first["path"], first["about"]["userId"]) == ("/v1/t", "u")
    assert first["reason"].startswith("body.event: ")
    assert report["last"][1]["reason"].startswith("body.batch[59]: ")


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
