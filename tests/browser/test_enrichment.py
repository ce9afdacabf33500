"""The visitor code in the customer's own events, and that these come to no harm."""

import time

import pytest
from playwright.sync_api import Route

from tests.browser.shop import LOAD_WHEN_READY, ONLY_MICROPYTHON, Shop

CALLS = """
  analytics.page("Home")
  analytics.track("First", {n: 1})
  analytics.identify("u1", {plan: "pro"})
  analytics.group("g1", {name: "Shop"})
"""


@ONLY_MICROPYTHON
def test_every_event_carries_the_visitor_code_the_first_page_too(shop: Shop) -> None:
    """Where the Kameleoon (Actions) destination reads it: properties, or traits for identify and group."""
    shop.open(shop.kameleoon(), shop.segment(CALLS, load=LOAD_WHEN_READY), shop.tag())
    shop.wait_for("First")
    events = {event["type"]: event for event in shop.settled()}
    code = shop.page.evaluate("() => Kameleoon.API.Visitor.code")
    for kind, field in (("page", "properties"), ("track", "properties"), ("identify", "traits"), ("group", "traits")):
        assert events[kind][field]["kameleoonVisitorCode"] == code
    assert events["identify"]["traits"]["plan"] == "pro"


def test_the_callers_own_objects_stay_as_they_are(shop: Shop) -> None:
    """Nor do the traits that analytics.js stores for the visitor."""
    shop.open()
    shop.wait_for("Kameleoon identifier")
    own = shop.page.evaluate(
        """async () => {
          const properties = {n: 1}, traits = {plan: "pro"}
          await analytics.track("Own", properties)
          await analytics.identify("u1", traits)
          return [properties, traits, analytics.user().traits()]
        }"""
    )
    assert own == [{"n": 1}, {"plan": "pro"}, {"plan": "pro"}]
    (event,) = shop.wait_for("Own")
    assert "kameleoonVisitorCode" in event["properties"]


def test_held_one_second_at_most_in_order_then_sent_without(shop: Shop) -> None:
    """Python that never comes holds nobody's event longer."""
    shop.context.route("**/*.wasm", lambda _route: None)
    shop.open(shop.kameleoon(), shop.segment("for (let n = 0; n < 5; n++) analytics.track('Event ' + n)"), shop.tag())
    shop.page.wait_for_function("() => window.analytics.initialized")
    began = shop.page.evaluate("() => performance.now()")
    shop.wait_for("Event 4")
    assert shop.page.evaluate("() => performance.now()") - began < 2500
    names = [event["event"] for event in sorted(shop.events(), key=lambda event: str(event["sentAt"]))]
    assert sorted(names) == names
    assert all("kameleoonVisitorCode" not in event["properties"] for event in shop.events())


@ONLY_MICROPYTHON
def test_order_is_kept_when_the_code_arrives(shop: Shop) -> None:
    """Held events go on in the order in which they came."""
    shop.context.add_init_script(
        """window.sent = []
        const plain = window.fetch
        window.fetch = function (url, options) {
          if (String(url).endsWith('/v1/t')) window.sent.push(JSON.parse(options.body).event)
          return plain.apply(this, arguments)
        }"""
    )
    shop.open(shop.segment(""), shop.tag())
    shop.ready()
    shop.page.wait_for_function("() => window.analytics.initialized && window.analytics.user")
    shop.page.evaluate(
        """() => {
          for (let n = 0; n < 5; n++) analytics.track('Event ' + n)
          setTimeout(() => {
            const consent = { experimentLegalConsent: true, personalizationLegalConsent: true }
            window.Kameleoon = { API: { Visitor: { code: '0123456789abcdef', ...consent } } }
            window.dispatchEvent(new CustomEvent('Kameleoon::Started', { detail: {} }))
          }, 300)
        }"""
    )
    shop.wait_for("Event 4")
    events = [event for event in shop.events() if str(event.get("event")).startswith("Event ")]
    assert [event["properties"]["kameleoonVisitorCode"] for event in events] == ["0123456789abcdef"] * 5
    sent = shop.page.evaluate("() => window.sent")
    assert [name for name in sent if name.startswith("Event ")] == [f"Event {number}" for number in range(5)]


def test_a_page_that_is_left_takes_its_held_events_along(shop: Shop) -> None:
    """What is held goes on when the visitor leaves: analytics.js sends it, now or from the next page."""

    def answer(route: Route) -> None:
        """Answer as a server does, a little later: analytics.js needs a turn to send. No event's second passes."""
        for _ in range(20):
            if not shop.events("Leaving"):
                time.sleep(0.025)
        route.continue_()

    shop.context.route("**/*.wasm", lambda _route: None)
    shop.context.route("**/next", answer)
    shop.open(shop.kameleoon(), shop.segment(""), shop.tag())
    shop.page.wait_for_function("() => window.analytics.initialized && window.analytics.user")
    shop.page.evaluate("() => { analytics.track('Leaving'); location.href = '/next' }")
    shop.page.wait_for_url("**/next")
    shop.wait_for("Leaving")


@pytest.mark.parametrize("broken", ["throw new Error('no')", "return '{'", "return undefined"])
def test_a_broken_brain_costs_no_event(shop: Shop, broken: str) -> None:
    """Nothing is held, lost or sent twice."""
    shop.open()
    shop.wait_for("Kameleoon identifier")
    shop.page.evaluate(
        f"""() => {{
          const frame = [...document.querySelectorAll('iframe')].find((one) => one.contentWindow.ear)
          frame.contentWindow.ear.brain = () => {{ {broken} }}
        }}"""
    )
    events = shop.settled()
    assert len([event for event in events if str(event.get("event")).startswith("Mark")]) == 1
