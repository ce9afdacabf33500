"""What customers rely on, in Firefox and in WebKit: the same shop, the same sandbox, another browser."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from itertools import count
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import pytest

from bridge.shared.vocabulary import DEBUG_SWITCH
from tests.browser.serving import CLIENT
from tests.browser.shop import (
    LAST_LOOK_MS,
    ONLY_MICROPYTHON,
    PATIENCE_S,
    PERSONALIZATION,
    SITECODE,
    Host,
    OpenShop,
)
from tests.browser.webdriver import Browser, Refused, firefox, webkit
from tests.find_browser import find_firefox, find_webkit

pytestmark = pytest.mark.browser

EXPOSURE = "Experiment viewed"
IDENTIFIER = "Kameleoon identifier"
PERSONAS = {"index": 1, "name": "Personas", "type": "LIST", "format": "string", "scope": "VISIT"}
#: What these browsers say of themselves; Chromium says both "Chrome" and "Safari".
USER_AGENTS = {"firefox": "Gecko/20100101 Firefox/", "webkit": "(KHTML, like Gecko) Version/"}
#: What the page threw, over all page views of the visit: WebDriver does not tell.
WATCH = """<script>
  for (const kind of ["error", "unhandledrejection"])
    addEventListener(kind, ({ message, reason }) => {
      sessionStorage.problems = `${sessionStorage.problems ?? ""}${kind}: ${message ?? reason}\\n`
    })
</script>"""
#: The requests to Segment's tracking API.
TRACKING = r"/\/v1\/[a-z]$/"
_visitors = count()


class Visit(OpenShop):
    """A visitor who comes for the first time: with an origin of the shop of their own."""

    def __init__(self, browser: Browser, cloud: str, host: Host, engine: str) -> None:
        super().__init__(cloud, host, engine)
        self.origin = f"http://visitor-{next(_visitors)}.localhost:{urlsplit(host.origin).port}"
        self._browser = browser

    def write(self, *head: str, body: str = "<h1>Shop</h1>", csp: str = "", path: str | None = None) -> None:
        """Write the shop's page, or that of a path alone, without opening it."""
        super().write(WATCH, *head, body=body, csp=csp, path=path)

    def open(self, *head: str, path: str = "/") -> None:
        """Open a page, with these elements in its head if there are any; else as it was written."""
        if head:
            self.write(*head)
        self._browser.open(self.origin + path)

    def evaluate(self, expression: str) -> Any:
        """Return what a JavaScript expression gives in the open page; a promise is waited for."""
        return self._browser.evaluate(expression)

    def wait(self, expression: str) -> Any:
        """Return what a JavaScript expression gives as soon as that is true, in the open page or in the next."""
        end = monotonic() + PATIENCE_S
        while True:
            try:
                value = self.evaluate(expression)
            except Refused as refusal:  # the page is on its way, or does not have yet what is asked for
                value, last = None, str(refusal)
            else:
                last = repr(value)
            if value:
                return value
            assert monotonic() < end, f"{expression}: {last}"
            self.pause()

    def ready(self) -> dict[str, Any]:
        """Wait until Python runs in the page, and on the strict engine for its checks; return the bridge's status."""
        checked = " && kameleoonSegment.status().checked" if self.engine == "pyodide" else ""
        self.wait(f"kameleoonSegment.status().state === 'on'{checked}")
        return self.status()

    def come_to_rest(self) -> None:
        """Wait until what the page sent is answered and no lock is held: else Firefox keeps no page that is left."""
        sent = len(self.settled())
        self.wait(
            f"performance.getEntriesByType('resource').filter(({{ name }}) => {TRACKING}.test(name)).length >= {sent}"
        )
        self.wait("navigator.locks.query().then(({ held, pending }) => !held.length && !pending.length)")

    @contextmanager
    def inside(self, frame: int) -> Iterator[None]:
        """Let expressions be those of a frame, by its number in the page."""
        self._browser.enter(frame)
        yield
        self._browser.enter(None)

    def exposures(self) -> list[dict[str, Any]]:
        """Return all exposures once the bridge has looked for the last time."""
        now = self.evaluate("performance.now()")
        self.wait(f"performance.now() > {now + LAST_LOOK_MS}")
        self.settled()
        return self.events(EXPOSURE)

    def check(self, name: str) -> None:
        """Fail where another browser or interpreter ran than the test says, or on what must never happen."""
        assert USER_AGENTS[name] in self.evaluate("navigator.userAgent")
        assert self.ready()["errors"] == []
        assert self._ran == {self.engine}
        assert self.evaluate("sessionStorage.problems ?? ''") == ""


