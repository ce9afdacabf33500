"""A slow network for who asks for one: what the presenter's bar of the demo switches on, with a cookie.

The middle of what phones have: 1.6 Mbit/s and 150 ms, WebPageTest's "4G Slow" and Lighthouse's simulated "Slow 4G". A
browser's own throttling does the same, but only while its developer tools are open.
"""

from collections.abc import Collection
from time import monotonic

from anyio import sleep
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bridge.sandbox.guard import area_of

#: The cookie, and what it says where the network is to be slow.
COOKIE, SLOW = "demo-network", "slow"
LATENCY_S = 0.15
BYTES_PER_S = 200_000
_PIECE = 16 * 1024  # bytes: answers that are sent at once share the line by pieces of this size


class Network:
    """ASGI middleware: delays what is answered to a browser with the cookie, and lets its bytes through one by one."""

    def __init__(
        self,
        app: ASGIApp,
        fast: Collection[str] = (),
        latency_s: float = LATENCY_S,
        bytes_per_s: float = BYTES_PER_S,
    ) -> None:
        """Wrap an app.

        Args:
            app: The app.
            fast: First steps of the paths that are never slow: what a presenter sees and no shop has.
            latency_s: Seconds from a request to the first byte of its answer.
            bytes_per_s: How much of all answers to one machine arrives in a second.
        """
        self._app = app
        self._fast = fast
        self._latency_s = latency_s
        self._bytes_per_s = bytes_per_s
        self._free: dict[str, float] = {}  # when the line to a machine is free, by its address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the app answer, at the speed that the browser asks for."""
        if scope["type"] != "http" or area_of(scope["path"]) in self._fast or not _asks_for_slow(scope):
            await self._app(scope, receive, send)
            return
        await sleep(self._latency_s)
        machine = (scope.get("client") or ("",))[0]

        async def send_slowly(message: Message) -> None:
            body = message.get("body", b"")
            while len(body) > _PIECE:
                await self._let_through(machine, _PIECE)
                await send({**message, "body": body[:_PIECE], "more_body": True})
                body = body[_PIECE:]
            await self._let_through(machine, len(body))
            await send({**message, "body": body} if "body" in message else message)

        await self._app(scope, receive, send_slowly)

    async def _let_through(self, machine: str, size: int) -> None:
        """Wait until so many bytes have passed, after all that were sent to this machine before."""
        now = monotonic()
        self._free[machine] = max(now, self._free.get(machine, now)) + size / self._bytes_per_s
        await sleep(self._free[machine] - now)


def _asks_for_slow(scope: Scope) -> bool:
    return cookie_parser(Headers(scope=scope).get("cookie", "")).get(COOKIE) == SLOW
