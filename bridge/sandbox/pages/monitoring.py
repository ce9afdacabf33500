"""What somebody who watches the deliveries to Kameleoon sees, and the button for dead letters."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bridge.sandbox.files import send_file
from bridge.sandbox.options import Options
from bridge.sandbox.requests import answer
from bridge.sandbox.segment.outbox import Outbox
from bridge.sandbox.storage import Storage, Tables

_CACHE = "no-cache"
#: How many deliveries the percentiles are of, and how many rows the lists have.
_RECENT = 1000
_LISTED = 50


class Monitoring:
    """Endpoints of the deliveries, and of the page that shows them."""

    def __init__(self, storage: Storage, outbox: Outbox, options: Options) -> None:
        self._storage = storage
        self._outbox = outbox
        self._now = options.now
        self._page = options.web / "sandbox" / "monitoring"

    async def page(self, request: Request) -> Response:
        """GET /sandbox/monitoring: the page."""
        return await send_file(request, self._page, "index.html", _CACHE)

    async def page_file(self, request: Request) -> Response:
        """GET /sandbox/monitoring/{path}: what the page loads."""
        return await send_file(request, self._page, request.path_params["path"], _CACHE)

    async def deliveries(self, _request: Request) -> Response:
        """GET /sandbox/deliveries: how the deliveries are.

        - `counts`: events that are `waiting` for their first attempt, `retrying`, `delivered` and `dead`;
        - `retries`: attempts after the first one;
        - `latency`: milliseconds from the receipt of an event to Kameleoon's answer, of the last `of` that arrived:
          `p50`, `p90`, `p99`, `max`; null when none arrived yet;
        - `receiver`: `events` that Kameleoon's side took in, each once, and `conversions` by goal;
        - `dropped`: the `count` of what Segment's side did not take, and the `last` of these, the latest first: rows of
          the log;
        - `errors`, `dead`: the last failed attempts, and the dead letters, the latest first: rows of the log, each with
          its `event`.
        """
        return answer(await self._storage.run(_report), headers={"cache-control": "no-store"})

    async def replay(self, _request: Request) -> Response:
        """POST /sandbox/deliveries/replay: send all dead letters again, each with four more hours of tries."""

        def job(tables: Tables) -> int:
            count = tables.outbox.replay(self._now())
            if count:
                tables.log.append("destination.replayed", {"count": count})
            return count

        count = await self._storage.run(job)
        self._outbox.wake()
        return answer({"success": True, "replayed": count})


def _report(tables: Tables) -> dict[str, Any]:
    counts = asdict(tables.outbox.counts())
    retries = counts.pop("retries")
    return {
        "counts": counts,
        "retries": retries,
        "latency": latency(tables.outbox.seconds(_RECENT)),
        "receiver": {"events": tables.received.count(), "conversions": tables.goals.conversions()},
        "dropped": tables.log.dropped(_LISTED),
        "errors": tables.outbox.failures(_LISTED),
        "dead": tables.outbox.dead(_LISTED),
    }


def latency(seconds: Sequence[float]) -> dict[str, float] | None:
    """Return the percentiles (nearest rank) of durations, in milliseconds; None when there are none."""
    if not seconds:
        return None
    ranked = sorted(round(1000 * duration, 1) for duration in seconds)

    def percentile(part: int) -> float:
        return ranked[math.ceil(len(ranked) * part / 100) - 1]

    parts = {f"p{part}": percentile(part) for part in (50, 90, 99)}
    return {"of": len(ranked), **parts, "max": ranked[-1]}
