"""Checks what was typed or dropped by the models, and says what is wrong in their words, by place."""

import json
import tomllib
from functools import cache
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from bridge.models.violations import violations
from bridge.shared.rules import check
from bridge.shared.secrets import inside, secrets

Json = Any
#: What a whole configuration is called where a mistake has no place in it.
CONFIGURATION = "the configuration"
Checked = TypeVar("Checked", bound=BaseModel)


class Problem(NamedTuple):
    """A mistake: its place, as ``exposures.only[0]``, and the line that says place, value and what is accepted."""

    place: str
    text: str


def checked(model: type[Checked], data: Json) -> tuple[Checked | None, list[Problem]]:
    """Return the model that the data makes, and the mistakes where it makes none."""
    hidden = secrets(data)
    problems = [Problem(*one) for one in zip(hidden, check(data, {}), strict=True)]
    data = without_secrets(data)
    try:
        valid = model.model_validate(data)
    except ValidationError as error:
        found = violations("", data, _adapter(model), error)
        wrong = [Problem(str(one.path).removeprefix("."), str(one).removeprefix(".")) for one in found]
        return None, problems + [one for one in wrong if not one.place.startswith(tuple(hidden))]
    return (None if problems else valid), problems


@cache
def _adapter(model: type[BaseModel]) -> TypeAdapter[Any]:
    """Return the one adapter of a model: its schema, which words are taken from, is made once."""
    return TypeAdapter(model)


def without_secrets(data: Json, path: str = "", hidden: frozenset[str] | None = None) -> Json:
    """Return the data without what is named or looks like a secret."""
    places = frozenset(secrets(data)) if hidden is None else hidden
    if isinstance(data, dict):
        kept = {name: one for name, one in data.items() if inside(path, name) not in places}
        return {name: without_secrets(one, inside(path, name), places) for name, one in kept.items()}
    if isinstance(data, list):
        numbered = [(f"{path}[{number}]", one) for number, one in enumerate(data)]
        return [without_secrets(one, place, places) for place, one in numbered if place not in places]
    return data


def read(text: str) -> dict[str, Any]:
    """Return what a configuration says, JSON or TOML.

    Raises ValueError; its text says where the mistake is, and quotes nothing.
    """
    text = text.lstrip("\ufeff").strip()
    kind = "JSON" if text.startswith("{") else "TOML"
    try:
        data: dict[str, Any] = json.loads(text) if kind == "JSON" else tomllib.loads(text)
        json.dumps(data, allow_nan=False, default=str)
    except RecursionError:
        raise ValueError(f"{CONFIGURATION}: nested too deep") from None
    except ValueError as error:
        raise ValueError(f"{CONFIGURATION}: {error}; accepted is {kind} as docs/configuration.md has it") from None
    return data
