"""Turns what pydantic says of a wrong value into what a marketer can act on: where, what stands there, what belongs."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from bridge.models.relations import RELATED
from bridge.shared.wording import cut, kind, shown, unknown

Json = Any  # whatever JSON can say, indexed before it is known to be right

_OUR_CLASSES = re.compile(r" or (instance of \w+|object to extract fields from)$")  # which nobody writes into JSON
_NO_TAG = "union_tag_not_found"
_NOTHING = object()  # where a place is not in the data


@dataclass(frozen=True)
class Violation:
    """One value that breaks one rule of a model."""

    path: str
    value: str
    rule: str

    def __str__(self) -> str:
        return f"{self.path}: {self.value}; {self.rule}" if self.value else f"{self.path}: {self.rule}"

    def entry(self) -> dict[str, str]:
        """Return what stands in ``status().errors`` and in the event's detail."""
        return {"what": str(self), **asdict(self)}


def violations(name: str, data: Json, adapter: TypeAdapter[Any], error: ValidationError) -> list[Violation]:
    """Return what ``error`` means for ``data``, one entry for each wrong place; ``name`` begins their paths."""
    schema = _schema(adapter)
    found: dict[str, Violation] = {}
    for one in error.errors(include_url=False):
        # A tag of the outermost variant may be a field's name, too: of a message of the kind "event", say.
        place = _place(data, one, one["loc"][1:] if "discriminator" in schema else one["loc"])
        path = name + path_of(place)
        if one["type"] == RELATED:
            found |= {inner.path: inner for inner in _related(path, one)}
            continue
        value = shown(_at(data, place), path) if _at(data, place) is not _NOTHING else "nothing"
        found.setdefault(path, Violation(path, value, _rule(one, place, schema, data)))
    return list(found.values())


def explained(error: ValidationError, place: str, *, tagged: bool = False) -> str:
    """Return the first mistake as one line for who sent the value: where it is, what is accepted, what was there.

    ``tagged``: the value was to be one of several models, as a tag of its own says.
    """
    first = error.errors(include_url=False)[0]
    # The first step into a union is the tag of the model, which is no part of the value.
    path = first["loc"][1:] if tagged else first["loc"]
    message, value = message_of(first), first["input"]
    if first["type"] == "union_tag_invalid":
        path, value = (*path, first["ctx"]["discriminator"].strip("'")), first["ctx"]["tag"]
        message = f"must be one of {first['ctx']['expected_tags']}"
    of_a_whole = first["type"] == "missing" or (first["type"] == "value_error" and isinstance(value, dict))
    got = "" if of_a_whole else f", got {outlined(value)}"
    return f"{place}{path_of(path)}: {message}{got}"


def outlined(value: Json) -> str:
    """Return a value as JSON, cut short; of an object or list only that it is one, for it may hold anything."""
    return kind(value) if isinstance(value, dict | list) else shown(value)


def path_of(place: Iterable[int | str]) -> str:
    """Return the steps to a place inside a value, such as ``.items[0].name``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{cut(step)}" for step in place)


def message_of(error: ErrorDetails) -> str:
    """Return pydantic's words for a mistake, as far as they are of JSON."""
    return _OUR_CLASSES.sub("", error["msg"].removeprefix("Value error, "))


def _related(path: str, error: ErrorDetails) -> Iterator[Violation]:
    """Yield what is wrong between values: each text says its place, from where the rule stands."""
    for problem in error["ctx"]["problems"]:
        place, _, rule = problem.partition(": ")
        yield Violation(path + ("" if place.startswith("[") else ".") + place, "", rule)


def _place(data: Json, error: ErrorDetails, loc: tuple[int | str, ...]) -> list[int | str]:
    """Return the part of ``loc`` that is a place in ``data``; the rest names variants of models."""
    place: list[int | str] = []
    for part in loc:
        there = _at(data, [part])
        if there is not _NOTHING:
            data = there
            place.append(part)
    if error["type"] == "missing":
        place.append(loc[-1])
    if error["type"] in ("union_tag_invalid", _NO_TAG) and "(" not in error["ctx"]["discriminator"]:
        place.append(error["ctx"]["discriminator"].strip("'"))
    return place


def _at(data: Json, place: list[int | str]) -> Json:
    for part in place:
        inside = isinstance(data, dict) and part in data
        inside = inside or (isinstance(data, list) and isinstance(part, int) and part < len(data))
        data = data[part] if inside else _NOTHING
    return data


def _rule(error: ErrorDetails, place: list[int | str], schema: dict[str, Any], data: Json) -> str:
    """Return what belongs to the place, in the model's own words."""
    if error["type"] == "json_invalid":  # it was JSON before: what a validator cannot take is its depth
        return "nested too deep"
    if error["type"] == "union_tag_invalid":
        return f"accepted: {error['ctx']['expected_tags']}"
    if error["type"] == _NO_TAG:
        return "field required"
    if error["type"] == "extra_forbidden":
        known = {name for node in _nodes(schema, place[:-1], schema, data) for name in node.get("properties", {})}
        return unknown("field", str(place[-1]), list(known))
    message = message_of(error)
    described = [node["description"] for node in _nodes(schema, place, schema, data) if "description" in node]
    if not described:
        return f"{message[0].lower()}{message[1:]}"
    accepted = f"accepted: {described[0]}"
    # A pattern is no word for a marketer; what is described says the same.
    return accepted if error["type"] == "string_pattern_mismatch" else f"{message[0].lower()}{message[1:]}; {accepted}"


def _nodes(node: dict[str, Any], place: list[int | str], root: dict[str, Any], data: Json) -> list[dict[str, Any]]:
    """Return the parts of a JSON Schema that say what belongs to ``place`` of ``data``, the closest first."""
    if _contradicts(node, data):
        return []
    found = [] if place else [node]
    variants = [*node.get("anyOf", []), *node.get("oneOf", [])]
    if "$ref" in node:
        variants.append(root["$defs"][node["$ref"].rpartition("/")[2]])
    for variant in variants:
        found += _nodes(variant, place, root, data)
    if place:
        part, rest = place[0], place[1:]
        if isinstance(part, int):
            inner = dict(enumerate(node.get("prefixItems", []))).get(part, node.get("items"))
        else:
            inner = node.get("properties", {}).get(part, node.get("additionalProperties"))
        if isinstance(inner, dict):
            found += _nodes(inner, rest, root, _at(data, [part]))
    return found


def _contradicts(variant: dict[str, Any], data: Json) -> bool:
    """Return whether ``data`` says itself that it is no such variant: it has another kind, name or path."""
    rules = variant.get("properties", {})
    return isinstance(data, dict) and any(
        name in data and data[name] not in rules[name].get("enum", [rules[name].get("const", data[name])])
        for name in ("kind", "name", "path", "source")
        if name in rules
    )


@cache
def _schema(adapter: TypeAdapter[Any]) -> dict[str, Any]:
    return adapter.json_schema()
