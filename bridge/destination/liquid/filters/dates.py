"""Filters of dates (liquidjs, filters/date, util/strftime and util/liquid-date), in UTC unless a time zone is given."""

import functools
import math
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from bridge.destination import jsdate
from bridge.destination.jsvalues import (
    UNDEFINED,
    Json,
    add,
    from_code_units,
    is_number,
    member,
    number_to_string,
    to_number,
    to_string,
)
from bridge.destination.liquid.context import Context
from bridge.destination.liquid.errors import failure
from bridge.destination.liquid.filters.texts import lower, upper
from bridge.destination.liquid.values import is_nil, to_value

_MS_A_MINUTE: Final = 60_000
_DEFAULT_FORMAT: Final = "%A, %B %-e, %Y at %-l:%M %P %z"
_DIRECTIVE: Final = re.compile("%([-_0^#:]+)?([0-9]+)?([EO])?([^\n\r\u2028\u2029])")
_DIGITS: Final = re.compile("[0-9]+")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_WEEK_DAYS: Final = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_WIDTHS: Final = {"j": 3, "L": 3} | dict.fromkeys("deHIklmMSUW", 2)
_PADDED_WITH_BLANKS: Final = frozenset("aAbBceklpP")
_ORDINALS: Final = {1: "st", 2: "nd", 3: "rd"}
_TEENS: Final = (11, 12, 13)
_NOON: Final = 12
_FRACTION_DIGITS: Final = 9


@dataclass(frozen=True)
class _Moment:
    """A moment as it is shown: milliseconds on the clock of its zone, and what that zone is called."""

    shown: float
    offset: float = 0.0
    zone: str = "UTC"

    @functools.cached_property
    def fields(self) -> jsdate.Fields:
        return jsdate.fields(self.shown)

    @property
    def day_of_year(self) -> int:
        first = jsdate.days_before(self.fields.year)
        return jsdate.days_before(self.fields.year, self.fields.month) - first + self.fields.day

    @property
    def hour_of_twelve(self) -> int:
        return self.fields.hour % _NOON or _NOON

    @property
    def half(self) -> str:
        return "AM" if self.fields.hour < _NOON else "PM"

    @property
    def ordinal(self) -> str:
        day = self.fields.day
        return "th" if day in _TEENS else _ORDINALS.get(day % 10, "th")

    @property
    def local_date(self) -> str:
        """The date as `toLocaleDateString` writes it in en-US."""
        year, month, day, *_ = self.fields
        return f"{month + 1}/{day}/{year if year > 0 else 1 - year}"

    @property
    def local_time(self) -> str:
        """The time as `toLocaleTimeString` writes it in en-US."""
        return f"{self.hour_of_twelve}:{self.fields.minute:02}:{self.fields.second:02} {self.half}"

    def week_of_year(self, first_day: int) -> int:
        year = self.fields.year
        if 0 <= year <= 99:  # noqa: PLR2004 - what `new Date(99, 0, 1)` is in JavaScript: 1999
            year += 1900
        january_first = (jsdate.days_before(year) + 4) % 7
        since = self.day_of_year + first_day - self.fields.week_day - (7 - january_first + first_day)
        return since // 7 + 1

    def written_offset(self, colon: str) -> str:
        hours, minutes = divmod(abs(self.offset), 60)
        sign = "-" if self.offset > 0 else "+"
        return sign + number_to_string(hours).rjust(2, "0") + colon + number_to_string(minutes).rjust(2, "0")


_WRITERS: Final[Mapping[str, Callable[[_Moment], object]]] = {
    "%": lambda _: "%",
    "A": lambda moment: _WEEK_DAYS[moment.fields.week_day],
    "B": lambda moment: _MONTHS[moment.fields.month],
    "C": lambda moment: int(str(moment.fields.year)[:2]),
    "H": lambda moment: moment.fields.hour,
    "I": lambda moment: moment.hour_of_twelve,
    "L": lambda moment: moment.fields.millisecond,
    "M": lambda moment: moment.fields.minute,
    "P": lambda moment: moment.half.lower(),
    "S": lambda moment: moment.fields.second,
    "U": lambda moment: moment.week_of_year(0),
    "W": lambda moment: moment.week_of_year(1),
    "X": lambda moment: moment.local_time,
    "Y": lambda moment: moment.fields.year,
    "Z": lambda moment: moment.zone or moment.written_offset(""),
    "a": lambda moment: _WEEK_DAYS[moment.fields.week_day][:3],
    "b": lambda moment: _MONTHS[moment.fields.month][:3],
    "c": lambda moment: f"{moment.local_date}, {moment.local_time}",
    "d": lambda moment: moment.fields.day,
    "e": lambda moment: moment.fields.day,
    "h": lambda moment: _MONTHS[moment.fields.month][:3],
    "j": lambda moment: moment.day_of_year,
    "k": lambda moment: moment.fields.hour,
    "l": lambda moment: moment.hour_of_twelve,
    "m": lambda moment: moment.fields.month + 1,
    "n": lambda _: "\n",
    "p": lambda moment: moment.half,
    "q": lambda moment: moment.ordinal,
    "s": lambda moment: math.floor(moment.shown / 1000 + 0.5),
    "t": lambda _: "\t",
    "u": lambda moment: moment.fields.week_day or 7,
    "w": lambda moment: moment.fields.week_day,
    "x": lambda moment: moment.local_date,
    "y": lambda moment: str(moment.fields.year)[2:4],
}


