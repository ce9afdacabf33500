"""The `@liquid` directive: a Liquid template over the event.

Segment renders with liquidjs 10, here python-liquid does, with JavaScript's numbers and texts put in place of Ruby's.
Facts: Segment action-destinations core/mapping-kit/liquid-directive.ts (limits, disabled tags and filters) and liquidjs
(number filters, how values are written, messages). Filters that only liquidjs has are refused, not guessed.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any, Final, NoReturn, TextIO

import liquid
from liquid.builtin.output import Output, OutputNode
from liquid.builtin.tags.echo_tag import EchoNode, EchoTag
from liquid.exceptions import LiquidError
from liquid.stream import TokenStream
from liquid.undefined import is_undefined

from bridge.destination import jsjson
from bridge.destination.errors import DestinationError
from bridge.destination.jsvalues import Json, code_units, to_double, to_number, to_string

_MAX_TEMPLATE_CHARACTERS: Final = 1000
_MAX_QUOTED_CHARACTERS: Final = 32
_QUOTE: Final = "'"
_NEW_LINE: Final = "\n"
_LARGEST_EXACT_INTEGER: Final = 2**53
_MAX_POWER_OF_TEN: Final = 308  # in a double
_ENTITIES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;"})
_DISABLED_TAGS: Final = ("case", "for", "include", "layout", "render", "tablerow")
_DISABLED_FILTERS: Final = (
    "array_to_sentence_string", "concat", "find", "find_exp", "find_index", "find_index_exp", "group_by",
    "group_by_exp", "has", "has_exp", "map", "newline_to_br", "reject", "reject_exp", "reverse", "sort",
    "sort_natural", "type", "uniq", "where_exp",
)  # fmt: skip
_UNSUPPORTED_FILTERS: Final = (
    "cgi_escape", "date_to_long_string", "date_to_rfc822", "date_to_string", "date_to_xmlschema",
    "normalize_whitespace", "number_of_words", "pop", "push", "sample", "shift", "slugify", "unshift", "uri_escape",
)  # fmt: skip


def render_liquid(template: Json, event: Json) -> str:
    """Return the template filled in from the event.

    Raises:
        DestinationError: it is no text, longer than 1000 characters, wrong, or uses what is disabled.
    """
    if not isinstance(template, str):
        raise DestinationError("Error", "liquid template value must be a string")
    if len(code_units(template)) > _MAX_TEMPLATE_CHARACTERS:
        raise DestinationError("Error", f"liquid template values are limited to {_MAX_TEMPLATE_CHARACTERS} characters")
    try:
        data = _whole(event)
        return _ENVIRONMENT.from_string(template).render(data if isinstance(data, dict) else {})
    except LiquidError as error:
        raise DestinationError("Error", _message(error)) from None
    except RecursionError:
        raise
    except Exception as error:  # noqa: BLE001 - a library's filter may trip over any value of an event
        raise DestinationError("Error", f"{type(error).__name__} in a filter") from None


def _message(error: LiquidError) -> str:
    """Return liquidjs's message: the problem, and where the tag or output that has it begins."""
    message = str(error.message)
    token = error.token
    if token is None or token.start_index < 0:
        return message
    begin = max(token.source.rfind(brace, 0, token.start_index + 2) for brace in ("{{", "{%"))
    before = token.source[: max(begin, 0)]
    if message.startswith("unexpected tag "):
        message = f'tag "{message.removeprefix("unexpected tag ").strip(_QUOTE)}" not found'
    elif message.startswith("expected '}}'"):
        message = f'output "{token.source[begin : begin + _MAX_QUOTED_CHARACTERS]}" not closed'
    return f"{message}, line:{before.count(_NEW_LINE) + 1}, col:{len(before) - before.rfind(_NEW_LINE)}"


def _whole(value: Json) -> Json:
    """Return the value with whole numbers as integers, which template filters count and index with."""
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) <= _LARGEST_EXACT_INTEGER:
        return int(value)
    return value


def _text(value: object) -> str:
    """Return a value as liquidjs writes it: nothing for null, items without separator, `[object Object]`."""
    if value is None or is_undefined(value):
        return ""
    if isinstance(value, list | range | tuple):
        return "".join(map(_text, value))
    return to_string(value) if isinstance(value, str | bool | int | float | dict) else str(value)


