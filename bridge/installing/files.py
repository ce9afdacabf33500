"""Settings as the files that `kameleoon-segment build` and the tag's `data-config` read: what is not a default."""

import json
from collections.abc import Iterator
from typing import Any

from bridge.models.settings import Settings

JSON_FILE = "bridge.json"
TOML_FILE = "bridge.toml"


def said(settings: Settings) -> dict[str, Any]:
    """Return what the settings say that is not a default, as JSON, in the models' order."""
    values: dict[str, Any] = settings.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return values


def as_json(settings: Settings) -> str:
    """Return the settings as a JSON file."""
    return json.dumps(said(settings), indent=2, ensure_ascii=False) + "\n"


def as_toml(settings: Settings) -> str | None:
    """Return the settings as a TOML file; None where a property is null, which TOML has no word for."""
    values = said(settings)
    if _has_null(values):
        return None
    return "\n".join(_table(values, "")).lstrip("\n") + "\n"


def _has_null(value: Any) -> bool:  # noqa: ANN401 - JSON
    if isinstance(value, dict | list):
        return any(map(_has_null, value.values() if isinstance(value, dict) else value))
    return value is None


def _table(values: dict[str, Any], path: str) -> Iterator[str]:
    """Yield the lines of a table: first what belongs to it alone, then the tables inside."""
    tables = {name: value for name, value in values.items() if isinstance(value, dict) and value}
    lists = {name: value for name, value in values.items() if _is_tables(value)}
    for name, value in values.items():
        if name not in tables and name not in lists:
            yield f"{_key(name)} = {_value(value)}"
    for name, value in tables.items():
        yield from ("", f"[{path}{_key(name)}]")
        yield from _table(value, f"{path}{_key(name)}.")
    for name, items in lists.items():
        for item in items:
            yield from ("", f"[[{path}{_key(name)}]]")
            yield from _table(item, f"{path}{_key(name)}.")


def _is_tables(value: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) and one for one in value)


def _value(value: Any) -> str:  # noqa: ANN401 - JSON
    """Return a value as TOML writes it within a line."""
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items()) + "}"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value)


def _key(name: str) -> str:
    """Return a name as TOML writes it: bare where it may be."""
    bare = bool(name) and name.isascii() and name.replace("-", "").replace("_", "a").isalnum()
    return name if bare else _text(name)


def _text(text: str) -> str:
    """Return a text in TOML's quotes: JSON's, whose escapes TOML has, but for a character that TOML wants escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
