"""A way for Segment's side of the sandbox to Kameleoon's, without a network in between."""

import httpx
from anyio import from_thread
from starlette.types import ASGIApp


class Loopback(httpx.BaseTransport):
    """Makes requests of an app that runs in this process; used on threads that the app's event loop started."""

    def __init__(self, app: ASGIApp) -> None:
        self._transport = httpx.ASGITransport(app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the app's answer."""
        return from_thread.run(self._answer, request)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        response = await self._transport.handle_async_request(request)
        return httpx.Response(response.status_code, headers=response.headers, content=await response.aread())
