"""JavaScript's values, as far as Segment's runtime lets their rules show.

JSON values are Python's own (`None`, `bool`, `int | float`, `str`, `list`, `dict`); `UNDEFINED` is the one value more.
Rules: ECMA-262, sections 6.1 (types), 7.1 (type conversion) and 7.2 (comparison).
"""

import enum
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, Literal, TypeAlias

from bridge.destination.errors import DestinationError

Json: TypeAlias = Any
"""A JSON value, or one with `UNDEFINED` in it; what is inside is checked where it is used."""


class Undefined(enum.Enum):
    """The type of `UNDEFINED`."""

    UNDEFINED = "undefined"

    def __bool__(self) -> Literal[False]:
        return False


UNDEFINED: Final = Undefined.UNDEFINED
WHITESPACE: Final = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
"""What `trim` removes and `\\s` matches, as the inside of a regular expression's class. Python's sets differ."""

_LEADING: Final = re.compile(f"^[{WHITESPACE}]+")
_TRAILING: Final = re.compile(f"[{WHITESPACE}]+\\Z")
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_RADIX: Final = re.compile(r"0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)")
_ARRAY_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,9}")
_LARGEST_ARRAY_INDEX: Final = 2**32 - 2
_MAX_WHOLE_DIGITS: Final = 21  # String(n) writes an exponent from 1e21 on
_MAX_LEADING_ZEROS: Final = 6  # after the point; String(n) writes an exponent below 1e-6


def is_number(value: Json) -> bool:
    """Whether `typeof value` is `number`; Python's `True` is an `int`, JavaScript's is not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_object(value: Json) -> bool:
    """Whether the value is a plain object: no array, not null."""
    return isinstance(value, dict)


def type_of(value: Json) -> str:
    """Return what the `typeof` operator says: `object` for null and for arrays."""
    name = real_type_of(value)
    return "object" if name in ("null", "array") else name


def real_type_of(value: Json) -> str:
    """Return the type with null and arrays told apart (facts: Segment action-destinations core/real-type-of.ts)."""
    if value is UNDEFINED:
        return "undefined"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, list):
        return "array"
    return "object" if isinstance(value, dict) else "number"


def is_truthy(value: Json) -> bool:
    """Return JavaScript's truth: empty arrays and objects are true, NaN is false."""
    if isinstance(value, list | dict):
        return True
    return bool(value) and value == value  # noqa: PLR0124 - NaN is the number that is not itself


def own_keys(value: dict[str, Json]) -> list[str]:
    """Return an object's keys in JavaScript's order: array indexes first, ascending, then as they were added."""
    indexes = [key for key in value if _ARRAY_INDEX.fullmatch(key) and int(key) <= _LARGEST_ARRAY_INDEX]
    if not indexes:
        return list(value)
    taken = set(indexes)
    return [*sorted(indexes, key=int), *(key for key in value if key not in taken)]


def entries(value: Json) -> list[tuple[str, Json]]:
    """Return what `Object.entries` gives: arrays and strings by index, nothing for other primitives."""
    if isinstance(value, dict):
        return [(key, value[key]) for key in own_keys(value)]
    if isinstance(value, str):
        value = list(code_units(value))
    return [(str(index), item) for index, item in enumerate(value)] if isinstance(value, list) else []


def member(value: Json, key: str) -> Json:
    """Return `value[key]` of anything but null and undefined; members inherited from prototypes are left out."""
    if isinstance(value, dict):
        return value.get(key, UNDEFINED)
    if isinstance(value, str):
        value = code_units(value)
    elif not isinstance(value, list):
        return UNDEFINED
    if key == "length":
        return len(value)
    if _ARRAY_INDEX.fullmatch(key) and int(key) < len(value):
        return value[int(key)]
    return UNDEFINED


def walk(value: Json, keys: list[str]) -> Json:
    """Follow keys with `previous && previous[key]`: the first falsy value met is the result."""
    for key in keys:
        if not is_truthy(value):
            return value
        value = member(value, key)
    return value


def code_units(text: str) -> str:
    """Return the text with every character beyond U+FFFF as its two surrogates: what JavaScript counts and indexes."""
    if not text or max(text) <= "\uffff":
        return text
    units = memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H")
    return "".join(map(chr, units))


