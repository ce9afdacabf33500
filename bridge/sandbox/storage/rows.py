"""What SQL statements share."""

from collections.abc import Collection


def placeholders(values: Collection[object]) -> str:
    """Return a question mark for each value, with commas between them."""
    return ",".join("?" * len(values))
