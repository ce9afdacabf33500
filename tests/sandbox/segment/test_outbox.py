"""What becomes of an event between Segment and Kameleoon: sent, tried again, given up; never lost, never doubled."""

# ruff: noqa: D103  # the tests' names are sentences

import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from bridge.sandbox.options import Destination
from bridge.sandbox.segment.outbox import is_allowed, lanes
from tests.sandbox.destinations import destination

URL = "http://kameleoon.test/segmentio"
EVENT = {"event": "A", "userId": "u", "messageId": "m1", "properties": {"kameleoonVisitorCode": "v1"}}

Answer = httpx.Response | Exception


class Kameleoon:
    """A receiving side that answers as it is told, the last answer again and again; it keeps what it was sent."""

    def __init__(self, *answers: Answer) -> None:
        self.requests: list[httpx.Request] = []
        self._answers: Iterator[Answer] = iter(answers[:-1])
        self._last = answers[-1]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        self.requests.append(request)
        answer = next(self._answers, self._last)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers)

    @property
    def destination(self) -> Destination:
        """A destination that is connected to this side."""
        return destination(self)


OK = httpx.Response(200)


def nudge(sandbox: Any) -> None:
    """Make the outbox look again after its clock was moved: an alias, which no preset is for."""
    sandbox.send("a", {"userId": "u", "previousId": "p"})


def test_an_event_is_sent_once_as_the_destination_does(start: Any) -> None:
    kameleoon = Kameleoon(OK)
    sandbox = start(destination=kameleoon.destination)
    sandbox.send("t", EVENT)
    (row,) = sandbox.wait_for("destination.sent")
    sandbox.send("t", EVENT)  # a duplicate
    sandbox.send("i", {"userId": "u", "traits": {"plan": "pro"}})
    sandbox.wait_for("destination.sent", count=2)
    first, second = kameleoon.requests
    assert (first.method, str(first.url)) == ("POST", URL)
    assert first.headers["authorization"] == "Basic THEKEY"
    assert first.headers["x-segment-settings"] == "abcde12345"
    body = json.loads(first.content)
    assert (body["event"], body["properties"]) == ("A", {"kameleoonVisitorCode": "v1"})
    assert body["timestamp"] == sandbox.log("track")[0]["event"]["timestamp"]
    assert row["body"] == body
    assert (row["messageId"], row["subscription"], row["attempt"]) == ("m1", "Track Calls", 1)
    assert json.loads(second.content)["properties"] == {"plan": "pro"}
    assert "THEKEY" not in sandbox.get("/sandbox/log").text


@pytest.mark.parametrize(
    ("integrations", "allowed"),
    [
        ({}, True),
        ({"All": True}, True),
        ({"All": False}, False),
        ({"All": False, "Kameleoon (Actions)": True}, True),
        ({"All": False, "Actions Kameleoon": {"option": 1}}, True),
        ({"Kameleoon (Actions)": False}, False),
        ({"Actions Kameleoon": False}, False),
        ({"kameleoon (actions)": False, "Kameleoon": False}, True),
    ],
)
def test_an_event_goes_where_its_integrations_let_it(integrations: dict[str, Any], *, allowed: bool) -> None:
    assert is_allowed(integrations) is allowed


def test_an_event_that_is_kept_from_kameleoon_is_not_sent(start: Any) -> None:
    kameleoon = Kameleoon(OK)
    sandbox = start(destination=kameleoon.destination)
    sandbox.send("b", {"batch": [{**EVENT, "type": "track"}], "integrations": {"Kameleoon (Actions)": False}})
    sandbox.send("t", {**EVENT, "messageId": "m2"})
    (row,) = sandbox.wait_for("destination.sent")
    assert row["messageId"] == "m2"
    assert len(kameleoon.requests) == 1


@pytest.mark.parametrize(
    "trouble",
    [*map(httpx.Response, (408, 423, 429, 500, 502, 503)), httpx.ConnectError("no"), httpx.ReadTimeout("late")],
    ids=str,
)
def test_a_trouble_that_may_pass_is_tried_again_later(start: Any, trouble: Answer) -> None:
    kameleoon = Kameleoon(trouble, OK)
    sandbox = start(destination=kameleoon.destination)
    sandbox.send("t", EVENT)
    (row,) = sandbox.wait_for("destination.failed")
    pause = datetime.fromisoformat(row["retryAt"]) - sandbox.clock.now
    assert timedelta(seconds=0.4) < pause <= timedelta(seconds=1)
    sandbox.clock.move(pause - timedelta(milliseconds=2))
    nudge(sandbox)
    sandbox.send("t", {**EVENT, "messageId": "m2"})  # the same visitor's waits behind it
    sandbox.send("t", {"event": "A", "userId": "another", "messageId": "m3"})  # another visitor's does not
    assert sandbox.wait_for("destination.sent")[0]["messageId"] == "m3"
    sandbox.clock.move(timedelta(milliseconds=3))
    nudge(sandbox)
    rows = sandbox.wait_for("destination.sent", count=3)[1:]
    assert [(row["messageId"], row["attempt"]) for row in rows] == [("m1", 2), ("m2", 1)]


