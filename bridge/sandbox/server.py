"""Serves the sandbox's app, and stops at once although somebody still follows its log."""

import socket

import uvicorn
from starlette.applications import Starlette


class Server(uvicorn.Server):
    """uvicorn's server: before it waits for the answers that are under way, those that have no end get theirs."""

    def __init__(self, app: Starlette) -> None:
        # No access log: API credentials travel in a query.
        super().__init__(uvicorn.Config(app, access_log=False, log_level="warning", server_header=False))
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop."""
        self._app.state.end_streams()
        await super().shutdown(sockets)
