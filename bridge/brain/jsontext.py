"""JSON text in a time that grows with its length: MicroPython's ``json.dumps`` copies what it has again and again."""

import json
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_COPIES = sys.implementation.name == "micropython"
_PIECE = 50  # items of a list that are written at a time
_LONG = 1000  # characters of a text


def dumps(value: "Any") -> str:
    """Return the value as JSON text, as ``json.dumps`` does."""
    if not _COPIES:
        return json.dumps(value)
    if isinstance(value, dict):
        return "{" + ", ".join([json.dumps(name) + ": " + dumps(value[name]) for name in value]) + "}"
    if isinstance(value, (list, tuple)):
        if len(value) <= _PIECE:
            return "[" + ", ".join([dumps(one) for one in value]) + "]"
        starts = range(0, len(value), _PIECE)
        return "[" + ", ".join([json.dumps(value[start : start + _PIECE])[1:-1] for start in starts]) + "]"
    return json.dumps(value)


def quoted(text: str) -> str:
    """Return a text as JSON text; a long one has to be JSON itself, which has no control characters."""
    if not _COPIES or len(text) < _LONG:
        return json.dumps(text)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
