"""A customer's shop as the tests open it, and what reaches Segment from it."""

import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

#: For a test of MicroPython alone: of its own files or limits, or of a visit that Pyodide starts too late for.
ONLY_MICROPYTHON = pytest.mark.parametrize("engine", ["micropython"], indirect=True)
SITECODE = "abcde12345"
WRITE_KEY = "shop"
EXPERIMENT = {
    "id": 101,
    "name": "Headline",
    "variations": [{"id": 1001, "name": "Bold"}, {"id": 1002, "name": "Calm"}],
    "deviation": {"0": 0, "1001": 100, "1002": 0},
    "force": 1001,
}
PERSONALIZATION = {
    "id": 201,
    "name": "Welcome",
    "variations": [{"id": 2001, "name": "Banner"}],
    "deviation": {"2001": 100},
}
# The part of Segment's snippet that pages rely on: a queue with the methods of analytics.js 2.
_SNIPPET = """
(function () {
  var methods = ["trackSubmit", "trackClick", "trackLink", "trackForm", "pageview", "identify", "reset", "group",
    "track", "ready", "alias", "debug", "page", "screen", "once", "off", "on", "addSourceMiddleware",
    "addIntegrationMiddleware", "setAnonymousId", "addDestinationMiddleware", "register"]
  var stub = window.analytics = []
  stub.invoked = true
  stub.methods = methods
  stub.factory = function (name) {
    return function () {
      if (window.analytics.initialized) return window.analytics[name].apply(window.analytics, arguments)
      stub.push([name].concat(Array.prototype.slice.call(arguments)))
      return stub
    }
  }
  methods.forEach(function (name) { stub[name] = stub.factory(name) })
  stub._writeKey = KEY
  stub._cdn = CDN
  stub.SNIPPET_VERSION = "5.2.0"
  stub.load = function (key, options) {
    var script = document.createElement("script")
    script.async = true
    script.src = CDN + "/analytics.js/v1/" + key + "/analytics.min.js"
    script.setAttribute("data-global-segment-analytics-key", "analytics")
    document.head.appendChild(script)
    stub._loadOptions = options
  }
})()
"""


LOAD = f"analytics.load({json.dumps(WRITE_KEY)})"
# The first calls are on the snippet's queue; analytics.js comes when visitor code and brain are there, however slow.
LOAD_WHEN_READY = f""";(async function load() {{
  while (!window.kameleoonSegment || !window.Kameleoon?.API.Visitor?.code) await new Promise((go) => setTimeout(go, 10))
  await kameleoonSegment.ready
  {LOAD}
}})()"""


class Host:
    """The shop's own web server: the same page at each path, until a test writes another."""

    def __init__(self) -> None:
        self.origin = ""
        self.html = ""
        self.headers: dict[str, str] = {}
        self.files: dict[str, str] = {}

    def app(self) -> Starlette:
        """Return the server as an app."""
        return Starlette(routes=[Route("/{path:path}", self.answer)])

    async def answer(self, request: Request) -> Response:
        """Answer with the page, or with a file of that path; browsers ask for an icon by themselves."""
        if request.url.path == "/favicon.ico":
            return Response(status_code=204)
        if request.url.path in self.files:
            return Response(self.files[request.url.path])
        return HTMLResponse(self.html, headers=self.headers)


