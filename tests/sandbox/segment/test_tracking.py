"""Segment's tracking API as analytics.js and servers use it."""

# ruff: noqa: D103  # the tests' names are sentences

import gzip
import json
from datetime import timedelta
from typing import Any

import pytest

TRACK = {"type": "track", "event": "Signed Up", "anonymousId": "a1", "messageId": "m1"}


@pytest.mark.parametrize(
    ("letter", "name", "own"),
    [
        ("t", "track", {"event": "Signed Up"}),
        ("i", "identify", {"traits": {"plan": "pro"}}),
        ("p", "page", {"name": "Home"}),
        ("g", "group", {"groupId": "g1"}),
        ("s", "screen", {"name": "Home"}),
        ("a", "alias", {"previousId": "a1"}),
    ],
)
def test_each_call_is_taken_in_by_letter_and_by_name(sandbox: Any, letter: str, name: str, own: dict[str, Any]) -> None:
    for call in (letter, name):
        answer = sandbox.send(call, {"userId": "u1", **own})
        assert (answer.status_code, answer.json()) == (200, {"success": True})
    events = [row["event"] for row in sandbox.log(name)]
    assert [{"type": name, "userId": "u1", **own}] * 2 == [
        {key: event[key] for key in ("type", "userId", *own)} for event in events
    ]


def test_an_event_reaches_destinations_as_sent_but_for_what_segment_adds(sandbox: Any) -> None:
    sent: dict[str, Any] = {
        **TRACK,
        "userId": None,
        "properties": {"n": 1, "list": [None, ""], "text": "😀 \ud800"},
        "context": {"page": {"path": "/"}, "library": {"name": "analytics.js"}},
        "integrations": {"All": False},
        "somethingElse": {"kept": True},
        "writeKey": "WRITEKEY",
        "_metadata": {"bundled": []},
    }
    sandbox.send("t", sent)
    (row,) = sandbox.log("track")
    del sent["writeKey"], sent["_metadata"]
    now = "2026-11-22T12:00:00.500Z"
    assert row["event"] == {
        **sent,
        "context": {**sent["context"], "ip": "127.0.0.1"},
        "originalTimestamp": now,
        "timestamp": now,
        "receivedAt": now,
        "channel": "client",
        "version": 2,
    }


def test_the_clients_clock_is_corrected(sandbox: Any) -> None:
    # The client's clock is two hours slow; the event happened 30 seconds before it was sent.
    sandbox.send("t", {**TRACK, "timestamp": "2026-11-22T11:00:00.250+01:00", "sentAt": "2026-11-22T10:00:30.250Z"})
    (row,) = sandbox.log("track")
    assert row["event"]["timestamp"] == "2026-11-22T11:59:30.500Z"
    assert row["event"]["originalTimestamp"] == "2026-11-22T11:00:00.250+01:00"
    assert row["event"]["receivedAt"] == "2026-11-22T12:00:00.500Z"


def test_a_time_without_the_time_of_sending_is_believed(sandbox: Any) -> None:
    sandbox.send("t", {**TRACK, "timestamp": "2020-01-02T03:04:05Z"})
    assert sandbox.log("track")[0]["event"]["timestamp"] == "2020-01-02T03:04:05.000Z"


def test_a_message_id_counts_once_in_24_hours(sandbox: Any) -> None:
    sandbox.send("t", TRACK)
    sandbox.clock.move(timedelta(hours=23, minutes=59))
    again = sandbox.send("b", {"batch": [TRACK, {**TRACK, "messageId": "m2"}, {**TRACK, "messageId": "m2"}]})
    assert again.status_code == 200
    sandbox.clock.move(timedelta(minutes=1))
    sandbox.send("t", TRACK)
    rows = [(row["event"]["messageId"], row.get("duplicate")) for row in sandbox.log("track")]
    assert rows == [("m1", None), ("m1", True), ("m2", None), ("m2", True), ("m1", None)]


def test_events_without_a_message_id_are_never_duplicates(sandbox: Any) -> None:
    anonymous = {key: value for key, value in TRACK.items() if key != "messageId"}
    for _ in range(2):
        sandbox.send("t", anonymous)
    first, second = sandbox.log("track")
    assert "duplicate" not in second
    assert first["event"]["messageId"] != second["event"]["messageId"]


