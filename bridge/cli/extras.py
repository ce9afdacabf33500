"""Commands that need more than the package itself does: which extra brings it."""

import contextlib
from collections.abc import Iterator

from bridge.bundle.identity import NAME
from bridge.cli.errors import UsageError


@contextlib.contextmanager
def from_extra(extra: str, command: str) -> Iterator[None]:
    """Import within it what only an extra of pyproject.toml brings.

    Args:
        extra: The extra.
        command: The command that needs it, for the error.

    Raises:
        UsageError: It is not installed; the text says how to.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if not error.name or error.name.partition(".")[0] == "bridge":
            raise
        raise UsageError(
            f'{command}: {error.name} is not installed; get it with `pip install "{NAME}[{extra}]"`'
        ) from error
