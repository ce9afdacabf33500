"""What Segment's tracking API makes of what it is sent: plain functions, no HTTP."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bridge.models.segment import EVENT, MAX_EVENT_BYTES, Batch, parse_time
from bridge.models.violations import outlined
from bridge.sandbox.clock import iso
from bridge.sandbox.refusals import Refusal, validated

Json = dict[str, Any]

#: Fields that concern the way to Segment, not the destinations.
_TRANSPORT = ("writeKey", "_metadata")


def split(batch: Batch) -> list[Json]:
    """Return a batch's events, with the batch's own sentAt, context and integrations where an event has none."""
    return [_merged(batch, event) for event in batch.batch]


def _merged(batch: Batch, event: Json) -> Json:
    merged = dict(event)
    if batch.sent_at is not None:
        merged.setdefault("sentAt", batch.sent_at)
    for name, common in (("context", batch.context), ("integrations", batch.integrations)):
        own = event.get(name)
        if common and (own is None or isinstance(own, dict)):
            merged[name] = {**common, **(own or {})}
    return merged


def checked(event: Json, place: str) -> Json:
    """Return an event as destinations may see it: valid, and without what concerns the way only.

    Raises:
        Refusal: 400, it is no event, or too large.
    """
    validated(EVENT, event, place, tagged=True)
    size = len(json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass"))
    if size > MAX_EVENT_BYTES:
        raise Refusal(400, f"{place}: an event must be at most {MAX_EVENT_BYTES} bytes of JSON, got {size}")
    return {name: value for name, value in event.items() if name not in _TRANSPORT}


def stamped(event: Json, received_at: datetime, ip: str | None) -> Json:
    """Return a checked event with what Segment adds: corrected time, id, address, channel, version.

    Raises:
        Refusal: 400, the clocks are so far apart that no date is left.
    """
    context = dict(event.get("context") or {})
    if ip is not None:
        context.setdefault("ip", ip)
    library = context.get("library")
    in_browser = isinstance(library, dict) and library.get("name") == "analytics.js"
    return {
        **event,
        **_times(event, received_at),
        "messageId": event.get("messageId") or str(uuid.uuid4()),
        "context": context,
        "integrations": event.get("integrations") or {},
        "channel": event.get("channel", "client" if in_browser else "server"),
        "version": 2,
    }


def _times(event: Mapping[str, Any], received_at: datetime) -> Json:
    """Return the event's times: timestamp = receivedAt - (sentAt - originalTimestamp) (connections/spec/common)."""
    now = iso(received_at)
    original, sent = event.get("timestamp"), event.get("sentAt")
    if original is None:
        # It happened when it was sent, which by the server's clock is now.
        return {"originalTimestamp": sent or now, "receivedAt": now, "timestamp": now}
    happened = parse_time(original)
    if sent is not None:
        try:
            happened = received_at - (parse_time(sent) - happened)
        except OverflowError:
            raise Refusal(400, f"timestamp {outlined(original)} and sentAt {outlined(sent)}: too far apart") from None
    return {"originalTimestamp": original, "receivedAt": now, "timestamp": iso(happened)}
