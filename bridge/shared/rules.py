"""Checks a value against rules: a JSON Schema whose references are resolved, as bridge.models.table makes it.

No rule about a setting stands here: only how a rule is read. The texts are bridge.shared.wording's.
"""

import re

from bridge.shared.secrets import inside, secrets
from bridge.shared.wording import one_line, one_of, shown, unknown, wrong

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
NOT_INTO_PAGES = "a secret does not belong into a page; take it out"
MAX_MATCHED_LENGTH = 1000  # of a text with a pattern: MicroPython's `re` goes deeper with each letter, until it breaks


class SettingsError(Exception):
    """One or more settings are wrong: ``problems`` says which, one line for each mistake; so does the text."""

    def __init__(self, *problems: str) -> None:
        """Take the mistakes; a line end in one of them, of a name or a value, is written as JSON writes it."""
        self.problems = [one_line(problem) for problem in problems]
        super().__init__("\n".join(self.problems))


def check(value: "Any", table: "dict[str, Any]", path: str = "") -> "list[str]":
    """Return what is wrong with ``value``, one text a mistake: secrets, then by the settings' names."""
    hidden = secrets(value, path)
    problems = ["%s: %s" % (place, NOT_INTO_PAGES) for place in hidden]
    return problems + [one for one in _check(value, table, path) if one.split(": ")[0] not in hidden]


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
    found = re.match(pattern, value[:MAX_MATCHED_LENGTH])
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
    "maximum": lambda value, most: not _is_number(value) or bool(value <= most),
    "minimum": lambda value, least: not _is_number(value) or bool(value >= least),
    "anyOf": lambda value, tables: any(not _check(value, table, "") for table in tables),
}
# Rules between values, which JSON Schema has no words for; `bridge.models.relations` has pydantic ask here, too.
DISTINCT = "x-distinct"  # of a list: the member that no two items may have alike
DISJOINT = "x-disjoint"  # of a table: the two lists that may have no item in common
# The keywords that a table may have: those above, those of what is inside a value, and those that rule nothing.
KEYWORDS = (
    tuple(_OBEYS)
    + ("oneOf", "discriminator", "items", "properties", "additionalProperties", "required")
    + (DISTINCT, DISJOINT)
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
    if isinstance(value, list) and DISTINCT in table:
        problems += _check_distinct(value, table[DISTINCT], path)
    return problems


def _check_distinct(items: "list[Any]", name: str, path: str) -> "list[str]":
    problems = []
    first: dict[str, str] = {}  # where a text stands first
    for number, item in enumerate(items):
        own = item.get(name) if isinstance(item, dict) else None
        place = inside("%s[%d]" % (path, number), name)
        if isinstance(own, str) and first.setdefault(own, place) != place:
            problems.append(_again(place, own, first[own], "each %s once; take one out, or give it another" % name))
    return problems


def _check_disjoint(value: "dict[str, Any]", names: "list[str]", path: str) -> "list[str]":
    places = []  # of each number, by list
    for name in names:
        items = value.get(name)
        numbered = enumerate(items) if isinstance(items, list) else []
        places.append([(item, "%s[%d]" % (inside(path, name), number)) for number, item in numbered])
    first = {item: place for item, place in reversed(places[0]) if _is_number(item)}
    return [
        _again(place, item, first[item], "each in one of the two; take it out of the other")
        for item, place in places[1]
        if _is_number(item) and item in first
    ]


def _again(place: str, value: "Any", first: str, accepted: str) -> str:
    return wrong(place, "%s stands in %s, too" % (shown(value), first), accepted)


def _check_members(value: "dict[str, Any]", table: "dict[str, Any]", path: str) -> "list[str]":
    problems: list[str] = []
    properties = table.get("properties", {})
    others = table.get("additionalProperties", {})
    for name in sorted(value):
        place = inside(path, name)
        if name in properties:
            problems += _check(value[name], properties[name], place)
        elif others is False:
            problems.append("%s: %s" % (place, unknown("setting", name, list(properties))))
        else:
            problems += _check(value[name], others, place)
    for name in sorted(table.get("required", [])):
        if name not in value:
            problems.append(wrong(inside(path, name), "missing", _accepted(properties[name])))
    if DISJOINT in table:
        problems += _check_disjoint(value, table[DISJOINT], path)
    return problems


def _check_variant(value: "Any", table: "dict[str, Any]", path: str) -> "list[str]":
    """Check against the variant that the value's discriminator names."""
    name = table["discriminator"]
    variants = {one["properties"][name]["const"]: one for one in table["oneOf"]}
    chosen = value.get(name) if isinstance(value, dict) else None
    if not isinstance(chosen, str) or chosen not in variants:
        return [wrong(inside(path, name), shown(chosen), one_of(sorted(variants)))]
    return _check(value, variants[chosen], path)


def _accepted(table: "dict[str, Any]") -> str:
    if "enum" in table:
        return one_of([shown(one) for one in table["enum"]])
    return table.get("description") or table.get("type") or "another value"