class _JsOutputNode(OutputNode):
    def render_to_output(self, context: liquid.RenderContext, buffer: TextIO) -> int:
        try:
            return buffer.write(_text(self.expression.evaluate(context)))
        except LiquidError as error:
            error.token = self.token
            raise


class _JsOutput(Output):
    node_class = _JsOutputNode


class _JsEchoNode(EchoNode, _JsOutputNode):
    pass


class _JsEchoTag(EchoTag):
    node_class = _JsEchoNode


class _DisabledTag(liquid.Tag):
    def parse(self, stream: TokenStream) -> NoReturn:
        token = stream.current
        raise liquid.exceptions.LiquidSyntaxError(f'tag "{self.name}" is disabled', token=token)


def _number(value: object) -> float:
    """Return `Number(value)` as liquidjs uses it: what is no number counts as 0."""
    number = to_number(value) if isinstance(value, str | int | float) else 0.0
    return 0.0 if math.isnan(number) else number


def _divide(value: float, divisor: float) -> float:
    if divisor == 0:
        return math.nan if value == 0 else math.copysign(math.inf, value)
    return value / divisor


def _floor(value: float) -> float:
    return float(math.floor(value)) if math.isfinite(value) else value


def _divided_by(value: object, divisor: object, whole: object = False) -> Json:  # noqa: FBT002 - a template's argument
    quotient = _divide(_number(value), _number(divisor))
    return _whole(_floor(quotient) if whole is True else quotient)


def _round(value: object, digits: object = 0) -> Json:
    number, power = _number(value), _number(digits)
    scale = 10.0**power if power <= _MAX_POWER_OF_TEN else math.inf
    return _whole(math.copysign(_divide(_floor(abs(number) * scale + 0.5), scale), number))


def _size(value: object) -> int:
    if isinstance(value, str):
        return len(code_units(value))
    return len(value) if isinstance(value, list | range | tuple) else 0


def _join(value: object, separator: object = " ") -> object:
    return _text(separator).join(map(_text, value)) if isinstance(value, list | range | tuple) else value


def _sum(value: object) -> Json:
    return _whole(math.fsum(map(_number, value)) if isinstance(value, list | range | tuple) else 0.0)


def _escape(value: object) -> str:
    return _text(value).translate(_ENTITIES)


def _json(value: object) -> str:
    return jsjson.stringify(None if is_undefined(value) else value) or ""


def _arithmetic(function: Callable[..., float]) -> Callable[..., Json]:
    def number_filter(*arguments: object) -> Json:
        return _whole(to_double(function(*map(_number, arguments))))

    return number_filter


def _refuse(name: str, why: str) -> Callable[..., NoReturn]:
    def refuse(*_arguments: object, **_named: object) -> NoReturn:
        raise liquid.exceptions.FilterError(f'filter "{name}" {why}', token=None)

    return refuse


_FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "abs": _arithmetic(abs),
    "at_least": _arithmetic(max),
    "at_most": _arithmetic(min),
    "ceil": _arithmetic(lambda value: -_floor(-value)),
    "divided_by": _divided_by,
    "escape": _escape,
    "floor": _arithmetic(_floor),
    "inspect": _json,
    "join": _join,
    "json": _json,
    "jsonify": _json,
    "minus": _arithmetic(lambda value, other: value - other),
    "modulo": _arithmetic(lambda value, other: math.fmod(value, other) if other else math.nan),
    "plus": _arithmetic(lambda value, other: value + other),
    "raw": lambda value: value,
    "round": _round,
    "size": _size,
    "sum": _sum,
    "times": _arithmetic(lambda value, other: value * other),
    "to_integer": _arithmetic(lambda value: value),
    "xml_escape": _escape,
}


def _environment() -> liquid.Environment:
    environment = liquid.Environment(strict_filters=False)
    environment.filters.update(_FILTERS)
    environment.filters.update({name: _refuse(name, "is disabled") for name in _DISABLED_FILTERS})
    environment.filters.update({name: _refuse(name, "is not supported here") for name in _UNSUPPORTED_FILTERS})
    for name in ("break", "continue", "doc", "ifchanged"):
        environment.tags.pop(name)
    environment.add_tag(_JsOutput)
    environment.add_tag(_JsEchoTag)
    for name in _DISABLED_TAGS:
        environment.add_tag(type("DisabledTag", (_DisabledTag,), {"name": name}))
    return environment


_ENVIRONMENT: Final = _environment()
