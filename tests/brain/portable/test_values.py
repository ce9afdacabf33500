"""From audience data to custom-data values."""

import json

from bridge.brain.values import (
    AudienceDataError,
    custom_data_value,
    identify_values,
    known_names,
    persona_names,
    trait,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def problem(function: "Callable[[Any], Any]", data: "Any") -> str:
    try:
        function(data)
    except AudienceDataError as error:
        return str(error)
    raise AssertionError("accepted")


def test_personas_are_those_that_are_true() -> None:
    cohorts = {
        "b": True,
        "a": "true",
        "left": False,
        "text": "false",
        "null": None,
        "1": 1,
        "__proto__": True,
        "": True,
    }
    assert persona_names(cohorts) == ["", "__proto__", "a", "b"]
    assert persona_names({}) == []
    assert len(persona_names({"p%d" % number: True for number in range(10000)})) == 10000


def test_what_is_no_map_is_named() -> None:
    for data, name in ((None, "nothing"), ([], "a list"), ("{}", "a text"), (3, "a number"), (True, "a boolean")):
        assert problem(persona_names, data) == name + "; accepted: a map of persona names"
    assert problem(lambda data: identify_values(data, []), "<html>").startswith("a text; accepted: a map of traits")
    assert problem(lambda data: identify_values(data, []), {"traits": []}).startswith("traits is a list;")


def test_traits_by_name_and_by_path_the_falsy_ones_too() -> None:
    traits = {"plan": "pro", "no": False, "zero": 0, "empty": "", "address": {"city": "Rome"}, "a.b": "dotted"}
    for path, value in (
        ("plan", "pro"),
        ("no", False),
        ("zero", 0),
        ("empty", ""),
        ("address.city", "Rome"),
        ("a.b", "dotted"),
        ("address.street", None),
        ("plan.x", None),
        ("none", None),
    ):
        assert trait(traits, path) == value
    assert trait(None, "plan") is None
    assert trait([1], "plan") is None


def test_only_the_configured_traits_are_kept() -> None:
    identify = {"traits": {"plan": "pro", "email": "a@b.c"}, "groupId": "g1"}
    assert identify_values(identify, ["plan", "none"]) == {"plan": "pro", "none": None, "": "g1"}
    assert identify_values({}, ["plan"]) == {"plan": None, "": None}


def test_names_of_all_personas() -> None:
    assert known_names({"cohorts": ["b", "a", 3]}) == ["b", "a"]
    assert known_names({}) == []
    assert known_names({"cohorts": None}) == []
    assert problem(known_names, {"cohorts": "a"}) == "cohorts is a text; accepted: a list of persona names"


def test_values_stay_what_they_are() -> None:
    values: list[Any] = ["pro", "", 0, 12.5, -1, True, False, ["a", 1, True], [], 12345678901]
    for value in values:
        assert custom_data_value(value) == (value, [])
    assert custom_data_value(None) == ([], [])
    assert custom_data_value(["a", None]) == (["a"], [])


def test_half_a_character_is_replaced() -> None:
    half = json.loads('"a\\ud83e"')
    for raw in (half, [half]):
        value, left_out = custom_data_value(raw)
        text = value if isinstance(value, str) else value[0]
        assert text.encode().startswith(b"a")
        assert left_out == []


def test_what_cannot_be_a_value_is_named() -> None:
    for data, text in (
        ({"a": 1}, "a map; accepted: a text"),
        ([["a"]], "a list; accepted: a text"),
        (["a", {}], "a map; accepted: a text"),
        ("x" * 1001, "a text of 1001 characters; accepted: up to 1000"),
    ):
        assert problem(custom_data_value, data).startswith(text)
    assert custom_data_value("x" * 1000) == ("x" * 1000, [])


def test_a_list_goes_on_without_what_is_too_long() -> None:
    value, left_out = custom_data_value(["a", "x" * 1001, 1])
    assert value == ["a", 1]
    assert custom_data_value(["x" * 1000]) == (["x" * 1000], [])
    assert left_out == ["in the list, a text of 1001 characters; accepted: up to 1000"]