class Shop:
    """Opens pages of the shop; says what the sandbox received.

    The shop is at ``localhost``, the bundle and both clouds at ``127.0.0.1``: two origins, both trusted by browsers as
    https is.
    """

    def __init__(
        self, context: BrowserContext, page: Page, cloud: str, host: Host, engine: str = "micropython"
    ) -> None:
        self.context = context
        self.page = page
        self.cloud = cloud
        self.origin = host.origin
        self.engine = engine
        self.requests: list[str] = []
        self.problems: list[str] = []
        self.violations: list[str] = []  # what the strict engine finds in a test's remote data
        self._host = host
        host.headers, host.files = {}, {}
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("weberror", lambda error: self.problems.append(str(error.error)))
        context.on("console", self._note)

    def _note(self, message: ConsoleMessage) -> None:
        if message.text.startswith("[kameleoon-segment] remote"):
            self.violations.append(message.text)
        elif message.type in ("error", "warning"):
            self.problems.append(message.text)

    def tag(self, **attributes: str) -> str:
        """Return our script tag, as a customer pastes it."""
        given = {"sitecode": SITECODE, "engine": self.engine} | attributes
        data = "".join(f' data-{name}="{value}"' for name, value in given.items())
        return f'<script async src="{self.cloud}/bridge.js"{data}></script>'

    def kameleoon(self, **project: Any) -> str:
        """Return Kameleoon's tag, for a project with one experiment unless told otherwise."""
        definition = json.dumps({"experiments": [EXPERIMENT], "personalizations": [], **project})
        return f'<script async src="{self.cloud}/{SITECODE}/engine.js?project={quote(definition)}"></script>'

    def segment(self, calls: str = "analytics.page()", *, load: str = "") -> str:
        """Return Segment's snippet with the page's first calls; ``load`` in place of the plain call of that name."""
        snippet = _SNIPPET.replace("KEY", json.dumps(WRITE_KEY)).replace("CDN", json.dumps(self.cloud))
        return f"<script>{snippet}\n{load or LOAD}\n{calls}</script>"

    def write(self, *head: str, body: str = "<h1>Shop</h1>", csp: str = "") -> None:
        """Write the shop's page, without opening it."""
        self._host.headers = {"content-security-policy": csp} if csp else {}
        self._host.html = (
            f"<!doctype html><html><head><title>Shop</title>{''.join(head)}</head><body>{body}</body></html>"
        )

    def open(self, *head: str, body: str = "<h1>Shop</h1>", csp: str = "", path: str = "/") -> None:
        """Open a page with these elements in its head: by default Kameleoon's tag, Segment's snippet and ours."""
        self.write(*(head or (self.kameleoon(), self.segment(), self.tag())), body=body, csp=csp)
        self.page.goto(self.origin + path)

    def add(self, html: str) -> None:
        """Add elements to the head of the open page, scripts included."""
        self.page.evaluate(
            "(html) => document.head.append(document.createRange().createContextualFragment(html))", html
        )

    def file(self, path: str, text: str) -> str:
        """Put a file on the shop's server; return its address."""
        self._host.files[path] = text
        return self.origin + path

    def remote(self, **maps: Any) -> None:
        """Store maps in Kameleoon's remote data, each in place of what was there."""
        address = f"{self.cloud}/map/maps?siteCode={SITECODE}&mode=replace"
        httpx.post(address, json=maps, timeout=5).raise_for_status()

    def wait_for_maps(self, *keys: str) -> None:
        """Wait until Kameleoon's remote data have something under each key."""
        for _ in range(400):
            asked = {"siteCode": SITECODE, "keys": json.dumps(keys)}
            maps = httpx.get(f"{self.cloud}/map/maps", params=asked, timeout=5).json()
            if all(maps.get(key) for key in keys):
                return
            self.page.wait_for_timeout(25)
        raise AssertionError(f"{keys} expected, of {maps}")

    def visitor_code(self) -> str:
        """Return the visitor code, as Kameleoon tells it."""
        code: str = self.page.evaluate("() => Kameleoon.API.Visitor.code")
        return code

    def started(self, page: Page | None = None) -> dict[str, Any]:
        """Wait until the bridge has started, or failed to; return its status."""
        # Not evaluated: that would have no end where the bridge never gets ready.
        handle = (page or self.page).wait_for_function("() => window.kameleoonSegment?.ready")
        status: dict[str, Any] = handle.json_value()
        return status

    def ready(self, page: Page | None = None) -> dict[str, Any]:
        """Wait for the bridge, and on the strict engine for its checks; return its status."""
        status = self.started(page)
        if status["engine"] == "pyodide" and status["state"] != "failed":
            (page or self.page).wait_for_function("() => kameleoonSegment.status().checked")
        return status

    def status(self) -> dict[str, Any]:
        """Return the bridge's status now."""
        status: dict[str, Any] = self.page.evaluate("() => window.kameleoonSegment.status()")
        return status

    def log(self) -> list[dict[str, Any]]:
        """Return the rows of the sandbox's log."""
        return [json.loads(line) for line in httpx.get(f"{self.cloud}/sandbox/log", timeout=5).text.splitlines()]

    def events(self, name: str | None = None) -> list[dict[str, Any]]:
        """Return the Segment events that arrived, those dropped as duplicates too: all, or those of one event name."""
        events = [row["event"] for row in self.log() if "event" in row]
        return events if name is None else [event for event in events if event.get("event") == name]

    def wait_for(self, name: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait until so many events of that name arrived; return them."""
        for _ in range(400):
            found = self.events(name)
            if len(found) >= count:
                return found
            self.page.wait_for_timeout(25)  # lets the browser work; the loop ends on what arrived
        arrived = [one.get("event") or one["type"] for one in self.events()]
        raise AssertionError(f"{count} {name!r} expected, of {arrived}")

    def settled(self) -> list[dict[str, Any]]:
        """Send an event of the page's own and wait for it: what was sent before has arrived by then. Return all."""
        mark = f"Mark {len(self.events())}"
        self.page.evaluate("(mark) => { analytics.track(mark) }", mark)
        self.wait_for(mark)
        return self.events()

    def check(self) -> None:
        """Fail on what must never happen: an error or warning in the page, a request to anybody else."""
        assert self.problems == [], "\n".join(self.problems)
        strangers = [url for url in self.requests if not url.startswith((self.origin, self.cloud, "data:", "blob:"))]
        assert strangers == []