def once(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return events as Segment takes them, one of a message id: of a page that is left some may be sent twice."""
    return list({event["messageId"]: event for event in reversed(events)}.values())


@pytest.fixture(scope="session", params=["firefox", "webkit"])
def brand(request: pytest.FixtureRequest) -> str:
    """Return the browser of the test."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def other_browser(brand: str) -> Iterator[Browser]:
    """Return a running Firefox or WebKit. Where there is none, that is said; in CI it is a failure."""
    with ExitStack() as stack:
        if brand == "firefox" and (command := find_firefox()):
            yield stack.enter_context(firefox(command))
        elif brand == "webkit" and (commands := find_webkit()):
            yield stack.enter_context(webkit(*commands))
        else:
            missing = f"no {brand}: apt-get install firefox-esr webkit2gtk-driver xvfb"
            (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing)


@pytest.fixture
def visit(brand: str, other_browser: Browser, sandbox: str, host: Host, engine: str) -> Iterator[Visit]:
    """Return a visit that begins; afterwards the test's browser and interpreter have run, and nothing was thrown."""
    CLIENT.post(f"{sandbox}/sandbox/reset").raise_for_status()
    visit = Visit(other_browser, sandbox, host, engine)
    yield visit
    visit.check(brand)
    other_browser.open("about:blank")  # what the page still wants to send is not the next test's


def test_links_the_visitor_once_for_all_page_views(visit: Visit) -> None:
    """One identifier with the visitor code, on the first page view only."""
    visit.open(visit.kameleoon(), visit.segment(), visit.tag())
    visit.ready()
    (event,) = visit.wait_for(IDENTIFIER)
    assert event["properties"]["k_visitorCode"] == visit.visitor_code()
    assert event["anonymousId"] == visit.evaluate("analytics.user().anonymousId()")
    visit.open()
    visit.ready()
    assert visit.identifiers() == [event]


@ONLY_MICROPYTHON
def test_an_exposure_is_sent_once(visit: Visit) -> None:
    """Of an experiment and of a personalization."""
    visit.open(visit.kameleoon(personalizations=[PERSONALIZATION]), visit.segment(), visit.tag())
    visit.wait_for(EXPOSURE, 2)
    found = {event["properties"]["campaign_type"]: event["properties"] for event in visit.exposures()}
    assert len(visit.events(EXPOSURE)) == 2
    assert found["experiment"]["variation_name"] == "Bold"
    assert found["personalization"]["variation_name"] == "Banner"
    assert all(one["kameleoonVisitorCode"] == visit.visitor_code() for one in found.values())


@ONLY_MICROPYTHON
def test_audience_data(visit: Visit) -> None:
    """A persona becomes a custom data; on the next page Kameleoon's first evaluation has it, before Python is up."""
    source = {"name": "Personas", "source": "personas"}
    tag = visit.tag(config=visit.file("/bridge.json", json.dumps({"sitecode": SITECODE, "custom_data": [source]})))
    visit.open(visit.kameleoon(), visit.segment())
    visit.wait("Kameleoon.API.Visitor.code")
    visit.remote(**{f"COHORTS_{visit.visitor_code()}": {"vip": True, "old": False}})
    visit.open(visit.kameleoon(customData=[PERSONAS]), visit.segment(), tag)
    visit.wait("Kameleoon.API.CurrentVisit.customData.Personas?.[0] === 'vip'")
    asked = """const answer = kameleoonSegment.customData("Personas");
      (window.asked ??= []).push([kameleoonSegment.status().state, answer]);
      return answer"""
    acquired = {**PERSONAS, "scope": "PAGE", "method": "CUSTOM_CODE", "customEvalCode": asked}
    visit.open(tag.replace("async ", ""), visit.kameleoon(customData=[acquired]), visit.segment())
    assert visit.wait("window.asked")[0] == ["starting", {"value": ["vip"], "overwrite": True}]


@ONLY_MICROPYTHON
@pytest.mark.parametrize("loading", [False, True])
def test_a_page_that_is_left_as_soon_as_a_variation_is_shown(visit: Visit, loading: bool) -> None:
    """The next page sends the exposure, once, with the time at which it happened.

    A page that is still loading ends without a pagehide in WebKit; an image that never comes keeps it so.
    """
    leave = """<script>
      addEventListener("Kameleoon::ExperimentActivated", () => {
        sessionStorage.left = JSON.stringify({ at: Date.now(), state: kameleoonSegment.status().state })
        const leave = () => location.assign("/next")
        if (__LOADING__ || document.readyState === "complete") leave()
        else addEventListener("pageshow", leave)
      })
    </script>""".replace("__LOADING__", json.dumps(loading))
    visit.write(path="/enter")
    visit.write(visit.kameleoon(experiments=[]), visit.segment(), visit.tag(), path="/next")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        image = f'<img src="http://127.0.0.1:{silent.getsockname()[1]}/never.png">' if loading else ""
        visit.write(leave, visit.tag().replace("async ", ""), visit.kameleoon(), visit.segment(), body=image)
        visit.open(path="/enter")
        visit.evaluate(
            "void location.assign('/')"
        )  # not opened: WebKit's driver may wait for a page that leaves by itself
        visit.wait("location.pathname === '/next'")
    visit.ready()
    event = visit.wait_for(EXPOSURE)[0]
    left = json.loads(visit.evaluate("sessionStorage.left"))
    assert visit.engine == "micropython" or left["state"] == "starting"  # MicroPython may be up by then
    assert abs(datetime.fromisoformat(event["originalTimestamp"]).timestamp() * 1000 - left["at"]) < 500
    visit.open(path="/next")
    visit.ready()
    assert once(visit.exposures()) == [event]


@ONLY_MICROPYTHON
def test_an_event_of_the_pages_own_while_it_is_left(visit: Visit) -> None:
    """Without Kameleoon, whose visitor code it would wait for: it is not lost."""
    visit.write(visit.segment(), visit.tag(), path="/next")
    visit.open(visit.segment("analytics.track('Hello')"), visit.tag())
    visit.ready()
    visit.wait_for("Hello")
    visit.evaluate("void (analytics.track('Bye'), location.assign('/next'))")
    visit.wait("location.pathname === '/next'")
    visit.wait_for("Bye")
    visit.ready()
    visit.settled()
    assert len(once(visit.events("Bye"))) == 1


@ONLY_MICROPYTHON
def test_clocks_that_the_page_has_stopped(visit: Visit) -> None:
    """An event that waits for a visitor code goes on in time: the bridge does not ask these clocks."""
    stopped = "<script>Date.now = () => 1e12; performance.now = () => 0</script>"
    visit.open(stopped, visit.segment("analytics.track('Hello')"), visit.tag())
    visit.ready()
    visit.wait_for("Hello")


@ONLY_MICROPYTHON
def test_back_to_a_page_that_was_kept(visit: Visit) -> None:
    """From the back-forward cache: what happened before is not sent again, what happens now is."""
    visit.write(visit.kameleoon(experiments=[]), visit.segment("analytics.track('Next')"), visit.tag(), path="/next")
    visit.open(visit.kameleoon(), visit.segment("analytics.track('Hello')"), visit.tag())
    visit.ready()
    visit.wait_for(EXPOSURE)
    visit.wait_for(IDENTIFIER)
    for _ in range(3):  # now and then a browser does not keep a page
        visit.come_to_rest()
        before = {name: len(visit.events(name)) for name in ("Hello", "Next", EXPOSURE, IDENTIFIER)}
        visit.evaluate("void addEventListener('pageshow', (event) => { window.kept = event.persisted })")
        visit.evaluate("void location.assign('/next')")
        visit.wait("location.pathname === '/next'")
        visit.ready()
        visit.wait_for("Next", before["Next"] + 1)
        visit.evaluate("void history.back()")
        visit.wait("location.pathname === '/' && document.readyState === 'complete'")
        if visit.evaluate("window.kept ?? false"):
            break
        visit.ready()
    assert visit.evaluate("window.kept ?? false")
    visit.evaluate("void analytics.track('Back')")
    (event,) = visit.wait_for("Back")
    assert event["properties"]["kameleoonVisitorCode"] == visit.visitor_code()
    visit.exposures()  # as late as one may come
    after = {name: len(once(visit.events(name))) for name in before}
    assert after == {**before, "Next": before["Next"] + 1}


@ONLY_MICROPYTHON
def test_the_debug_overlay(visit: Visit) -> None:
    """It shows what caused the exposure; it is closed, and the page goes on."""
    tag = visit.tag(config=visit.file("/bridge.json", json.dumps({"sitecode": SITECODE, "debug": True})))
    visit.open(visit.kameleoon(), visit.segment(), tag, path=f"/?{DEBUG_SWITCH}")
    visit.wait("frames.length === 2")
    with visit.inside(1):
        visit.wait("document.getElementById('status').textContent.includes('exposures: 1')")
        row = "[...document.querySelectorAll('.wire-row')].find((row) => row.textContent.includes('viewed'))"
        visit.wait(f"!!{row}")
        visit.evaluate(f"{row}.click()")
        assert "Caused by" in visit.wait("document.querySelector('.wire-card')?.textContent")
        visit.evaluate("setTimeout(() => document.getElementById('close').click())")
    visit.wait("frames.length === 1")
    visit.works()
