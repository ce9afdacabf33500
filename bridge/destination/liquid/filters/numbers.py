"""Filters of numbers (liquidjs, filters/math): what is no number counts as 0, what is not given makes NaN."""

import math
import sys
from collections.abc import Callable, Mapping
from typing import Final

from bridge.destination.jsvalues import Json
from bridge.destination.liquid.context import Context, Filter
from bridge.destination.liquid.filters.arguments import without_surplus
from bridge.destination.liquid.values import number


def _of_numbers(function: Callable[..., float]) -> Filter:
    calculate = without_surplus(function)

    def run(_context: Context, *values: Json) -> Json:
        return calculate(*map(number, values))

    return run


def _floor(value: float) -> float:
    return float(math.floor(value)) if math.isfinite(value) else value


def _divide(value: float, divisor: float = math.nan) -> float:
    if divisor == 0:
        return math.nan if value == 0 or math.isnan(value) else math.copysign(math.inf, value)
    return value / divisor


def _divided_by(value: float, divisor: float = math.nan, whole: float = 0.0) -> float:
    return _floor(_divide(value, divisor)) if whole else _divide(value, divisor)


def _remainder(value: float, divisor: float) -> float:
    if divisor == 0 or not math.isfinite(value) or math.isnan(divisor):
        return math.nan
    return math.fmod(value, divisor)


def _modulo(value: float, divisor: float = math.nan) -> float:
    return _remainder(_remainder(value, divisor) + divisor, divisor)


def _round(value: float, digits: float = 0.0) -> float:
    try:
        power = 10.0**digits
    except OverflowError:
        power = math.inf
    scaled = value * power * (1 + sys.float_info.epsilon)
    below = _floor(scaled)
    return _divide(below + 1 if scaled - below >= 0.5 else below, power)  # noqa: PLR2004 - a half


FILTERS: Final[Mapping[str, Filter]] = {
    name: _of_numbers(function)
    for name, function in {
        "abs": lambda value: abs(value),
        "at_least": lambda *values: max(values),
        "at_most": lambda *values: min(values),
        "ceil": lambda value: -_floor(-value),
        "divided_by": _divided_by,
        "floor": _floor,
        "minus": lambda value, other=math.nan: value - other,
        "modulo": _modulo,
        "plus": lambda value, other=math.nan: value + other,
        "round": _round,
        "times": lambda value, other=math.nan: value * other,
    }.items()
}
