"""Filters of numbers (liquidjs, filters/math): what is no number counts as 0, what is not given makes NaN."""

import math
import sys
from collections.abc import Callable, Mapping
from typing import Final

from bridge.destination.jsvalues import Json
from bridge.destination.liquid.context import Context, Filter
from bridge.destination.liquid.filters.arguments import without_surplus
from bridge.destination.liquid.values import number

_MAX_EXPONENT: Final = 308.25  # of a double
# Measured on Node 20: the powers of ten that are one bit higher or lower than the nearest double.
_HIGHER: Final = frozenset((
    -307, -303, -278, -268, -246, -207, -163, -148, -145, -106, -104, -88, -76, -57, -39, -29, -24, -23, -21,
    -20, 29, 34, 39, 49, 58, 61, 111, 126, 165, 166, 169, 187, 210, 215, 225, 273, 274, 275,
))  # fmt: skip
_LOWER: Final = frozenset((
    -306, -222, -166, -138, -128, -122, -111, -101, -63, -32, -17, -5, -4, 26, 36, 42, 70, 95, 96, 136, 142,
    191, 218, 232, 242, 244, 260, 279, 284, 290, 294,
))  # fmt: skip


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


def _power_of_ten(exponent: float) -> float:
    """Return `Math.pow(10, exponent)`, which V8 computes one bit off for some whole exponents.

    For a fraction it may be a bit off, too; nobody rounds to so many digits.
    """
    if not exponent.is_integer():
        return float(10.0**exponent) if exponent < _MAX_EXPONENT else math.inf
    power = float(f"1e{int(exponent)}")
    if exponent in _HIGHER:
        return math.nextafter(power, math.inf)
    return math.nextafter(power, 0) if exponent in _LOWER else power


def _round(value: float, digits: float = 0.0) -> float:
    power = _power_of_ten(digits)
    scaled = value * power * (1 + sys.float_info.epsilon)
    below = _floor(scaled)
    return _divide(below + 1 if scaled - below >= 0.5 else below, power)  # noqa: PLR2004 - a half


_CALCULATIONS: Final[Mapping[str, Callable[..., float]]] = {
    "abs": abs,
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
}
FILTERS: Final[Mapping[str, Filter]] = {name: _of_numbers(function) for name, function in _CALCULATIONS.items()}
