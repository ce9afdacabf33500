"""Checks settings against a table, which the build derives from the models (their JSON Schema, dereferenced).

No rule about a setting stands here: only how a rule is read, and how a mistake is told. A message names the setting,
the value, and what is accepted; it never shows a secret.
"""

import json
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Names of what must never be in a page, without case and punctuation.
SECRETS = ("apikey", "secret", "writekey", "password", "accesstoken")
_TYPES = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}
_SHOWN = 60  # characters of a value in a message
_ATTRIBUTES = ("sitecode", "engine")  # of the tag: data-sitecode, data-engine


class SettingsError(Exception):
    """One or more settings are wrong; the text says which, on one line."""


def effective(given: "dict[str, Any]", built: "dict[str, Any]") -> "dict[str, Any]":
    """Return the settings of this page: the tag's attributes over the page's configuration over the build's.

    ``given`` is the ear's report ``{attributes, config, problem, engines}``; ``built`` has the build's ``settings`` and
    the ``table`` of the models. Raises SettingsError.
    """
    settings = built["settings"]
    if given.get("problem"):
        raise SettingsError("data-config: %s; accepted is the URL of a JSON configuration" % given["problem"])
    if given.get("config") is not None:
        try:
            config = json.loads(given["config"])
        except ValueError:
            config = None
        if not isinstance(config, dict):
            raise SettingsError("data-config: what it answered is not a JSON object; accepted is a JSON configuration")
        settings = _merged(settings, config)
    attributes = given.get("attributes") or {}
    settings = _merged(settings, {name: attributes[name] for name in _ATTRIBUTES if attributes.get(name) is not None})
    problems = check(settings, built["table"])
    if problems:
        named = [
            "data-" + problem if problem.split(":")[0] in attributes else problem for problem in problems
        ]  # as the engineer wrote it
        raise SettingsError("; ".join(named))
    complete: dict[str, Any] = with_defaults(settings, built["table"])
    engine = complete["engine"]
    if engine not in given.get("engines", [engine]):
        raise SettingsError(
            "engine: %s is not in this bundle; accepted: %s" % (_show(engine), " or ".join(given["engines"]))
        )
    return complete


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
        items = [(path + "." + key if path else key, value[key]) for key in sorted(value)]
        for key in sorted(value):
            plain = "".join(letter for letter in key.lower() if letter.isalpha())
            if any(secret in plain for secret in SECRETS):
                return path + "." + str(key) if path else str(key)
    else:
        return ""
    for name, one in items:
        found = find_secret(one, name)
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


def suggestion(word: str, known: "list[str]") -> str:
    """Return the known word that ``word`` was most likely meant to be, empty for none."""
    plain = word.lower().replace("-", "_")
    distances = sorted((_distance(plain, one), one) for one in known)
    return distances[0][1] if distances and distances[0][0] <= max(1, len(plain) // 3) else ""


def _merged(below: "dict[str, Any]", above: "dict[str, Any]") -> "dict[str, Any]":
    """Return both, ``above`` first; tables (``exposures``, ``remote``) setting by setting."""
    merged = dict(below)
    for name in above:
        tables = isinstance(above[name], dict) and isinstance(below.get(name), dict)
        merged[name] = dict(below[name], **above[name]) if tables else above[name]
    return merged


def _check(value: "Any", table: "dict[str, Any]", path: str) -> "list[str]":
    if "oneOf" in table:
        return _check_variant(value, table, path)
    alternatives = table.get("anyOf")
    if alternatives is not None:
        return [] if any(not _check(value, one, path) for one in alternatives) else [_wrong(value, table, path)]
    return _check_one(value, table, path)


def _check_one(value: "Any", table: "dict[str, Any]", path: str) -> "list[str]":
    if not _fits(value, table):
        return [_wrong(value, table, path)]
    problems: list[str] = []
    if isinstance(value, list) and "items" in table:
        for number, one in enumerate(value):
            problems += _check(one, table["items"], "%s[%d]" % (path, number))
    properties = table.get("properties")
    if isinstance(value, dict) and properties is not None:
        for name in sorted(value):
            place = path + "." + name if path else name
            if name in properties:
                problems += _check(value[name], properties[name], place)
            else:
                meant = suggestion(name, list(properties))
                hint = "did you mean %s?" % meant if meant else "accepted: " + ", ".join(sorted(properties))
                problems.append("%s: no such setting; %s" % (place, hint))
        for name in sorted(table.get("required", [])):
            if name not in value:
                place = path + "." + name if path else name
                problems.append("%s: missing; accepted: %s" % (place, _accepted(properties[name])))
    return problems


def _check_variant(value: "Any", table: "dict[str, Any]", path: str) -> "list[str]":
    """Check against the variant that the value's discriminator names."""
    name = table["discriminator"]
    variants = {one["properties"][name]["const"]: one for one in table["oneOf"]}
    chosen = value.get(name) if isinstance(value, dict) else None
    if not isinstance(chosen, str) or chosen not in variants:
        place = path + "." + name
        return ["%s: %s; accepted: %s" % (place, _show(chosen), " or ".join(sorted(variants)))]
    return _check(value, variants[chosen], path)


def _fits(value: "Any", table: "dict[str, Any]") -> bool:
    kind = table.get("type")
    if kind is not None and (not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
        return False
    if "const" in table and value != table["const"]:
        return False
    if "enum" in table and value not in table["enum"]:
        return False
    if isinstance(value, str):
        length = len(value)
        if not table.get("minLength", 0) <= length <= table.get("maxLength", length):
            return False
        found = re.match(table["pattern"], value) if "pattern" in table else None
        return "pattern" not in table or (found is not None and bool(found.group(0) == value))
    if isinstance(value, list):
        return bool(len(value) >= table.get("minItems", 0))
    if isinstance(value, (int, float)):
        return bool(table.get("minimum", value) <= value <= table.get("maximum", value))
    return True


def _wrong(value: "Any", table: "dict[str, Any]", path: str) -> str:
    return "%s: %s; accepted: %s" % (path or "the configuration", _show(value), _accepted(table))


def _accepted(table: "dict[str, Any]") -> str:
    if "enum" in table:
        return " or ".join(_show(one) for one in table["enum"])
    return table.get("description") or table.get("type") or "another value"


def _show(value: "Any") -> str:
    text = json.dumps(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _distance(one: str, other: str) -> int:
    """Return how many letters to add, drop or change to make one word of the other."""
    row = list(range(len(other) + 1))
    for letter in one:
        last, row = row, [row[0] + 1]
        for position, wanted in enumerate(other):
            row.append(min(row[-1] + 1, last[position + 1] + 1, last[position] + (letter != wanted)))
    return row[-1]
