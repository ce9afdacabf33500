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

from collections.abc import AsyncIterator

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from bridge.sandbox.requests import answer, query
from bridge.sandbox.segment.outbox import Outbox
from bridge.sandbox.storage import Storage
from bridge.sandbox.storage.log import Wanted

_MAX_ROW = 2**63 - 1
#: Seconds that a request may wait for rows: an end for those whose client is gone, and who do not hear of it.
MAX_WAIT_S = 60


class _Asked(BaseModel):
    after: int = Field(0, ge=0, le=_MAX_ROW)
    kind: str = Field("", description="kinds of rows with commas between them; none: all")
    event: str | None = Field(None, description="the name of an event; none: all rows")
    count: int = Field(1, ge=1, le=_MAX_ROW, description="for how many rows to wait")
    wait: float = Field(0, ge=0, le=MAX_WAIT_S, allow_inf_nan=False, description="for how many seconds at most")

    def wanted(self) -> Wanted:
        """Return which rows are asked for."""
        return Wanted(self.after, tuple(filter(None, self.kind.split(","))), self.event)


class Log:
    """Endpoints of the log."""

    def __init__(self, storage: Storage, outbox: Outbox) -> None:
        self._storage = storage
        self._outbox = outbox

    async def read(self, request: Request) -> Response:
        """GET /sandbox/log?after=N: the rows with a number above N as JSON lines.

        ``kind=track,page`` and ``event=NAME`` choose among them. ``wait=SECONDS`` answers as soon as there are
        ``count=N`` of them, one where it is not said; with what there is when that time is over.
        """
        asked = query(request, _Asked)
        lines = self._lines(asked) if asked.wait else self._storage.lines(asked.wanted())
        return StreamingResponse(lines, media_type="application/x-ndjson", headers={"cache-control": "no-store"})

    async def _lines(self, asked: _Asked) -> AsyncIterator[str]:
        """Wait for rows, then yield them: as a part of the answer, which ends when its client goes."""
        await self._storage.wait_for(asked.wanted(), asked.count, asked.wait)
        async for line in self._storage.lines(asked.wanted()):
            yield line

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
