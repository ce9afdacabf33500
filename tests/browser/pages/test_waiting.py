"""Waiting has a bound and a fallback: locks, settings and storage that never come cost a moment, once."""

import json
from typing import Any

import pytest

from tests.browser.shop import ONLY_MICROPYTHON, Shop
from tests.browser.situations import DENIED

LOCKS = [name for name in DENIED if "locks" in name]
STORES = [name for name in DENIED if name not in LOCKS]
PERSONAS = {"custom_data": [{"name": "Personas", "source": "personas"}]}
# Notes how long an event waited, in a middleware of the page behind ours.
PASSING = """() => {
  window.waited = []
  analytics.addSourceMiddleware(({ payload, next }) => {
    waited.push(Date.now() - payload.obj.timestamp)
    next(payload)
  })
}"""
HOLD_MS = 1000
KNOWN = {"kameleoonVisitorCode": "0123456789abcdef", "ajs_anonymous_id": "anonymous-1"}


@pytest.fixture
def known(shop: Shop) -> None:
    """Let the visitor be one who has been here before."""
    for name, value in KNOWN.items():
        shop.context.add_cookies([{"name": name, "value": value, "url": shop.origin}])
    shop.remote(COHORTS_0123456789abcdef={"vip": True})


@pytest.mark.parametrize(
    ("name", "engine"),
    [*((name, "micropython") for name in LOCKS), ("locks are refused", "pyodide")],
    indirect=["engine"],
)
@pytest.mark.usefixtures("known")
def test_locks(shop: Shop, configured: Any, name: str) -> None:
    """A lock that is never ours keeps nothing back for ever: identifier and remote data come all the same."""
    shop.context.add_init_script(DENIED[name])
    shop.open(shop.kameleoon(), shop.segment(), shop.tag(config=configured(**PERSONAS)))
    shop.page.wait_for_function("() => window.kameleoonSegment?.customData('Personas')")
    assert shop.works()["state"] == "on"


@ONLY_MICROPYTHON
@pytest.mark.parametrize("name", ["no locks", "locks are refused"])
@pytest.mark.usefixtures("known")
def test_two_tabs_without_locks(shop: Shop, name: str) -> None:
    """Both may send the identifier: Segment knows that it is one."""
    shop.context.add_init_script(DENIED[name])
    shop.write(shop.kameleoon(), shop.segment(), shop.tag())
    tabs = [shop.page, shop.context.new_page()]
    for tab in tabs:
        tab.evaluate("(url) => { location.href = url }", shop.origin + "/")
    for tab in tabs:
        tab.wait_for_url(shop.origin + "/")
        tab.wait_for_function("() => window.kameleoonSegment?.status().identifier?.linked")
    shop.settled()
    assert len({event["messageId"] for event in shop.events("Kameleoon identifier")}) == 1


def test_a_configuration_that_hangs(shop: Shop) -> None:
    """One event waits for it, and no longer than any may; then the bridge is off, and says why."""
    shop.context.route("**/bridge.json", lambda _route: None)
    shop.open(shop.kameleoon(), shop.segment(), shop.tag(config=shop.origin + "/bridge.json"))
    shop.settled()  # the tag may come after the page's own first event: then this one waits
    shop.page.evaluate(PASSING)
    for _ in range(3):
        shop.settled()
    assert max(shop.page.evaluate("() => waited")) < HOLD_MS / 2, "each event waits again"
    status = shop.ready()
    assert status["state"] == "off"
    assert "bridge.json" in json.dumps(status["errors"])
    assert [problem.split(":")[0] for problem in shop.problems] == ["[kameleoon-segment] data-config"]
    shop.problems.clear()


@ONLY_MICROPYTHON
def test_a_configuration_that_is_late(shop: Shop) -> None:
    """Then what was heard meanwhile is sent."""
    waiting = shop.hold("bridge.json")
    shop.open(shop.kameleoon(), shop.segment(), shop.tag(config=shop.origin + "/bridge.json"))
    route = shop.released(waiting)
    shop.wait_for_first_event()
    route.fulfill(body=json.dumps({"sitecode": "abcde12345"}))
    assert shop.works()["errors"] == []


@pytest.mark.parametrize(
    ("name", "engine"),
    [*((name, "micropython") for name in STORES), ("no localStorage", "pyodide")],
    indirect=["engine"],
)
def test_where_nothing_can_be_kept(shop: Shop, name: str) -> None:
    """The page's own events go on; Kameleoon's script stops by itself where there is no localStorage."""
    shop.context.add_init_script(DENIED[name])
    shop.open()
    assert shop.ready()["state"] == "on"
    shop.settled()
    if name != "no localStorage":
        shop.works()
    shop.watched()
    shop.page.goto("about:blank")  # analytics.js says again and again that it can read nothing
    assert not [problem for problem in shop.problems if "kameleoon" in problem.lower()]
    shop.problems.clear()
