"""The sandbox's log, as far as this page has heard it: one stream, for the tour and for the wire."""

from web.wire.stream import Stream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Row = dict[str, Any]

_MOST_ROWS = 1000


class Record:
    """Rows of the log, the oldest first."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._take: Callable[[list[Row]], None] = _nobody
        self._tell: Callable[[bool], None] = _nobody
        self.stream = Stream(self._came, self._said, _MOST_ROWS)  #: knows the clocks

    def follow(self, take: "Callable[[list[Row]], None]", tell: "Callable[[bool], None]") -> None:
        """Give somebody all rows, and those to come; tell them whether the sandbox answers, when that changes."""
        self._take, self._tell = take, tell
        if self.rows:
            take(self.rows)

    def _came(self, rows: "list[Row]") -> None:
        self.rows = (self.rows + rows)[-_MOST_ROWS:]
        self._take(rows)

    def _said(self, is_there: bool) -> None:  # noqa: FBT001
        self._tell(is_there)


def _nobody(_: "Any") -> None:
    """Nobody follows yet."""


record = Record()
