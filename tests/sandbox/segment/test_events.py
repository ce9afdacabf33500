"""What Segment adds to events."""

# ruff: noqa: D103  # the tests' names are sentences

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.models.segment import parse_time
from bridge.sandbox.segment.events import stamped

MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(received=MOMENTS, happened=MOMENTS, skew=st.timedeltas(timedelta(days=-900), timedelta(days=900)))
@settings(deadline=None)
def test_a_corrected_time_does_not_depend_on_the_clients_clock(
    received: datetime, happened: datetime, skew: timedelta
) -> None:
    sent = received + skew
    happened_there = sent - abs(received - happened)
    event = {"timestamp": happened_there.isoformat(), "sentAt": sent.isoformat()}
    corrected = parse_time(stamped(event, received, None)["timestamp"])
    assert abs(corrected - (received - abs(received - happened))) < timedelta(milliseconds=1)