def from_code_units(units: str) -> str:
    """Return the text with surrogate pairs joined again; lone surrogates stay."""
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def well_formed(text: str) -> str:
    """Return the text with U+FFFD for each lone surrogate."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def trim(text: str) -> str:
    """Return the text without white space at its ends."""
    return trim_start(trim_end(text))


def trim_start(text: str) -> str:
    """Return the text without white space at its beginning."""
    return _LEADING.sub("", text)


def trim_end(text: str) -> str:
    """Return the text without white space at its end."""
    return _TRAILING.sub("", text)


def to_string(value: Json) -> str:
    """Return `String(value)`.

    Raises:
        DestinationError: TypeError, an object has a member `toString`, which hides the function of that name.
    """
    if isinstance(value, str):
        return value
    if is_number(value):
        return number_to_string(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join("" if item is None or item is UNDEFINED else to_string(item) for item in value)
    if value is None:
        return "null"
    if isinstance(value, dict) and "toString" in value:
        raise DestinationError("TypeError", "Cannot convert object to primitive value")
    return "undefined" if value is UNDEFINED else "[object Object]"


def primitive(value: Json) -> Json:
    """Return what operators calculate with and compare: the value, or an array's or object's text."""
    return value if value is None or value is UNDEFINED or isinstance(value, str | int | float) else to_string(value)


def to_number(value: Json) -> float:
    """Return `Number(value)`; NaN for what is no number."""
    value = primitive(value)
    if value is None:
        return 0.0
    if not isinstance(value, str):
        return math.nan if value is UNDEFINED else to_double(value)
    text = trim(value)
    if text == "":
        return 0.0
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _RADIX.fullmatch(text):
        return to_double(int(text, 0))
    infinity = {"Infinity": math.inf, "+Infinity": math.inf, "-Infinity": -math.inf}
    return infinity.get(text, math.nan)


def to_integer(value: Json) -> float:
    """Return the number without its fraction, 0 for NaN: what functions make of an index or a length."""
    number = to_number(value)
    if math.isfinite(number):
        return float(math.trunc(number))
    return 0.0 if math.isnan(number) else number


def cut(value: Json, begin: Json, end: Json) -> Json:
    """Return `value.slice(begin, end)` of an array or of a text in code units; below 0 they count from its end."""

    def place(index: Json) -> int:
        number = to_integer(index)
        return int(max(len(value) + number, 0) if number < 0 else min(number, len(value)))

    return value[place(begin) : place(end)]


def add(left: Json, right: Json) -> Json:
    """Return `left + right`: joined as soon as one of them is a text."""
    left, right = primitive(left), primitive(right)
    if isinstance(left, str) or isinstance(right, str):
        return to_string(left) + to_string(right)
    return to_number(left) + to_number(right)


def compare(left: Json, operator: Callable[[Any, Any], bool], right: Json) -> bool:
    """Return `left < right` (or `>`, `<=`, `>=`): texts by UTF-16 code units, all else as numbers, NaN never."""
    left, right = primitive(left), primitive(right)
    if isinstance(left, str) and isinstance(right, str):
        return operator(code_units(left), code_units(right))
    return operator(to_number(left), to_number(right))


def is_same(left: Json, right: Json) -> bool:
    """Return `left === right`: of one type and equal; arrays and objects only if they are one and the same."""
    if is_number(left) and is_number(right):
        return bool(left == right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    return left is right


def to_double(value: float) -> float:
    """Return the number as a double, the only kind JavaScript has: integers beyond 2^53 lose digits."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def number_to_string(value: float) -> str:
    """Return a number as JavaScript writes it: `1`, `12.5`, `1e+21`, `1e-7`, `0` for -0.

    Both languages write the shortest digits that read back as the same double; only their layout differs.
    """
    number = to_double(value)
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else f"{'-' if number < 0 else ''}Infinity"
    sign = "-" if number < 0 else ""
    _, digits, exponent = Decimal(repr(number)).normalize().as_tuple()
    text = "".join(map(str, digits))
    point = len(text) + int(exponent)  # how many of the digits stand before the point
    if point > _MAX_WHOLE_DIGITS or point <= -_MAX_LEADING_ZEROS:
        fraction = f".{text[1:]}" if text[1:] else ""
        return f"{sign}{text[0]}{fraction}e{point - 1:+d}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{text}" if number else "0"
    whole = text[:point].ljust(point, "0")
    return f"{sign}{whole}.{text[point:]}" if text[point:] else f"{sign}{whole}"