@pytest.mark.parametrize("status", [400, 401, 404, 501])
def test_a_trouble_that_stays_ends_it(start: Any, status: int) -> None:
    kameleoon = Kameleoon(httpx.Response(status), OK)
    sandbox = start(destination=kameleoon.destination)
    sandbox.send("t", EVENT)
    (row,) = sandbox.wait_for("destination.dead")
    assert (row["messageId"], row["error"]["status"]) == ("m1", status)
    sandbox.clock.move(timedelta(hours=5))
    sandbox.send("t", {**EVENT, "messageId": "m2"})
    sandbox.wait_for("destination.sent")
    assert len(kameleoon.requests) == 2


def test_pauses_grow_and_after_four_hours_it_is_given_up(start: Any) -> None:
    sandbox = start(destination=Kameleoon(httpx.Response(503)).destination)
    began = sandbox.clock.now
    sandbox.send("t", EVENT)
    rows = sandbox.wait_for("destination.failed")
    pauses: list[timedelta] = []
    while rows[-1]["kind"] == "destination.failed":
        pauses.append(datetime.fromisoformat(rows[-1]["retryAt"]) - sandbox.clock.now)
        sandbox.clock.move(pauses[-1] + timedelta(milliseconds=1))
        nudge(sandbox)
        rows = sandbox.wait_for("destination.failed", "destination.dead", count=len(rows) + 1)
    assert timedelta(hours=3) < sandbox.clock.now - began <= timedelta(hours=4, milliseconds=100)
    assert all(later > earlier for earlier, later in zip(pauses, pauses[2:], strict=False) if later.seconds < 1800)
    assert max(pauses) <= timedelta(hours=1)


@pytest.mark.parametrize(
    "retry_after", [lambda _now: "120", lambda now: format_datetime(now + timedelta(seconds=121), usegmt=True)]
)
def test_the_pause_that_is_asked_for_is_kept(start: Any, retry_after: Callable[[datetime], str]) -> None:
    now = start().clock.now
    sandbox = start(destination=Kameleoon(httpx.Response(429, headers={"retry-after": retry_after(now)})).destination)
    sandbox.send("t", EVENT)
    (row,) = sandbox.wait_for("destination.failed")
    pause = datetime.fromisoformat(row["retryAt"]) - now
    assert timedelta(seconds=120) <= pause <= timedelta(seconds=121)


@pytest.mark.parametrize(("retry_after", "kind"), [("soon", "destination.failed"), ("9" * 30, "destination.dead")])
def test_a_strange_pause_does_no_harm(start: Any, retry_after: str, kind: str) -> None:
    kameleoon = Kameleoon(httpx.Response(503, headers={"retry-after": retry_after}), OK)
    sandbox = start(destination=kameleoon.destination)
    sandbox.send("t", EVENT)
    sandbox.wait_for(kind)


def test_what_was_not_sent_yet_is_sent_after_the_next_start(start: Any, tmp_path: Path) -> None:
    database = tmp_path / "kept.sqlite3"
    first = start(database, destination=Kameleoon(httpx.Response(503)).destination)
    first.send("t", EVENT)
    first.wait_for("destination.failed")
    start.stop()
    first.clock.move(timedelta(seconds=1))
    kameleoon = Kameleoon(OK)
    again = start(database, destination=kameleoon.destination)
    (row,) = again.wait_for("destination.sent")
    assert (row["messageId"], row["attempt"], len(kameleoon.requests)) == ("m1", 2, 1)


def test_reset_empties_the_outbox(start: Any) -> None:
    kameleoon = Kameleoon(httpx.Response(503), OK)
    sandbox = start(destination=kameleoon.destination)
    sandbox.send("t", EVENT)
    sandbox.wait_for("destination.failed")
    sandbox.post("/sandbox/reset")
    sandbox.clock.move(timedelta(seconds=1))
    sandbox.send("t", {**EVENT, "messageId": "m2"})
    (row,) = sandbox.wait_for("destination.sent")
    assert (row["messageId"], len(kameleoon.requests)) == ("m2", 2)


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
