"""`JSON.parse` and `JSON.stringify`, byte for byte (ECMA-262, section 25.5)."""

import json
import math
import re
from typing import Final, NoReturn

from bridge.destination.jsvalues import (
    UNDEFINED,
    Json,
    from_code_units,
    is_number,
    number_to_string,
    own_keys,
    to_double,
)

_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def parse(text: str) -> Json:
    """Return the value of a JSON text, every number as a double.

    Raises:
        json.JSONDecodeError: the text is not JSON; it knows the place.
        ValueError: `NaN` or `Infinity`, which Python would take.
        RecursionError: nested deeper than Python can follow.
    """
    return json.loads(text, parse_int=float, parse_constant=_refuse_constant)


def stringify(value: Json, indent: str = "") -> str | None:
    """Return the value as JSON, without blanks if there is no indent, or None where JavaScript gives undefined.

    Undefined members are left out, undefined items are null, numbers that are not finite are null, and lone
    surrogates are escaped.
    """
    return None if value is UNDEFINED else _write(value, indent)


def _write(value: Json, indent: str, margin: str = "\n") -> str:
    if isinstance(value, str):
        return _write_string(value)
    if is_number(value):
        return number_to_string(value) if math.isfinite(to_double(value)) else "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return _enclose("[", [_write(item, indent, margin + indent) for item in value], "]", indent, margin)
    if isinstance(value, dict):
        colon = ": " if indent else ":"
        members = [
            f"{_write_string(key)}{colon}{_write(value[key], indent, margin + indent)}"
            for key in own_keys(value)
            if value[key] is not UNDEFINED
        ]
        return _enclose("{", members, "}", indent, margin)
    return "null"


def _enclose(opening: str, parts: list[str], closing: str, indent: str, margin: str) -> str:
    if not indent or not parts:
        return opening + ",".join(parts) + closing
    return f"{opening}{margin}{indent}{f',{margin}{indent}'.join(parts)}{margin}{closing}"


def _write_string(text: str) -> str:
    written = json.dumps(from_code_units(text), ensure_ascii=False)
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", written)
