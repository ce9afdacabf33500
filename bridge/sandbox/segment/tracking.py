"""Segment's tracking API (connections/sources/catalog/libraries/server/http-api)."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bridge.models.segment import BATCH, CALLS, EVENTS, MAX_BATCH_BYTES
from bridge.sandbox.options import Options
from bridge.sandbox.refusals import OBJECT, Refusal, validated
from bridge.sandbox.requests import answer, basic_credentials, parse_json, read_body
from bridge.sandbox.segment.events import corrected, stamped
from bridge.sandbox.segment.normalising import Dropped, Taken, from_batch, from_call
from bridge.sandbox.segment.outbox import Outbox, lanes
from bridge.sandbox.storage import Storage, Tables

#: Segment "deduplicates on messageId for 24 hours" (guides/duplicate-data), whatever source an event came from.
DEDUPE_WINDOW = timedelta(hours=24)


class Tracking:
    """The tracking API's endpoints. `leniency` says what is done with what is not as the documents have it."""

    def __init__(self, storage: Storage, outbox: Outbox, options: Options) -> None:
        self._storage = storage
        self._outbox = outbox
        self._options = options

    async def collect(self, request: Request) -> Response:
        """POST /v1/{call}: take in one event, or each event of a batch for itself.

        Raises:
            Refusal: 400 for too large a body or event, for what is not JSON and without a write key; 404 for an
                unknown call. What came with too large an event is taken in all the same.
        """
        name = request.path_params["call"]
        call = CALLS.get(name)
        if call is None:
            raise Refusal(404, f"/v1/{name}: must be one of {', '.join((*EVENTS, BATCH))}, or its first letter")
        body = validated(OBJECT, parse_json(await read_body(request, MAX_BATCH_BYTES, status=400)))
        _require_write_key(request, body)
        outcomes = from_batch(body) if call == BATCH else [from_call(call, body)]
        received_at = self._options.now()
        ip = request.client.host if request.client else None
        rows = [_row(outcome, request.url.path, received_at, ip) for outcome in outcomes]
        await self._storage.run(lambda tables: self._take_in(tables, rows, received_at))
        self._outbox.wake()
        for outcome in outcomes:
            if isinstance(outcome, Dropped) and outcome.refused:
                raise Refusal(400, outcome.reason)
        return answer({"success": True})

    def _take_in(self, tables: Tables, rows: Sequence[dict[str, Any]], now: datetime) -> None:
        """Log rows, and put their events into the outbox; one whose message id is known goes no further."""
        tables.seen.forget(now - DEDUPE_WINDOW)
        for row in rows:
            event = row.get("event")
            if event is None:
                tables.log.append("dropped", row)
                continue
            fresh = tables.seen.add(event["messageId"], now)
            n = tables.log.append(event["type"], row if fresh else {**row, "duplicate": True})
            if fresh and self._outbox.takes(event):
                tables.outbox.add(n, lanes(event), now)

    async def metrics(self, request: Request) -> Response:
        """POST /v1/m: analytics.js's own statistics, of no interest here."""
        await read_body(request, MAX_BATCH_BYTES, status=400)
        return answer({"success": True})


def _row(outcome: Taken | Dropped, path: str, received_at: datetime, ip: str | None) -> dict[str, Any]:
    """Return what the log says of an outcome."""
    if isinstance(outcome, Dropped):
        return {"path": path, "reason": outcome.reason, "about": outcome.about}
    notes = [*outcome.notes]
    if corrected(outcome.event, received_at) is None:
        notes.append("timestamp and sentAt: are too far apart for a date; the time of receipt counts")
    event = stamped(outcome.event, received_at, ip)
    return {"event": event, "notes": notes} if notes else {"event": event}


def _require_write_key(request: Request, body: dict[str, Any]) -> None:
    """Refuse a request that says no write key; which one it is makes no difference, and it is never stored.

    With OAuth it comes in the body, beside a Bearer token that nobody here reads.
    """
    if _key_of(basic_credentials(request) or ""):
        return
    key_in_body = body.get("writeKey")
    if not (isinstance(key_in_body, str) and key_in_body):
        raise Refusal(400, "write key: must come by Basic authorization or as a text in body.writeKey")


def _key_of(credentials: str) -> bytes:
    """Return the write key, the user's name of Basic authorization; empty when there is none."""
    try:
        return base64.b64decode(credentials, validate=True).partition(b":")[0]
    except binascii.Error:
        return b""
