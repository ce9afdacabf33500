"""The fields of a form that has all of a model's settings, made of the model's table; and what is typed into them.

A field is named as mistakes name its place: ``exposures.only``, and in a row ``custom_data[0].name``.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Json = Any
Kind = Literal["text", "choice", "switch", "number", "numbers", "table", "rows"]
_NUMBER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


@dataclass(frozen=True)
class Field:
    """One setting in a form."""

    path: str
    kind: Kind
    description: str
    default: Json = None
    required: bool = False
    choices: tuple[str, ...] = ()
    columns: tuple["Field", ...] = ()  #: of rows; their paths are names
    spaces: bool = True  #: whether a text may begin or end with one
    only_for: tuple[str, ...] = ()  #: of a column: the choices of the rows' deciding column that have it

    @property
    def name(self) -> str:
        """Return the last step of the path."""
        return self.path.rpartition(".")[2]

    def typed(self, text: str) -> Json:
        """Return the value that a text stands for: the text itself where it stands for none. Not for rows."""
        if self.kind == "text" and self.spaces:
            return text
        text = text.strip()
        if self.kind == "numbers":
            return [_number(one) for one in re.split(r"[\s,;]+", text.strip("[]")) if one]
        readers: dict[str, Callable[[str], Json]] = {
            "switch": lambda text: text == "true",
            "number": _number,
            "table": _json_or_text,
        }
        return readers[self.kind](text) if self.kind in readers else text

    def written(self, value: Json) -> str | None:
        """Return the text that stands for a value; None where there is none, as for one of another type."""
        if value is None:
            return None
        if self.kind == "numbers" and isinstance(value, list):
            text = ", ".join(map(str, value)) or "[]"  # which is not to say nothing
        elif self.kind in ("text", "choice"):
            text = value if isinstance(value, str) and not set(value) & {"\n", "\r"} else ""
        else:
            text = json.dumps(value, ensure_ascii=False, default=str)
        fits = self.typed(text) == value and type(self.typed(text)) is type(value)
        return text if fits and (self.kind != "choice" or text in self.choices) else None


def parsed_json(text: str) -> Json:
    """Return the value of a JSON text. Raises ValueError, also for numbers that JSON has no words for."""
    value = json.loads(text)
    json.dumps(value, allow_nan=False)
    return value


def fields(table: Mapping[str, Any], path: str = "") -> Iterator[Field]:
    """Yield the fields of a table of rules (`bridge.models.table`), in its order; ``$schema`` is none."""
    for name, said in table["properties"].items():
        rule = _without_null(said)
        place = f"{path}{name}"
        if "properties" in rule:
            yield from fields(rule, f"{place}.")
        elif not name.startswith("$"):
            yield _field(place, rule, required=name in table.get("required", []))


def collected(known: list[Field], texts: Mapping[str, str], rows: Mapping[str, Sequence[Mapping[str, str]]]) -> Json:
    """Return the settings that a form says.

    Args:
        known: Its fields.
        texts: What stands in them, by path. An empty text, or a default, says nothing.
        rows: What stands in the rows, by path of the field and name of the column.
    """
    said: dict[str, Any] = {}
    for field in known:
        if field.kind == "rows":
            items = [_row(field, row) for row in rows.get(field.path, [])]
            if items:
                _put(said, field.path, items)
        elif texts.get(field.path, "").strip():
            value = field.typed(texts[field.path])
            if value != field.default or field.required:
                _put(said, field.path, value)
    return said


def spread(known: list[Field], data: Json) -> tuple[dict[str, str], dict[str, list[dict[str, str]]]]:
    """Return the texts and rows with which a form says these settings, as far as its fields can."""
    texts: dict[str, str] = {}
    rows: dict[str, list[dict[str, str]]] = {}
    for field in known:
        value = at(data, field.path)
        if field.kind != "rows":
            text = field.written(value)
            if text is not None:
                texts[field.path] = text
        elif isinstance(value, list):
            # One for each, whatever it is: mistakes name rows by their numbers.
            rows[field.path] = [_cells(field, one) if isinstance(one, dict) else {} for one in value]
    return texts, rows


def at(data: Json, path: str) -> Json:
    """Return what is at a path of some data; None where there is nothing."""
    for name, number in _STEP.findall(path):
        if name and isinstance(data, dict):
            data = data.get(name)
        elif number and isinstance(data, list) and int(number) < len(data):
            data = data[int(number)]
        else:
            return None
    return data


def field_of(known: list[Field], place: str) -> str:
    """Return the field that a place belongs to: ``exposures.only`` of ``exposures.only[0]``; empty for none."""
    for field in known:
        if field.kind == "rows" and (cell := re.match(re.escape(field.path) + r"\[\d+\]\.(\w+)", place)):
            return cell[0] if cell[1] in [one.path for one in field.columns] else field.path
        if is_inside(place, field.path):
            return field.path
    return ""


def is_inside(place: str, outer: str) -> bool:
    """Return whether a place is another one, or in it: ``exposures.only[0]`` in ``exposures``."""
    return place == outer or place.startswith((f"{outer}.", f"{outer}["))


def _field(path: str, rule: Mapping[str, Any], *, required: bool) -> Field:
    columns = tuple(_columns(rule["items"])) if "oneOf" in rule.get("items", {}) else ()
    return Field(
        path=path,
        kind=_kind(rule),
        description=rule.get("description", ""),
        default=rule.get("default"),
        required=required,
        choices=tuple(rule.get("enum", ())),
        columns=columns,
        spaces="pattern" not in rule,
    )


def _kind(rule: Mapping[str, Any]) -> Kind:
    if "enum" in rule:
        return "choice"
    items = rule.get("items", {})
    if rule.get("type") == "array" and "oneOf" in items:
        return "rows"
    if rule.get("type") == "array" and items.get("type") == "integer":
        return "numbers"
    kinds: dict[str, Kind] = {"boolean": "switch", "integer": "number", "string": "text"}
    return kinds.get(str(rule.get("type")), "table")


def _columns(items: Mapping[str, Any]) -> Iterator[Field]:
    """Yield the columns of rows that are one of several variants."""
    decides = items["discriminator"]
    variants = {one["properties"][decides]["const"]: one["properties"] for one in items["oneOf"]}
    names = dict.fromkeys(name for one in variants.values() for name in one)
    for name in names:
        rules = {choice: rule[name] for choice, rule in variants.items() if name in rule}
        if name == decides:
            yield Field(name, "choice", "where the value comes from", required=True, choices=tuple(rules))
        else:
            rule = next(iter(rules.values()))
            only = () if len(rules) == len(variants) else tuple(rules)
            yield Field(name, _kind(rule), rule.get("description", ""), required=True, only_for=only)


def _row(field: Field, row: Mapping[str, str]) -> dict[str, Any]:
    chosen = {one.path: row.get(one.path, "") for one in field.columns}
    return {
        one.path: one.typed(chosen[one.path])
        for one in field.columns
        if chosen[one.path].strip() and (not one.only_for or set(one.only_for) & set(chosen.values()))
    }


def _cells(field: Field, item: Mapping[str, Any]) -> dict[str, str]:
    written = {one.path: one.written(item.get(one.path)) for one in field.columns}
    return {name: text for name, text in written.items() if text is not None}


def _without_null(rule: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a rule that allows nothing at all as the rule of what it allows else."""
    others = [one for one in rule.get("anyOf", []) if one.get("type") != "null"]
    return {**others[0], **rule} if len(others) == 1 else rule


def _number(text: str) -> int | str:
    return int(text) if _NUMBER.fullmatch(text) else text


def _json_or_text(text: str) -> Json:
    try:
        return parsed_json(text)
    except ValueError:
        return text


def _put(data: dict[str, Any], path: str, value: Json) -> None:
    *steps, last = path.split(".")
    for step in steps:
        data = data.setdefault(step, {})
    data[last] = value
