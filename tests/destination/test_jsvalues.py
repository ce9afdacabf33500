"""JavaScript's conversions, with values that JavaScript gives."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.destination import jsjson
from bridge.destination.jsvalues import (
    UNDEFINED,
    code_units,
    from_code_units,
    is_truthy,
    member,
    number_to_string,
    own_keys,
    to_number,
    to_string,
    trim,
)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-1.5, "-1.5"),
        (12.5, "12.5"),
        (0.1, "0.1"),
        (0.000001, "0.000001"),
        (0.00000123, "0.00000123"),
        (1e-7, "1e-7"),
        (-1e-7, "-1e-7"),
        (1.5e-9, "1.5e-9"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (1.5e300, "1.5e+300"),
        (5e-324, "5e-324"),
        (123456789012345678901234, "1.2345678901234569e+23"),
        (2**53 + 1, "9007199254740992"),
        (12345678901234567890, "12345678901234567000"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (math.nan, "NaN"),
        (10**400, "Infinity"),
    ],
)
def test_numbers_are_written_as_javascript_does(number: float, text: str) -> None:
    """Numbers are written as JavaScript does."""
    assert number_to_string(number) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_written_number_reads_back_as_the_same_double(number: float) -> None:
    """Written number reads back as the same double."""
    text = number_to_string(number)
    assert float(text) == number
    assert ("e" in text) == (number != 0 and not 1e-6 <= abs(number) < 1e21)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        (" \n", 0),
        (" 1 ", 1),
        ("\ufeff1", 1),
        ("+5", 5),
        (".5", 0.5),
        ("5.", 5),
        ("1e3", 1000),
        ("0x10", 16),
        ("0X1f", 31),
        ("0b101", 5),
        ("0o17", 15),
        ("Infinity", math.inf),
        ("-Infinity", -math.inf),
    ],
)
def test_text_becomes_a_number(text: str, number: float) -> None:
    """Text becomes a number."""
    assert to_number(text) == number


@pytest.mark.parametrize("text", ["-0x10", "1_000", "\u0661", "inf", "nan", "--1", "1e", "0x", "\x1c1", "1\x85", "x"])
def test_text_that_python_reads_and_javascript_does_not(text: str) -> None:
    """Text that Python reads and JavaScript does not."""
    assert math.isnan(to_number(text))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (UNDEFINED, "undefined"),
        (True, "true"),
        ([1, [2, None, UNDEFINED]], "1,2,,"),
        ({}, "[object Object]"),
        ([], ""),
        ([{}], "[object Object]"),
    ],
)
def test_values_become_text(value: object, text: str) -> None:
    """Values become text."""
    assert to_string(value) == text


def test_truth_differs_from_pythons_for_containers_and_nan() -> None:
    """Truth differs from Python's for containers and nan."""
    truthy: list[object] = [[], {}, "0", -1]
    falsy: list[object] = [0, -0.0, "", None, UNDEFINED, False, math.nan]
    assert all(map(is_truthy, truthy))
    assert not any(map(is_truthy, falsy))


def test_array_indexes_come_first_among_keys() -> None:
    """Array indexes come first among keys."""
    keys: list[str] = ["b", "10", "2", "01", "-1", "4294967295", "4294967294", "a"]
    assert own_keys(dict.fromkeys(keys)) == ["2", "10", "4294967294", "b", "01", "-1", "4294967295", "a"]


def test_strings_are_counted_in_utf_16() -> None:
    """Strings are counted in UTF-16."""
    assert member("a😀", "length") == 3
    assert member("a😀", "1") == "\ud83d"
    assert member("a", "1") is UNDEFINED
    assert member([5], "length") == 1
    assert member(5, "length") is UNDEFINED


@given(st.text(st.characters(exclude_categories=[])))
def test_code_units_join_to_the_same_text(text: str) -> None:
    """Code units join to the same text."""
    pairs_joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    assert from_code_units(code_units(text)) == pairs_joined


def test_trim_knows_javascripts_white_space() -> None:
    """Trim knows JavaScript's white space."""
    assert trim("\ufeff\u2028 \u00a0x\u2003\n") == "x"
    assert trim("\x1cx\x85") == "\x1cx\x85"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("\u2028é😀\x7f", '"\u2028é😀\x7f"'),
        ("\ud800", '"\\ud800"'),
        ("\ud83d\ude00", '"😀"'),
        ('"\\/\b\f\n\r\t\x00\x1f', '"\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f"'),
        ([UNDEFINED, math.nan, math.inf], "[null,null,null]"),
        ({"b": UNDEFINED, "2": 1.0, "1": -0.0}, '{"1":0,"2":1}'),
        ({"\udc00": True}, '{"\\udc00":true}'),
    ],
)
def test_json_is_written_as_javascript_does(value: object, text: str) -> None:
    """JSON is written as JavaScript does."""
    assert jsjson.stringify(value) == text


def test_undefined_has_no_json() -> None:
    """Undefined has no JSON."""
    assert jsjson.stringify(UNDEFINED) is None


def test_parsed_numbers_are_doubles() -> None:
    """Parsed numbers are doubles."""
    assert jsjson.stringify(jsjson.parse("[12345678901234567890, 1.0, -0, 1e21, 1e400]")) == (
        "[12345678901234567000,1,0,1e+21,null]"
    )


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", "-Infinity", "{", "", "01"])
def test_what_is_not_json_is_refused(text: str) -> None:
    """What is not JSON is refused."""
    with pytest.raises(ValueError, match=r"."):
        jsjson.parse(text)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(), children, max_size=4),
    max_leaves=12,
)


@given(JSON_VALUES)
def test_json_survives_writing_and_reading(value: object) -> None:
    """JSON survives writing and reading."""
    text = jsjson.stringify(value)
    assert text is not None
    assert jsjson.parse(text) == value
    assert jsjson.stringify(jsjson.parse(text)) == text
