"""What Segment adds to an event that it takes in: plain functions, no HTTP."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bridge.models.segment import parse_time
from bridge.sandbox.clock import iso

Json = dict[str, Any]


def stamped(event: Json, received_at: datetime, ip: str | None) -> Json:
    """Return a valid event with what Segment adds: corrected time, id, address, channel, version."""
    context = dict(event.get("context") or {})
    if ip is not None:
        context.setdefault("ip", ip)
    library = context.get("library")
    in_browser = isinstance(library, dict) and library.get("name") == "analytics.js"
    now = iso(received_at)
    happened = corrected(event, received_at) or received_at
    return {
        **event,
        # What says no time happened when it was sent, which by the server's clock is now.
        "originalTimestamp": event.get("timestamp") or event.get("sentAt") or now,
        "receivedAt": now,
        "timestamp": iso(happened),
        "messageId": event.get("messageId") or str(uuid.uuid4()),
        "context": context,
        "integrations": event.get("integrations") or {},
        "channel": event.get("channel", "client" if in_browser else "server"),
        "version": 2,
    }


def corrected(event: Mapping[str, Any], received_at: datetime) -> datetime | None:
    """Return when a valid event happened: receivedAt - (sentAt - timestamp) (connections/spec/common).

    None when the client's clock is so far off that no date is left.
    """
    original, sent = event.get("timestamp"), event.get("sentAt")
    if original is None:
        return received_at
    happened = parse_time(original)
    try:
        return happened if sent is None else received_at - (parse_time(sent) - happened)
    except OverflowError:
        return None