def test_a_batch_is_split_and_what_it_says_holds_where_an_event_says_nothing(sandbox: Any) -> None:
    answer = sandbox.send(
        "batch",
        {
            "sentAt": "2026-11-22T11:00:00Z",
            "context": {"ip": "10.0.0.1", "locale": "fr"},
            "integrations": {"All": True, "Kameleoon (Actions)": False},
            "batch": [
                {**TRACK, "timestamp": "2026-11-22T10:59:59Z"},
                {
                    "type": "page",
                    "userId": "u1",
                    "context": {"locale": "de"},
                    "integrations": {"Kameleoon (Actions)": True},
                },
            ],
        },
    )
    assert answer.status_code == 200
    track, page = (row["event"] for row in sandbox.log())
    assert track["timestamp"] == "2026-11-22T11:59:59.500Z"
    assert track["context"] == {"ip": "10.0.0.1", "locale": "fr"}
    assert track["integrations"] == {"All": True, "Kameleoon (Actions)": False}
    assert page["context"] == {"ip": "10.0.0.1", "locale": "de"}
    assert page["integrations"] == {"All": True, "Kameleoon (Actions)": True}


def test_a_refused_request_is_logged_with_its_reason(sandbox: Any) -> None:
    answer = sandbox.send("t", [TRACK])
    assert answer.status_code == 400
    assert answer.json()["error"] == "body: Input should be a valid dictionary, got a list"
    (row,) = sandbox.log()
    assert (row["kind"], row["status"], row["path"], row["reason"]) == (
        "rejected",
        400,
        "/v1/t",
        answer.json()["error"],
    )


@pytest.mark.parametrize(
    "text", [b"", b"{", b'{"event": NaN}', b'{"event": 1e999}', b"\xff", b"[" * 100_000, b"9" * 5000], ids=repr
)
def test_what_is_not_json_is_refused(sandbox: Any, text: bytes) -> None:
    answer = sandbox.post("/v1/t", content=text, auth=("K", ""))
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("body: ")


def sized(size: int) -> dict[str, Any]:
    """Return an event of this many bytes of JSON."""
    event = {**TRACK, "properties": {"text": ""}}
    event["properties"] = {"text": "x" * (size - len(json.dumps(event, separators=(",", ":"))))}
    return event


def test_an_event_may_have_32_kb(sandbox: Any) -> None:
    assert sandbox.send("t", sized(32 * 1024)).status_code == 200
    for call, body in (("t", sized(32 * 1024 + 1)), ("b", {"batch": [sized(32 * 1024 + 1)]})):
        answer = sandbox.send(call, body)
        assert answer.status_code == 400
        assert "at most 32768 bytes of JSON, got 32769" in answer.json()["error"]


def test_a_batch_may_have_500_kb_and_2500_events(sandbox: Any) -> None:
    small = {"type": "track", "event": "E", "userId": "u"}
    assert sandbox.send("b", {"batch": [small] * 2500}).status_code == 200
    answer = sandbox.send("b", {"batch": [sized(30_000)] * 18})
    assert answer.status_code == 400
    assert "at most 512000 bytes" in answer.json()["error"]
    assert len(sandbox.log("track")) == 2500


def test_gzip_is_undone_and_counts_unzipped(sandbox: Any) -> None:
    def zipped(body: bytes) -> Any:
        return sandbox.post("/v1/b", content=body, headers={"content-encoding": "gzip"}, auth=("K", ""))

    text = json.dumps({"batch": [TRACK]}).encode()
    assert zipped(gzip.compress(text)).status_code == 200
    assert len(sandbox.log("track")) == 1
    assert zipped(text).json()["error"].startswith("body: is not gzip")
    assert zipped(gzip.compress(text)[:-9]).json()["error"] == "body: the gzip data ends too early"
    assert "at most 512000 bytes" in zipped(gzip.compress(b" " * 50_000_000)).json()["error"]


def test_an_unknown_call_is_refused_and_statistics_are_swallowed(sandbox: Any) -> None:
    assert sandbox.send("x", TRACK).status_code == 404
    assert sandbox.send("m", {"series": []}).json() == {"success": True}
    assert sandbox.log("track") == []


def test_a_browser_may_call_from_another_origin(sandbox: Any) -> None:
    asked = {"origin": "https://shop.localhost", "access-control-request-method": "POST"}
    preflight = sandbox.request("OPTIONS", "/v1/t", headers=asked)
    assert preflight.status_code == 204
    allowed = preflight.headers["access-control-allow-headers"].split(", ")
    assert {"authorization", "content-type", "x-retry-count"} <= set(allowed)
    assert "POST" in preflight.headers["access-control-allow-methods"]
    for answer in (preflight, sandbox.send("t", TRACK), sandbox.send("t", {})):
        assert answer.headers["access-control-allow-origin"] == "*"
