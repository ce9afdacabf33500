"""The visitor code in the customer's own events, and that these come to no harm."""

from typing import Any

import pytest
from playwright.sync_api import Route

from bridge.shared.vocabulary import ORDER_KEY
from tests.browser.shop import LOAD, ONLY_MICROPYTHON, Shop

# Notes what enters analytics.js's pipeline before the bridge sees it, and what comes out behind the bridge.
BEFORE = """<script>
  window.entered = 0
  analytics.addSourceMiddleware(({ payload, next }) => { window.entered++; next(payload) })
</script>"""
BEHIND = """() => {
  window.passed = []
  analytics.addSourceMiddleware(({ payload, next }) => { window.passed.push(payload.obj.event); next(payload) })
}"""
CALLS = """
  analytics.page("Home")
  analytics.track("First", {n: 1})
  analytics.identify("u1", {plan: "pro"})
  analytics.group("g1", {name: "Shop"})
"""


def entering(shop: Shop, kameleoon: str | None = None, *, ready: bool = False) -> None:
    """Open a page in which time stands still; analytics.js is there, and the bridge if it is to be ``ready``."""
    shop.page.clock.install()
    shop.open(shop.kameleoon() if kameleoon is None else kameleoon, shop.segment(""), BEFORE, shop.tag())
    shop.page.wait_for_function("() => window.analytics.initialized && window.analytics.user")
    shop.page.evaluate(BEHIND)
    if ready:
        shop.ready()
    shop.stop_clock()


def entered(shop: Shop, count: int) -> None:
    """Wait until so many events entered analytics.js's pipeline; one more turn, and the bridge has them."""
    shop.page.wait_for_function("(count) => window.entered === count", arg=count)


def passed(shop: Shop) -> list[str]:
    """Return the names of the page's own events that the bridge let go on, in order."""
    names: list[str] = shop.page.evaluate("() => window.passed.filter((name) => /^Event/.test(name))")
    return names


@ONLY_MICROPYTHON
def test_every_event_carries_the_visitor_code_the_first_page_too(shop: Shop) -> None:
    """Where the Kameleoon (Actions) destination reads it: properties, or traits for identify and group."""
    shop.open(shop.kameleoon(), shop.segment(CALLS, load=";"), shop.tag())  # calls wait on the snippet's queue
    shop.ready()
    shop.page.wait_for_function("() => window.Kameleoon?.API.Visitor?.code")
    shop.page.evaluate(LOAD)
    shop.wait_for("First")
    events = {event["type"]: event for event in shop.settled()}
    code = shop.page.evaluate("() => Kameleoon.API.Visitor.code")
    for kind, field in (("page", "properties"), ("track", "properties"), ("identify", "traits"), ("group", "traits")):
        assert events[kind][field]["kameleoonVisitorCode"] == code
    assert events["identify"]["traits"]["plan"] == "pro"


@ONLY_MICROPYTHON
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


@pytest.mark.never_starts("its WebAssembly never comes")
def test_held_one_second_at_most_in_order_then_sent_without(shop: Shop) -> None:
    """Python that never comes holds nobody's event longer, nor does Kameleoon's script."""
    shop.context.route("**/*.wasm", lambda _route: None)
    entering(shop, "")
    shop.page.evaluate("() => { for (let n = 0; n < 5; n++) analytics.track('Event ' + n) }")
    entered(shop, 5)
    shop.page.clock.run_for(999)
    assert passed(shop) == []
    shop.page.clock.run_for(1)
    shop.page.wait_for_function("() => window.passed.length === 5")
    assert passed(shop) == [f"Event {number}" for number in range(5)]
    shop.page.clock.resume()  # analytics.js sends in time
    shop.wait_for("Event 4")
    assert all("kameleoonVisitorCode" not in event["properties"] for event in shop.events())


