"""Each rule of the models of messages: one wrong value, and a text that a marketer can act on."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from bridge.models.audience import CUSTOM_DATA_VALUE, without_ids
from bridge.models.messages import (
    BRAIN_ANSWERS,
    PAGE_ANSWERS,
    REQUEST,
    TELLING,
    named,
    request_adapter,
    telling_adapter,
)
from bridge.models.violations import violations
from bridge.shared.vocabulary import NO_STATUS
from bridge.shared.wording import shown

AT = 1_795_311_129_481
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
REPORT = {"experimentID": 101, "experimentName": "x", "variationID": 1001, "variationName": "Bold"}
EVENT = {"type": "track", "event": "Added", "messageId": "m", "anonymousId": "a"}
CAMPAIGN = {"id": 101, "name": "x", "associatedVariation": {"id": 1001, "name": "Bold"}}
OPTIONS = {"messageId": "ks-" + "0" * 32, "timestamp": "2026-11-22T01:32:09.481Z"}
EXPOSURE = {
    "experiment_id": "101",
    "experiment_name": "x",
    "variation_id": "1001",
    "variation_name": "Bold",
    "campaign_type": "experiment",
    "nonInteraction": 1,
}
FACTS = {"engine": "pyodide", "state": "on", "versions": {}, "timings": {"ready": 1.5}, "errors": []}
STATUS = {**NO_STATUS, **FACTS}
TELLINGS: dict[str, dict[str, Any]] = {
    "settings": {"attributes": {"sitecode": "abcde12345"}, "engine": "pyodide", "engines": ["micropython", "pyodide"]},
    "world": {"visitor": {"code": "c", "experimentLegalConsent": None}, "ready": False},
    "begin": {"step": "identifier"},
    "event": {"event": EVENT},
    "kameleoon": {"name": "ExperimentActivated", "detail": {"time": AT, "experiment": CAMPAIGN}, "number": 1},
    "found": {
        "active": [CAMPAIGN, {"id": 102, "associatedVariation": {"id": "reference"}}],
        "visit": {"activatedExperiments": [{"experimentID": 101, "associatedVariationID": 0, "times": [AT]}]},
    },
    "exposure": {"report": REPORT},
    "consent": {"given": True},
    "kept": {
        "code": "",
        "messages": [
            {"kind": "kameleoon", "at": AT, "up": 1.5, "number": 1, "name": "Started"},
            {"kind": "exposure", "at": AT, "up": 2.5, "number": 2, "report": REPORT},
            {"kind": "consent", "at": AT, "up": 3.5, "given": True},
        ],
    },
    "taken": {"ids": ["ks-" + "0" * 32]},
    "leaving": {},
    "reset": {},
    "locked": {"number": 2},
    "timer": {"number": 1},
    "remote": {"number": 1, "data": {"COHORTS": {"vip": True}, "IDENTIFY": {"traits": {"plan": "pro"}}, "common": {}}},
    "status": {"facts": FACTS},
}
REQUESTS: list[list[Any]] = [
    ["reach", "analytics.track", 0, ["Kameleoon identifier", {"k_visitorCode": "c"}, {"messageId": "ks-" + "0" * 32}]],
    ["reach", "analytics.track", 0, ["Experiment viewed", EXPOSURE, OPTIONS]],
    ["reach", "Kameleoon.API.Data.setCustomData", 0, ["Personas", ["vip"], True]],
    ["reach", "analytics.user().anonymousId", 1, []],
    ["reach", "document.cookie", 1],
    ["after", 1, 500],
    ["lock", 2, "k_segmentio_identifier"],
    ["unlock", 2, 1000],
    ["publish", {"Plan": {"value": "pro", "overwrite": True}}, {"plan": "pro"}, ["vip"]],
    ["retrieve", 1, ["COHORTS_c", "IDENTIFY_c", "common"], {"common": {"cohorts": 1}}, ""],
    ["kept", "k_segmentio_exposures"],
    ["keep", "k_segmentio_exposures", "{}"],
    ["forget", "k_segmentio_exposures"],
]


def texts(name: str, data: Any, adapter: TypeAdapter[Any]) -> list[str]:
    """Return what is wrong with a message, one text each."""
    try:
        adapter.validate_json(json.dumps(data))
    except ValidationError as error:
        return [str(one) for one in violations(name, data, adapter, error)]
    return []


def told(kind: str, message: dict[str, Any]) -> list[str]:
    """Return what is wrong with a telling."""
    return texts(kind, message, telling_adapter(message))


def asked(request: Any) -> list[str]:
    """Return what is wrong with a request."""
    return texts("request", request, request_adapter(request))


def changed(value: Any, path: str, to: Any) -> Any:
    """Return a copy of JSON with another value at a path of dots; `...` takes the place away."""
    copy = json.loads(json.dumps(value))
    *parents, last = (int(part) if part.isdigit() else part for part in path.split("."))
    node = copy
    for part in parents:
        node = node[part]
    if to is ...:
        del node[last]
    else:
        node[last] = to
    return copy


def telling(kind: str) -> dict[str, Any]:
    """Return a right message of that kind."""
    return {"kind": kind, "at": AT, "up": 1.5, **TELLINGS[kind]}


@pytest.mark.parametrize("kind", TELLINGS)
def test_right_tellings_are_right(kind: str) -> None:
    """What the ear says in a usual visit."""
    assert told(kind, telling(kind)) == []


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: "-".join(map(str, request[:2])))
def test_right_requests_are_right(request_: list[Any]) -> None:
    """What the brain asks for in a usual visit."""
    assert asked(named(request_)) == []


@pytest.mark.parametrize(
    ("kind", "path", "value", "text"),
    [
        ("reset", "kind", "nope", 'kind: "nope"; accepted: '),
        ("reset", "kind", ..., "reset.kind: nothing; field required"),
        ("reset", "at", -1, "at: -1; input should be greater than or equal to 0; accepted: milliseconds since 1970"),
        ("reset", "at", "now", 'at: "now"; input should be a valid number; accepted: milliseconds'),
        ("reset", "more", 1, "more: 1; no such field; accepted: at, kind"),
        ("settings", "attributes.sitecode", 7, "attributes.sitecode: 7; input should be a valid string"),
        ("settings", "engines", ..., "engines: nothing; field required; accepted: the engines that the bundle has"),
        ("world", "visitor.code", "", 'visitor.code: ""; string should have at least 1 character; accepted: Kameleoon'),
        ("world", "visitor.code", "c" * 101, "; string should have at most 100 characters"),
        (
            "world",
            "visitor.experimentLegalConsent",
            "yes",
            'Consent: "yes"; input should be a valid boolean; accepted: ',
        ),
        ("world", "ready", 1, "ready: 1; input should be a valid boolean; accepted: true or false"),
        ("event", "event.type", "click", 'event.type: "click"; accepted: '),
        (
            "event",
            "event.event",
            "",
            'event.event: ""; string should have at least 1 character; accepted: Name of what',
        ),
        ("event", "event.messageId", "m" * 100, "event.messageId: "),
        ("event", "event.anonymousId", "", "userId or anonymousId must be a string that is not empty"),
        ("event", "event.timestamp", "noon", 'event.timestamp: "noon"; must be an ISO 8601 date and time'),
        ("kameleoon", "name", "Aborted", 'name: "Aborted"; accepted: '),
        ("kameleoon", "detail.experiment", ..., "detail.experiment: nothing; field required"),
        (
            "kameleoon",
            "detail.experiment.id",
            "101",
            'experiment.id: "101"; input should be a valid integer; accepted: a',
        ),
        ("kameleoon", "detail.experiment.associatedVariation.id", -1, "associatedVariation.id: -1; input should be"),
        (
            "kameleoon",
            "detail.experiment.name",
            7,
            "experiment.name: 7; input should be a valid string; accepted: the cam",
        ),
        ("found", "active.0.id", "1", '[0].id: "1"; input should be a valid'),
        ("found", "visit.activatedExperiments.0.times", [""], 'activatedExperiments[0].times[0]: ""'),
        ("exposure", "report", ..., "report: nothing; field required; accepted: an object with experimentID"),
        ("exposure", "report.variationID", ..., "variationID: nothing; field required; accepted: a variation's id"),
        ("exposure", "report.experimentId", 1, "report.experimentId: 1; no such field; did you mean experimentID?"),
        (
            "exposure",
            "report.variationName",
            5,
            "variationName: 5; input should be a valid string; accepted: the varia",
        ),
        ("kameleoon", "number", 0, "number: 0; input should be greater than or equal to 1; accepted: the message's"),
        ("kept", "messages.0.kind", "event", 'messages[0].kind: "event"; accepted: '),
        ("kept", "code", None, "code: null; input should be"),
        ("taken", "ids.0", "m", 'taken.ids[0]: "m"; accepted: '),
        ("consent", "given", "true", 'given: "true"; input should be a valid boolean; accepted: true or false'),
        ("timer", "number", None, "number: null; input should be a valid integer; accepted: the request's number"),
        ("remote", "number", 0, "number: 0; input should be greater than or equal to 1; accepted: the request's"),
        ("remote", "data.COHORTS.vip", 1, "COHORTS.vip: 1; input should be a valid boolean; accepted: true or false"),
        (
            "remote",
            "data.COHORTS",
            [],
            "COHORTS: []; input should be an object; accepted: a table of personas",
        ),
        (
            "remote",
            "data.IDENTIFY.traits",
            "pro",
            'traits: "pro"; input should be an object; accepted: a table',
        ),
        (
            "remote",
            "data.IDENTIFY.groupId",
            [1],
            "groupId: [1]; input should be a valid string; accepted: the visitor's",
        ),
        ("remote", "data.common.cohorts", "vip", 'cohorts: "vip"; input should be a valid array; accepted: a list of'),
        ("remote", "data.common.cohorts", [7], "cohorts[0]: 7; input should be a valid string; accepted: a persona's"),
    ],
)
def test_wrong_tellings(kind: str, path: str, value: Any, text: str) -> None:
    """The place, the value, and what belongs there."""
    found = told(kind, changed(telling(kind), path, value))
    assert len(found) == 1, found
    assert text in found[0]


@pytest.mark.parametrize(
    ("number", "path", "value", "text"),
    [
        (0, "args.1.k_visitorCode", "", 'args[1].k_visitorCode: ""; string should have at least 1 character'),
        (0, "args.2.messageId", "7", 'args[2].messageId: "7"; accepted: '),
        (1, "args.1.experiment_id", 101, "args[1].experiment_id: 101; input should be a valid string; accepted: an id"),
        (1, "args.1.experiment_id", "x", 'args[1].experiment_id: "x"; accepted: '),
        (1, "args.1.campaign_type", "ab", "args[1].campaign_type: \"ab\"; input should be 'experiment' or"),
        (
            1,
            "args.1.nonInteraction",
            0,
            "args[1].nonInteraction: 0; input should be 1; accepted: 1: a view is no",
        ),
        (1, "args.2.timestamp", "noon", 'args[2].timestamp: "noon"; must be an ISO 8601 date and time'),
        (1, "args.0", "", 'args[0]: ""; string should have at least 1 character'),
        (2, "args.1", {"vip": True}, 'args[1]: {"vip": true}; input should be a valid boolean; accepted: a text of up'),
        (2, "args.1", ["v" * 1001], "args[1][0]: "),
        (3, "path", "a-b", 'path: "a-b"; accepted: '),
        (5, "milliseconds", -1, "milliseconds: -1; input should be greater than or equal to 0; accepted: how long"),
        (6, "lock", "", 'lock: ""; string should have at least 1 character; accepted: a name'),
        (
            8,
            "answers.Plan.value",
            None,
            "answers.Plan.value: null; input should be a valid boolean; accepted: a text of",
        ),
        (8, "answers.Plan.overwrite", False, "answers.Plan.overwrite: false; input should be True"),
        (8, "personas.0", 7, "personas[0]: 7; input should be a valid string"),
        (9, "keys.0", "x", 'keys[0]: "x"; accepted: '),
        (9, "address", "ftp://x", 'address: "ftp://x"; accepted: '),
        (11, "text", None, "text: null; input should be a valid string"),
    ],
)
def test_wrong_requests(number: int, path: str, value: Any, text: str) -> None:
    """The place, the value, and what belongs there."""
    found = asked(changed(named(REQUESTS[number]), path, value))
    assert len(found) == 1, found
    assert text in found[0]


@pytest.mark.parametrize(
    ("adapter", "value", "text"),
    [
        (BRAIN_ANSWERS["event"], {"hold": 1}, "hold: 1; input should be a valid boolean"),
        (BRAIN_ANSWERS["leaving"], {"unsent": [0]}, "unsent[0]: 0; input should be greater than"),
        (BRAIN_ANSWERS["event"], {"hold": True, "set": {"context": {}}}, "no such field; accepted: hold"),
        (BRAIN_ANSWERS["settings"], {"state": "asleep"}, "\"asleep\"; input should be 'on' or 'off'"),
        (BRAIN_ANSWERS["status"], {**STATUS, "state": "asleep"}, "state: \"asleep\"; input should be 'starting', 'on'"),
        (BRAIN_ANSWERS["status"], {**STATUS, "held": -1}, "held: -1; input should be greater than"),
        (BRAIN_ANSWERS["status"], {**STATUS, "errors": [{"what": "x"}] * 21}, "list should have at most 20 items"),
        (PAGE_ANSWERS["Kameleoon.API.Experiments.getActivatedInVisit"], [{"id": "1"}], '[0].id: "1"; input should be'),
        (PAGE_ANSWERS["kept"], 7, "answer: 7; input should be a valid string"),
    ],
)
def test_wrong_answers(adapter: TypeAdapter[Any], value: Any, text: str) -> None:
    """The page's, and the brain's."""
    found = texts("answer", value, adapter)
    assert len(found) == 1, found
    assert text in found[0]


@pytest.mark.parametrize(
    "names",
    [
        ("experimentId", "experimentName", "variationId", "variationName"),
        ("experimentID", "experimentName", "variationID", "variationName"),
        ("personalizationID", "personalizationName", "variationID", "variationName"),
    ],
    ids=["kameleoon", "template, experiment", "template, personalization"],
)
def test_each_dialect_is_checked_by_its_own_names(names: tuple[str, ...]) -> None:
    """Numbers for ids, and the customer's own properties are welcome."""
    properties = dict(zip(names, (101, "x", 1001, "Bold"), strict=True)) | {
        "campaign_type": "experiment",
        "team": "web",
    }
    properties["nonInteraction"] = 1
    request = named(["reach", "analytics.track", 0, ["Viewed", properties, OPTIONS]])
    assert asked(request) == []
    (text,) = asked(changed(request, f"args.1.{names[0]}", "101"))
    assert f'args[1].{names[0]}: "101"; input should be a valid integer' in text


