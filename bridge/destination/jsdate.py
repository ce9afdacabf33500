"""JavaScript's dates, in UTC (ECMA-262, section 21.4; for texts that are not ISO 8601, V8's date parser).

A moment is the number of milliseconds since 1970, NaN when it is none.
"""

import math
import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from bridge.destination.jsvalues import WHITESPACE

_MS_A_DAY: Final = 86_400_000
_MAX_TIME: Final = 8.64e15
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ZONES: Final = {
    "ut": 0, "utc": 0, "z": 0, "gmt": 0, "cdt": -5, "cst": -6, "edt": -4, "est": -5, "mdt": -6, "mst": -7, "pdt": -7,
    "pst": -8,
}  # fmt: skip
_TOKEN: Final = re.compile(
    f"(?P<number>[0-9]+)|(?P<blank>[{WHITESPACE}])|(?P<word>[^\\0-@{WHITESPACE}]+)|(?P<symbol>[:.)+-])|(?P<other>.)",
    re.DOTALL,
)
_SIGNIFICANT_DIGITS: Final = 9
_CLOCK_SLOTS: Final = 4
_NOON: Final = 12
_UINT32: Final = 1 << 32


class Fields(NamedTuple):
    """A moment as a calendar and a clock show it; months and week days count from 0, the latter from Sunday."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    millisecond: int
    week_day: int


def time_clip(milliseconds: float) -> float:
    """Return the moment without a fraction, NaN when it is further from 1970 than dates reach."""
    if math.isnan(milliseconds) or abs(milliseconds) > _MAX_TIME:
        return math.nan
    return float(math.trunc(milliseconds))


def fields(moment: float) -> Fields:
    """Return the parts of a moment that is not NaN."""
    days, ms = divmod(int(moment), _MS_A_DAY)
    year, month, day = _date_of(days)
    hour, ms = divmod(ms, 3_600_000)
    minute, ms = divmod(ms, 60_000)
    second, ms = divmod(ms, 1000)
    return Fields(year, month - 1, day, hour, minute, second, ms, (days + 4) % 7)


def days_before(year: int, month: int = 0) -> int:
    """Return the days from 1970 to the first of a month (from 0), in the Gregorian calendar of all times."""
    year, month = year + month // 12, month % 12
    since_march = (month - 2) % 12
    if month < 2:  # noqa: PLR2004 - the year begins in March here, so that the leap day is its last
        year -= 1
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * since_march + 2) // 5 - 719_468


def _date_of(days: int) -> tuple[int, int, int]:
    """Return the year, month and day, both from 1, of a day counted from 1970."""
    era, day_of_era = divmod(days + 719_468, 146_097)
    year = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year + year // 4 - year // 100)
    month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month + 2) // 5 + 1
    return era * 400 + year + (month > 9), (month + 2) % 12 + 1, day  # noqa: PLR2004 - as in `days_before`


def parse(text: str) -> float:
    """Return the moment that a text names, NaN when it names none.

    An ISO 8601 date, or most of what people write: `April 5, 2024 14:30 PST`, `4/5/2024`, `Fri, 05 Apr 2024 12:00 GMT`.
    """
    try:
        return _Parser(text).parse()
    except _NoDateError:
        return math.nan


class _NoDateError(Exception):
    """The text names no date."""


class _Token(NamedTuple):
    kind: str
    text: str

    @property
    def number(self) -> int:
        """The number, of which only the first nine digits count."""
        return int(self.text.lstrip("0")[:_SIGNIFICANT_DIGITS] or "0")

    @property
    def milliseconds(self) -> int:
        """The number as the fraction of a second."""
        digits = len(self.text)
        if digits <= 3:  # noqa: PLR2004 - milliseconds have three
            return int(self.number * 10 ** (3 - digits))
        return int(self.number // 10 ** (min(digits, _SIGNIFICANT_DIGITS) - 3))

    def is_digits(self, count: int) -> bool:
        return self.kind == "number" and len(self.text) == count

    def is_symbol(self, symbols: str) -> bool:
        return self.kind == "symbol" and self.text in symbols

    def is_word(self, word: str) -> bool:
        return self.kind == "word" and self.text.lower() == word


_END: Final = _Token("end", "")


def _tokens(text: str) -> list[_Token]:
    """Split a text; what stands in parentheses is one token, and is ignored."""
    found = []
    place = 0
    while match := _TOKEN.match(text, place):
        if match[0] == "(":
            depth = 0
            while place < len(text):
                depth += {"(": 1, ")": -1}.get(text[place], 0)
                place += 1
                if not depth:
                    break
            found.append(_Token("other", "()"))
            continue
        found.append(_Token(str(match.lastgroup), match[0]))
        place = match.end()
    return [*found, _END]


@dataclass
class _Zone:
    """An offset from UTC; its minutes may be still to come, behind a colon."""

    sign: int | None = None
    hour: int | None = None
    minute: int | None = None

    def set(self, hours: int) -> None:
        self.sign, self.hour, self.minute = (-1 if hours < 0 else 1), abs(hours), 0


class _Parser:
    """Reads a date: as far as it goes as ISO 8601, and on from there as people write dates."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.position = 0
        self.date: list[int] = []
        self.clock: list[int] = []
        self.month: int | None = None
        self.hour_offset: int | None = None
        self.zone = _Zone()
        self.is_iso = False

    def peek(self) -> _Token:
        return self.tokens[min(self.position, len(self.tokens) - 1)]

    def next(self) -> _Token:
        token = self.peek()
        self.position += 1
        return token

    def skip(self, symbol: str) -> bool:
        if not self.peek().is_symbol(symbol):
            return False
        self.position += 1
        return True

    def parse(self) -> float:
        token = self._read_iso()
        seen_number = bool(self.date)
        while token.kind != "end":
            if token.kind == "number":
                seen_number = True
                self._read_number(token.number)
            elif token.kind == "word":
                self._read_word(token.text.lower(), seen_number=seen_number)
            elif token.is_symbol("+-") and (self.clock or (self.zone.hour, self.zone.minute) == (0, 0)):
                seen_number = True
                self._read_offset(1 if token.text == "+" else -1)
            elif token.is_symbol("+-)") and seen_number:
                raise _NoDateError
            token = self.next()
        return self._moment()

    # ISO 8601

    def _read_iso(self) -> _Token:
        """Return the first token that is none of an ISO date, the end when it is one."""
        if not self._read_iso_year() or not self._read_iso_month_and_day():
            return self.next()
        if not self.peek().is_word("t"):
            if self.peek().kind != "end":
                return self.next()
        else:
            self.position += 1
            self._read_iso_time()
        if not self.clock and self.zone.hour is None:
            self.zone.set(0)
        self.is_iso = True
        return _END

    def _read_iso_year(self) -> bool:
        sign = {"+": 1, "-": -1}.get(self.peek().text, 0)
        year = self.tokens[self.position + 1] if sign else self.peek()
        if not year.is_digits(6 if sign else 4):
            return False
        self.position += 2 if sign else 1
        if sign < 0 and not year.number:
            return False
        self.date.append((sign or 1) * year.number)
        return True

    def _read_iso_month_and_day(self) -> bool:
        """Read what there is of them; False when what follows a hyphen is neither."""
        for most in (12, 31):
            if not self.skip("-"):
                break
            if not self.peek().is_digits(2) or not 1 <= self.peek().number <= most:
                return False
            self.date.append(self.next().number)
        return True

    def _read_iso_time(self) -> None:
        self.clock.append(self._two_digits(24))
        most = 0 if self.clock[0] == 24 else 59  # noqa: PLR2004 - midnight at the end of the day
        self._require(self.skip(":"))
        self.clock.append(self._two_digits(most))
        if self.skip(":"):
            self.clock.append(self._two_digits(most))
            if self.skip("."):
                self._require(self.peek().kind == "number" and not (most == 0 and self.peek().number))
                self.clock.append(self.next().milliseconds)
        if self.peek().is_word("z"):
            self.position += 1
            self.zone.set(0)
        elif self.peek().is_symbol("+-"):
            self.zone.sign = 1 if self.next().text == "+" else -1
            if self.peek().is_digits(4):
                self.zone.hour, self.zone.minute = divmod(self.next().number, 100)
                self._require(self.zone.hour <= 23 and self.zone.minute <= 59)  # noqa: PLR2004
            else:
                self.zone.hour = self._two_digits(23)
                self._require(self.skip(":"))
                self.zone.minute = self._two_digits(59)
        self._require(self.peek().kind == "end")

    def _two_digits(self, most: int) -> int:
        self._require(self.peek().is_digits(2) and self.peek().number <= most)
        return self.next().number

    def _require(self, holds: bool) -> None:  # noqa: FBT001 - the condition itself
        if not holds:
            raise _NoDateError

    # What people write

    def _expects(self, number: int) -> bool:
        """Whether the clock goes on with this number."""
        most = {1: 59, 2: 59, 3: 999}.get(len(self.clock), -1)
        return number <= most

    def _read_number(self, number: int) -> None:
        if self.skip(":"):
            if self.skip(":"):
                self._require(not self.clock)
                self.clock += [number, 0]
            else:
                self._require(len(self.clock) < _CLOCK_SLOTS)
                self.clock.append(number)
                self.skip(".")
        elif self.skip(".") and self._expects(number):
            self._require(self.peek().kind == "number")
            self._end_clock(number, self.next().milliseconds)
        elif self.zone.hour is not None and self.zone.minute is None and number <= 59:  # noqa: PLR2004
            self.zone.minute = number
        elif self._expects(number):
            self._end_clock(number)
            after = self.peek()
            self._require(after.kind in ("end", "blank") or after.is_word("z") or after.is_symbol("+-"))
        else:
            self._require(len(self.date) < 3)  # noqa: PLR2004 - day, month and year
            self.date.append(number)
            self.skip("-")

    def _end_clock(self, *numbers: int) -> None:
        self.clock = [*self.clock, *numbers, 0, 0, 0, 0][:_CLOCK_SLOTS]

    def _read_word(self, word: str, *, seen_number: bool) -> None:
        if word in ("am", "pm") and self.clock:
            self.hour_offset = _NOON if word == "pm" else 0
        elif word[:3] in _MONTHS:
            self.month = _MONTHS.index(word[:3]) + 1
            self.skip("-")
        elif word in _ZONES and seen_number:
            self.zone.set(_ZONES[word])
        else:  # any other word may stand before the first number only, and not right before it
            self._require(not seen_number and self.peek().kind != "number")

    def _read_offset(self, sign: int) -> None:
        self.zone.sign = sign
        digits = self.next() if self.peek().kind == "number" else _Token("number", "")
        if self.peek().is_symbol(":"):
            self.zone.hour, self.zone.minute = digits.number, None
        elif len(digits.text) in (1, 2):
            self.zone.hour, self.zone.minute = digits.number, 0
        else:
            self._require(len(digits.text) in (3, 4))
            self.zone.hour, self.zone.minute = divmod(digits.number, 100)

    # What it comes to

    def _moment(self) -> float:
        year, month, day = self._day()
        hour, minute, second, millisecond = [*self.clock, 0, 0, 0, 0][:_CLOCK_SLOTS]
        if self.hour_offset is not None:
            self._require(hour <= _NOON)
            hour = hour % _NOON + self.hour_offset
        in_day = hour <= 23 and minute <= 59 and second <= 59 and millisecond <= 999  # noqa: PLR2004
        self._require(in_day or (hour, minute, second, millisecond) == (24, 0, 0, 0))
        days = days_before(year, month - 1) + day - 1
        seconds = (days * 1440 + hour * 60 + minute) * 60 + second
        if self.zone.sign is not None:
            offset = ((self.zone.hour or 0) * 3600 + (self.zone.minute or 0) * 60) % _UINT32  # as V8 counts it
            self._require(offset < _UINT32 // 2)
            seconds -= self.zone.sign * offset
        return time_clip(seconds * 1000 + millisecond)

    def _day(self) -> tuple[int, int, int]:
        """Return the year, month and day; which number is which depends on their order and size."""
        self._require(bool(self.date))
        first, second, third = [*self.date, 1, 1][:3]
        if self.month is not None:
            year, day = (second, first) if 1 <= first <= 31 else (first, second)  # noqa: PLR2004
            month = self.month
        elif self.is_iso or not 1 <= first <= 31:  # noqa: PLR2004
            year, month, day = first, second, third
        else:
            month, day, year = first, second, third
        if not self.is_iso:
            year += 2000 if 0 <= year <= 49 else 1900 if 50 <= year <= 99 else 0  # noqa: PLR2004
        self._require(1 <= month <= 12 and 1 <= day <= 31)  # noqa: PLR2004
        return year, month, day
