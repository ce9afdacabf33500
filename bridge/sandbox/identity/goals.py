"""Which goal of Kameleoon an event is a conversion of (Kameleoon help, step 5)."""

from collections.abc import Collection

from bridge.models.segment import Forwarded

#: Page, screen and track events "will be automatically collected as a Kameleoon custom goal".
_COUNTED = ("page", "screen", "track")


def event_name(message: Forwarded) -> str | None:
    """Return the name that an event is counted under, None when it is not of a kind that is counted.

    A page without a name goes under its type.
    """
    return (message.event or message.name or message.type) if message.type in _COUNTED else None


def goal_name(event_type: str, name: str, existing: Collection[str]) -> str:
    """Return the existing goal with exactly the event's name, else the one that Kameleoon makes for it."""
    return name if name in existing else f"SegmentIO {event_type} – {name}"  # noqa: RUF001  # so the help writes it
