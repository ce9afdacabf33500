"""Filters of arrays (liquidjs, filters/array)."""

import random
from collections.abc import Callable, Mapping
from operator import lt
from typing import Final

from bridge.destination.jsvalues import (
    UNDEFINED,
    Json,
    add,
    code_units,
    compare,
    cut,
    from_code_units,
    is_same,
    is_truthy,
    member,
    to_number,
    to_string,
)
from bridge.destination.liquid.context import Context, follow
from bridge.destination.liquid.tokenizer import Tokenizer
from bridge.destination.liquid.values import element, equal, is_false, is_nil, stringify, to_array, to_value


def _join(context: Context, value: Json, separator: Json = UNDEFINED) -> Json:
    separator = to_value(separator)
    between = " " if is_nil(separator) else stringify(separator)
    texts = [(to_string(item), is_nil(item)) for item in to_array(value)]
    context.charge(len(between) * (len(texts) - 1) + sum(len(text) for text, _ in texts))
    return between.join("" if is_nothing else text for text, is_nothing in texts)


def _item(value: Json, index: int) -> Json:
    value = to_value(value)
    return element(value, index) if is_truthy(value) else ""


def _size(_context: Context, value: Json) -> Json:
    length = member(value, "length")
    return length if is_truthy(length) else 0.0


def _sum(_context: Context, value: Json, path: Json = UNDEFINED) -> Json:
    total = 0.0
    for item in to_array(value):
        summand = follow(item, list(stringify(path).split("."))) if is_truthy(path) else item
        number = to_number(to_value(summand))
        total += number if number == number else 0.0  # noqa: PLR0124 - NaN is the number that is not itself
    return total


def _compact(context: Context, value: Json) -> Json:
    return [item for item in context.array(value) if not is_nil(to_value(item))]


def _push(context: Context, value: Json, item: Json = UNDEFINED) -> Json:
    return [*context.array(value), *context.array([item])]


def _unshift(context: Context, value: Json, item: Json = UNDEFINED) -> Json:
    return [item, *context.array(value)]


def _pop(context: Context, value: Json) -> Json:
    return context.array(value)[:-1]


def _shift(context: Context, value: Json) -> Json:
    return context.array(value)[1:]


def _slice(context: Context, value: Json, begin: Json = UNDEFINED, length: Json = UNDEFINED) -> Json:
    value, begin = to_value(value), to_value(begin)
    length = 1.0 if length is UNDEFINED else to_value(length)
    if is_nil(value):
        return []
    if not isinstance(value, list):
        value = stringify(value)
    if compare(begin, lt, 0):
        begin = add(len(value), begin)
    if compare(begin, lt, 0) or compare(length, lt, 0):
        return value[:0]
    context.charge(to_number(length))
    return cut(value, begin, add(begin, length))


def _where(context: Context, value: Json, path: Json = UNDEFINED, expected: Json = UNDEFINED) -> Json:
    items = context.array(value)
    access = Tokenizer(stringify(path)).read_path()

    def is_wanted(item: Json) -> bool:
        found = UNDEFINED if access is None else access.evaluate(context.within(item))
        return not is_false(found) if expected is UNDEFINED else equal(found, expected)

    return [item for item in items if is_wanted(item)]


def _sample(context: Context, value: Json, count: Json = UNDEFINED) -> Json:
    value = to_value(value)
    count = 1.0 if count is UNDEFINED else to_value(count)
    if is_nil(value):
        return []
    items = list(value) if isinstance(value, list) else list(map(code_units, from_code_units(stringify(value))))
    context.charge(to_number(count))
    random.shuffle(items)
    if is_same(count, 1):
        return items[0] if items else UNDEFINED
    return cut(items, 0, count)


FILTERS: Final[Mapping[str, Callable[..., Json]]] = {
    "compact": _compact,
    "first": lambda _context, value: _item(value, 0),
    "join": _join,
    "last": lambda _context, value: _item(value, -1),
    "pop": _pop,
    "push": _push,
    "sample": _sample,
    "shift": _shift,
    "size": _size,
    "slice": _slice,
    "sum": _sum,
    "unshift": _unshift,
    "where": _where,
}
