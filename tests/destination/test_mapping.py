"""Mapping directives: what each gives, and what the runtime says of bad ones."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.destination import jsjson
from bridge.destination.errors import DestinationError
from bridge.destination.jsvalues import UNDEFINED
from bridge.destination.mapping import get, transform

EVENT: dict[str, Any] = {
    "event": "Order Completed",
    "userId": None,
    "properties": {
        "s": "Hello",
        "n": 1.0,
        "z": 0.0,
        "f": False,
        "e": "",
        "nul": None,
        "o": {"a": {"b": 1.0}, "n": None},
        "list": [{"id": 1.0, "n": "x"}, {"id": 2.0}],
        "empty": [],
        "emoji": "a😀",
        "brace": "{{event}}",
        "2": "b",
        "1": "a",
    },
}


def path(to: str) -> dict[str, Any]:
    """Return the directive for a path."""
    return {"@path": f"$.{to}"}


@pytest.mark.parametrize(
    ("directive", "output"),
    [
        # @path
        ({"@path": "properties.s"}, "Hello"),
        ({"@path": "$.properties.list[1].id"}, 2),
        ({"@path": "$.properties['s']"}, "Hello"),
        ({"@path": "$.properties[s]"}, UNDEFINED),
        ({"@path": "$.properties.e.x"}, ""),
        ({"@path": "$.properties.f.x"}, False),
        ({"@path": "$.properties.s.length"}, 5),
        ({"@path": "$.properties.emoji.length"}, 3),
        ({"@path": {"@template": "$.properties.{{properties.nope}}s"}}, "Hello"),
        ({"@path": "$"}, UNDEFINED),
        ({"@path": "a$.event"}, UNDEFINED),
        ({"@path": "$.$.event"}, UNDEFINED),
        # @template
        ({"@template": "{{event}} {{{properties.n}}}"}, "Order Completed 1"),
        ({"@template": "{{ properties.o }}-{{properties.list}}"}, "[object Object]-[object Object],[object Object]"),
        ({"@template": "{{userId}}{{nope}}{{properties.f}}{{properties.z}}"}, "false0"),
        ({"@template": "{{{properties.brace}}}"}, "Order Completed"),
        ({"@template": "{{}} {{ }}"}, "{{}} [object Object]"),
        # @if
        ({"@if": {"exists": path("properties.e"), "then": "y", "else": "n"}}, "y"),
        ({"@if": {"blank": path("properties.e"), "then": "y", "else": "n"}}, "n"),
        ({"@if": {"blank": path("properties.z"), "then": "y", "else": "n"}}, "n"),
        ({"@if": {"blank": path("properties.empty"), "then": "y", "else": "n"}}, "n"),
        ({"@if": {"blank": path("properties.o"), "then": "y", "else": "n"}}, "y"),
        ({"@if": {"exists": path("nope"), "then": "y", "else": 0}}, UNDEFINED),
        ({"@if": {"exists": path("event"), "else": "n"}}, UNDEFINED),
        # @case
        ({"@case": {"operator": "upper", "value": path("properties.s")}}, "HELLO"),
        ({"@case": {"operator": "upper", "value": "ß"}}, "SS"),
        ({"@case": {"operator": "lower", "value": path("properties.n")}}, 1),
        ({"@case": {"operator": "lower"}}, UNDEFINED),
        # @replace
        ({"@replace": {"pattern": "l", "replacement": "L", "value": path("properties.s")}}, "HeLLo"),
        ({"@replace": {"pattern": "L", "ignorecase": True, "value": path("properties.s")}}, "Heo"),
        ({"@replace": {"pattern": "s", "ignorecase": True, "value": "\u017fS"}}, "\u017f"),
        ({"@replace": {"pattern": "K", "ignorecase": True, "value": "\u212ak"}}, "\u212a"),
        ({"@replace": {"pattern": ".", "replacement": "", "value": "a.b"}}, "ab"),
        (
            {"@replace": {"pattern": "l", "replacement": "$$$&$`$'", "global": False, "value": path("properties.s")}},
            "He$lHelolo",
        ),
        (
            {
                "@replace": {
                    "pattern": "H",
                    "replacement": "J",
                    "pattern2": "J",
                    "replacement2": None,
                    "value": path("properties.s"),
                }
            },
            "ello",
        ),
        ({"@replace": {"pattern": "1", "replacement": "2", "value": path("properties.n")}}, "2"),
        ({"@replace": {"pattern": "1", "value": path("properties.o")}}, ""),
        ({"@replace": {"pattern": "\ude00", "replacement": "", "value": path("properties.emoji")}}, "a\ud83d"),
        # @arrayPath
        ({"@arrayPath": ["$.properties.list", {"k": path("id")}]}, [{"k": 1}, {"k": 2}]),
        ({"@arrayPath": ["$.properties.list"]}, EVENT["properties"]["list"]),
        ({"@arrayPath": ["$.properties.o", {"k": path("a.b")}]}, [{"k": 1}]),
        ({"@arrayPath": ["$.properties.s", {"k": path("a")}]}, "Hello"),
        ({"@arrayPath": [path("properties.list"), path("n")]}, ["x", UNDEFINED]),
        # @json
        ({"@json": {"mode": "encode", "value": path("properties.o")}}, '{"a":{"b":1},"n":null}'),
        ({"@json": {"mode": "encode", "value": path("nope")}}, UNDEFINED),
        ({"@json": {"mode": "decode", "value": "[1, 2"}}, "[1, 2"),
        ({"@json": {"mode": "decode", "value": path("properties.n")}}, 1),
        ({"@json": {"mode": "DECODE", "value": "1"}}, UNDEFINED),
        # @flatten
        ({"@flatten": {"separator": ".", "value": path("properties.list")}}, {"0.id": 1, "0.n": "x", "1.id": 2}),
        ({"@flatten": {"separator": ".", "value": path("properties.empty")}}, {}),
        ({"@flatten": {"separator": ".", "omitArrays": True, "value": path("properties.empty")}}, {"": []}),
        # @merge
        ({"@merge": {"direction": "right", "objects": [{"a": 1}, {"a": 2}]}}, {"a": 2}),
        ({"@merge": {"direction": "left", "objects": [{"a": 1}, {"a": 2}]}}, {"a": 1}),
        ({"@merge": {"direction": "right", "objects": [{"a": 1}, {"a": path("nope")}]}}, {}),
        (
            {"@merge": {"direction": "right", "objects": [path("properties.emoji"), path("userId")]}},
            {"0": "a", "1": "\ud83d", "2": "\ude00"},
        ),
        # @transform, @literal, @excludeWhenNull
        ({"@transform": {"apply": {"q": path("event")}, "mapping": {"r": path("q")}}}, {"r": "Order Completed"}),
        ({"@literal": path("event")}, "Order Completed"),
        ({"@excludeWhenNull": path("properties.o")}, {"a": {"b": 1}}),
        ({"@excludeWhenNull": path("userId")}, UNDEFINED),
        # what is no directive
        ({"_metadata": {"label": "x"}, "@path": "$.event"}, "Order Completed"),
        ([path("event"), path("nope"), 1], ["Order Completed", UNDEFINED, 1]),
        ({"10": 1, "b": None, "9": path("nope")}, {"10": 1, "b": None}),
    ],
)
def test_directive(directive: Any, output: Any) -> None:
    """Directive."""
    assert transform({"field": directive}, EVENT) == ({} if output is UNDEFINED else {"field": output})


@pytest.mark.parametrize(
    ("directive", "message"),
    [
        ({"@nope": 1}, "/field has an invalid directive: @nope."),
        ({"@path": "x", "@literal": 1}, "/field should only have one @-prefixed key but it has 2 keys."),
        ({"@path": "x", "a": 1, "b": 2}, "/field should only have one @-prefixed key but it has 3 keys."),
        ({"@path": 1}, "/field/@path should be a string or a mapping directive but it is a number."),
        ({"@template": None}, "/field/@template should be a string or a mapping directive but it is a null."),
        ({"@if": "x"}, "/field/@if should be an object but it is a string."),
        ({"@if": {"@path": "x"}}, "/field/@if should be an object but it is a directive."),
        ({"@case": {"operator": 1}}, "/field/@case/operator should be a string but it is a number."),
        ({"@replace": {"value": "x"}}, '/field/@replace should have field "pattern" but it doesn\'t.'),
        (
            {"@replace": {"value": "x", "pattern": ""}},
            "/field/@replace/pattern should be a string of length 1 or greater.",
        ),
        (
            {"@replace": {"value": "x", "pattern": "x" * 11}},
            "/field/@replace/pattern should be a string of length 10 or less.",
        ),
        (
            {"@replace": {"value": "x", "pattern": "😀" * 6}},
            "/field/@replace/pattern should be a string of length 10 or less.",
        ),
        (
            {"@replace": {"value": "x", "pattern": "x", "global": None}},
            "/field/@replace/global should be a boolean but it is a null.",
        ),
        ({"@arrayPath": {}}, "/field/@arrayPath should be an array but it is an object."),
        ({"@arrayPath": []}, "/field/@arrayPath should be a string or a mapping directive but it is an undefined."),
        ({"@arrayPath": ["x", {"a": {"@no": 1}}]}, "/field/@arrayPath/a has an invalid directive: @no."),
        ({"@json": {"mode": "x", "value": 1}}, '/field/@json/mode should be one of encode, decode but it is "x".'),
        ({"@merge": {"objects": ["x"]}}, "/ should be a object or a mapping directive but it is a string."),
        ({"@merge": {"objects": 1}}, "/field/@merge/objects should be an array but it is a number."),
        (
            {"@transform": {"apply": {"q": {"@no": 1}}, "mapping": {}}},
            "/field/@transform/apply/q has an invalid directive: @no.",
        ),
        ({"@liquid": 5}, "/field/@liquid should be a string but it is a number."),
        ({"a": {"b": {"@no": 1}}}, "/field/a/b has an invalid directive: @no."),
    ],
)
def test_mapping_is_checked_before_it_is_resolved(directive: Any, message: str) -> None:
    """Mapping is checked before it is resolved."""
    with pytest.raises(DestinationError) as error:
        transform({"field": directive}, EVENT)
    assert (error.value.name, str(error.value), error.value.status) == (
        "AggregateError",
        f"ValidationError: {message}",
        None,
    )


def test_all_problems_of_a_mapping_are_told() -> None:
    """All problems of a mapping are told."""
    with pytest.raises(DestinationError) as error:
        transform({"b": {"@no": 1}, "1": {"@path": 1}, "c": {"x": {"@no": 1}}}, EVENT)
    assert str(error.value).splitlines() == [
        "ValidationError: /1/@path should be a string or a mapping directive but it is a number.",
        "ValidationError: /b has an invalid directive: @no.",
        "ValidationError: /c/x has an invalid directive: @no.",
    ]


def test_bad_directive_as_the_whole_mapping_is_a_validation_error() -> None:
    """Bad directive as the whole mapping is a validation error."""
    with pytest.raises(DestinationError) as error:
        transform({"@no": 1}, EVENT)
    assert (error.value.name, str(error.value), error.value.status) == (
        "ValidationError",
        "/ has an invalid directive: @no.",
        400,
    )


@pytest.mark.parametrize(
    ("directive", "message"),
    [
        ([{"@no": 1}], "@no is not a valid directive, got undefined"),
        ([{"@path": 1}], "@path: expected string, got number"),
        ({"@path": path("nope")}, "@path: expected string, got undefined"),
        ({"@if": {"then": 1}}, '@if requires an "exists" key or a "blank" key'),
        ({"@case": {"value": "x"}}, '@case requires a "operator" key'),
        ({"@case": {"operator": "x", "value": "x"}}, 'operator key should have a value of "lower" or "upper"'),
        (
            {"@replace": {"pattern": "x", "pattern2": "x" * 11, "value": "x"}},
            '@replace requires a "pattern" less than 10 characters',
        ),
        ({"@flatten": {"value": 1}}, '@flatten requires a "separator" key'),
        ({"@merge": {"objects": []}}, '@merge requires a "direction" key'),
        ({"@json": {"mode": "encode", "value": 0}}, '@json requires a "value" key'),
        ([{"@merge": {"direction": "x", "objects": "x"}}], "@merge: expected opts.array, got string"),
        ([{"@if": 1}], '@if requires an object with an "exists" key'),
    ],
)
def test_directive_that_cannot_be_resolved(directive: Any, message: str) -> None:
    """Directive that cannot be resolved."""
    with pytest.raises(DestinationError) as error:
        transform({"field": directive}, EVENT)
    assert (error.value.name, str(error.value)) == ("Error", message)


def test_deep_mapping_ends_as_in_javascript() -> None:
    """A mapping nested beyond what can be followed is an error, not a crash."""
    deep: Any = 1
    for _ in range(2000):
        deep = {"@literal": deep}
    with pytest.raises(DestinationError, match="Maximum call stack size exceeded"):
        transform({"field": deep}, EVENT)


@pytest.mark.parametrize(
    ("mapping", "output"),
    [
        (
            {"__segment_internal_directive": {"@transform": {"apply": {"q": path("event")}}}, "r": path("q")},
            {"r": "Order Completed"},
        ),
        ({"@path": "$.properties.o"}, {"a": {"b": 1}, "n": None}),
        ({"@path": "$.event"}, "Order Completed"),
        ("ab", {"0": "a", "1": "b"}),
        (None, {}),
    ],
)
def test_root_of_a_mapping(mapping: Any, output: Any) -> None:
    """Root of a mapping."""
    assert transform(mapping, EVENT) == output


@pytest.mark.parametrize(
    ("root", "message"),
    [
        (None, "Cannot convert undefined or null to object"),
        ({}, "The root directive must be an object"),
        ({"@path": "x"}, "The root directive must be an object"),
        ({"a": {}, "b": {}}, "The root mapping must only have a single directive object"),
    ],
)
def test_bad_root_directive(root: Any, message: str) -> None:
    """Bad root directive."""
    with pytest.raises(DestinationError) as error:
        transform({"__segment_internal_directive": root}, EVENT)
    assert str(error.value) == message


@pytest.mark.parametrize(("event", "kind"), [(None, "null"), ([], "array"), ("x", "string"), (1.0, "number")])
def test_event_must_be_an_object(event: Any, kind: str) -> None:
    """Event must be an object."""
    with pytest.raises(DestinationError, match=f"data must be an object, got {kind}"):
        transform({}, event)


def test_resolving_changes_neither_mapping_nor_event() -> None:
    """Resolving changes neither mapping nor event."""
    mapping = {
        "__segment_internal_directive": {"@merge": {"direction": "right", "objects": [path("properties")]}},
        "x": 1,
    }
    before = jsjson.stringify([mapping, EVENT])
    transform(mapping, EVENT)
    assert jsjson.stringify([mapping, EVENT]) == before


KEYS = st.text(st.characters(exclude_characters=".[]'\""), min_size=1).filter(lambda key: key != "$")


@given(st.lists(KEYS, min_size=1, max_size=5), st.integers())
def test_path_leads_to_what_lies_there(keys: list[str], value: int) -> None:
    """Path leads to what lies there."""
    nested: Any = value
    for key in reversed(keys):
        nested = {key: nested}
    assert get(nested, ".".join(keys)) == value
