"""How a value is read: as JSON in lines, what matters first, for dicts have no order on MicroPython."""

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: What stands first in each table, in this order; the rest follows by name.
_FIRST = (
    "n", "kind", "type", "event", "name", "id", "k_visitorCode", "visitorCode", "experiment_id", "experiment_name",
    "experimentId", "experimentName", "experimentID", "personalizationID", "variation_id", "variation_name",
    "variationId", "variationName", "variationID", "campaign_type", "goal", "audience_key", "custom data", "value",
)  # fmt: skip
_LAST = ("kameleoonVisitorCode", "anonymousId", "userId", "context", "answer")
_DEEPEST = 20
_SHORT = 60  # characters of what stands in one line


def pretty(value: "Any", indent: str = "") -> str:
    """Return a JSON value as text in lines, the same on each interpreter; what is nested too deep is left out."""
    inner = indent + "  "
    if isinstance(value, (dict, list)) and len(inner) > 2 * _DEEPEST:
        return '"…"'
    if isinstance(value, dict):
        parts = [_scalar(name) + ": " + pretty(value[name], inner) for name in _ordered(value)]
        return _enclosed("{", parts, "}", indent)
    if isinstance(value, list):
        return _enclosed("[", [pretty(one, inner) for one in value], "]", indent)
    return _scalar(value)


def compact(value: "Any") -> str:
    """Return a JSON value as text in one line, in whatever order: fast; what is too deep as ``pretty`` has it."""
    try:
        return _scalar(value)
    except RuntimeError:
        return pretty(value)


def in_lines(table: "dict[str, Any]") -> str:
    """Return a table as JSON, with a line for each name, and for each part of a list in it."""
    lines = []
    for name in table:
        value = table[name]
        if isinstance(value, list) and value:
            value = "[\n  %s\n ]" % ",\n  ".join([compact(one) for one in value])
        else:
            value = compact(value)
        lines.append(" %s: %s" % (_scalar(name), value))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _enclosed(begin: str, parts: "list[str]", end: str, indent: str) -> str:
    flat = ", ".join(parts)
    if "\n" not in flat and len(flat) <= (0 if begin == "{" and len(parts) > 1 else _SHORT):
        return begin + flat + end
    inner = "\n" + indent + "  "
    return begin + inner + ("," + inner).join(parts) + "\n" + indent + end


def _ordered(names: "Any") -> "list[Any]":
    return sorted(names, key=lambda name: (_rank(name), str(name)))


def _rank(name: "Any") -> int:
    if name in _FIRST:
        return _FIRST.index(name)
    return len(_FIRST) + (_LAST.index(name) + 1 if name in _LAST else 0)


def _scalar(value: "Any") -> str:
    """Return a text, a number or another word of JSON; letters as they are, as MicroPython writes them."""
    try:
        return json.dumps(value, ensure_ascii=False)
    except TypeError:  # MicroPython knows no such argument
        return json.dumps(value)


def literal(value: "Any") -> str:
    """Return a JSON value as Python writes it, in one line; of a nested one no deeper than anybody reads."""
    return _literal(value, 0)


def _literal(value: "Any", depth: int) -> str:
    if isinstance(value, (dict, list)) and depth > _DEEPEST:
        return "..."
    if isinstance(value, dict):
        return "{%s}" % ", ".join([_scalar(name) + ": " + _literal(value[name], depth + 1) for name in _ordered(value)])
    if isinstance(value, list):
        return "[%s]" % ", ".join([_literal(one, depth + 1) for one in value])
    if value is None or isinstance(value, bool):
        return str(value)
    return _scalar(value)
