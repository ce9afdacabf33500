"""Filters of text (liquidjs, filters/string). Texts are cut and counted by UTF-16 code units."""

import re
from collections.abc import Callable, Mapping
from operator import ge, le
from typing import Final

from bridge.destination.jsvalues import (
    UNDEFINED,
    WHITESPACE,
    Json,
    code_units,
    compare,
    cut,
    from_code_units,
    is_truthy,
    to_integer,
    to_number,
    trim,
    trim_end,
    trim_start,
)
from bridge.destination.liquid.context import Context
from bridge.destination.liquid.errors import failure
from bridge.destination.liquid.values import stringify, to_value

_SPACES: Final = re.compile(f"[{WHITESPACE}]+")
_LINE_END: Final = re.compile("\r?\n")
_CJK: Final = "\u4e00-\u9fff\uf900-\ufaff\u3400-\u4dbf\u3040-\u309f\u30a0-\u30ff\uac00-\ud7af"
_CJK_CHARACTER: Final = re.compile(f"[{_CJK}]")
_OTHER_WORD: Final = re.compile(f"[^{_CJK}{WHITESPACE}]+")


def upper(text: str) -> str:
    """Return a text of code units in capitals."""
    return code_units(from_code_units(text).upper())


def lower(text: str) -> str:
    """Return a text of code units in small letters."""
    return code_units(from_code_units(text).lower())


def _append(context: Context, value: Json, *others: Json) -> Json:
    other = _only("append", others)
    return context.text(value) + context.text(other)


def _prepend(context: Context, value: Json, *others: Json) -> Json:
    other = _only("prepend", others)
    text = context.text(value)
    return context.text(other) + text


def _only(name: str, arguments: tuple[Json, ...]) -> Json:
    if len(arguments) != 1:
        raise failure(f"{name} expect 2 arguments")
    return arguments[0]


def _strip(white_space: Callable[[str], str], these: Callable[[str, str], str]) -> Callable[..., Json]:
    def strip(context: Context, value: Json, characters: Json = UNDEFINED) -> Json:
        text = context.text(value)
        if not is_truthy(characters):
            return white_space(text)
        # a character beyond U+FFFF is never found: it is two of the text's code units
        unwanted = (char for char in from_code_units(context.text(characters)) if char <= "\uffff")
        return these(text, "".join(unwanted))

    return strip


def _remove(context: Context, value: Json, part: Json = UNDEFINED) -> Json:
    text, part = context.text(value), context.text(part)
    return text.replace(part, "") if part else text


def _replace(context: Context, value: Json, part: Json = UNDEFINED, other: Json = UNDEFINED) -> Json:
    """Replace each occurrence; of an empty text, those between two code units, but not those at the ends."""
    parts = split(stringify(value), stringify(part))
    between = stringify(other)
    context.charge(sum(map(len, parts)) + (len(parts) - 1) * len(between))
    return between.join(parts)


def _replace_first(context: Context, value: Json, part: Json = UNDEFINED, other: Json = UNDEFINED) -> Json:
    return context.text(value).replace(context.text(part), context.text(other), 1)


def _replace_last(context: Context, value: Json, part: Json = UNDEFINED, other: Json = UNDEFINED) -> Json:
    text, part, other = context.text(value), context.text(part), context.text(other)
    before, found, after = text.rpartition(part) if part else (text, "", "")
    return f"{before}{other}{after}" if found or not part else text


def split(text: str, separator: str) -> list[str]:
    """Return `text.split(separator)`: by each code unit, if the separator is empty."""
    return text.split(separator) if separator else list(text)


def _split(context: Context, value: Json, separator: Json = UNDEFINED) -> Json:
    parts = split(context.text(value), stringify(separator))
    while parts and not parts[-1]:
        parts.pop()
    return parts


def _capitalize(context: Context, value: Json) -> Json:
    text = context.text(value)
    return upper(text[:1]) + lower(text[1:])


def _truncate(context: Context, value: Json, length: Json = UNDEFINED, ending: Json = UNDEFINED) -> Json:
    text = context.text(value)
    ending = context.text("..." if ending is UNDEFINED else ending)
    length = 50.0 if length is UNDEFINED else to_value(length)
    if compare(len(text), le, length):
        return value
    return cut(text, 0, max(to_integer(to_number(length) - len(ending)), 0)) + ending


def _truncate_words(context: Context, value: Json, count: Json = UNDEFINED, ending: Json = UNDEFINED) -> Json:
    text = context.text(value)
    ending = context.text("..." if ending is UNDEFINED else ending)
    count = 15.0 if count is UNDEFINED else to_value(count)
    words = _SPACES.split(text)
    if compare(count, le, 0):
        count = 1.0
    return " ".join(cut(words, 0, count)) + (ending if compare(len(words), ge, count) else "")


def _number_of_words(context: Context, value: Json, mode: Json = UNDEFINED) -> Json:
    text = trim(context.text(value))
    characters = len(_CJK_CHARACTER.findall(text))
    if mode == "cjk" or (mode == "auto" and characters):
        return float(characters + len(_OTHER_WORD.findall(text)))
    return float(len(_SPACES.split(text))) if text else 0.0


FILTERS: Final[Mapping[str, Callable[..., Json]]] = {
    "append": _append,
    "capitalize": _capitalize,
    "downcase": lambda context, value: lower(context.text(value)),
    "lstrip": _strip(trim_start, str.lstrip),
    "normalize_whitespace": lambda context, value: _SPACES.sub(" ", context.text(value)),
    "number_of_words": _number_of_words,
    "prepend": _prepend,
    "remove": _remove,
    "remove_first": lambda context, value, part=UNDEFINED: _replace_first(context, value, part, ""),
    "remove_last": lambda context, value, part=UNDEFINED: _replace_last(context, value, part, ""),
    "replace": _replace,
    "replace_first": _replace_first,
    "replace_last": _replace_last,
    "rstrip": _strip(trim_end, str.rstrip),
    "split": _split,
    "strip": _strip(trim, str.strip),
    "strip_newlines": lambda context, value: _LINE_END.sub("", context.text(value)),
    "truncate": _truncate,
    "truncatewords": _truncate_words,
    "upcase": lambda context, value: upper(context.text(value)),
}
