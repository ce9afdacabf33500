"""Page views, and when in them something was: times on a wall clock become milliseconds since a page view began."""

from bridge.wire.messages import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_DAY_MS = 86_400_000
_PARTS, _MARCH = 6, 3


class Views:
    """When each page view began, in order."""

    def __init__(self, starts: "list[float] | None" = None) -> None:
        """Take the starts where they are known, in ms since 1970; else they are found: a page call begins a view."""
        self._is_known = bool(starts)
        self._is_guessed = False
        self._starts = sorted(starts or [])

    def turn(self, at: float) -> None:
        """Let a page view begin, unless it is known when each begins."""
        if self._is_guessed:
            self._starts, self._is_guessed = [min(self._starts[0], at)], False
        elif not self._is_known:
            self._starts = sorted(self._starts + [at])

    def place(self, at: float) -> "tuple[float, int]":
        """Return (ms since its page view began, the view's number from 1); what is before the first is of the first."""
        if not self._starts:
            self._starts, self._is_guessed = [at], True
        view = 1
        while view < len(self._starts) and self._starts[view] <= at:
            view += 1
        return max(0.0, at - self._starts[view - 1]), view

    def last(self) -> int:
        """Return the number of the last page view."""
        return max(1, len(self._starts))


def moment(iso: "Any") -> float:
    """Return the milliseconds since 1970 of a time in UTC as the log writes it, 0 where it is none."""
    digits = "".join([one if "0" <= one <= "9" else " " for one in text(iso)[:24]]).split()
    if len(digits) < _PARTS:
        return 0.0
    year, month, day, hour, minute, second = [int(one) for one in digits[:_PARTS]]
    thousandths = int((digits[_PARTS] + "00")[:3]) if len(digits) > _PARTS else 0
    if month < _MARCH:  # the year begins in March: so a leap day is its last
        year, month = year - 1, month + 12
    days = 365 * year + year // 4 - year // 100 + year // 400 + (153 * (month - _MARCH) + 2) // 5 + day - 719_469
    return float(days * _DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + thousandths)
