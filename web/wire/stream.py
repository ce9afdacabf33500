"""Follows the sandbox's log: a server-sent event for each row, as long as the page is there.

Waits by asyncio alone: where Python has called ``window.setTimeout``, MicroPython 1.28's own asyncio calls it of a
wrong object, and ends.
"""

import asyncio
import json

from js import document, window

from bridge.wire.views import moment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_LOG = "/sandbox/log"
_FIRST_WAIT_S, _LONGEST_WAIT_S = 1, 30  # each try that fails is a line in the console
_SAME_CLOCK_MS = 250  # what differs less is one clock, and a page that was busy when it was asked
_GATHER_S = 0.016  # rows that come together are taken together


def began_ms() -> float:
    """Return when the page began, in ms since 1970, by the page's clock."""
    # As text, since MicroPython wraps integers from 2^31 on.
    return float(json.loads(window.JSON.stringify(window.performance))["timeOrigin"])


class Stream:
    """The rows of the log from the beginning on, each once."""

    def __init__(
        self, take: "Callable[[list[dict[str, Any]]], None]", tell: "Callable[[bool], None]", most: int
    ) -> None:
        """Follow the log.

        Args:
            take: Is called with the rows that are new.
            tell: Is called with whether the sandbox answers, whenever that changes.
            most: How many rows that were before are wanted at most.
        """
        self._take, self._tell, self._most = take, tell, most
        self.ahead_ms = 0.0  #: how far the sandbox's clock is ahead of the page's
        self._last = 0
        self._rows: list[dict[str, Any]] = []
        self._source: Any = None
        self._wait = _FIRST_WAIT_S
        self._is_there = True  # until it turns out that it is not
        document.addEventListener("visibilitychange", self._seen)
        window.addEventListener("online", self._seen)
        window.addEventListener("pageshow", self._seen)
        window.addEventListener("pagehide", self._stop)
        self._start()

    def _start(self, *_: "Any") -> None:
        if self._source is None and document.visibilityState == "visible":
            self._source = window.EventSource.new("%s?after=%d&last=%d" % (_LOG, self._last, self._most))
            self._source.addEventListener("open", self._opened)
            self._source.addEventListener("clock", self._clock)
            self._source.addEventListener("message", self._came)
            self._source.addEventListener("error", self._failed)

    def _stop(self, *_: "Any") -> None:
        if self._source is not None:
            self._source.close()
            self._source = None

    def _seen(self, *_: "Any") -> None:
        """Go on at once where somebody looks again; who does not look leaves the browser's few connections to others.

        A browser has six for each host by plain http: further tabs would wait for ever.
        """
        if document.visibilityState == "visible":
            self._start()
        else:
            self._stop()

    def _opened(self, _event: "Any") -> None:
        self._wait = _FIRST_WAIT_S
        self._say(True)  # noqa: FBT003

    def _clock(self, event: "Any") -> None:
        ahead = moment(event.data) - began_ms() - window.performance.now()
        self.ahead_ms = ahead if abs(ahead) > _SAME_CLOCK_MS else 0.0

    def _came(self, event: "Any") -> None:
        row = json.loads(event.data)
        self._last = row["n"]
        self._rows.append(row)
        if len(self._rows) == 1:
            asyncio.create_task(self._hand_over())

    async def _hand_over(self) -> None:
        await asyncio.sleep(_GATHER_S)
        rows, self._rows = self._rows, []
        self._take(rows)

    def _failed(self, _event: "Any") -> None:
        """Try again later, and ever later: the browser by itself would go on trying each few seconds."""
        self._stop()
        self._say(False)  # noqa: FBT003
        asyncio.create_task(self._start_later(self._wait))
        self._wait = min(2 * self._wait, _LONGEST_WAIT_S)

    async def _start_later(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._start()

    def _say(self, is_there: bool) -> None:  # noqa: FBT001
        if is_there is not self._is_there:
            self._is_there = is_there
            self._tell(is_there)
