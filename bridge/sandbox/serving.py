"""Serves the sandbox's app, and stops at once although somebody still follows its log."""

import contextlib
import socket

import uvicorn
from starlette.applications import Starlette

#: How long a connection that nobody uses stays open. Longer than clients keep theirs (httpx 5 s, Node 4 s): a request
#: on a connection that ends at the same moment gets no answer, and uvicorn's own 5 s are httpx's.
IDLE_S = 75


class Server(uvicorn.Server):
    """uvicorn's server: before it waits for the answers that are under way, those that have no end get theirs."""

    def __init__(self, app: Starlette) -> None:
        # No access log: API credentials travel in a query.
        config = uvicorn.Config(
            app, access_log=False, log_level="warning", server_header=False, timeout_keep_alive=IDLE_S
        )
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop."""
        self._app.state.end_streams()
        await super().shutdown(sockets)


def serve(app: Starlette, listener: socket.socket) -> None:
    """Answer whoever asks on the socket, until the process is told to stop."""
    # asyncio does so for sockets of its own only. Without it, an answer in two parts takes 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl+C is how it is meant to end
        Server(app).run(sockets=[listener])