@ONLY_MICROPYTHON
@pytest.mark.never_starts("its WebAssembly never comes")
def test_none_waits_for_python_where_the_settings_say_it_all(shop: Shop) -> None:
    """They are the build's, and Kameleoon's script says who is here and that it is allowed."""
    shop.context.route("**/*.wasm", lambda _route: None)
    entering(shop)
    shop.page.evaluate("() => { for (let n = 0; n < 5; n++) analytics.track('Event ' + n) }")
    shop.page.wait_for_function("() => window.passed.length === 5")
    shop.page.clock.resume()
    shop.wait_for("Event 4")
    code = shop.page.evaluate("() => Kameleoon.API.Visitor.code")
    sent = {event["event"]: event["properties"].get("kameleoonVisitorCode") for event in shop.events()}
    assert {sent[f"Event {number}"] for number in range(5)} == {code}


@ONLY_MICROPYTHON
def test_a_member_that_the_page_gives_all_objects_is_no_code(shop: Shop) -> None:
    """Nor does the absence of consent let one in."""
    shop.open(
        "<script>Object.assign(Object.prototype, { code: 'mine', enrich: true })</script>",
        shop.kameleoon(consent="required"),
        shop.segment(),
        shop.tag(),
    )
    shop.ready()
    assert "kameleoonVisitorCode" not in shop.settled()[-1]["properties"]


@ONLY_MICROPYTHON
@pytest.mark.parametrize(
    "kept", ["{", '"text"', '{"code": {"a": 1}, "cookie": "%s"}', '{"code": "other", "cookie": "%s"}']
)
def test_what_anybody_wrote_for_the_next_page_is_no_code(shop: Shop, kept: str) -> None:
    """Events go on as if nothing was kept."""
    shop.open(shop.kameleoon(), shop.segment(), shop.tag())
    shop.works()
    code = shop.page.evaluate("() => Kameleoon.API.Visitor.code")
    text = kept.replace("%s", code)
    shop.page.evaluate("([key, text]) => localStorage.setItem(key, text)", [ORDER_KEY, text])
    waiting = shop.hold("*.wasm")
    shop.open(shop.segment(""), shop.tag())
    shop.page.evaluate("() => { analytics.track('Early') }")
    (early,) = shop.wait_for("Early")
    assert "kameleoonVisitorCode" not in early["properties"]
    shop.released(waiting).continue_()
    assert shop.ready()["errors"] == []


@ONLY_MICROPYTHON
@pytest.mark.parametrize("changed", ["nothing", "the cookie", "the configuration", "another setting"])
def test_what_held_on_the_last_page_holds_on_the_next_one(shop: Shop, configured: Any, changed: str) -> None:
    """Before Kameleoon's script and Python are there, while the cookie and the settings' address are the same."""
    shop.open(shop.kameleoon(), shop.segment(), shop.tag(config=configured()))
    shop.works()
    code = shop.page.evaluate("() => Kameleoon.API.Visitor.code")
    waiting = shop.hold("*.wasm")
    if changed == "the cookie":
        shop.page.evaluate("() => { document.cookie = 'kameleoonVisitorCode=fedcba9876543210; path=/' }")
    elif changed == "another setting":
        shop.page.evaluate("(key) => { localStorage.removeItem(key) }", ORDER_KEY)  # as `enrich = false` would
    shop.open(shop.segment(""), shop.tag(config=configured() + ("?" if changed == "the configuration" else "")))
    shop.page.evaluate("() => { analytics.track('Early') }")
    (early,) = shop.wait_for("Early")
    assert early["properties"].get("kameleoonVisitorCode") == (code if changed == "nothing" else None)
    shop.released(waiting).continue_()
    shop.ready()


@ONLY_MICROPYTHON
def test_who_withdraws_leaves_no_code_to_the_next_page(shop: Shop) -> None:
    """Nor to the next event of this one."""
    shop.open(shop.kameleoon(), shop.segment(), shop.tag())
    shop.works()
    assert shop.page.evaluate("(key) => localStorage.getItem(key)", ORDER_KEY)
    shop.page.evaluate(
        """() => {
          for (let n = 0; n < 50; n++) analytics.track('Before ' + n)
          Kameleoon.API.Core.disableLegalConsent()
          analytics.track('Withdrawn')
        }"""
    )
    (withdrawn,) = shop.wait_for("Withdrawn")
    assert "kameleoonVisitorCode" not in withdrawn["properties"]
    assert shop.page.evaluate("(key) => localStorage.getItem(key)", ORDER_KEY) is None


