"""What the bridge may cost: ratios to the same page without it or with an ideal snippet, and budgets."""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from tests.bench.conditions import CONDITIONS, FAST_4G, PLAIN, SLOW, Condition
from tests.bench.contenders import BRIDGE, IDEAL, NONE
from tests.bench.numbers import Medians
from tests.bench.scale import BURSTS, IN_A_ROW, case
from tests.bench.visits import AGAIN, COLD, VISITS, WARM

_SLOW_4G = Condition(SLOW, FAST_4G)
_EVERYWHERE = tuple(CONDITIONS.values())
#: How many times as long as with the ideal snippet, at most: by measure and visit, where.
_TO_IDEAL: tuple[tuple[str, str, float, tuple[Condition, ...]], ...] = (
    ("page()", AGAIN, 1.1, _EVERYWHERE),
    ("page()", COLD, 1.5, _EVERYWHERE),
    ("identifier", WARM, 1.7, (PLAIN,)),
    ("identifier", COLD, 2.0, (PLAIN,)),
    ("identifier", WARM, 1.1, (_SLOW_4G,)),
    ("identifier", COLD, 1.25, (_SLOW_4G,)),
    ("exposure", WARM, 1.25, (PLAIN,)),
)
#: Milliseconds that the main thread may be blocked longer than without a bridge, by the processor's slowness.
_BLOCKED = {1: 0.0, SLOW: 30.0}
_EVENT_MS = 0.05
_BURST = 2.0  # times the page that sends the same events by itself


class Target(BaseModel):
    """What was wanted, and what came of it."""

    model_config = ConfigDict(frozen=True)

    what: str
    value: float
    most: float
    unit: str  # "x" is a ratio of medians

    @property
    def met(self) -> bool:
        """Return whether the value is within its limit."""
        return self.value <= self.most


def targets(medians: Medians, bytes_loaded: int, most_loaded: int) -> list[Target]:
    """Return all targets of what was measured.

    Args:
        medians: What was measured.
        bytes_loaded: What a visitor of the default engine loads, as Brotli.
        most_loaded: What that may be.
    """
    wire = Target(
        what="wire, Brotli, default engine", value=round(bytes_loaded / 1000, 1), most=most_loaded / 1000, unit="kB"
    )
    return [*_to_ideal(medians), *_blocking(medians), *_events(medians), wire]


def _to_ideal(medians: Medians) -> Iterator[Target]:
    for measure, visit, most, conditions in _TO_IDEAL:
        for condition in conditions:
            ratio = medians.ratio(condition.name, visit, measure, BRIDGE.name, IDEAL.name)
            if ratio is not None:
                what = f"{measure}, {visit}, {condition.name}, to ideal"
                yield Target(what=what, value=round(ratio, 2), most=most, unit="x")


def _blocking(medians: Medians) -> Iterator[Target]:
    for condition in _EVERYWHERE:
        worst = _most_added(medians, condition, "blocked")
        if worst is not None:
            what = f"blocked beyond none, worst visit, {condition.name}"
            yield Target(what=what, value=worst, most=_BLOCKED[condition.cpu], unit="ms")
        tasks = _most_added(medians, condition, "long tasks")
        if tasks is not None and condition.cpu == SLOW:
            what = f"tasks over 50 ms beyond none's, worst visit, {condition.name}"
            yield Target(what=what, value=tasks, most=0, unit="")


def _most_added(medians: Medians, condition: Condition, measure: str) -> float | None:
    """Return what the bridge adds in the visit where that is most; None where nothing was measured."""
    added = [medians.added(condition.name, visit, measure, BRIDGE.name, NONE.name) for visit in VISITS]
    return max((one for one in added if one is not None), default=None)


def _events(medians: Medians) -> Iterator[Target]:
    added = medians.added(PLAIN.name, IN_A_ROW, "event, p50", BRIDGE.name, NONE.name)
    if added is not None:
        yield Target(
            what="an event in source middlewares, p50, added", value=round(added, 3), most=_EVENT_MS, unit="ms"
        )
    for what in ("exposures", "events"):
        for many in BURSTS:
            burst = case(many, what)
            bridge, none = (medians.median(PLAIN.name, burst, one.name, "blocked") for one in (BRIDGE, NONE))
            if bridge is None or none is None:
                continue
            if none:
                yield Target(
                    what=f"burst of {burst}, blocked, to none", value=round(bridge / none, 2), most=_BURST, unit="x"
                )
            else:
                yield Target(what=f"burst of {burst}, blocked (none: 0)", value=bridge, most=0, unit="ms")
