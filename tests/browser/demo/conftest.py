"""The demo in a browser, as `serve.py` serves it, and the sandbox's log of what really happened."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from bridge.bundle import build
from bridge.models.settings import Settings
from bridge.sandbox import options
from bridge.sandbox.app import create_app
from bridge.sandbox.place import DEMO_SETTINGS
from tests.browser.serving import CLIENT, serving


class Demo:
    """A page of the demo, and what the sandbox received."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.origin = origin
        self.problems: list[str] = []  # what a console would show in red or yellow
        self.strangers: list[str] = []  # who else was asked
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda line: self.problems.append(line.text) if line.type in ("error", "warning") else None)
        own = (origin, "blob:")  # a file that the page makes is its own
        page.on("request", lambda request: None if request.url.startswith(own) else self.strangers.append(request.url))

    def open(self, address: str = "/") -> None:
        """Open an address of the demo."""
        self.page.goto(self.origin + address)

    def log(self, kind: str = "", **asked: str | float) -> list[dict[str, Any]]:
        """Return the log's rows of these kinds; ``event``, ``after``, ``count``, ``wait`` as the sandbox has them."""
        answer = CLIENT.get(f"{self.origin}/sandbox/log", params={"kind": kind, **asked}, timeout=40)
        return [json.loads(line) for line in answer.text.splitlines()]

    def wait_for(self, kind: str, *, count: int = 1, **asked: str | float) -> list[dict[str, Any]]:
        """Return these rows, as soon as there are so many."""
        rows = self.log(kind, count=count, wait=30, **asked)
        assert len(rows) >= count, f"{count} {kind} {asked} expected, but there are {rows}"
        return rows

    def last(self) -> int:
        """Return the number of the log's last row."""
        rows = self.log()
        return int(rows[-1]["n"]) if rows else 0

    def cookie(self, name: str) -> str | None:
        """Return what a cookie keeps."""
        return {cookie["name"]: cookie["value"] for cookie in self.page.context.cookies()}.get(name)


@pytest.fixture(scope="session")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the origin of a sandbox as `serve.py` starts it: with the demo's bundle, and forwarding to Kameleoon."""
    bundle = tmp_path_factory.mktemp("demo")
    demo = Settings.load(DEMO_SETTINGS)
    build(demo, bundle)
    forwarding = options.Options(destination=options.Destination(demo.sitecode), hosts=("demo.test",))
    with serving(create_app(bundle, options=forwarding)) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def demo(page: Page, origin: str) -> Iterator[Demo]:
    """Return the demo in an empty sandbox; afterwards nothing was red, and nobody else was asked."""
    CLIENT.post(f"{origin}/sandbox/reset").raise_for_status()
    demo = Demo(page, origin)
    yield demo
    assert demo.problems == [], "\n".join(demo.problems)
    assert demo.strangers == []