@ONLY_MICROPYTHON
def test_order_is_kept_when_the_code_arrives(shop: Shop) -> None:
    """Held events go on in the order in which they came."""
    entering(shop, "", ready=True)
    shop.page.evaluate("() => { for (let n = 0; n < 5; n++) analytics.track('Event ' + n) }")
    entered(shop, 5)
    shop.page.clock.run_for(300)
    assert passed(shop) == []
    shop.page.evaluate(
        """() => {
          const consent = { experimentLegalConsent: true, personalizationLegalConsent: true }
          window.Kameleoon = { API: { Visitor: { code: '0123456789abcdef', ...consent } } }
          window.dispatchEvent(new CustomEvent('Kameleoon::Started', { detail: {} }))
        }"""
    )
    shop.page.wait_for_function("() => window.passed.includes('Event 4')")
    assert passed(shop) == [f"Event {number}" for number in range(5)]
    shop.page.clock.resume()
    shop.wait_for("Event 4")
    events = [event for event in shop.events() if str(event.get("event")).startswith("Event ")]
    assert [event["properties"]["kameleoonVisitorCode"] for event in events] == ["0123456789abcdef"] * 5


@pytest.mark.never_starts("its WebAssembly never comes")
def test_a_page_that_is_left_takes_its_held_events_along(shop: Shop) -> None:
    """What is held goes on when the visitor leaves: analytics.js sends it, now or from the next page."""

    def answer(route: Route) -> None:
        """Answer as a server does, a little later: analytics.js needs a turn to send. No event's second passes."""
        shop.log(event="Leaving", wait=0.5)
        route.continue_()

    shop.context.route("**/*.wasm", lambda _route: None)
    shop.context.route("**/next", answer)
    shop.open(shop.kameleoon(), shop.segment(""), shop.tag())
    shop.page.wait_for_function("() => window.analytics.initialized && window.analytics.user")
    shop.page.evaluate("() => { analytics.track('Leaving'); location.href = '/next' }")
    shop.page.wait_for_url("**/next")
    shop.wait_for("Leaving")


# In the bridge's frame: what the page calls is the brain until the page has `breaks` to call in its place.
BREAKABLE = """if (window !== parent) {
  let ear
  Object.defineProperty(window, 'ear', { get: () => ear, set: (given) => {
    ear = given
    let brain
    const set = (one) => { brain = (text) => (parent.breaks || one)(text) }
    Object.defineProperty(ear, 'brain', { get: () => brain, set })
  } })
}"""


@pytest.mark.parametrize("broken", ["throw new Error('no')", "return '{'", "return undefined"])
def test_a_broken_brain_costs_no_event(shop: Shop, broken: str) -> None:
    """Nothing is held, lost or sent twice; what the brain said last stands."""
    shop.context.add_init_script(BREAKABLE)
    shop.open()
    shop.wait_for("Kameleoon identifier")
    shop.ready()
    shop.page.evaluate(f"() => {{ window.breaks = () => {{ {broken} }} }}")
    events = shop.settled()
    (mark,) = [event for event in events if str(event.get("event")).startswith("Mark")]
    assert mark["properties"]["kameleoonVisitorCode"] == shop.page.evaluate("() => Kameleoon.API.Visitor.code")
    assert shop.status()["errors"]


@ONLY_MICROPYTHON
def test_what_cannot_be_json_or_is_huge_costs_no_enrichment(shop: Shop) -> None:
    """Of an event, the brain is told the few fields that it reads, whatever else is in it."""
    shop.open()
    shop.ready()
    shop.page.evaluate(
        """() => {
          window.codes = []
          analytics.addSourceMiddleware(({ payload, next }) => {
            if (payload.obj.event === 'Odd') codes.push(payload.obj.properties.kameleoonVisitorCode)
            else next(payload)
          })
          for (const properties of [{ big: 10n }, { text: 'x'.repeat(3e6) }]) analytics.track('Odd', properties)
        }"""
    )
    shop.page.wait_for_function("() => codes.length === 2")
    assert shop.page.evaluate("() => codes") == [shop.visitor_code()] * 2
    assert shop.status()["errors"] == []
