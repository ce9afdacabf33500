"""Serves an app of ours to a browser."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from starlette.applications import Starlette

from bridge.sandbox.serving import IDLE_S, Server

#: Asks these apps. One for all: each client reads all certificates that the machine trusts, and tests ask often.
CLIENT = httpx.Client(timeout=5)


def served_by(app: Starlette) -> uvicorn.Server:
    """Return what serves an app: the sandbox's own server where it is the sandbox."""
    if hasattr(app.state, "end_streams"):
        return Server(app)
    return uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="warning", timeout_keep_alive=IDLE_S))


@contextmanager
def serving(app: Starlette) -> Iterator[int]:
    """Serve an app on a free port of this machine, from a thread."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else answers wait 40 ms for each other
    server = served_by(app)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])), daemon=True)
    thread.start()
    yield listener.getsockname()[1]  # connections wait in the listener until the server takes them
    server.should_exit = True
    thread.join(timeout=10)
