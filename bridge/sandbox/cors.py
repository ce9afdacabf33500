"""Cross-origin access, as Segment's and Kameleoon's public endpoints grant it to every page."""

from collections.abc import Collection

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bridge.sandbox.guard import area_of

_EVERY_ANSWER = {
    "access-control-allow-origin": "*",
    # The bundle must also load on pages with Cross-Origin-Embedder-Policy, and be measurable there.
    "cross-origin-resource-policy": "cross-origin",
    "timing-allow-origin": "*",
}
_PREFLIGHT = {
    "access-control-allow-methods": "GET, HEAD, POST, OPTIONS",
    # analytics.js sends all three, the last one on a retry
    "access-control-allow-headers": "authorization, content-type, x-retry-count",
    "access-control-max-age": "600",
}


class Cors:
    """ASGI middleware: every path is open to every origin, but for those that pages have no business with."""

    def __init__(self, app: ASGIApp, closed: Collection[str]) -> None:
        """Wrap an app.

        Args:
            app: The app.
            closed: First steps of the paths that stay closed.
        """
        self._app = app
        self._closed = closed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight with 204, else add the headers to the app's answer."""
        if scope["type"] != "http" or area_of(scope["path"]) in self._closed:
            await self._app(scope, receive, send)
            return

        async def send_open(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_EVERY_ANSWER)
            await send(message)

        app = Response(status_code=204, headers=_PREFLIGHT) if scope["method"] == "OPTIONS" else self._app
        await app(scope, receive, send_open)
