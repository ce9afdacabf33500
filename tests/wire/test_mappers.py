"""What rows of the log, crossings and evidence files become; nothing that they may hold makes a mapper throw."""

# ruff: noqa: D103  # the tests' names are sentences

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.doctor.sight import Message as SavedMessage
from bridge.doctor.sight import Sight
from bridge.wire.copying import as_test
from bridge.wire.crossings import Seam, of_crossing
from bridge.wire.messages import LANES, STATES
from bridge.wire.reading import literal, pretty
from bridge.wire.rows import of_row
from bridge.wire.sight import of_sight, unfit
from bridge.wire.timeline import Timeline
from bridge.wire.views import Views, moment
from bridge.wire.why import goals, why
from tests.wire.recorded import SESSION

AT = "2026-11-29T11:16:30.827Z"
EVENT = {"type": "track", "event": "Buy", "messageId": "m", "properties": {"name": "Vase", "price": 45}}


def row(kind: str, **more: Any) -> dict[str, Any]:
    return {"n": 1, "kind": kind, "at": AT, **more}


ROWS: list[tuple[dict[str, Any], str, str, str, str]] = [
    (row("track", event=EVENT), "segment", "Buy", "Vase", ""),
    (row("track", event=EVENT, duplicate=True), "segment", "Buy", "Vase", "again"),
    (
        row("track", event={**EVENT, "context": {"page": {"url": "x"}}}),
        "segment",
        "Buy",
        "Vase · without visitor code",
        "",
    ),
    (
        row("track", event={"type": "track", "event": "In", "properties": {"audience_key": "vip"}}),
        "segment",
        "In",
        "vip",
        "",
    ),
    (
        row(
            "track",
            event={
                "type": "track",
                "event": "Experiment viewed",
                "properties": {"experimentId": 1, "experimentName": "Headline", "variationId": 0},
            },
        ),
        "segment",
        "Experiment viewed",
        "Headline",
        "",
    ),
    (row("page", event={"type": "page", "name": "Home"}), "segment", "Page", "Home", ""),
    (row("screen", event={"type": "screen"}), "segment", "Screen", "", ""),
    (row("identify", event={"type": "identify", "userId": "u"}), "segment", "Identify", "u", ""),
    (row("group", event={"type": "group", "groupId": "g"}), "segment", "Group", "g", ""),
    (row("dropped", reason="body.event: is missing"), "segment", "Not taken", "body.event: is missing", "refused"),
    (
        row("rejected", method="POST", path="/v1/t", reason="no JSON", status=400),
        "segment",
        "Request refused",
        "POST /v1/t · no JSON",
        "refused",
    ),
    (
        row("rejected", method="GET", path="/map/map", reason="key: is missing"),
        "data-api",
        "Request refused",
        "GET /map/map · key: is missing",
        "refused",
    ),
    (row("destination.received", body=EVENT), "destination", "Delivered", "Buy · Vase", ""),
    (
        row("destination.failed", error="500", attempt=2, messageId="m"),
        "destination",
        "Not delivered",
        "500 · attempt 2",
        "failed",
    ),
    (row("destination.dead", error="500"), "destination", "Given up", "500", "failed"),
    (row("destination.replayed", count=3), "destination", "Sent again", "dead letters: 3", ""),
    (row("conversion", goal="Buy", ids=["a"]), "kameleoon", "Goal converted", "Buy", ""),
    (
        row("data_api.get", keys=["COHORTS_a"], maps={"COHORTS_a": {"vip": True, "old": False}}),
        "data-api",
        "Remote data read",
        "vip",
        "",
    ),
    (
        row("data_api.get", keys=["common"], maps={"common": {}}),
        "data-api",
        "Remote data read",
        "nothing kept yet",
        "",
    ),
    (
        row("data_api.set", maps={"IDENTIFY_a": {"traits": {"plan": "gold"}, "groupId": 7}}),
        "data-api",
        "Remote data written",
        "plan gold · 7",
        "",
    ),
    (
        row("visit", visitorCode="c", events=[{"eventType": "page"}, {"eventType": "experiment", "id": "1"}]),
        "kameleoon",
        "Visit",
        "experiment, page",
        "",
    ),
    (row("apikey.made"), "destination", "API key made", "", ""),
    (row("of tomorrow", more=1), "kameleoon", "of tomorrow", "", ""),
]


@pytest.mark.parametrize(("told", "lane", "title", "about", "state"), ROWS)
def test_each_row_of_the_log_is_a_message(told: dict[str, Any], lane: str, title: str, about: str, state: str) -> None:
    (message,) = of_row(told, Views())
    assert [message[name] for name in ("lane", "title", "about", "state")] == [lane, title, about, state]
    assert message["raw"] is told


