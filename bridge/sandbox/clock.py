"""How the sandbox writes a moment."""

from datetime import UTC, datetime


def iso(moment: datetime) -> str:
    """Return a moment as Segment writes it: ISO 8601, UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
