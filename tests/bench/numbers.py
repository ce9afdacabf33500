"""What was measured: values by what they are of, and what is told of them."""

import statistics
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict


class Key(NamedTuple):
    """What a number is of."""

    condition: str  # a name of tests/bench/conditions.py
    case: str  # a visit, or how much of what
    contender: str  # a name of tests/bench/contenders.py
    measure: str  # as in UNITS


#: All that is measured, in its unit. Times are since the navigation began, unless they are of something that the bench
#: did later: then since that.
UNITS = {
    "page()": "ms",  # the request of the page's own first page() left
    "identifier": "ms",  # so did that of the Kameleoon identifier
    "exposure": "ms",  # and that of the first exposure
    "custom data": "ms",  # personas can be read in the page
    "initialised": "ms",  # analytics.js says so
    "blocked": "ms",  # the main thread, by tasks, of each what is beyond 50 ms
    "longest": "ms",  # of these tasks, 0 where none took 50 ms
    "long tasks": "",  # how many
    "LCP": "ms",  # largest contentful paint
    "memory": "MB",  # resident, of the page's process, garbage collected
    "heap": "MB",  # JavaScript's, used
    "event, p50": "ms",  # that an event spends in source middlewares
    "event, p95": "ms",
    "done": "ms",  # until all of it was done
}


class Cell(BaseModel):
    """One measured number: the median of n, with what it lies between."""

    model_config = ConfigDict(frozen=True)

    condition: str
    case: str
    contender: str
    measure: str
    unit: str
    median: float
    lowest: float
    highest: float
    quartiles: tuple[float, float]
    n: int

    @property
    def key(self) -> Key:
        """Return what it is of."""
        return Key(self.condition, self.case, self.contender, self.measure)


class Numbers:
    """Collects values, load by load."""

    def __init__(self) -> None:
        self._values: defaultdict[Key, list[float]] = defaultdict(list)

    def add(self, condition: str, case: str, contender: str, measured: dict[str, float]) -> None:
        """Add what one contender measured, by measure, in the unit that UNITS says."""
        for measure, value in measured.items():
            self._values[Key(condition, case, contender, measure)].append(value)

    def cells(self) -> list[Cell]:
        """Return each number, in the order in which they were first measured."""
        return [_cell(key, values) for key, values in self._values.items()]


class Medians:
    """Looks medians up."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        self._cells = {cell.key: cell for cell in cells}

    def cell(self, condition: str, case: str, contender: str, measure: str) -> Cell | None:
        """Return a number; None where it was not measured."""
        return self._cells.get(Key(condition, case, contender, measure))

    def median(self, condition: str, case: str, contender: str, measure: str) -> float | None:
        """Return a median; None where it was not measured."""
        cell = self.cell(condition, case, contender, measure)
        return cell.median if cell else None

    def ratio(self, condition: str, case: str, measure: str, of: str, to: str) -> float | None:
        """Return a contender's median divided by another's; None where one is missing, or the other is 0."""
        mine, other = (self.median(condition, case, contender, measure) for contender in (of, to))
        return mine / other if mine is not None and other else None

    def added(self, condition: str, case: str, measure: str, of: str, to: str) -> float | None:
        """Return a contender's median minus another's; None where one is missing."""
        mine, other = (self.median(condition, case, contender, measure) for contender in (of, to))
        return None if mine is None or other is None else mine - other


def _cell(key: Key, values: list[float]) -> Cell:
    first, _, third = statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3
    return Cell(
        **key._asdict(),
        unit=UNITS[key.measure],
        median=round(statistics.median(values), 3),
        lowest=round(min(values), 3),
        highest=round(max(values), 3),
        quartiles=(round(first, 3), round(third, 3)),
        n=len(values),
    )
