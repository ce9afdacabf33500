"""A customer's shop as the tests open it, and what reaches Segment from it."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any, TypeVar
from urllib.parse import quote

import pytest
from playwright.sync_api import ConsoleMessage, Frame, Page, Route
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route as Path

from bridge.models.segment import EVENTS
from bridge.templates import filled
from bridge.testing.kit import KameleoonSegment
from tests.browser.serving import CLIENT

#: For a test of MicroPython alone: of its own files or limits, of a visit that Pyodide starts too late for, or of what
#: the same Python decides on both, as tests/brain sees.
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
  stub._writeKey = __WRITE_KEY__
  stub._cdn = __CLOUD__
  stub.SNIPPET_VERSION = "5.2.0"
  stub.load = function (key, options) {
    var script = document.createElement("script")
    script.async = true
    script.src = __CLOUD__ + "/analytics.js/v1/" + key + "/analytics.min.js"
    script.setAttribute("data-global-segment-analytics-key", "analytics")
    document.head.appendChild(script)
    stub._loadOptions = options
  }
})()
"""


LOAD = f"analytics.load({json.dumps(WRITE_KEY)})"
PATIENCE_S = 30  # for what has to come: the machine may be busy
SLACK_S = 10  # until somebody who waits so long is answered
POLL_MS = 25
CLOCK_JUMP_S = 5  # less than a start may take
TIME_STEPS = 6
LAST_LOOK_MS = 3000  # by then the bridge has looked for exposures that it did not hear of, three times in two seconds

Found = TypeVar("Found")


class Host:
    """The shop's own web server: the same page at each path without one of its own, until a test writes another."""

    def __init__(self) -> None:
        self.origin = ""
        self.html = ""
        self.pages: dict[str, str] = {}
        self.headers: dict[str, str] = {}
        self.files: dict[str, str] = {}

    def reset(self, html: str = "") -> None:
        """Forget what an earlier test wrote."""
        self.html, self.headers, self.pages, self.files = html, {}, {}, {}

    def app(self) -> Starlette:
        """Return the server as an app."""
        return Starlette(routes=[Path("/{path:path}", self.answer)])

    async def answer(self, request: Request) -> Response:
        """Answer with the page, or with a file of that path; browsers ask for an icon by themselves."""
        if request.url.path == "/favicon.ico":
            return Response(status_code=204)
        if request.url.path in self.files:
            return Response(self.files[request.url.path])
        return HTMLResponse(self.pages.get(request.url.path, self.html), headers=self.headers)


