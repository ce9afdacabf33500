"""Runs the sandbox as a server."""

import contextlib
import socket

import uvicorn
from starlette.applications import Starlette


def serve(app: Starlette, listener: socket.socket) -> None:
    """Answer whoever asks on the socket, until the process is told to stop."""
    # asyncio does so for sockets of its own only. Without it, an answer in two parts takes 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # No access log: API credentials travel in a query.
    config = uvicorn.Config(app, access_log=False, log_level="warning", server_header=False)
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl+C is how it is meant to end
        uvicorn.Server(config).run(sockets=[listener])
