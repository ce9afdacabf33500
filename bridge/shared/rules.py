"""Checks a value against rules: a JSON Schema whose references are resolved, as bridge.models.table makes it.

No rule about a setting stands here: only how a rule is read. The texts are bridge.shared.wording's.
"""

import re

from bridge.shared.wording import names_secret, one_of, shown, unknown, wrong

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_TYPES = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


class SettingsError(Exception):
    """One or more settings are wrong; the text says which, on one line."""


def check(value: "Any", table: "dict[str, Any]", path: str = "") -> "list[str]":
    """Return what is wrong with ``value``, one text a mistake, in the order of the settings' names."""
    secret = find_secret(value)
    if secret:
        return ["%s: a secret does not belong into a page; take it out" % secret]
    return _check(value, table, path)


def find_secret(value: "Any", path: str = "") -> str:
    """Return the path of the first key that is named like a secret, empty for none."""
    if isinstance(value, list):
        items = [("%s[%d]" % (path, number), one) for number, one in enumerate(value)]
    elif isinstance(value, dict):
        items = [(_inside(path, name), value[name]) for name in sorted(value)]
        for name in sorted(value):
            if names_secret(name):
                return _inside(path, name)
    else:
        return ""
    for place, one in items:
        found = find_secret(one, place)
        if found:
            return found
    return ""


def with_defaults(value: "Any", table: "dict[str, Any]") -> "Any":
    """Return ``value`` with the table's defaults where it says nothing."""
    properties = table.get("properties")
    if properties is None or not isinstance(value, dict):
        return value
    complete = dict(value)
    for name in properties:
        if name in value or "default" in properties[name]:
            complete[name] = with_defaults(value.get(name, properties[name].get("default")), properties[name])
    return complete


def _matches(value: "Any", pattern: str) -> bool:
    if not isinstance(value, str):
        return True
    found = re.match(pattern, value)
    return found is not None and bool(found.group(0) == value)  # in Python, $ lets a line's end stand after it


def _is_number(value: "Any") -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


# By keyword, whether a value obeys it. One that a keyword says nothing of does.
_OBEYS: "dict[str, Callable[[Any, Any], bool]]" = {
    "type": lambda value, kind: isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool)),
    "const": lambda value, only: bool(value == only),
    "enum": lambda value, known: value in known,
    "minLength": lambda value, least: not isinstance(value, str) or len(value) >= least,
    "maxLength": lambda value, most: not isinstance(value, str) or len(value) <= most,
    "pattern": _matches,
    "minimum": lambda value, least: not _is_number(value) or bool(value >= least),
    "anyOf": lambda value, tables: any(not _check(value, table, "") for table in tables),
}
# The keywords that a table may have: those above, those of what is inside a value, and those that rule nothing.
KEYWORDS = (
    tuple(_OBEYS)
    + ("oneOf", "discriminator", "items", "properties", "additionalProperties", "required")
    + ("description", "default")
)


def _check(value: "Any", table: "dict[str, Any]", path: str) -> "list[str]":
    for keyword in table:
        if keyword in _OBEYS and not _OBEYS[keyword](value, table[keyword]):
            return [wrong(path or "the configuration", shown(value), _accepted(table))]
    if "oneOf" in table:
        return _check_variant(value, table, path)
    if isinstance(value, dict):
        return _check_members(value, table, path)
    problems: list[str] = []
    if isinstance(value, list) and "items" in table:
        for number, one in enumerate(value):
            problems += _check(one, table["items"], "%s[%d]" % (path, number))
    return problems


def _check_members(value: "dict[str, Any]", table: "dict[str, Any]", path: str) -> "list[str]":
    problems: list[str] = []
    properties = table.get("properties", {})
    others = table.get("additionalProperties", {})
    for name in sorted(value):
        place = _inside(path, name)
        if name in properties:
            problems += _check(value[name], properties[name], place)
        elif others is False:
            problems.append("%s: %s" % (place, unknown("setting", name, list(properties))))
        else:
            problems += _check(value[name], others, place)
    for name in sorted(table.get("required", [])):
        if name not in value:
            problems.append(wrong(_inside(path, name), "missing", _accepted(properties[name])))
    return problems


def _check_variant(value: "Any", table: "dict[str, Any]", path: str) -> "list[str]":
    """Check against the variant that the value's discriminator names."""
    name = table["discriminator"]
    variants = {one["properties"][name]["const"]: one for one in table["oneOf"]}
    chosen = value.get(name) if isinstance(value, dict) else None
    if not isinstance(chosen, str) or chosen not in variants:
        return [wrong(_inside(path, name), shown(chosen), one_of(sorted(variants)))]
    return _check(value, variants[chosen], path)


def _accepted(table: "dict[str, Any]") -> str:
    if "enum" in table:
        return one_of([shown(one) for one in table["enum"]])
    return table.get("description") or table.get("type") or "another value"


def _inside(path: str, name: str) -> str:
    return path + "." + name if path else name