class Storefront:
    """Writes the shop's pages; says what the sandbox received.

    The shop is at ``localhost``, the bundle and both clouds at ``127.0.0.1``: two origins, both trusted by browsers as
    https is.
    """

    def __init__(self, cloud: str, host: Host, engine: str) -> None:
        self.cloud = cloud
        self.origin = host.origin
        self.engine = engine
        self._host = host
        host.reset()

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
        values = {"__WRITE_KEY__": json.dumps(WRITE_KEY), "__CLOUD__": json.dumps(self.cloud)}
        snippet = filled("Segment's snippet", _SNIPPET, values)
        return f"<script>{snippet}\n{load or LOAD}\n{calls}</script>"

    def write(self, *head: str, body: str = "<h1>Shop</h1>", csp: str = "", path: str | None = None) -> None:
        """Write the shop's page, or that of a path alone, without opening it."""
        html = f"<!doctype html><html><head><title>Shop</title>{''.join(head)}</head><body>{body}</body></html>"
        self._host.headers = {"content-security-policy": csp} if csp else {}
        if path is None:
            self._host.html = html
        else:
            self._host.pages[path] = html

    def file(self, path: str, text: str) -> str:
        """Put a file on the shop's server; return its address."""
        self._host.files[path] = text
        return self.origin + path

    def remote(self, **maps: Any) -> None:
        """Store maps in Kameleoon's remote data, each in place of what was there."""
        address = f"{self.cloud}/map/maps?siteCode={SITECODE}&mode=replace"
        CLIENT.post(address, json=maps).raise_for_status()

    def wait_for_maps(self, *keys: str) -> None:
        """Wait until Kameleoon's remote data have something under each key."""
        asked = {"siteCode": SITECODE, "keys": json.dumps(keys)}
        written = 0
        while not all(CLIENT.get(f"{self.cloud}/map/maps", params=asked).json().get(key) for key in keys):
            rows = self.log(kind="data_api.set", after=written, wait=PATIENCE_S)
            assert rows, f"maps under {keys} expected; {self.explained()}"
            written = rows[-1]["n"]

    def log(self, **asked: Any) -> list[dict[str, Any]]:
        """Return the rows of the sandbox's log; those that are asked for, once they are there."""
        return [json.loads(line) for line in self.get("/sandbox/log", asked).splitlines()]

    def get(self, path: str, asked: dict[str, Any]) -> str:
        """Return what the sandbox answers."""
        return CLIENT.get(self.cloud + path, params=asked, timeout=PATIENCE_S + SLACK_S).text

    def events(self, name: str | None = None) -> list[dict[str, Any]]:
        """Return the Segment events that arrived, those dropped as duplicates too: all, or those of one event name."""
        events = [row["event"] for row in self.log() if "event" in row]
        return events if name is None else [event for event in events if event.get("event") == name]

    def wait_for_first_event(self) -> None:
        """Wait until anything arrived."""
        assert self.log(kind=",".join(EVENTS), wait=PATIENCE_S), f"an event expected; {self.explained()}"

    def wait_for(self, name: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait until so many events of that name arrived; return them."""
        events = [row["event"] for row in self.log(event=name, count=count, wait=PATIENCE_S)]
        assert len(events) >= count, f"{count} {name!r} expected; {self.explained()}"
        return events

    def until(self, found: Callable[[], Found], what: str) -> Found:
        """Return what ``found`` returns as soon as that is true; look again after a pause."""
        end = monotonic() + PATIENCE_S
        while not (value := found()):
            assert monotonic() < end, f"{what} expected; {self.explained()}"
            self.pause()
        return value

    def explained(self) -> str:
        """Return what there is in place of what was expected."""
        return f"arrived: {[one.get('event') or one['type'] for one in self.events()]}"

    def pause(self) -> None:
        """Let some time pass between two looks."""
        sleep(POLL_MS / 1000)


class OpenShop(Storefront, ABC):
    """A shop of which a page is open in a browser, and can be asked."""

    def __init__(self, cloud: str, host: Host, engine: str) -> None:
        super().__init__(cloud, host, engine)
        self._ran: set[str] = set()

    @abstractmethod
    def evaluate(self, expression: str) -> Any:
        """Return what a JavaScript expression gives in the open page; a promise is waited for."""

    def visitor_code(self) -> str:
        """Return the visitor code, as Kameleoon tells it."""
        code: str = self.evaluate("Kameleoon.API.Visitor.code")
        return code

    def status(self) -> dict[str, Any]:
        """Return the bridge's status now."""
        return self._noted(self.evaluate("window.kameleoonSegment.status()"))

    def settled(self) -> list[dict[str, Any]]:
        """Send an event of the page's own and wait for it: what was sent before has arrived by then. Return all."""
        mark = f"Mark {len(self.events())}"
        self.evaluate(f"void analytics.track({json.dumps(mark)})")
        self.wait_for(mark)
        return self.events()

    def wait_for_lock(self, name: str) -> None:
        """Wait until every tab that had asked for a lock of the bridge's has done what it wanted it for."""
        self.evaluate(f"navigator.locks.request({json.dumps(name)}, () => {{}})")

    def works(self) -> dict[str, Any]:
        """Wait until all that a page of the shop brings has arrived, its own events too: once. Return the status."""
        ours = ("Kameleoon identifier", "Experiment viewed")
        for name in ours:
            self.wait_for(name)
        arrived = [event.get("event") for event in self.settled()]
        assert [arrived.count(name) for name in ours] == [1, 1], arrived
        self.until(lambda: self.status()["state"] != "starting", "the end of the start")
        return self.status()

    def identifiers(self) -> list[dict[str, Any]]:
        """Return all identifiers once the bridge has decided whether to send another."""
        self.settled()
        self.wait_for_lock("k_segmentio_identifier")
        self.settled()
        return self.events("Kameleoon identifier")

    def _noted(self, status: dict[str, Any]) -> dict[str, Any]:
        """Note whose word a status is: only an interpreter that runs says on or off, and has a time of its start."""
        if status["state"] in ("on", "off") and "engine" in status["timings"]:
            self._ran.add(status["engine"])
        return status


class Shop(OpenShop):
    """Opens pages of the shop in the tests' browser; says what they show."""

    def __init__(self, page: Page, cloud: str, host: Host, engine: str = "micropython") -> None:
        super().__init__(cloud, host, engine)
        self.context = page.context
        self.page = page
        self.kit = KameleoonSegment(page)
        self.requests: list[str] = []
        self.allowed = [self.origin, self.cloud, "data:", "blob:"]  #: who may be asked
        self.problems: list[str] = []
        self.violations: list[str] = []  # what the strict engine finds in a test's remote data
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.context.on("weberror", lambda error: self.problems.append(str(error.error)))
        self.context.on("console", self._note)

    def _note(self, message: ConsoleMessage) -> None:
        if message.text.startswith("[kameleoon-segment] remote"):
            self.violations.append(message.text)
        elif message.type in ("error", "warning"):
            self.problems.append(message.text)

    def open(self, *head: str, body: str = "<h1>Shop</h1>", csp: str = "", path: str = "/") -> None:
        """Open a page with these elements in its head: by default Kameleoon's tag, Segment's snippet and ours."""
        self.write(*(head or (self.kameleoon(), self.segment(), self.tag())), body=body, csp=csp)
        self.page.goto(self.origin + path)

    def add(self, html: str) -> None:
        """Add elements to the head of the open page, scripts included."""
        self.page.evaluate(
            "(html) => document.head.append(document.createRange().createContextualFragment(html))", html
        )

    def pass_time(self, milliseconds: int) -> None:
        """Let so many milliseconds pass in the open page; the page's clock must be installed.

        In steps, each of which rings every timer once, as where a laptop sleeps: to ring a timer as often as its time
        comes takes Playwright as long as the page would take.
        """
        for _ in range(TIME_STEPS):
            self.page.clock.fast_forward(milliseconds // TIME_STEPS)

    def stop_clock(self) -> None:
        """Let no time pass in the open page but what a test asks for; the page's clock must be installed.

        Playwright can stop a clock in the future only: it jumps some seconds, more than the call may take.
        """
        self.page.clock.pause_at(self.page.evaluate("() => Date.now()") / 1000 + CLOCK_JUMP_S)

    def hold(self, file: str) -> list[Route]:
        """Let the requests for a file wait; return the list in which they will be."""
        waiting: list[Route] = []

        def wait(route: Route) -> None:
            waiting.append(route)

        self.context.route(f"**/{file}", wait)
        return waiting

    def released(self, waiting: list[Route]) -> Route:
        """Wait for a request that is held; return it."""
        self.until(lambda: waiting, "a request that is held")
        return waiting.pop()

    def started(self, page: Page | Frame | None = None) -> dict[str, Any]:
        """Wait until the bridge has started, or failed to; return its status."""
        # Not evaluated: that would have no end where the bridge never gets ready.
        handle = (page or self.page).wait_for_function("() => window.kameleoonSegment?.ready")
        return self._noted(handle.json_value())

    def ready(self, page: Page | None = None) -> dict[str, Any]:
        """Wait for the bridge, and on the strict engine for its checks; return its status."""
        status = self.started(page)
        if status["engine"] == "pyodide" and status["state"] != "failed":
            (page or self.page).wait_for_function("() => kameleoonSegment.status().checked")
        return status

    def interpreters(self) -> set[str]:
        """Return the interpreters that ran, as the pages say: those of now, and those whose status a test read."""
        for page in self.context.pages:
            # Not evaluated: that would have no end in a page that is on its way to another.
            # Not in an array: a page may have given arrays ways of their own.
            said = page.wait_for_function("() => ({ now: window.kameleoonSegment?.status() })").json_value()
            if said.get("now"):
                self._noted(said["now"])
        return self._ran

    def get(self, path: str, asked: dict[str, Any]) -> str:
        """Return what the sandbox answers; a test's routes go on answering the page meanwhile."""
        if "wait" not in asked:
            return super().get(path, asked)
        answer = self.context.request.get(self.cloud + path, params=asked, timeout=(PATIENCE_S + SLACK_S) * 1000)
        return answer.text()

    def explained(self) -> str:
        """Return what there is in place of what was expected, and what the bridge says of itself."""
        return f"{super().explained()}\n{self.kit.explain()}"

    def pause(self) -> None:
        """Let some time pass between two looks; the browser works meanwhile."""
        self.page.wait_for_timeout(POLL_MS)

    def evaluate(self, expression: str) -> Any:
        """Return what a JavaScript expression gives in the open page; a promise is waited for."""
        return self.page.evaluate(f"() => {expression}")

    def exposures(self) -> list[dict[str, Any]]:
        """Return all exposures once the bridge has looked for the last time; the page's clock must be installed."""
        self.pass_time(LAST_LOOK_MS)
        self.settled()
        return self.events("Experiment viewed")

    def check(self) -> None:
        """Fail on what must never happen: an error or warning in the page, a request to anybody else."""
        assert self.problems == [], "\n".join(self.problems)
        strangers = [url for url in self.requests if not url.startswith(tuple(self.allowed))]
        assert strangers == []
        self.watched()

    def watched(self) -> None:
        """Fail unless the test kit sees what has arrived; a server may know of it before Playwright tells."""
        arrived = {
            event["messageId"]
            for event in self.events()
            if event.get("context", {}).get("library", {}).get("name") == "analytics.js"
        }
        end = monotonic() + PATIENCE_S
        while unseen := arrived - {event["messageId"] for event in self.kit.events()}:
            assert monotonic() < end, f"the test kit did not see {unseen}"
            self.pause()
