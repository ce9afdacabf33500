"""Checks what was typed or dropped by the models, and says what is wrong in their words, by place."""

from functools import cache
from typing import Any, Final, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from bridge.installing.fields import is_inside
from bridge.models.reading import parsed
from bridge.models.violations import violations
from bridge.shared.rules import check
from bridge.shared.secrets import inside, secrets

Json = Any
#: What a whole configuration is called where a mistake has no place in it.
CONFIGURATION = "the configuration"
MOST_CHARACTERS: Final = 1_000_000  #: of a configuration that a page reads: it can do nothing else meanwhile
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
        return None, problems + [one for one in wrong if not any(is_inside(one.place, place) for place in hidden)]
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
    kind: Literal["JSON", "TOML"] = "JSON" if text.startswith("{") else "TOML"
    accepted = f"accepted is {kind} as docs/configuration.md has it"
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"{CONFIGURATION}: longer than {MOST_CHARACTERS:,} characters; {accepted}")
    try:
        data: dict[str, Any] = parsed(text, kind)
    except ValueError as error:
        raise ValueError(f"{CONFIGURATION}: {error}; {accepted}") from None
    return data
