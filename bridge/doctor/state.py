"""What lets the doctor into pages behind a login: a browser's cookies and storage, as Playwright keeps them.

The doctor stays a new visitor: who the visitor is to Kameleoon, Segment and the bridge is left out of it.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from bridge.shared.secrets import HIDDEN
from bridge.wire.look import STORES

_LONG = 12  # characters: what is shorter is no session, and stands in other texts by chance


class _Named(BaseModel):
    model_config = ConfigDict(extra="allow")

    name: str
    value: str


class _Origin(BaseModel):
    model_config = ConfigDict(extra="allow")

    origin: str
    localStorage: list[_Named] = []  # noqa: N815 - Playwright's name


class StorageState(BaseModel):
    """Playwright's storage state: ``BrowserContext.storage_state()``, or what ``codegen --save-storage`` writes."""

    model_config = ConfigDict(extra="allow")

    cookies: list[_Named]
    origins: list[_Origin] = []

    def of_a_new_visitor(self) -> dict[str, Any]:
        """Return it for Playwright, without what names the visitor to Kameleoon, Segment and the bridge."""
        cookies = [one for one in self.cookies if not one.name.startswith(STORES)]
        origins = [
            one.model_copy(update={"localStorage": [it for it in one.localStorage if not it.name.startswith(STORES)]})
            for one in self.origins
        ]
        return self.model_copy(update={"cookies": cookies, "origins": origins}).model_dump()

    def hidden_in(self, value: JsonValue) -> JsonValue:
        """Return a JSON value without what the state has: whoever reads it cannot log in with it."""
        values = sorted({*self._values()}, key=len, reverse=True)
        return _without(value, values) if values else value

    def _values(self) -> Iterator[str]:
        named = [*self.cookies, *(one for origin in self.origins for one in origin.localStorage)]
        for one in named:
            yield from (text for text in (one.value, *_texts(one.value)) if _opens_something(text))


def loaded(path: Path) -> StorageState:
    """Return the state that a file has.

    Raises:
        OSError: It cannot be read.
        ValueError: It has something else; the text says what is accepted.
    """
    try:
        return StorageState.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise ValueError(
            f"{path}: is no storage state of Playwright's; accepted: JSON with cookies and origins, as "
            "context.storage_state(path=…) or `playwright codegen --save-storage` writes it"
        ) from error


def _opens_something(text: str) -> bool:
    """Return whether a text may be a session: not what stands in other texts by chance, and no address."""
    return len(text) >= _LONG and not text.startswith(("http://", "https://"))


def _texts(value: str) -> Iterator[str]:
    """Yield the texts in a value that is JSON, as in many an entry of a page's storage."""
    try:
        found = [json.loads(value)]
    except ValueError:
        return
    while found:
        one = found.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, Mapping):
            found += one.values()
        elif isinstance(one, list):
            found += one


def _without(value: JsonValue, texts: list[str]) -> JsonValue:
    if isinstance(value, str):
        for text in texts:
            value = value.replace(text, HIDDEN)
        return value
    if isinstance(value, list):
        return [_without(one, texts) for one in value]
    if isinstance(value, dict):
        return {str(_without(name, texts)): _without(one, texts) for name, one in value.items()}
    return value
