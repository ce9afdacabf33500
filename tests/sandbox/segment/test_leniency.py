"""The table of what the tracking API does with what is not as Segment's documents have it: each row, over HTTP."""

# ruff: noqa: D103  # the tests' names are sentences

import json
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bridge.sandbox.segment import leniency
from tests.sandbox.segment.arbitrary import good

ROOT = Path(__file__).parents[3]
EVENT: dict[str, Any] = {"event": "E", "userId": "u"}
ITEM: dict[str, Any] = {"type": "track", **EVENT}
NOW = "2026-11-22T12:00:00.500Z"

Case = tuple[str, object, int, list[str]]


def track(status: int, *kinds: str, **fields: Any) -> Case:
    return "track", {**EVENT, **fields}, status, list(kinds)


def batch(*items: object, status: int = 200, kinds: str = "dropped") -> Case:
    """Return a case of a batch whose first event is good."""
    return "batch", {"batch": [good("m1"), *items]}, status, ["track", *kinds.split()]


TOO_LARGE = {"text": "x" * 33_000}
#: For each row, by how it begins: a call, its body (bytes as they are), the answer's status, the log's kinds.
CASES: dict[str, list[Case]] = {
    "a body over": [
        ("batch", b'{"batch": []}' + b" " * 512_000, 400, ["rejected"]),
        track(400, "dropped", "rejected", properties=TOO_LARGE),
    ],
    "an event over": [batch({**ITEM, "properties": TOO_LARGE}, status=400, kinds="dropped rejected")],
    "more than 2500": [("batch", {"batch": [ITEM] * 2501}, 200, ["track"] * 2500 + ["dropped"])],
    "broken JSON": [
        ("track", text, 400, ["rejected"]) for text in (b"", b"{", b'{"a": NaN}', b'"\xff"', b'{"a": 1e999}')
    ],
    "JSON that is no object": [
        ("track", json.dumps(value).encode(), 400, ["rejected"]) for value in ([ITEM], "a", None)
    ],
    "no write key": [],  # see the test of write keys
    "an unknown call": [("trak", EVENT, 404, ["rejected"])],
    "`/v1/import`": [("import", {"batch": [ITEM]}, 200, ["track"])],
    "a batch without": [
        ("batch", {}, 200, ["dropped"]),
        ("batch", {"batch": []}, 200, ["dropped"]),
        ("batch", {"batch": ITEM}, 200, ["dropped"]),
    ],
    "a bad event among": [batch({**ITEM, "event": ""}, good("m2"), kinds="dropped track")],
    "an event in a batch without": [batch(EVENT), batch({**EVENT, "type": "trak"})],
    "an event in a batch with `action`": [batch({**EVENT, "action": "track"}, kinds="track")],
    "a `type` that is not": [track(200, "track", type="page")],
    "an id or a name that is a number": [track(200, "track", event=1, userId=2, messageId=3)],
    "an id or a name that is a boolean": [track(200, "dropped", event=True), track(200, "dropped", userId=[1])],
    "`userId`, `anonymousId`": [track(200, "track", anonymousId=None), track(200, "track", anonymousId="")],
    "neither": [track(200, "dropped", userId=None)],
    "a track without": [track(200, "dropped", event=""), track(200, "dropped", event=None)],
    "a group without": [
        ("group", {"userId": "u"}, 200, ["dropped"]),
        ("g", {**EVENT, "groupId": ""}, 200, ["dropped"]),
    ],
    "a `messageId` of 100": [track(200, "dropped", messageId="x" * 100), track(200, "track", messageId="x" * 99)],
    "a `messageId` that is empty": [track(200, "track", messageId=""), track(200, "track", messageId=[1])],
    "`[]` for": [track(200, "track", properties=[], context=[], integrations=[])],
    "null for": [track(200, "track", properties=None, context=None, integrations=None)],
    "anything else that is no object": [
        track(200, "dropped", properties=[1]),
        ("batch", {"batch": [ITEM, ITEM], "integrations": "x"}, 200, ["dropped"] * 2),
    ],
    "ISO 8601": [track(200, "track", timestamp=time) for time in ("2024-04-05", "2015-2-02T00:30:08.276Z")],
    "a time as a number": [track(200, "track", timestamp=time) for time in (1712320751592, "1712320751")],
    "a time as RFC 2822": [track(200, "track", timestamp="Fri, 05 Apr 2024 12:39:11 +0000")],
    "a time that cannot": [track(200, "track", timestamp="yesterday", sentAt="today")],
    "`timestamp` and `sentAt`": [track(200, "track", timestamp="9999-01-01", sentAt="0001-01-01")],
}


def row(beginning: str) -> leniency.Rule:
    (found,) = [rule for rule in leniency.RULES if rule.arrives.startswith(beginning)]
    return found


def test_each_row_has_a_case_and_a_source() -> None:
    assert [row(beginning) for beginning in CASES] == list(leniency.RULES)
    assert all(rule.source and (rule.why or rule.source != leniency.UNCONFIRMED) for rule in leniency.RULES)


