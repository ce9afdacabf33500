"""What tests and the demo see of the sandbox: everything that was received and sent, in order.

It is JSON lines; to who accepts ``text/event-stream`` a stream of server-sent events, a row each, that goes on as long
as somebody listens (HTML Standard, "Server-sent events"); to a browser that opens it a page that shows the wire.

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

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from bridge.sandbox.clock import iso
from bridge.sandbox.files import send_file
from bridge.sandbox.options import Options
from bridge.sandbox.requests import answer, query
from bridge.sandbox.segment.outbox import Outbox
from bridge.sandbox.storage import Storage
from bridge.sandbox.storage.log import Wanted

_MAX_ROW = 2**63 - 1
#: Seconds that a request may wait for rows: an end for those whose client is gone, and who do not hear of it.
MAX_WAIT_S = 60
#: So often a stream without news says that it is still there.
KEEP_ALIVE_S = 15
_STREAM = "text/event-stream"
_NO_STORE = {"cache-control": "no-store", "vary": "Accept"}
_BEGINS = '{"n":'  # each row
_CACHE = "no-cache"
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


class _Asked(BaseModel):
    # A name that is misspelt would choose nothing, and the answer come at once: a test that waits would see its event.
    model_config = ConfigDict(extra="forbid")

    after: int = Field(0, ge=0, le=_MAX_ROW)
    kind: str = Field("", description="kinds of rows with commas between them; none: all")
    event: str | None = Field(None, description="the name of an event; none: all rows")
    count: int = Field(1, ge=1, le=_MAX_ROW, description="for how many rows to wait")
    last: int = Field(_MAX_ROW, ge=1, le=_MAX_ROW, description="of those that are there, how many at most")
    wait: float = Field(0, ge=0, le=MAX_WAIT_S, allow_inf_nan=False, description="for how many seconds at most")

    def wanted(self) -> Wanted:
        """Return which rows are asked for."""
        return Wanted(self.after, tuple(filter(None, self.kind.split(","))), self.event)


class Log:
    """Endpoints of the log."""

    def __init__(self, storage: Storage, outbox: Outbox, options: Options) -> None:
        self._storage = storage
        self._outbox = outbox
        self._now = options.now
        self._page = options.web / "wire"

    async def read(self, request: Request) -> Response:
        """GET /sandbox/log?after=N: the rows with a number above N as JSON lines.

        ``kind=track,page`` and ``event=NAME`` choose among them. ``wait=SECONDS`` answers as soon as there are
        ``count=N`` of them, one where it is not said; with what there is when that time is over. ``Accept:
        text/event-stream`` gets them as events, and those to come; ``Last-Event-ID`` says where it goes on.
        """
        accepted = request.headers.get("accept", "")
        if _accepts(accepted, _STREAM):
            return self._stream(request)
        if _accepts(accepted, "text/html"):
            return await send_file(request, self._page, "log.html", _CACHE)
        asked = query(request, _Asked)
        lines = self._lines(asked) if asked.wait else self._storage.lines(asked.wanted())
        return StreamingResponse(lines, media_type="application/x-ndjson", headers=_NO_STORE)

    def _stream(self, request: Request) -> Response:
        asked = query(request, _Asked)
        wanted = asked.wanted()
        known = request.headers.get("last-event-id", "")
        if _NUMBER.fullmatch(known):  # a browser that was cut off: what it has goes before what it asked for first
            wanted = replace(wanted, after=int(known))
        # Uncompressed, and past what gathers answers before it sends them (nginx, X-Accel-Buffering)
        headers = {**_NO_STORE, "x-accel-buffering": "no"}
        return StreamingResponse(self._events(wanted, asked.last), media_type=_STREAM, headers=headers)

    async def _events(self, wanted: Wanted, most: int) -> AsyncIterator[str]:
        """Yield first the time here, as an event ``clock``, then a message for each row."""
        newest = await self._storage.run(lambda tables: tables.log.last())
        wanted = replace(wanted, after=max(wanted.after, newest - most))
        yield f"event: clock\ndata: {iso(self._now())}\n\n"
        async for text in self._storage.follow(wanted, KEEP_ALIVE_S):
            yield "".join(map(_event, text.splitlines())) or ":\n\n"

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


def _accepts(accepted: str, media_type: str) -> bool:
    """Return whether a header Accept names a media type."""
    return media_type in [one.partition(";")[0].strip().lower() for one in accepted.split(",")]


def _event(line: str) -> str:
    """Return a row as a message of an event stream."""
    number = _NUMBER.match(line, len(_BEGINS))
    return f"id: {number[0] if number else ''}\ndata: {_unescaped(line)}\n\n"


def _unescaped(line: str) -> str:
    """Return JSON with its letters as they are: MicroPython takes each half of an escaped pair for a letter."""
    try:
        text = json.dumps(json.loads(line), ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        return line
    return text.encode("utf-8", "replace").decode()  # half a pair has no UTF-8