def _format(context: Context, moment: _Moment, template: str) -> str:
    def write(match: re.Match[str]) -> str:
        flags, conversion = match[1] or "", match[4]
        width = int(match[2] or 0)
        if conversion == "N":
            digits = f"{moment.fields.millisecond:03}"[: width or _FRACTION_DIGITS]
            context.charge((width or _FRACTION_DIGITS) - len(digits))
            text = digits.ljust(width or _FRACTION_DIGITS, "0")
        elif conversion == "z":
            text = moment.written_offset(":" if ":" in flags else "")
        elif conversion == "Z" and ":" in flags:
            text = moment.zone or moment.written_offset(":")
        elif conversion in _WRITERS:
            text = str(_WRITERS[conversion](moment))
        else:
            return match[0]
        width = 0 if "-" in flags else width or _WIDTHS.get(conversion, 0)
        if "^" in flags:
            text = upper(text)
        elif "#" in flags:
            text = upper(text) if re.search("[a-z]", text) else lower(text)
        blank = "_" in flags or ("0" not in flags and conversion in _PADDED_WITH_BLANKS)
        context.charge(width - len(text))
        return text.rjust(width, " " if blank else "0")

    return _DIRECTIVE.sub(write, template)


def _moment(value: Json, zone: Json = UNDEFINED) -> _Moment | None:
    """Return the moment that a value means: seconds since 1970, or what `new Date` makes of it; None if it is none."""
    value = to_value(value)
    if is_nil(value):
        return None
    milliseconds = _milliseconds(value)
    if is_nil(zone):
        moment = _Moment(milliseconds)
    else:
        offset = _zone_offset(zone, milliseconds) if isinstance(zone, str) else to_number(to_value(zone))
        shown = jsdate.time_clip(milliseconds - offset * _MS_A_MINUTE)
        moment = _Moment(shown, offset, zone if isinstance(zone, str) else "")
    return None if math.isnan(moment.shown) else moment


def _milliseconds(value: Json) -> float:
    if value in ("now", "today"):
        return math.floor(time.time() * 1000)
    if is_number(value) or (isinstance(value, str) and _DIGITS.fullmatch(value)):
        return jsdate.time_clip(to_number(value) * 1000)
    return float(value) if isinstance(value, bool) else jsdate.parse(to_string(value))


@functools.cache
def _zones() -> Mapping[str, str]:
    return {name.lower(): name for name in available_timezones()}


def _zone_offset(name: str, milliseconds: float) -> float:
    """Return the minutes that a zone is behind UTC at a moment; zones are those of the system, in any case."""
    if math.isnan(milliseconds):
        return math.nan
    if name.lower() not in _zones():
        written = from_code_units(name).encode(errors="surrogatepass").decode("latin-1")  # as V8 writes it
        raise failure(f"Invalid time zone specified: {written}", "RangeError")
    known = min(max(milliseconds, _FIRST_KNOWN), _LAST_KNOWN)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=known)
    offset = moment.astimezone(ZoneInfo(_zones()[name.lower()])).utcoffset() or timedelta()
    return -offset.total_seconds() / 60


_FIRST_KNOWN: Final = -62_135_000_000_000.0  # datetime reaches from the year 1 to 9999
_LAST_KNOWN: Final = 253_402_000_000_000.0


def _length(value: Json) -> Json:
    length = member(value, "length")
    return 0 if is_nil(length) else length


def _date(context: Context, value: Json, template: Json = UNDEFINED, zone: Json = UNDEFINED) -> Json:
    context.charge(to_number(add(_length(value), _length(zone))))
    moment = _moment(value, zone)
    if moment is None:
        return value
    template = to_value(template)
    return _format(context, moment, context.text(_DEFAULT_FORMAT if is_nil(template) else template))


def _as(template: str) -> Callable[..., Json]:
    return lambda context, value: _date(context, value, template)


def _to_string(month: str) -> Callable[..., Json]:
    def write(context: Context, value: Json, kind: Json = UNDEFINED, style: Json = UNDEFINED) -> Json:
        moment = _moment(value)
        if moment is None:
            return value
        if kind != "ordinal":
            return _format(context, moment, f"%d {month} %Y")
        return _format(context, moment, f"{month} %-d%q, %Y" if style == "US" else f"%-d%q {month} %Y")

    return write


FILTERS: Final[Mapping[str, Callable[..., Json]]] = {
    "date": _date,
    "date_to_long_string": _to_string("%B"),
    "date_to_rfc822": _as("%a, %d %b %Y %H:%M:%S %z"),
    "date_to_string": _to_string("%b"),
    "date_to_xmlschema": _as("%Y-%m-%dT%H:%M:%S%:z"),
}
