"""A sandbox of one's own for each test, with a clock that only the test moves."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

from bridge.sandbox.app import create_app
from bridge.sandbox.options import Options

ORIGIN = "http://shop.localhost:8000"


@dataclass
class Clock:
    """A server's clock that stands still until it is moved."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 12, 0, 0, 500_000, UTC))

    def __call__(self) -> datetime:
        """Return what the clock shows."""
        return self.now

    def move(self, by: timedelta) -> None:
        """Let time pass."""
        self.now += by


@dataclass
class Sandbox:
    """A running sandbox, and the folders that it serves."""

    portal: BlockingPortal
    http: httpx.AsyncClient
    clock: Clock
    bundle: Path
    web: Path
    static: Path
    end_streams: Callable[[], None]

    def request(self, method: str, path: str, **how: Any) -> httpx.Response:
        """Make a request as httpx does, and wait for the answer."""
        response: httpx.Response = self.portal.call(partial(self.http.request, method, path, **how))
        return response

    def get(self, path: str, **how: Any) -> httpx.Response:
        """GET, see `request`."""
        return self.request("GET", path, **how)

    def post(self, path: str, **how: Any) -> httpx.Response:
        """POST, see `request`."""
        return self.request("POST", path, **how)

    def send(self, call: str, body: object) -> httpx.Response:
        """Send to the tracking API as analytics.js does: JSON as text, write key in the header."""
        headers = {"content-type": "text/plain"}
        return self.post(f"/v1/{call}", content=json.dumps(body), headers=headers, auth=("WRITEKEY", ""))

    def log(self, *kinds: str, **asked: object) -> list[dict[str, Any]]:
        """Return the log's rows of these kinds, or all; what else is asked goes into the query."""
        answer = self.get("/sandbox/log", params={"kind": ",".join(kinds), **asked})
        assert answer.status_code == 200
        return [json.loads(line) for line in answer.text.splitlines()]

    def wait_for(self, *kinds: str, count: int = 1) -> list[dict[str, Any]]:
        """Return the log's rows of these kinds, as soon as there are so many; fail after five seconds."""
        rows = self.log(*kinds, count=count, wait=5)
        assert len(rows) >= count, f"{count} {kinds} expected, but the log is {self.log()}"
        return rows


class Start:
    """Starts sandboxes; settings by name."""

    def __init__(self, folder: Path, portal: BlockingPortal) -> None:
        self._portal = portal
        self._clock = Clock()
        self._folders = {name: folder / name for name in ("bundle", "web", "static")}
        for path in self._folders.values():
            path.mkdir()
        self._open: list[Any] = []

    def __call__(self, database: Path | str = ":memory:", **settings: Any) -> Sandbox:
        """Return a running sandbox."""
        folders = self._folders
        own = replace(Options(web=folders["web"], static=folders["static"], now=self._clock), **settings)
        app = create_app(folders["bundle"], database, own)
        running = self._portal.wrap_async_context_manager(app.router.lifespan_context(app))
        running.__enter__()
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN)
        self._open.append((running, http))
        return Sandbox(self._portal, http, self._clock, **folders, end_streams=app.state.end_streams)

    def stop(self) -> None:
        """Stop all that were started."""
        for running, http in self._open:
            self._portal.call(http.aclose)
            running.__exit__(None, None, None)
        self._open.clear()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start sandboxes that share their folders and clock."""
    with start_blocking_portal() as portal:
        starter = Start(tmp_path, portal)
        yield starter
        starter.stop()


@pytest.fixture
def sandbox(start: Start) -> Sandbox:
    """A sandbox with the usual settings."""
    return start()
