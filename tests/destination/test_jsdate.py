"""Dates as JavaScript reads and shows them."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.destination import jsdate


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_shows_its_calendar_and_clock(moment: datetime) -> None:
    """As Python's calendar does, which is the same."""
    milliseconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    year, month, day, hour, minute, second, _, week_day = jsdate.fields(milliseconds)
    assert (year, month + 1, day, hour, minute, second) == moment.timetuple()[:6]
    assert week_day == moment.isoweekday() % 7
    assert jsdate.parse(f"{year:04}-{month + 1:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z") // 1000 == (
        milliseconds // 1000
    )


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("1970-01-01", 0),
        ("1970-01-01T01:00+01:00", 0),
        ("1969-12-31T24:00Z", 0),
        ("+275760-09-13T00:00:00Z", 8.64e15),
        ("Jan 1 1970 00:00 UTC", 0),
        ("1/1/70 1:00 AM +0100", 0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("(a note) 1 January 1970", 0),
    ],
)
def test_a_text_names_a_moment(text: str, milliseconds: float) -> None:
    """In the ISO format, and as people write."""
    assert jsdate.parse(text) == milliseconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "1970-13-01",
        "1970-01-01T25:00Z",
        "1970-01-01T12",
        "1970-01-01T24:01",
        "1 2 3 4",
        "Jan",
        "+275760-09-13T00:00:00.001Z",
    ],
)
def test_a_text_names_no_moment(text: str) -> None:
    """NaN is what JavaScript calls an invalid date."""
    assert math.isnan(jsdate.parse(text))


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    """Any text gives a moment or NaN."""
    moment = jsdate.parse(text)
    assert math.isnan(moment) or abs(moment) <= 8.64e15
