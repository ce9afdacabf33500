"""How JavaScript hands arguments to a function: those that it does not take are ignored."""

import inspect
from collections.abc import Callable

from bridge.destination.jsvalues import Json


def without_surplus(function: Callable[..., Json]) -> Callable[..., Json]:
    """Return the function for any number of arguments."""
    parameters = inspect.signature(function).parameters.values()
    if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters):
        return function

    def run(*arguments: Json) -> Json:
        return function(*arguments[: len(parameters)])

    return run