def test_arguments_that_are_missing_are_told_each() -> None:
    """At the places where they belong."""
    first, second = asked(named(["reach", "analytics.track", 0, ["Viewed"]]))
    assert first.startswith("request.args[1]: nothing; field required")
    assert second.startswith("request.args[2]: nothing; field required")


def test_data_that_is_nested_too_deep_is_told() -> None:
    """No validator takes it."""
    deep = json.loads("[" * 300 + "]" * 300)
    (text,) = told("remote", telling("remote") | {"data": {"COHORTS": deep}})
    assert text.endswith("; nested too deep")


def test_visitors_are_not_in_the_keys() -> None:
    """Keys end with the visitor code, which no message should show."""
    assert without_ids({"COHORTS_0123": {}, "IDENTIFY_a_b": 1, "common": None}) == {
        "COHORTS": {},
        "IDENTIFY": 1,
        "common": None,
    }
    assert without_ids([1]) == [1]


@pytest.mark.parametrize("adapter", [TELLING, REQUEST], ids=["telling", "request"])
def test_the_json_schema_says_what_everything_is(adapter: TypeAdapter[Any]) -> None:
    """Each field of an object has a title; it can be printed as JSON."""
    schema = adapter.json_schema()
    assert json.dumps(schema)
    for name, model in schema["$defs"].items():
        for field, rule in model.get("properties", {}).items():
            assert "title" in rule or "$ref" in rule or "anyOf" in rule or "oneOf" in rule, f"{name}.{field}"