def test_the_page_has_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    """After a change of the table: ``python -m bridge.sandbox.segment.leniency > docs/collector.md``."""
    runpy.run_path(str(ROOT / "bridge/sandbox/segment/leniency.py"), run_name="__main__")
    assert (ROOT / "docs/collector.md").read_text("utf-8") == capsys.readouterr().out


@pytest.mark.parametrize("beginning", CASES)
def test_each_row_is_what_happens(start: Any, beginning: str) -> None:
    for call, body, status, kinds in CASES[beginning]:
        sandbox = start()
        content = body if isinstance(body, bytes) else json.dumps(body)
        answer = sandbox.post(f"/v1/{call}", content=content, auth=("THEKEY", ""))
        assert answer.status_code == status, (body, answer.text)
        assert answer.json()["success"] is (status == 200)
        log = sandbox.log()
        assert [line["kind"] for line in log] == kinds, body
        for line in log:
            assert "event" in line or line["reason"]
        assert "THEKEY" not in json.dumps(log)


@pytest.mark.parametrize(
    ("headers", "more", "status"),
    [
        ({"authorization": "Basic VEhFS0VZOg=="}, {}, 200),  # THEKEY:
        ({"authorization": "basic VEhFS0VZ"}, {}, 200),  # without the colon
        ({}, {"writeKey": "THEKEY"}, 200),
        ({"authorization": "Bearer THETOKEN"}, {"writeKey": "THEKEY"}, 200),
        ({"authorization": "Basic THEKEY!"}, {"writeKey": "THEKEY"}, 200),
        ({"authorization": "Bearer THETOKEN"}, {}, 400),
        ({"authorization": "Basic Og=="}, {"writeKey": ""}, 400),
        ({"authorization": "Basic THEKEY!"}, {"writeKey": ["THEKEY"]}, 400),
        ({}, {}, 400),
    ],
)
def test_a_write_key_comes_one_way_or_the_other_and_is_never_logged(
    sandbox: Any, headers: dict[str, str], more: dict[str, Any], status: int
) -> None:
    for call, body in (
        ("track", EVENT),
        ("import", {"batch": [{**ITEM, "writeKey": "THEKEY"}, {"writeKey": "THEKEY"}]}),
    ):
        assert sandbox.post(f"/v1/{call}", json={**body, **more}, headers=headers).status_code == status
    assert len(sandbox.log("track")) == (2 if status == 200 else 0)
    assert len(sandbox.log("dropped")) == (1 if status == 200 else 0)
    assert "THE" not in sandbox.get("/sandbox/log").text


@pytest.mark.parametrize("encoding", ["deflate", "br", "zstd"])
def test_an_unknown_encoding_is_refused(sandbox: Any, encoding: str) -> None:
    answer = sandbox.post("/v1/t", content=b"x", headers={"content-encoding": encoding}, auth=("K", ""))
    assert (answer.status_code, answer.json()["error"]) == (
        400,
        f'content-encoding: must be gzip or identity, got "{encoding}"',
    )


@pytest.mark.parametrize("content_type", ["text/plain", "text/plain;charset=ISO-8859-1", "application/json", "x", None])
def test_the_content_type_does_not_matter(sandbox: Any, content_type: str | None) -> None:
    headers = {"content-type": content_type} if content_type else {}
    text = json.dumps({**EVENT, "event": "Grüße"}, ensure_ascii=False).encode()
    for content in (text, b"\xef\xbb\xbf" + text):
        assert sandbox.post("/v1/t", content=content, headers=headers, auth=("K", "")).status_code == 200
    assert [line["event"]["event"] for line in sandbox.log("track")] == ["Grüße"] * 2


def php(event: dict[str, Any]) -> dict[str, Any]:
    """Return a batch as analytics-php sends it: LibCurl, what is empty is a list."""
    library = {"name": "analytics-php", "version": "3.8.1", "consumer": "LibCurl"}
    more = {"context": {"library": library}, "timestamp": "2026-11-22T12:00:00+00:00", "messageId": "m1"}
    return {"batch": [{**event, **more, "type": "track"}], "sentAt": "2026-11-22T12:00:00+00:00"}


def ruby(event: dict[str, Any]) -> dict[str, Any]:
    """Return a batch as analytics-ruby sends it: ids as they were given, null for what was not."""
    more = {"anonymousId": None, "integrations": None, "options": None, "messageId": "m1", "type": "track"}
    library = {"library": {"name": "analytics-ruby", "version": "2.5.0"}}
    times = {"timestamp": "2026-11-22T12:00:00.000+00:00"}
    return {"sentAt": "2026-11-22T12:00:00.000+00:00", "batch": [{**more, "context": library, **times, **event}]}


