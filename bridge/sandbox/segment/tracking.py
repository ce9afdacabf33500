"""Segment's tracking API (connections/sources/catalog/libraries/server/http-api)."""

import base64
import binascii
from datetime import datetime, timedelta

from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from bridge.models.segment import MAX_BATCH_BYTES, Batch
from bridge.models.violations import outlined
from bridge.sandbox.options import Options
from bridge.sandbox.refusals import OBJECT, Refusal, validated
from bridge.sandbox.requests import answer, basic_credentials, parse_json, read_body
from bridge.sandbox.segment.events import Json, checked, split, stamped
from bridge.sandbox.segment.outbox import Outbox, lanes
from bridge.sandbox.storage import Storage, Tables

#: analytics.js posts to the first letter of the type, servers to its name.
CALLS = {name[0]: name for name in ("track", "identify", "page", "group", "screen", "alias", "batch")}

#: Segment "deduplicates on messageId for 24 hours" (guides/duplicate-data), whatever source an event came from.
DEDUPE_WINDOW = timedelta(hours=24)

_BATCH = TypeAdapter(Batch)


class Tracking:
    """The tracking API's endpoints."""

    def __init__(self, storage: Storage, outbox: Outbox, options: Options) -> None:
        self._storage = storage
        self._outbox = outbox
        self._options = options

    async def collect(self, request: Request) -> Response:
        """POST /v1/{call}: take in one event, or a batch; all of it or nothing.

        Raises:
            Refusal: 400 for too large or wrong a body, 401 without a write key, 404 for an unknown call.
        """
        name = request.path_params["call"]
        call = CALLS.get(name, name)
        if call not in CALLS.values():
            raise Refusal(404, f"/v1/{name}: must be one of {', '.join(CALLS.values())}, or its first letter")
        body = validated(OBJECT, parse_json(await read_body(request, MAX_BATCH_BYTES, status=400)))
        _require_write_key(request, body)
        if call == "batch":
            sent = split(validated(_BATCH, body))
            events = [checked(event, f"body.batch[{place}]") for place, event in enumerate(sent)]
        else:
            if body.setdefault("type", call) != call:
                raise Refusal(400, f"body.type: must be {call} at /v1/{name}, got {outlined(body['type'])}")
            events = [checked(body, "body")]
        received_at = self._options.now()
        ip = request.client.host if request.client else None
        stamps = [stamped(event, received_at, ip) for event in events]
        await self._storage.run(lambda tables: self._take_in(tables, stamps, received_at))
        self._outbox.wake()
        return answer({"success": True})

    def _take_in(self, tables: Tables, events: list[Json], now: datetime) -> None:
        """Log events and put them into the outbox; one whose message id is known goes no further than the log."""
        tables.seen.forget(now - DEDUPE_WINDOW)
        for event in events:
            fresh = tables.seen.add(event["messageId"], now)
            n = tables.log.append(event["type"], {"event": event} if fresh else {"event": event, "duplicate": True})
            if fresh and self._outbox.takes(event):
                tables.outbox.add(n, lanes(event), now)

    async def metrics(self, request: Request) -> Response:
        """POST /v1/m: analytics.js's own statistics, of no interest here."""
        await read_body(request, MAX_BATCH_BYTES, status=400)
        return answer({"success": True})


def _require_write_key(request: Request, body: Json) -> None:
    """Refuse a request that says no write key; which one it is makes no difference, and it is never storaged."""
    credentials = basic_credentials(request)
    if credentials is not None:
        try:
            key = base64.b64decode(credentials, validate=True).partition(b":")[0]
        except binascii.Error:
            raise Refusal(401, "authorization: must be Basic with base64 of '<write key>:'") from None
        if key:
            return
    key_in_body = body.get("writeKey")
    if not (isinstance(key_in_body, str) and key_in_body):
        raise Refusal(401, "write key: must come by Basic authorization or as a string in body.writeKey")