@settings(deadline=None)  # models are built when they are first used
@given(JSON)
def test_anything_can_be_told(value: Any) -> None:
    """No message makes the check itself fail, and no text is long."""
    request = named(value)
    for name, data, adapter in (
        ("telling", value, TELLING),
        ("request", request, request_adapter(request)),
        ("value", value, CUSTOM_DATA_VALUE),
    ):
        assert all(text.startswith(name) for text in texts(name, data, adapter))


@settings(deadline=None)
@given(st.sampled_from(sorted(TELLINGS)), JSON, st.data())
def test_any_value_in_any_place_is_told(kind: str, value: Any, data: st.DataObject) -> None:
    """A right message with one part replaced."""
    message = telling(kind)
    field = data.draw(st.sampled_from(sorted(message)))
    assert all(len(text) < 800 for text in told(kind, message | {field: value}))


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("hunter2", "exposure.report.apiKey"),
        ({"client_secret": "hunter2"}, "x"),
        ('{"writeKey": "hunter2"}', "x"),
        ([{"Access-Token": "hunter2"}], "x"),
    ],
)
def test_secrets_are_not_shown(value: Any, path: str) -> None:
    """Whether the place has the name, or the value holds it."""
    assert shown(value, path) == "(not shown)"


def test_values_are_cut_short() -> None:
    """A console line stays a line."""
    assert shown("x" * 100) == '"' + "x" * 59 + "…"
