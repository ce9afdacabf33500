"""Where situations are played: both clouds, the shop's server and a browser; and what is seen of a visit there."""

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, BrowserContext, Error, sync_playwright

from bridge.sandbox.app import create_app
from tests.browser.serving import serving
from tests.browser.shop import Host, Shop
from tests.find_browser import FLAGS, find

POLL_MS = 40
ANSWER_MS = 10_000  # for a page that is busy
# Stands before all else in a page, and takes at once what the page may replace.
PROBE = """<script>
  window.probe = ((setTimeout) => ({ done: false, after: (ms, run) => void setTimeout(run, ms) }))(window.setTimeout)
</script>"""
#: What Chromium traces: the tasks of its threads, with the time that each has had of a processor.
TRACED = ["toplevel", "disabled-by-default-thread_time"]


@dataclass(frozen=True)
class Arrived:
    """An event that reached Segment."""

    name: str
    message_id: str
    at: float  # seconds since the page was opened
    timestamp: str  # as the page said it


@dataclass
class Seen:
    """What was seen of one visit."""

    events: list[Arrived] = field(default_factory=list)  # each message id once, as Segment takes it
    errors: list[str] = field(default_factory=list)  # uncaught in the page
    lines: list[str] = field(default_factory=list)  # in its console
    requests: list[str] = field(default_factory=list)
    longest: float = 0  # task of the page's main thread, in ms of a processor: what else the machine does is left out
    status: dict[str, Any] | None = None

    def named(self, name: str) -> list[Arrived]:
        """Return the events of one name."""
        return [event for event in self.events if event.name == name]


class Visit:
    """A new visitor's browser window."""

    def __init__(self, context: BrowserContext, cloud: str, host: Host) -> None:
        self.context = context
        self.page = context.new_page()
        self.shop = Shop(self.page, cloud, host)
        self.seen = Seen()
        self._cloud = cloud
        self._host = host
        self._debugger = context.new_cdp_session(self.page)
        self._read = 0  # rows of the log
        self._ids: set[str] = set()
        self._opened = time.time()
        context.on("weberror", lambda error: self.seen.errors.append(str(error.error)))
        context.on("console", lambda message: self.seen.lines.append(f"{message.type}: {message.text}"))
        context.on("request", lambda request: self.seen.requests.append(request.url))

    def write(self, path: str, html: str, csp: str = "") -> None:
        """Write a page of the shop's; a policy is one for the page at `/` and those that nobody wrote."""
        if path != "/":
            self._host.pages[path] = html
            return
        self._host.html = html
        self._host.headers = {"content-security-policy": csp} if csp else {}

    def open(self, path: str = "/") -> None:
        """Open a page of the shop; the first one begins the visit's time."""
        if not self.seen.requests:
            self._opened = time.time()
        with contextlib.suppress(Error):  # it may go on to another page before it has loaded
            self.page.goto(self.shop.origin + path, wait_until="commit")

    def value(self, expression: str) -> Any:
        """Return an expression's value by the debugger: the page may have broken what Playwright evaluates with."""
        asked = {"expression": expression, "returnByValue": True, "timeout": ANSWER_MS, "silent": True}
        try:
            return self._debugger.send("Runtime.evaluate", asked)["result"].get("value")
        except Error:
            return None  # on its way to another page

    def until(self, found: Callable[[], object], limit_s: float) -> bool:
        """Wait until something is so; return whether it came to that."""
        end = time.monotonic() + limit_s
        while not found():
            if time.monotonic() > end:
                return False
            self.page.wait_for_timeout(POLL_MS)
        return True

    def quiet(self, quiet_s: float, limit_s: float) -> None:
        """Wait until nothing has arrived for a while."""
        last, since = self._read, time.monotonic()

        def silent() -> bool:
            nonlocal last, since
            self.look()
            if self._read != last:
                last, since = self._read, time.monotonic()
            return time.monotonic() - since > quiet_s

        self.until(silent, limit_s)

    def look(self) -> Seen:
        """Read what arrived since the last look."""
        text = httpx.get(f"{self._cloud}/sandbox/log", params={"after": self._read}, timeout=30).text
        for row in map(json.loads, text.splitlines()):
            self._read = row["n"]
            event = row.get("event")
            if event and event["messageId"] not in self._ids:
                self._ids.add(event["messageId"])
                at = datetime.fromisoformat(row["at"]).timestamp() - self._opened
                name = event.get("event") or event["type"]
                self.seen.events.append(Arrived(name, event["messageId"], at, event["originalTimestamp"]))
        return self.seen

    def ask(self) -> None:
        """Note what the page says of itself."""
        self.seen.status = self.value("window.kameleoonSegment ? kameleoonSegment.status() : null") or self.seen.status


@dataclass
class Stage:
    """Two servers and a browser, for one visit after the other."""

    browser: Browser
    cloud: str
    host: Host

    @contextmanager
    def measured(self, visit: Visit) -> Iterator[None]:
        """Measure the longest task of a visit."""
        self.browser.start_tracing(page=visit.page, categories=TRACED)
        try:
            yield
        finally:
            trace = json.loads(self.browser.stop_tracing())["traceEvents"]
            names = {one["tid"]: one["args"]["name"] for one in trace if one["name"] == "thread_name"}
            tasks = [one.get("tdur", 0) for one in trace if names.get(one.get("tid")) == "CrRendererMain"]
            visit.seen.longest = max(tasks, default=0) / 1000

    @contextmanager
    def visit(self) -> Iterator[Visit]:
        """Give a visitor who has never been here, with an empty cache; what was received before is forgotten."""
        httpx.post(f"{self.cloud}/sandbox/reset", timeout=30).raise_for_status()
        context = self.browser.new_context()
        try:
            yield Visit(context, self.cloud, self.host)
        finally:
            with contextlib.suppress(Error):  # it may have lost its browser
                context.unroute_all(behavior="ignoreErrors")
                context.close()


@contextmanager
def stage(bundle: Path) -> Iterator[Stage]:
    """Serve a bundle, both clouds and a shop, and start a browser."""
    host = Host()
    with serving(create_app(bundle)) as cloud, serving(host.app()) as shop, sync_playwright() as playwright:
        host.origin = f"http://localhost:{shop}"
        # Playwright turns the back-forward cache off.
        browser = playwright.chromium.launch(
            executable_path=find(), args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
        )
        try:
            yield Stage(browser, f"http://127.0.0.1:{cloud}", host)
        finally:
            browser.close()
