"""Times as clients write them: Segment's documents want ISO 8601, and its clients' users send more than that."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bridge.destination.jsvalues import Json, is_number
from bridge.models.segment import parse_time

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: What is closer to zero is seconds, until the year 5138: as milliseconds it would lie before March 1973.
_FIRST_MILLISECONDS = 10**11

_NUMBER = re.compile(r"-?\d{9,}(\.\d+)?", re.ASCII)
#: "2015-2-02" stands in Segment's own example of a batch (HTTP API, "Batch").
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)", re.ASCII)
_RFC_2822 = re.compile(r"([a-z]{3,9},? +)?\d{1,2}[ -][a-z]{3}[ -]\d{2,4} +\d{1,2}:\d{2}", re.ASCII | re.IGNORECASE)


def read_time(value: Json) -> datetime | None:
    """Return the moment that a client means; None when that cannot be known.

    ISO 8601, RFC 2822 (without a zone both are UTC), and seconds or milliseconds since 1970, as a number or as text.
    """
    with suppress(ValueError, OverflowError):
        if is_number(value):
            return _since_epoch(float(value))
        if isinstance(value, str):
            return _read_text(value.strip())
    return None


def _since_epoch(count: float) -> datetime:
    return _EPOCH + (timedelta(seconds=count) if abs(count) < _FIRST_MILLISECONDS else timedelta(milliseconds=count))


def _read_text(text: str) -> datetime:
    if _NUMBER.fullmatch(text):
        return _since_epoch(float(text))
    if _RFC_2822.match(text):
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    # T and Z may be small letters (RFC 3339, 5.6).
    return parse_time(_DATE.sub(lambda date: "-".join(part.zfill(2) for part in date.groups()), text, count=1).upper())