@pytest.mark.parametrize(
    "told", [row("destination.sent", body=EVENT), row("conversion", goal="SegmentIO page \u2013 Home")]
)
def test_what_another_row_says_too_is_none(told: dict[str, Any]) -> None:
    assert of_row(told, Views()) == []


def crossing(way: str, what: Any, answer: Any = None) -> dict[str, Any]:
    return {"at_ms": 12.5, "way": way, "text": json.dumps(what), "answer": json.dumps(answer)}


def told(kind: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "at": 1.0, "up": 7.5, **more}


CAMPAIGN = {"id": 5, "name": "Headline", "associatedVariation": {"id": 6, "name": "Calm"}}


CROSSINGS: list[tuple[dict[str, Any], str, str, str, str]] = [
    (
        crossing("told", told("settings", engine="micropython"), {"state": "on"}),
        "bridge",
        "Bridge on",
        "micropython",
        "",
    ),
    (
        crossing("told", told("settings", problem="no answer"), None),
        "bridge",
        "Bridge starts",
        "no answer",
        "failed",
    ),
    (crossing("told", told("settings"), {"state": "off"}), "bridge", "Bridge off", "", "failed"),
    (
        crossing("told", told("world", visitor={"code": "c", "experimentLegalConsent": False}, ready=True)),
        "kameleoon",
        "Visitor",
        "c · consent: no and not known",
        "",
    ),
    (
        crossing("told", told("event", event={"type": "page", "messageId": "m"}), {"hold": True}),
        "segment",
        "Page",
        "in analytics.js",
        "held",
    ),
    (
        crossing("told", told("kameleoon", name="ExperimentActivated", detail={"experiment": CAMPAIGN})),
        "kameleoon",
        "Experiment activated",
        "Headline: Calm",
        "",
    ),
    (crossing("told", told("kameleoon", name="Started")), "kameleoon", "Kameleoon started", "", ""),
    (
        crossing(
            "told",
            told("kameleoon", name="LegalConsentUpdated", detail={"legalConsentUpdate": {"AB_TESTING": True}}),
        ),
        "kameleoon",
        "Consent",
        "experiment: yes",
        "",
    ),
    (crossing("told", told("found", active=[CAMPAIGN])), "kameleoon", "Experiment found", "Headline: Calm", ""),
    (
        crossing(
            "told",
            told("exposure", report={"experimentID": 5, "experimentName": "Headline", "variationID": 6}),
        ),
        "kameleoon",
        "Reported by the page",
        "Headline",
        "",
    ),
    (crossing("told", told("consent", given=True)), "bridge", "Consent told", "yes", ""),
    (crossing("told", told("kept", messages=[{}])), "bridge", "Kept from the page before", "messages: 1", ""),
    (crossing("told", told("leaving"), {"unsent": [1, 2]}), "bridge", "Page left", "kept for the next one: 2", ""),
    (crossing("told", told("reset")), "segment", "analytics.reset()", "", ""),
    (
        crossing("told", told("remote", number=1, problem="refused")),
        "bridge",
        "Remote data heard",
        "refused",
        "failed",
    ),
    (
        crossing(
            "asked",
            ["reach", "analytics.track", 0, ["Experiment viewed", {"experiment_id": "1", "variation_id": "2"}, {}]],
        ),
        "bridge",
        "Experiment viewed",
        "1: 2",
        "",
    ),
    (
        crossing(
            "asked",
            ["reach", "analytics.track", 0, ["Kameleoon identifier", {"k_visitorCode": "c"}, {}]],
            [False, "no"],
        ),
        "bridge",
        "Kameleoon identifier",
        "c",
        "refused",
    ),
    (
        crossing(
            "asked", ["reach", "Kameleoon.API.Data.setCustomData", 0, ["Personas", ["a", "b"], True]], [True, None]
        ),
        "bridge",
        "Custom data set",
        "Personas: a, b",
        "",
    ),
    (crossing("asked", ["order", "c"]), "bridge", "Events carry the visitor code", "c", ""),
    (crossing("asked", ["retrieve", 1, "common", 1, ""]), "bridge", "Asks for remote data", "common", ""),
]


@pytest.mark.parametrize(("seen", "lane", "title", "about", "state"), CROSSINGS)
def test_what_crosses_the_seam_and_is_news_is_a_message(
    seen: dict[str, Any], lane: str, title: str, about: str, state: str
) -> None:
    (message,) = of_crossing(seen, 3)
    assert [message[name] for name in ("lane", "title", "about", "state")] == [lane, title, about, state]
    assert message["view"] == 3
    assert message["at_ms"] == (7.5 if seen["way"] == "told" else 12.5)


