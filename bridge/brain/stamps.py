"""How what is sent is stamped: times and message ids."""

import hashlib
import time

from bridge.shared.vocabulary import OURS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_AHEAD_MS = 60_000  # that a moment may lie ahead: clocks differ
_YEAR_10000_MS = 253_402_300_800_000  # the first moment that no time stamp can say


def iso(milliseconds: "float") -> str:
    """Return a time in milliseconds since 1970 as Segment writes it: ISO 8601, milliseconds, ``Z``."""
    seconds, rest = divmod(int(milliseconds), 1000)
    return "%04d-%02d-%02dT%02d:%02d:%02d" % time.gmtime(seconds)[:6] + ".%03dZ" % rest


def is_time(value: "Any") -> bool:
    """Return whether this is a moment in ms since 1970 that a time stamp can say."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < _YEAR_10000_MS


def is_past(value: "Any", now: float) -> bool:
    """Return whether what is kept is a moment that was: anybody may write there, and clocks are set."""
    return is_time(value) and bool(value <= now + _AHEAD_MS)


def message_id(*parts: "Any") -> str:
    """Return the same id for the same parts: Segment drops a second event of that id for 24 hours.

    Below Segment's 100 characters, whatever the parts.
    """
    digest = hashlib.sha256("\n".join(str(part) for part in parts).encode()).digest()
    return OURS + "".join("%02x" % byte for byte in digest[:16])


def is_ours(message_id: "Any") -> bool:
    """Return whether an event of that message id is one of the bridge's."""
    return isinstance(message_id, str) and message_id.startswith(OURS)