def go(event: dict[str, Any]) -> dict[str, Any]:
    """Return a batch as analytics-go sends it: nanoseconds, a message id of the batch."""
    times = {"timestamp": "2026-11-22T12:00:00.123456789Z"}
    common = {"context": {"library": {"name": "analytics-go", "version": "3.0.0"}}, "messageId": "b1"}
    return {
        **common,
        "sentAt": "2026-11-22T12:00:00.5Z",
        "batch": [{"type": "track", "messageId": "m1", **times, **event}],
    }


def java(event: dict[str, Any]) -> dict[str, Any]:
    """Return a batch as analytics-java sends it: with its write key, a number and a context of its own."""
    more = {"messageId": "m1", "integrations": {"All": True}, "type": "track", "timestamp": "2026-11-22T12:00:00.123Z"}
    common = {"sentAt": "2026-11-22T12:00:00.500Z", "context": {}, "sequence": 1, "writeKey": "THEKEY"}
    return {**common, "batch": [{**more, **event}]}


@pytest.mark.parametrize("call", ["batch", "import"])
@pytest.mark.parametrize("library", [php, ruby, go, java])
def test_what_segments_other_libraries_send_arrives(
    sandbox: Any, library: Callable[[dict[str, Any]], dict[str, Any]], call: str
) -> None:
    odd = {"event": "E", "userId": 12, "properties": [] if library is php else {}}
    assert sandbox.post(f"/v1/{call}", json=library(odd), auth=("THEKEY", "")).json() == {"success": True}
    (line,) = sandbox.log()
    event = line["event"]
    assert (event["event"], event["userId"], event["properties"], event["messageId"]) == ("E", "12", {}, "m1")
    assert event["timestamp"].startswith("2026-11-22T12:00:00.")
    assert event["timestamp"].endswith("Z")
    assert event["integrations"] == ({"All": True} if library is java else {})
    assert line["notes"][0] == 'body.batch[0].userId: must be a text, got 12; taken as "12"'
    assert "THEKEY" not in json.dumps(line)


def test_a_clock_that_is_far_off_costs_no_event(sandbox: Any) -> None:
    sandbox.send("t", {**EVENT, "timestamp": "9999-01-01T00:00:00Z", "sentAt": "0001-01-01T00:00:00Z"})
    (line,) = sandbox.log("track")
    assert line["event"]["timestamp"] == line["event"]["receivedAt"] == NOW
    assert line["notes"] == ["timestamp and sentAt: are too far apart for a date; the time of receipt counts"]


def test_a_time_that_cannot_be_read_is_that_of_receipt(sandbox: Any) -> None:
    sandbox.send("t", {**EVENT, "timestamp": "yesterday", "sentAt": "2026-11-22T11:00:00Z"})
    sandbox.send("t", {**EVENT, "timestamp": "2026-11-22T10:00:00Z", "sentAt": "today"})
    first, second = sandbox.log("track")
    assert first["event"]["originalTimestamp"] == "2026-11-22T11:00:00Z"
    assert (first["event"]["timestamp"], second["event"]["timestamp"]) == (NOW, "2026-11-22T10:00:00.000Z")
    assert [line["notes"][0].split(":")[0] for line in (first, second)] == ["body.timestamp", "body.sentAt"]


def test_epoch_times_are_corrected_by_the_clients_clock(sandbox: Any) -> None:
    # The client's clock is an hour slow; the event happened 30 seconds before it was sent.
    sandbox.send("t", {**EVENT, "timestamp": 1795345170500, "sentAt": 1795345200500})
    (line,) = sandbox.log("track")
    assert line["event"]["timestamp"] == "2026-11-22T11:59:30.500Z"


def test_what_was_dropped_does_not_count_as_seen(sandbox: Any) -> None:
    sandbox.send("t", {**EVENT, "event": "", "messageId": "m1"})
    sandbox.send("t", {**EVENT, "messageId": "m1"})
    assert [(line["kind"], line.get("duplicate")) for line in sandbox.log()] == [("dropped", None), ("track", None)]


def test_a_dropped_row_says_where_what_and_which(sandbox: Any) -> None:
    sandbox.send("b", {"batch": [good("m1"), {**good("m2"), "event": ""}]})
    (line,) = sandbox.log("dropped")
    assert (line["path"], line["about"]) == (
        "/v1/b",
        {"type": "track", "event": "", "userId": "u", "messageId": "m2"},
    )
    assert line["reason"] == 'body.batch[1].event: String should have at least 1 character, got ""'


def test_too_large_an_event_is_refused_but_takes_no_other_with_it(sandbox: Any) -> None:
    large = {**ITEM, "properties": TOO_LARGE}
    batch = {"batch": [good("m1"), large, good("m2")]}
    answer = sandbox.send("b", batch)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("body.batch[1]: an event must be at most 32768 bytes of JSON, got 33")
    sandbox.send("b", batch)  # as a client would that tries again
    assert [line["event"]["messageId"] for line in sandbox.log("track") if "duplicate" not in line] == ["m1", "m2"]