@pytest.mark.parametrize(
    "seen",
    [
        crossing("told", told("status")),
        crossing("told", told("begin", step="order")),
        crossing("told", told("world", ready=False)),
        crossing("asked", ["kept", "key"]),
        crossing("asked", ["reach", "document.cookie", 1]),
        crossing("told", told("kept", messages=[])),
    ],
)
def test_what_is_no_news_is_none(seen: dict[str, Any]) -> None:
    assert of_crossing(seen, 1) == []


# ---- the doctor's file

SEEN: dict[str, Any] = {
    "schema": 1,
    "url": "https://shop.example/",
    "final_url": "https://shop.example/",
    "statuses": [{"at_ms": 3, "status": {"state": "starting"}}, {"at_ms": 5, "status": {"state": "failed"}}],
    "requests": [
        {
            "at_ms": 9,
            "method": "POST",
            "url": "x/v1/b",
            "kind": "fetch",
            "cloud": "segment",
            "body": {"batch": [EVENT]},
        },
        {"at_ms": 1, "method": "GET", "url": "x/map/maps?keys=[]", "kind": "fetch", "status": 503},
        {"at_ms": 2, "method": "GET", "url": "x/a.js", "kind": "script", "failure": "csp"},
        {"at_ms": 2, "method": "GET", "url": "x/fine.js", "kind": "script", "status": 200},
        {"at_ms": 4, "method": "POST", "url": "x/visit/events", "kind": "fetch", "cloud": "kameleoon"},
    ],
    "violations": [{"at_ms": 6, "directive": "script-src", "blocked": "eval"}],
    "console": [{"at_ms": 7, "level": "error", "text": "no"}, {"at_ms": 8, "level": "log", "text": "fine"}],
}


def test_what_the_doctor_saw_is_told_in_the_same_lanes() -> None:
    Sight.model_validate(SEEN)
    assert [(one["lane"], one["title"], one["about"], one["state"]) for one in of_sight(SEEN)] == [
        ("data-api", "Remote data", "x/map/maps?keys=[] · 503", "failed"),
        ("bridge", "Request failed", "x/a.js · csp", "failed"),
        ("bridge", "Bridge starting", "", ""),
        ("kameleoon", "Request", "x/visit/events", ""),
        ("bridge", "Bridge failed", "", "failed"),
        ("bridge", "script-src", "eval", "refused"),
        ("bridge", "Console", "no", "refused"),
        ("segment", "Buy", "Vase", ""),
    ]


def test_a_file_with_messages_gives_these_and_nothing_else() -> None:
    kept = [one for told_row in SESSION["rows"] for one in of_row(told_row, Views())]
    again = of_sight({**SEEN, "messages": json.loads(json.dumps(kept))})
    assert again == [{**one, "n": 0} for one in kept]


@pytest.mark.parametrize(
    ("value", "why_not"),
    [
        ([], "must be a JSON object"),
        ({}, "schema: must be 1"),
        ({"schema": 1}, "final_url: must be the address of the page"),
        ({**SEEN, "messages": {}}, "messages: must be a list"),
        (SEEN, ""),
    ],
)
def test_a_file_that_is_none_says_what_is_wrong(value: Any, why_not: str) -> None:
    assert unfit(value).startswith(why_not)
    assert bool(unfit(value)) is bool(why_not)


# ---- times


@pytest.mark.parametrize(
    ("iso", "at"),
    [
        ("1970-01-01T00:00:00.000Z", 0),
        ("2026-11-29T11:16:30.827Z", 1795950990827),
        ("2024-02-29T23:59:59.999Z", 1709251199999),
        ("2000-03-01T00:00:00Z", 951868800000),
        ("2026-11-29T11:16:30.8Z", 1795950990800),
        ("yesterday", 0),
        (None, 0),
        (5, 0),
    ],
)
def test_a_time_as_the_log_writes_it(iso: Any, at: int) -> None:
    assert moment(iso) == at


def test_page_views_are_known_or_begin_with_page_calls() -> None:
    known = Views([100.0, 200.0])
    known.turn(150.0)
    assert [known.place(at) for at in (90.0, 100.0, 199.0, 250.0)] == [(0.0, 1), (0.0, 1), (99.0, 1), (50.0, 2)]
    found = Views()
    assert found.place(100.0) == (0.0, 1)  # remote data is asked for before the page call arrives
    found.turn(80.0)
    assert found.place(110.0) == (30.0, 1)
    found.turn(200.0)
    assert (found.place(250.0), found.place(150.0), found.last()) == ((50.0, 2), (70.0, 1), 2)


# ---- how values are read


