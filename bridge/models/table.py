"""The table of rules that page code checks with: a model's JSON Schema, with its references resolved."""

import copy
import re
from collections.abc import Iterator
from typing import Any

from bridge.shared.rules import KEYWORDS, SettingsError

# What MicroPython's `re`, Python's and pydantic's read alike, of a whole text: letters, classes, groups and repetition.
_PORTABLE_PATTERN = re.compile(r"\^(?!.*\(\?)[\w\[\]()$+*?.:/-]+\$", re.ASCII)
_HOW_TO_MEND = "in bridge/models give the setting another rule, or teach bridge/shared/rules.py this one"


class RuleError(SettingsError):
    """A model has a rule that page code cannot check; the text says which setting's, and what to do."""


def table_of(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the table of a model's JSON Schema.

    Keys: the schema's own without titles, but ``discriminator`` is the name of the deciding property. Raises RuleError.
    """
    definitions = schema.get("$defs", {})

    def resolved(node: Any) -> Any:  # noqa: ANN401 - JSON Schema is made of everything
        if isinstance(node, list):
            return [resolved(one) for one in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            target = definitions[node["$ref"].rpartition("/")[2]]
            node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
        kept = {key: resolved(value) for key, value in node.items() if key != "title" or not isinstance(value, str)}
        if "discriminator" in kept:
            kept["discriminator"] = kept["discriminator"]["propertyName"]
        if kept.get("additionalProperties") is True:
            kept["additionalProperties"] = {}  # the same: page code reads tables, and false
        return kept

    table: dict[str, Any] = resolved({key: copy.deepcopy(schema[key]) for key in schema if key != "$defs"})
    problems = list(_problems(table, ""))
    if problems:
        raise RuleError(*problems)
    return table


def _problems(table: dict[str, Any], path: str) -> Iterator[str]:
    """Yield what page code cannot check of a table, and of those inside."""
    place = path or "the settings"
    for keyword in table:
        if keyword not in KEYWORDS:
            yield f"{place}: pages cannot check the JSON Schema keyword {keyword}; {_HOW_TO_MEND}"
    pattern = table.get("pattern", "^.$")
    if not _PORTABLE_PATTERN.fullmatch(pattern):
        yield f"{place}: pages cannot check the pattern {pattern}; accepted: ^…$ of letters, digits and []()$-+*?.:/"
    if "oneOf" in table and not _is_decided(table):
        yield f"{place}: pages cannot check variants without a discriminator of one constant each; {_HOW_TO_MEND}"
    for one in (*table.get("anyOf", ()), *table.get("oneOf", ())):
        yield from _problems(one, path)
    for name, one in table.get("properties", {}).items():
        yield from _problems(one, f"{path}.{name}".removeprefix("."))
    if "items" in table:
        yield from _problems(table["items"], f"{path}[]")
    if isinstance(table.get("additionalProperties"), dict):
        yield from _problems(table["additionalProperties"], f"{path}.*")


def _is_decided(table: dict[str, Any]) -> bool:
    """Return whether a constant tells which of the variants a value is."""
    name = table.get("discriminator")
    return all("const" in variant.get("properties", {}).get(name, {}) for variant in table["oneOf"])
