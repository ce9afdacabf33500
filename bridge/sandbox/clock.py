"""Moments: the present one, and how the sandbox writes them."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """Return a moment as Segment writes it: ISO 8601, UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
