"""Filters of any value (liquidjs, filters/misc)."""

from collections.abc import Callable, Mapping
from typing import Final

from bridge.destination import jsjson
from bridge.destination.jsvalues import (
    UNDEFINED,
    Json,
    code_units,
    is_number,
    is_truthy,
    to_integer,
    to_number,
    to_string,
)
from bridge.destination.liquid.context import Context
from bridge.destination.liquid.errors import failure
from bridge.destination.liquid.values import Constant, is_false, to_value

_MAX_INDENT: Final = 10


def _default(_context: Context, value: Json, otherwise: Json = UNDEFINED, *options: Json) -> Json:
    value = to_value(value)
    if isinstance(value, str | list):
        return value or otherwise
    if value is False and is_truthy(_option("allow_false", options)):
        return False
    return otherwise if is_false(value) else value


def _option(name: str, options: tuple[Json, ...]) -> Json:
    """Return a named argument; the runtime makes a `Map` of them, which takes pairs only."""
    found: Json = UNDEFINED
    for option in options:
        if not isinstance(option, list | dict | Constant):
            raise failure(f"Iterator value {to_string(option)} is not an entry object", "TypeError")
        if isinstance(option, list) and option[:1] == [name]:
            found = option[1] if len(option) > 1 else UNDEFINED
    return found


def _json(context: Context, value: Json, space: Json = UNDEFINED) -> Json:
    indent = ""
    if isinstance(space, str):
        indent = space[:_MAX_INDENT]
    elif is_number(space):
        indent = " " * int(min(to_integer(space), _MAX_INDENT))
    text = jsjson.stringify(_without_constants(value), indent)
    if text is None:
        return UNDEFINED
    return context.text(code_units(text))


def _without_constants(value: Json) -> Json:
    """Return what JSON sees: constants are objects without members."""
    if isinstance(value, list):
        return [_without_constants(item) for item in value]
    return {} if isinstance(value, Constant) else value


FILTERS: Final[Mapping[str, Callable[..., Json]]] = {
    "default": _default,
    "inspect": _json,
    "json": _json,
    "jsonify": _json,
    "raw": lambda _context, value: value,
    "to_integer": lambda _context, value: to_number(to_value(value)),
}