def test_a_value_reads_the_same_on_each_interpreter() -> None:
    value = {"b": 1, "kameleoonVisitorCode": "c", "a": [1, 2], "event": "Tür", "deep": {"x": None, "y": True}}
    text = pretty(value)
    assert json.loads(text) == value
    assert text.splitlines()[1:3] == ['  "event": "Tür",', '  "a": [1, 2],']
    assert text.splitlines()[-2] == '  "kameleoonVisitorCode": "c"'
    assert pretty(dict(reversed(value.items()))) == text


# ---- whatever comes


def names_in(value: Any) -> set[str]:
    """Return all names of a JSON value's tables."""
    if isinstance(value, dict):
        return set(value).union(*map(names_in, value.values()))
    return set().union(*map(names_in, value)) if isinstance(value, list) else set()


_READ = [json.loads(seen["text"]) for seen, *_ in CROSSINGS]
_KINDS = sorted({told["kind"] for told, *_ in ROWS} | {"destination.sent", "alias"})
_TELLINGS = sorted({seen["kind"] for seen in _READ if isinstance(seen, dict)} | {"status"})
_REQUESTS = sorted({seen[1] if seen[0] == "reach" else seen[0] for seen in _READ if isinstance(seen, list)} | {"kept"})
_NAMES = sorted(names_in([SESSION["rows"], SEEN, _READ, [told for told, *_ in ROWS], of_row(ROWS[0][0], Views())]))
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.sampled_from(_NAMES)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=12,
)
_TABLES = st.dictionaries(st.sampled_from(_NAMES), _VALUES, max_size=8)


def check(messages: list[dict[str, Any]]) -> None:
    """Check that they are messages, which an evidence file takes and everybody who shows them can show."""
    made = Timeline()
    made.add([dict(one) for one in messages])
    for one in made.all():
        assert one["lane"] in [lane for lane, _ in LANES]
        assert one["state"] in ("", *STATES)
        assert "\n" not in one["title"] + one["about"]
        assert made.cause(one) is not one
        made.effects(one)
        assert all(isinstance(name, str) for name in one["ids"] + one["causes"])
        assert isinstance(pretty(one["data"]) + pretty(one["raw"]), str)
        if test := as_test(one, made):
            compile(test, "copied", "exec")
        SavedMessage.model_validate(json.loads(json.dumps({**one, "data": None, "raw": None})))
    made.wanted([lane for lane, _ in LANES], "a b")
    made.address(1)
    why([], {}, made, 1)
    goals(made)


@given(_VALUES | _TABLES, st.sampled_from(_KINDS))
@settings(max_examples=100)
def test_no_row_makes_it_throw(value: Any, kind: str) -> None:
    told_row = {**value, "kind": kind} if isinstance(value, dict) else value
    check(of_row(told_row, Views()))


@given(_TABLES, st.sampled_from(_TELLINGS), _VALUES, _VALUES)
@settings(max_examples=100)
def test_nothing_told_makes_it_throw(value: dict[str, Any], kind: str, answer: Any, up: Any) -> None:
    seen = crossing("told", {**value, "kind": kind, "up": up}, answer)
    check(Seam().hear(json.dumps(seen), 1))


@given(st.lists(_VALUES, max_size=5), st.sampled_from(_REQUESTS), _VALUES, _VALUES)
@settings(max_examples=100)
def test_nothing_asked_makes_it_throw(more: list[Any], name: str, answer: Any, at_ms: Any) -> None:
    request = ["reach", name, *more] if "." in name else [name, *more]
    check(Seam().hear(json.dumps({**crossing("asked", request, answer), "at_ms": at_ms}), 1))


@given(_VALUES | st.text() | _TABLES)
def test_no_crossing_makes_it_throw(value: Any) -> None:
    check(of_crossing(value, 1))
    check(Seam().hear(value if isinstance(value, str) else json.dumps(value), 1))


@given(_VALUES | _TABLES)
@settings(max_examples=100)
def test_no_file_makes_it_throw(value: Any) -> None:
    assert isinstance(unfit(value), str)
    check(of_sight(value))


@given(_VALUES)
def test_a_literal_is_the_value_in_python(value: Any) -> None:
    if "NaN" not in (text := literal(value)) and "Infinity" not in text:
        assert eval(text) == value  # noqa: S307  # our own text


def test_what_is_nested_too_deep_for_anybody_is_cut() -> None:
    deep: Any = 1
    for _ in range(3000):
        deep = [deep]
    assert "…" in pretty(deep)
    assert "..." in literal(deep)
    check(of_row({"kind": "visit", "events": deep}, Views()))
    check(Seam().hear('{"way": "told", "text": ' + json.dumps("[" * 90_000) + "}", 1))
