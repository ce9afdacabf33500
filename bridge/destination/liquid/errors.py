"""Errors of a template: what liquidjs calls them and says, with the place."""

from bridge.destination.errors import DestinationError
from bridge.destination.jsvalues import from_code_units


class PlacedError(DestinationError):
    """An error whose text ends with the line and column where it is; it passes through what encloses that place."""

    def __init__(self, name: str, message: str, source: str, position: int) -> None:
        line = source.count("\n", 0, position) + 1
        column = position - source.rfind("\n", 0, position)
        super().__init__(name, from_code_units(f"{message}, line:{line}, col:{column}"))


def failure(message: str, name: str = "AssertionError") -> DestinationError:
    """Return an error that has no place yet: the tag or output that it ends gives it one."""
    return DestinationError(name, message)
