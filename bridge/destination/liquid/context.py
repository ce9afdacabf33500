"""What a template is rendered with: the event, its own variables, and the limits."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, TypeAlias

from bridge.destination.jsvalues import Json, entries, from_code_units, is_number, to_string
from bridge.destination.liquid.errors import failure
from bridge.destination.liquid.values import Constant, in_code_units, read_property, stringify, to_array

_MAX_MEMORY: Final = 1e8
_MAX_SECONDS: Final = 0.5
#: What the thread computed, not what passed: on a busy machine no template fails for its neighbours.
_clock: Final = time.thread_time


class Limits:
    """How much a rendering may allocate and how long it may take."""

    def __init__(self) -> None:
        self.memory = 0.0
        self.end = _clock() + _MAX_SECONDS

    def charge(self, amount: float) -> None:
        """Count an allocation: characters of a text, items of an array.

        Raises:
            DestinationError: it is too much.
        """
        if amount > 0:
            if self.memory + amount > _MAX_MEMORY:
                raise failure("memory alloc limit exceeded")
            self.memory += amount

    def check_time(self) -> None:
        """Look at the clock.

        Raises:
            DestinationError: the time is up.
        """
        if _clock() > self.end:
            raise failure("template render limit exceeded")


Filter: TypeAlias = Callable[..., Json]
"""A filter: of the context, the value and the arguments, those that are not given `UNDEFINED`."""


class Context:
    """The variables that a template sees, the filters, the limits, and what its tags remember."""

    def __init__(self, event: Json, filters: Mapping[str, Filter], limits: Limits | None = None) -> None:
        self.event = event
        self.filters = filters
        self.limits = limits or Limits()
        self.variables: dict[str, Json] = {}
        self.stopped = False
        self.cycles: dict[tuple[str, int], int] = {}
        self._in_block = 0
        self._environment: dict[str, Json] = dict(entries(in_code_units(event)))
        if isinstance(event, list | str):
            self._environment["length"] = float(len(self._environment))

    def within(self, item: Json) -> "Context":
        """Return a context in which an item's members are the variables."""
        return Context(item, self.filters, self.limits)

    def get(self, path: list[Json]) -> Json:
        """Return what the path leads to: from the template's own variables, else from the event."""
        name = to_string(path[0])
        value: Json
        if name == "block" and self._in_block:
            value = Constant.BLOCK
        else:
            scope = self.variables if name in self.variables else self._environment
            value = read_property(scope if name in scope else {}, path[0])
        return follow(value, path[1:])

    def count(self, name: str, step: int) -> tuple[float, float]:
        """Move a counter on, from 0 at first, and return where it was and is: it is a member of the event itself."""
        known: Json = self._environment.get(name)
        before = known if is_number(known) else 0.0
        self._environment[name] = before + step
        if isinstance(self.event, dict):
            self.event[from_code_units(name)] = before + step
        return before, before + step

    def charge(self, amount: float) -> None:
        """Count an allocation (`Limits.charge`)."""
        self.limits.charge(amount)

    def text(self, value: Json) -> str:
        """Return the value as text, and count its characters."""
        text = stringify(value)
        self.limits.charge(len(text))
        return text

    def array(self, value: Json) -> list[Json]:
        """Return the value as an array, and count its items."""
        items = to_array(value)
        self.limits.charge(len(items))
        return items

    @contextmanager
    def block(self) -> Iterator[None]:
        """Enter a `block`, in which the variable of that name is set."""
        self._in_block += 1
        yield
        self._in_block -= 1


def follow(value: Json, path: list[Json]) -> Json:
    """Return what the path leads to from the value on."""
    for key in path:
        value = read_property(value, key)
    return value
