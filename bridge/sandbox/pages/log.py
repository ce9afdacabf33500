"""What tests and the demo see of the sandbox: everything that was received and sent, in order.

Each line of the log is a JSON object with an increasing integer `n`, a `kind`, the moment `at`, and more by kind:

- `track`, `page`, `identify`, `group`, `screen`, `alias`: a Segment `event` as destinations see it;
  `duplicate` is true when it was dropped because its messageId was known; `notes` has a line for each change that
  was needed to make it valid;
- `dropped`: what the tracking API did not take: `reason`, one line, the `path` of the call, and `about`, what tells
  which event it was, as texts that are cut short;
- `data_api.get`: `siteCode`, `keys`, and the `maps` that were answered;
- `data_api.set`: `siteCode`, `maps`, `ttlHours`, `mode`;
- `visit`: `siteCode`, `visitorCode`, `events` that Kameleoon's script tracked;
- `destination.received`: `siteCode` and `body` that the destination forwarded; `duplicate` as above;
- `conversion`: what Kameleoon made of it: `siteCode`, `goal`, `messageId`, and the `ids` of the visitor;
- `destination.sent`: the destination's `body`, once Kameleoon took it (so this follows the `destination.received`);
  with `messageId`, `subscription`, `attempt`, a number from 1, and `delivery`, the event's own `n`;
- `destination.failed`: as before, with the `error` and `retryAt` in place of the `body`;
- `destination.dead`: as before, without `retryAt`: it is given up;
- `destination.replayed`: `count` of dead letters that are to be sent again;
- `apikey.made`, `apikey.checked`: nothing more, they are secrets;
- `rejected`: `method`, `path`, `status`, `reason` of a refused request.
"""

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from bridge.sandbox.requests import answer, query
from bridge.sandbox.segment.outbox import Outbox
from bridge.sandbox.storage import Storage

_MAX_ROW = 2**63 - 1


class _After(BaseModel):
    after: int = Field(0, ge=0, le=_MAX_ROW)


class Log:
    """Endpoints of the log."""

    def __init__(self, storage: Storage, outbox: Outbox) -> None:
        self._storage = storage
        self._outbox = outbox

    async def read(self, request: Request) -> Response:
        """GET /sandbox/log?after=N: the rows with a number above N as JSON lines."""
        lines = self._storage.lines(query(request, _After).after)
        return StreamingResponse(lines, media_type="application/x-ndjson", headers={"cache-control": "no-store"})

    async def reset(self, _request: Request) -> Response:
        """POST /sandbox/reset: empty everything but the API keys.

        Numbers go on rising, so that no reader has to start again.
        """
        async with self._outbox.at_rest():  # or what is under way would be logged afterwards
            await self._storage.run(lambda tables: tables.clear())
        return answer({"success": True})

    async def health(self, _request: Request) -> Response:
        """GET /healthz: 200 when requests are answered."""
        return PlainTextResponse("ok\n")
