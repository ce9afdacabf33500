"""Whatever is sent to whatever endpoint: an answer, never an exception (the client of the tests would raise it)."""

# ruff: noqa: D103  # the tests' names are sentences

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bridge.models.segment import EVENT as SEGMENT_EVENT
from tests.sandbox.segment.arbitrary import BATCHES, EVENTS, ODD, TYPES, good

KNOWN = st.sampled_from(
    [
        *("type", "event", "userId", "anonymousId", "messageId", "timestamp", "sentAt", "context", "integrations"),
        *(
            "properties",
            "traits",
            "batch",
            "writeKey",
            "groupId",
            "track",
            "page",
            "2026-11-22T12:00:00Z",
            "k",
            "\ud800",
        ),
    ]
)
TEXT = st.text(st.characters(), max_size=5) | KNOWN
LEAF = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
JSON = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=6), max_leaves=20
)
# Close enough to get past the first checks.
EVENT = st.fixed_dictionaries(
    {"userId": st.just("u"), "event": st.just("E"), "groupId": st.just("g")},
    optional={
        "timestamp": JSON | st.datetimes().map(datetime.isoformat),
        "sentAt": JSON | st.datetimes().map(datetime.isoformat),
        "context": st.none() | st.dictionaries(TEXT | st.just("library"), JSON, max_size=3),
        "integrations": JSON,
        "properties": st.dictionaries(TEXT, JSON, max_size=3),
        "messageId": TEXT,
    },
)
FORWARDED = st.fixed_dictionaries(
    {"type": st.sampled_from(["track", "page", "identify", "group"]) | TEXT},
    optional={
        "event": st.sampled_from(["Audience Entered", "Kameleoon identifier", "E"]) | JSON,
        "userId": TEXT | JSON,
        "anonymousId": TEXT,
        "groupId": TEXT,
        "messageId": TEXT,
        "timestamp": st.datetimes().map(datetime.isoformat) | JSON,
        "context": st.none() | st.fixed_dictionaries({"personas": JSON}),
        "properties": st.dictionaries(
            TEXT | st.sampled_from(["audience_key", "k_visitorCode", "kameleoonVisitorCode"]), JSON, max_size=3
        ),
    },
)
BATCH = st.fixed_dictionaries({"batch": st.lists(EVENT | JSON, max_size=3)}, optional={"context": JSON, "sentAt": JSON})
MAPS = st.dictionaries(TEXT, st.dictionaries(TEXT, JSON, max_size=3), max_size=3)
SITE = "siteCode=abcde12345"
POSTS = [
    *(f"/v1/{call}" for call in ("t", "identify", "p", "g", "s", "a", "b", "m", "q")),
    f"/map/maps?{SITE}",
    f"/visit/events?{SITE}",
    f"/visit/events?{SITE}&json=true",
    "/segmentio",
    "/sandbox/deliveries/replay",
    "/nothing",
]
GETS = [
    "/map/map",
    "/map/maps",
    "/data",
    "/segmentio/getapikey",
    "/kameleoon/segmentio/getapikey",
    "/sandbox/log",
    "/sandbox/deliveries",
    "/abcde12345/engine.js",
]
#: The key of the credentials 1 and 2, which `known` makes.
HEADERS = {"authorization": "Basic eyJpZCI6IjEiLCJzZWNyZXQiOiIyIn0=", "x-segment-settings": "abcde12345"}
fuzzed = examples(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)


@pytest.fixture
def known(sandbox: Any) -> Any:
    """A sandbox that knows the API key."""
    assert sandbox.get("/kameleoon/segmentio/getapikey?id=1&secret=2").text in HEADERS["authorization"]
    return sandbox


@given(path=st.sampled_from(POSTS), body=JSON | EVENT | FORWARDED | BATCH | MAPS)
@fuzzed
def test_any_json(known: Any, path: str, body: object) -> None:
    answer = known.post(path, content=json.dumps(body), headers=HEADERS)
    assert answer.status_code < 500
    if answer.status_code == 400:
        assert answer.json()["error"]
    known.log()  # each line of it is JSON


@given(path=st.sampled_from(POSTS), body=st.binary(max_size=50), encoding=st.sampled_from(["identity", "gzip"]))
@fuzzed
def test_any_bytes(sandbox: Any, path: str, body: bytes, encoding: str) -> None:
    answer = sandbox.post(path, content=body, headers={**HEADERS, "content-encoding": encoding})
    assert answer.status_code < 500
    sandbox.log()


@given(
    path=st.sampled_from(GETS),
    query=st.dictionaries(
        st.sampled_from(["siteCode", "key", "keys", "id", "secret", "after", "kind", "event", "count", "project"]),
        st.text(max_size=9) | st.sampled_from(["abcde12345", '["k"]', "1", "{}"]),
    ),
)
@fuzzed
def test_any_query(sandbox: Any, path: str, query: dict[str, str]) -> None:
    assert sandbox.get(path, params=query).status_code < 500
    sandbox.log()


def segment_rows(sandbox: Any) -> list[dict[str, Any]]:
    """Return the rows of events, each of which is valid."""
    rows: list[dict[str, Any]] = sandbox.log(*TYPES)
    for row in rows:
        SEGMENT_EVENT.validate_python(row["event"])
    return rows


@given(call=st.sampled_from([*TYPES, "batch", "import"]), body=EVENTS | BATCHES | st.dictionaries(st.text(), ODD))
@fuzzed
def test_segments_api_takes_any_object(sandbox: Any, call: str, body: dict[str, Any]) -> None:
    answer = sandbox.send(call, body)
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    rows = sandbox.log()
    assert {row["kind"] for row in rows} <= {*TYPES, "dropped"}
    segment_rows(sandbox)
    sandbox.post("/sandbox/reset")


@given(company=st.lists(EVENTS | ODD, max_size=5), place=st.integers(0, 5))
@fuzzed
def test_a_good_event_arrives_in_any_company(sandbox: Any, company: list[Any], place: int) -> None:
    batch = [*company[:place], good("the good one"), *company[place:]]
    assert sandbox.send("batch", {"batch": batch}).status_code == 200
    rows = segment_rows(sandbox)
    assert len(rows) + len(sandbox.log("dropped")) == len(batch)
    assert [row["event"]["event"] for row in rows if row["event"]["messageId"] == "the good one"] == ["Good"]
    sandbox.post("/sandbox/reset")


def test_json_at_the_edge_of_what_can_be_nested(sandbox: Any) -> None:
    seen = []
    for depth in range(0, 1100, 7):
        properties = '{"a":' * depth + "1" + "}" * depth
        body = f'{{"event":"A","userId":"u","properties":{{"p":{properties}}}}}'
        seen.append(sandbox.post("/v1/t", content=body, headers=HEADERS).status_code)
    assert set(seen) == {200, 400}
    assert len(sandbox.get("/sandbox/log?event=A").text.splitlines()) == seen.count(200)
