"""The schema check: coercion, messages, dates."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.destination.actions import ACTIONS, SETTINGS
from bridge.destination.errors import DestinationError
from bridge.destination.jsvalues import UNDEFINED
from bridge.destination.validation import Field, checked, is_date_time, without_empty

FIELDS = (Field("a", "First"), Field("o", "Object", "object"), Field("t", "Time", required=True, date_time=True))
TIME = "2024-04-05T12:39:11.600Z"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x", "x"),
        (12.5, "12.5"),
        (1e21, "1e+21"),
        (1e-7, "1e-7"),
        (-0.0, "0"),
        (0, "0"),
        (True, "true"),
        (False, "false"),
        (None, ""),
        ([None], ""),
        (["x"], "x"),
        ([False], "false"),
        ([5.0], "5"),
        ([""], ""),
        ("", ""),
    ],
)
def test_text_field_takes_scalars_and_one_in_an_array(value: Any, text: str) -> None:
    """Text field takes scalars and one in an array."""
    assert checked({"a": value, "t": TIME}, FIELDS) == {"a": text, "t": TIME}


@pytest.mark.parametrize(
    ("value", "kind"),
    [({}, "an object"), ([], "an array"), (["a", "b"], "an array"), ([["a"]], "an array"), ([{}], "an object")],
)
def test_text_field_refuses_the_rest(value: Any, kind: str) -> None:
    """Text field refuses the rest."""
    with pytest.raises(DestinationError) as error:
        checked({"a": value, "t": TIME}, FIELDS)
    assert str(error.value) == f"First must be a string but it was {kind}."
    assert (error.value.name, error.value.status) == ("AggregateAjvError", 400)


@pytest.mark.parametrize(
    ("value", "kind"), [("x", "a string"), (1, "a number"), (True, "a boolean"), ([], "an array"), ([{}], "an array")]
)
def test_object_field_is_never_coerced(value: Any, kind: str) -> None:
    """Object field is never coerced."""
    with pytest.raises(DestinationError, match=f"Object must be an object but it was {kind}"):
        checked({"o": value, "t": TIME}, FIELDS)


def test_missing_fields_come_first_and_each_problem_has_its_path() -> None:
    """Missing fields come first and each problem has its path."""
    with pytest.raises(DestinationError) as error:
        checked({"o": 1, "a": {}}, FIELDS)
    assert error.value.as_json()["fields"] == [
        {"message": "The root value is missing the required field 't'.", "path": "$"},
        {"message": "First must be a string but it was an object.", "path": "$.a"},
        {"message": "Object must be an object but it was a number.", "path": "$.o"},
    ]
    assert str(error.value).startswith("The root value is missing the required field 't'. First must")


@pytest.mark.parametrize(
    ("value", "kind"), [(UNDEFINED, "undefined"), (None, "null"), ("x", "a string"), ([], "an array"), (1, "a number")]
)
def test_root_must_be_an_object(value: Any, kind: str) -> None:
    """Root must be an object."""
    with pytest.raises(DestinationError) as error:
        checked(value, FIELDS)
    assert str(error.value) == f"The root value must be an object but it was {kind}."


def test_undeclared_members_are_dropped_but_for_one_that_goes_last() -> None:
    """Undeclared members are dropped but for one that goes last."""
    payload = {"dynamicAuthSettings": None, "x": 1, "a": "b", "t": TIME}
    assert list(checked(without_empty(payload), FIELDS)) == ["a", "t", "dynamicAuthSettings"]


def test_only_the_root_loses_empty_members() -> None:
    """Only the root loses empty members."""
    payload = {"a": "", "b": None, "c": 0, "d": False, "o": {"n": None, "e": ""}, "l": [None, ""]}
    assert without_empty(payload) == {"c": 0, "d": False, "o": {"n": None, "e": ""}, "l": [None, ""]}
    assert [without_empty(None), without_empty("")] == [UNDEFINED, UNDEFINED]


def test_settings_are_coerced_and_required() -> None:
    """Settings are coerced and required."""
    assert checked({"apiKey": 5.0, "sitecode": None}, SETTINGS) == {"apiKey": "5", "sitecode": ""}
    with pytest.raises(DestinationError, match=r"'apiKey'.*'sitecode'"):
        checked({}, SETTINGS)


@pytest.mark.parametrize(
    "text",
    [
        "2024-04-05T12:39:11Z",
        "2024-04-05t12:39:11z",
        "2024-04-05 12:39:11",
        "2024-04-05\u00a012:39:11",
        "2024-04-05\ufeff12:39:11Z",
        "2024-04-05T12:39:11",
        "2024-04-05T12:39:11+02",
        "2024-04-05T12:39:11+0200",
        "2024-04-05T12:39:11-02:30",
        "2024-04-05T12:39:11+99:99",
        "2024-04-05T12:39:11.123456789Z",
        "2024-02-29T00:00:00Z",
        "2000-02-29T00:00:00Z",
        "0000-02-29T00:00:00Z",
        "2016-12-31T23:59:60Z",
    ],
)
def test_date_time(text: str) -> None:
    """Date time."""
    assert is_date_time(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "T",
        "2024-04-05",
        "12:39:11Z",
        "1712320751",
        "2024-04-05T24:00:00Z",
        "2024-04-05T12:60:00Z",
        "2024-02-30T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2024-04-31T00:00:00Z",
        "2024-13-01T00:00:00Z",
        "2024-00-10T00:00:00Z",
        "2024-01-00T00:00:00Z",
        "2024-04-05T22:59:60Z",
        "2024-04-05T12:39Z",
        "2024-04-05T12:39:11.Z",
        "2024-04-05T12:39:11+2",
        "2024-04-05  12:39:11",
        "2024-04-05T12:39:11\n",
        "2024-04-05\u008512:39:11Z",
        "2024-04-05\x1c12:39:11Z",
        "2024-04-05\u200b12:39:11Z",
        "\uff12024-04-05T12:39:11Z",
        "2024-04-05T\u06602:39:11Z",
        "12024-04-05T12:39:11Z",
    ],
)
def test_no_date_time(text: str) -> None:
    """No date time."""
    assert not is_date_time(text)


@given(st.datetimes(timezones=st.sampled_from([None, dt.UTC])))
def test_every_moment_in_iso_form_is_a_date_time(moment: dt.datetime) -> None:
    """Every moment in ISO form is a date time."""
    assert is_date_time(moment.isoformat())
    assert not is_date_time(moment.isoformat() + "x")


def test_message_id_is_required_of_all_but_pages() -> None:
    """Message id is required of all but pages."""
    required = {slug: [field.key for field in action.fields if field.required] for slug, action in ACTIONS.items()}
    assert required == {
        "logEvent": ["type", "timestamp", "messageId"],
        "page": ["type", "timestamp"],
        "group": ["type", "groupId", "timestamp", "messageId"],
        "identify": ["type", "timestamp", "messageId"],
    }
