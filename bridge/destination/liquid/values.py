"""The values of a template, and what its operators and filters see in them.

Facts: liquidjs, util/underscore, render/operator and context.

Texts are held as UTF-16 code units (`jsvalues.code_units`), so that they are counted and cut as JavaScript does.
"""

import enum
from collections.abc import Callable
from operator import ge, gt, le, lt
from typing import Any, Final

from bridge.destination.jsvalues import (
    UNDEFINED,
    Json,
    code_units,
    compare,
    is_number,
    is_same,
    member,
    to_number,
    to_string,
    trim,
)


class Constant(enum.Enum):
    """What is no JSON value: the words `nil`, `empty` and `blank`, and the variable `block` within a block."""

    NIL = "nil"
    EMPTY = "empty"
    BLANK = "blank"
    BLOCK = "block"


_COMPARED_BY_RULE: Final = (Constant.NIL, Constant.EMPTY, Constant.BLANK)
_ORDERS: Final[dict[str, Callable[[Any, Any], bool]]] = {">": gt, "<": lt, ">=": ge, "<=": le}


def in_code_units(value: Json) -> Json:
    """Return a copy of a JSON value with all its texts as code units."""
    if isinstance(value, str):
        return code_units(value)
    if isinstance(value, list):
        return [in_code_units(item) for item in value]
    if isinstance(value, dict):
        return {code_units(key): in_code_units(item) for key, item in value.items()}
    return value


def to_value(value: Json) -> Json:
    """Return the JSON value that a constant stands for, any other value itself."""
    if value is Constant.NIL:
        return None
    return "" if value in (Constant.EMPTY, Constant.BLANK) else value


def is_nil(value: Json) -> bool:
    """Whether the value is null or undefined; the constant `nil` is neither before `to_value`."""
    return value is None or value is UNDEFINED


def is_false(value: Json) -> bool:
    """Whether a condition fails: for null, undefined and false only, not for 0 and empty texts."""
    value = to_value(value)
    return is_nil(value) or value is False


def stringify(value: Json) -> str:
    """Return the value as it is written: nothing for null, an array's items without a separator."""
    value = to_value(value)
    if isinstance(value, str):
        return value
    if is_nil(value):
        return ""
    return "".join(map(stringify, value)) if isinstance(value, list) else to_string(value)


def number(value: Json) -> float:
    """Return the value as a number filter takes it: 0 for what is none, and no negative zero."""
    result = to_number(to_value(value))
    return result if result == result and result else 0.0  # noqa: PLR0124 - NaN is the number that is not itself


def to_array(value: Json) -> list[Json]:
    """Return the array, or an array of the one value; nothing of null."""
    value = to_value(value)
    if isinstance(value, list):
        return value
    return [] if is_nil(value) else [value]


def equal(left: Json, right: Json) -> bool:
    """Return `left == right`: arrays by their items, objects only if they are one, constants by their rule."""
    if left in _COMPARED_BY_RULE:
        return _is(left, right)
    if right in _COMPARED_BY_RULE:
        return _is(right, left)
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(equal, left, right))
    return is_same(left, right)


def _is(constant: Json, value: Json) -> bool:
    if constant is Constant.NIL:
        return is_nil(to_value(value))
    if constant is Constant.BLANK:
        if value is False or is_nil(to_value(value)):
            return True
        if isinstance(value, str):
            return not trim(value)
    return isinstance(value, str | list | dict) and not value


def in_order(left: Json, order: str, right: Json) -> bool:
    """Return `left < right` (or `>`, `<=`, `>=`), which is never so of a constant."""
    if left in _COMPARED_BY_RULE or right in _COMPARED_BY_RULE:
        return False
    return compare(left, _ORDERS[order], right)


def contains(container: Json, wanted: Json) -> bool:
    """Whether an array has an item like this, or a text this text within."""
    container = to_value(container)
    if isinstance(container, list):
        return any(equal(item, wanted) for item in container)
    return isinstance(container, str) and to_string(to_value(wanted)) in container


def element(value: Json, index: float) -> Json:
    """Return an item of an array, or of a text or object that has such a key; counted from the end below 0."""
    length: Json = member(value, "length")
    if not is_number(length):
        return ""
    return member(value, to_string(length + index if index < 0 else index))


def read_property(value: Json, key: Json) -> Json:
    """Return `value.key`: what the value itself has under that name, and `size`, `first` and `last`."""
    key = to_value(key)
    if is_nil(value):
        return value
    name = to_string(key)
    if isinstance(value, Constant):
        return "" if value is Constant.BLOCK and name == "super" else UNDEFINED
    if isinstance(value, list):
        if is_number(key):
            return element(value, key)
        if key in ("first", "last"):
            return element(value, 0 if key == "first" else -1)
    if key == "size" and not (isinstance(value, dict) and key in value):
        return float(len(value)) if isinstance(value, str | list | dict) else UNDEFINED
    return member(value, name)
