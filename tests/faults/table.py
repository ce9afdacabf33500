"""The matrix as a table for a terminal of 100 columns."""

from collections.abc import Iterable

from tests.faults.results import Counts, Row

_NAME = 30
_NOTHING = "·"
_RED, _FAINT, _PLAIN = "\033[31m", "\033[2m", "\033[0m"
_HEAD = f"""\
{"":<{_NAME}}  own events        exposures        identifier       the page             without us
{"":<{_NAME}}  lost dbl late    lost dbl late    lost dbl late    err log mum  held   lost   task"""


class Table:
    """Makes rows; what is not zero is red where colours are seen."""

    def __init__(self, *, colours: bool) -> None:
        self._colours = colours

    def head(self, title: str) -> str:
        """Return the lines above a group's rows."""
        return f"\n{title.upper():<{_NAME}}\n{_HEAD}"

    def row(self, row: Row) -> str:
        """Return a situation's line."""
        name = row.name if row.visits == 1 else f"{row.name:<{_NAME - 4}}{row.visits:>4}"
        cells = [self._counts(one) for one in (row.own, row.exposures, row.identifiers)]
        page = "".join(self._number(one, 4) for one in (row.errors, row.lines, row.silent))
        held = self._number(row.held, 6)
        without = f"{row.own_without.lost or _NOTHING:>7}{row.longest_without or _NOTHING:>7}"
        return f"{name:<{_NAME}}{'   '.join(cells)}  {page}{held}{without}"

    def _counts(self, counts: Counts) -> str:
        return "".join(
            self._number(one, width) for one, width in ((counts.lost, 6), (counts.twice, 4), (counts.late, 4))
        )

    def _number(self, number: int, width: int) -> str:
        if not number:
            return f"{_NOTHING:>{width}}"
        text = f"{number:>{width}}"
        return f"{_RED}{text}{_PLAIN}" if self._colours else text


def summary(rows: Iterable[Row]) -> str:
    """Return the last line."""
    rows = list(rows)
    wrong = [row for row in rows if row.wrong]
    visits = sum(row.visits for row in rows)
    if not wrong:
        return f"{len(rows)} situations, {visits} visits: nothing lost, doubled, late or in the page's way."
    return f"{len(rows)} situations, {visits} visits: {len(wrong)} have cells that are not zero."
