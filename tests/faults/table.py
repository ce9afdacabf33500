"""The matrix as a table for a terminal of 100 columns."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.faults.results import Row

_NAME = 27
_RED, _BOLD, _PLAIN = "\033[31m", "\033[1m", "\033[0m"


@dataclass(frozen=True)
class _Column:
    group: str  # what stands above it, at the first of a group
    head: str
    width: int
    cell: Callable[[Row], int]
    to_be_zero: bool = True


_COLUMNS = (
    _Column("own events", "lost", 6, lambda row: row.own.lost),
    _Column("", "dbl", 4, lambda row: row.own.twice),
    _Column("", "late", 5, lambda row: row.own.late),
    _Column("exposures", "lost", 6, lambda row: row.exposures.lost),
    _Column("", "dbl", 4, lambda row: row.exposures.twice),
    _Column("", "late", 5, lambda row: row.exposures.late),
    _Column("identifier", "lost", 6, lambda row: row.identifiers.lost),
    _Column("", "dbl", 4, lambda row: row.identifiers.twice),
    _Column("", "late", 5, lambda row: row.identifiers.late),
    _Column("in the page", "err", 5, lambda row: row.errors),
    _Column("", "log", 4, lambda row: row.lines),
    _Column("", "mum", 4, lambda row: row.silent),
    _Column("", "held", 5, lambda row: row.held),
    _Column("without", "lost", 5, lambda row: row.own_without.lost, to_be_zero=False),
    _Column("", "task", 5, lambda row: row.longest_without, to_be_zero=False),
)
#: What the columns mean.
LEGEND = """\
Own events are the page's, exposures and the identifier the bridge's: lost, sent twice (dbl), late.
In the page: uncaught errors (err), lines in the console (log), a bridge that does not run and does
not say why (mum), milliseconds by which the longest task is too long (held). Without the bridge:
own events lost, the longest task in milliseconds. A page or visitor alone is one without Kameleoon."""


class Table:
    """Makes rows; what should be zero and is not is red where colours are seen."""

    def __init__(self, *, colours: bool) -> None:
        self._colours = colours

    def head(self, title: str) -> str:
        """Return the lines above a group's rows."""
        above, below = "", ""
        for column in _COLUMNS:
            if column.group:
                above = above.ljust(len(below)) + "  " + column.group
            below += f"{column.head:>{column.width}}"
        return f"\n{self._marked(f'{title:<{_NAME}}', _BOLD)}{above}\n{'':<{_NAME}}{below}"

    def row(self, row: Row) -> str:
        """Return a situation's line."""
        name = row.name if row.visits == 1 else f"{row.name} × {row.visits}"  # noqa: RUF001
        return f"{name:<{_NAME}}" + "".join(self._cell(column, column.cell(row)) for column in _COLUMNS)

    def _cell(self, column: _Column, number: int) -> str:
        text = f"{number or '·':>{column.width}}"
        return self._marked(text, _RED) if number and column.to_be_zero else text

    def _marked(self, text: str, code: str) -> str:
        return f"{code}{text}{_PLAIN}" if self._colours else text


def summary(rows: Iterable[Row]) -> str:
    """Return the last line."""
    rows = list(rows)
    wrong = sum(bool(row.wrong) for row in rows)
    said = f"{wrong} have cells that are not zero" if wrong else "nothing lost, doubled, late or in the page's way"
    unheard = sum(row.unheard for row in rows)
    lines = [f"{len(rows)} situations, {sum(row.visits for row in rows)} visits: {said}."]
    if unheard:
        lines.append(f"Nobody could hear of {unheard} exposures: they came before the tag, and left no record in time.")
    return "\n".join(lines)
