"""Times as clients write them."""

# ruff: noqa: D103  # the tests' names are sentences

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.sandbox.clock import iso
from bridge.sandbox.segment.times import read_time

MOMENTS = st.datetimes(datetime(1975, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("2024-04-05T12:39:11.600Z", "2024-04-05T12:39:11.600Z"),
        ("2024-04-05t12:39:11z", "2024-04-05T12:39:11.000Z"),
        ("2024-04-05", "2024-04-05T00:00:00.000Z"),
        ("20240405", "2024-04-05T00:00:00.000Z"),
        ("2024-04-05T12:39:11", "2024-04-05T12:39:11.000Z"),
        ("2024-04-05 12:39:11", "2024-04-05T12:39:11.000Z"),
        (" 2024-04-05T12:39Z\n", "2024-04-05T12:39:00.000Z"),
        ("2024-04-05T12:39:11+0200", "2024-04-05T10:39:11.000Z"),
        ("2024-04-05T12:39:11.123456789-05:30", "2024-04-05T18:09:11.123Z"),
        ("2015-2-02T00:30:08.276Z", "2015-02-02T00:30:08.276Z"),
        ("Fri, 05 Apr 2024 12:39:11 +0000", "2024-04-05T12:39:11.000Z"),
        ("Fri, 05 Apr 2024 12:39:11 GMT", "2024-04-05T12:39:11.000Z"),
        ("5 Apr 2024 14:39:11 +0200", "2024-04-05T12:39:11.000Z"),
        ("Fri, 05 Apr 2024 12:39:11 -0000", "2024-04-05T12:39:11.000Z"),
        ("5 Apr 2024 12:39:11", "2024-04-05T12:39:11.000Z"),
        (1712320751592, "2024-04-05T12:39:11.592Z"),
        ("1712320751592", "2024-04-05T12:39:11.592Z"),
        (1712320751, "2024-04-05T12:39:11.000Z"),
        ("1712320751", "2024-04-05T12:39:11.000Z"),
        (1712320751.592, "2024-04-05T12:39:11.592Z"),
        ("1712320751.592", "2024-04-05T12:39:11.592Z"),
        ("17110102519", "2512-03-13T14:15:19.000Z"),  # which Python would read as a day of the year 1711
        (-14182940, "1969-07-20T20:17:40.000Z"),
        (0, "1970-01-01T00:00:00.000Z"),
    ],
)
def test_a_time_is_read_whatever_its_form(sent: Any, read: str) -> None:
    moment = read_time(sent)
    assert moment is not None
    assert (iso(moment), moment.utcoffset()) == (read, timedelta(0))


@pytest.mark.parametrize(
    "sent",
    [
        *(
            "",
            "yesterday",
            "2024-13-01",
            "Fri, 99 Apr 2024 12:39:11 +0000",
            "1 foo 24 9:99",
            "Mon 5 Apr 2024 1:00 +999999",
        ),
        *(10**16, -(10**16), 10**400, 1e300, "9" * 40, "0001-01-01T00:00:00+14:00"),
        *(True, False, None, [], {}, ["2024-04-05"]),
    ],
)
def test_what_is_no_time_is_known_to_be_none(sent: Any) -> None:
    assert read_time(sent) is None


@given(MOMENTS)
@settings(deadline=None)
def test_all_ways_to_write_a_moment_are_read_as_it(moment: datetime) -> None:
    seconds = moment.replace(microsecond=0)
    assert read_time(moment.isoformat()) == moment
    assert read_time(format_datetime(seconds)) == seconds
    assert read_time(int(seconds.timestamp())) == seconds
    milliseconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    for sent in (milliseconds, str(milliseconds)):
        assert read_time(sent) == moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@given(st.text() | st.integers() | st.floats())
@settings(deadline=None)
def test_anything_is_a_moment_or_none(sent: Any) -> None:
    moment = read_time(sent)
    assert moment is None or moment.utcoffset() == timedelta(0)
