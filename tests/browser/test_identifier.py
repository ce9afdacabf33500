"""The one-time "Kameleoon identifier" track, with real analytics.js in a real browser."""

import re
from collections.abc import Callable

from tests.browser.shop import ONLY_MICROPYTHON, Shop

EVENT = "Kameleoon identifier"
CODE = "() => Kameleoon.API.Visitor.code"
ANONYMOUS = "() => analytics.user().anonymousId()"


def test_links_the_visitor_once_for_all_page_views(shop: Shop) -> None:
    """One event with the visitor code, on the first page view only."""
    shop.open()
    (event,) = shop.wait_for(EVENT)
    assert re.fullmatch("[a-z0-9]{16}", event["properties"]["k_visitorCode"])
    assert event["properties"]["k_visitorCode"] == shop.page.evaluate(CODE)
    assert event["anonymousId"] == shop.page.evaluate(ANONYMOUS)
    for _ in range(2):
        shop.page.reload()
        shop.ready()
        assert len(shop.identifiers()) == 1
    assert shop.page.evaluate("() => localStorage.getItem('k_segmentio_identifier')") == event["anonymousId"]


@ONLY_MICROPYTHON
def test_a_visitor_that_the_old_snippet_linked_stays_as_linked(shop: Shop) -> None:
    """The storage key keeps the meaning that Kameleoon's own snippet gave it."""
    shop.open(shop.kameleoon(), shop.segment())
    shop.page.wait_for_function("() => window.analytics.initialized && window.Kameleoon?.API.Visitor?.code")
    shop.page.evaluate("() => localStorage.setItem('k_segmentio_identifier', analytics.user().anonymousId())")
    shop.open()
    shop.ready()
    shop.wait_for("Experiment viewed")
    assert shop.identifiers() == []
    assert shop.status()["identifier"]["linked"]


@ONLY_MICROPYTHON
def test_links_again_after_reset(shop: Shop) -> None:
    """A reset visitor is a new one to Segment."""
    shop.open()
    shop.wait_for(EVENT)
    shop.page.evaluate("() => { analytics.reset() }")
    first, second = shop.wait_for(EVENT, 2)
    assert first["anonymousId"] != second["anonymousId"]
    assert second["anonymousId"] == shop.page.evaluate(ANONYMOUS)
    assert first["properties"]["k_visitorCode"] == second["properties"]["k_visitorCode"]


def test_links_again_when_identify_changes_the_anonymous_id(shop: Shop) -> None:
    """A second person at the same browser gets an anonymous id of their own (analytics.js 2.0)."""
    shop.open()
    shop.wait_for(EVENT)
    shop.page.evaluate("() => { analytics.identify('u1') }")
    assert len(shop.identifiers()) == 1
    shop.page.evaluate("() => { analytics.identify('u2') }")
    _, second = shop.wait_for(EVENT, 2)
    assert second["anonymousId"] == shop.page.evaluate(ANONYMOUS)


def test_links_again_when_the_visitor_code_changes(shop: Shop) -> None:
    """Without any call to Segment in between."""
    shop.open()
    shop.wait_for(EVENT)
    shop.page.evaluate("() => Kameleoon.API.Visitor.setVisitorCode('fedcba9876543210')")
    _, second = shop.wait_for(EVENT, 2)
    assert second["properties"] == {
        "k_visitorCode": "fedcba9876543210",
        "kameleoonVisitorCode": "fedcba9876543210",
    }


@ONLY_MICROPYTHON
def test_five_tabs_at_once_send_one(shop: Shop) -> None:
    """Whichever tab is first. The visitor has been here before: new ones get ids of their own from each tab at once."""
    known = {"kameleoonVisitorCode": "0123456789abcdef", "ajs_anonymous_id": "anonymous-1"}
    for name, value in known.items():
        shop.context.add_cookies([{"name": name, "value": value, "url": shop.origin}])
    shop.write(shop.kameleoon(), shop.segment(), shop.tag())
    tabs = [shop.page] + [shop.context.new_page() for _ in range(4)]
    for tab in tabs:
        tab.evaluate("(url) => { location.href = url }", shop.origin + "/")
    for tab in tabs:
        tab.wait_for_url(shop.origin + "/")
        tab.wait_for_function("() => window.kameleoonSegment && window.kameleoonSegment.status().identifier?.linked")
    shop.settled()
    assert len(shop.events(EVENT)) == 1


@ONLY_MICROPYTHON
def test_a_legacy_prefix_is_stripped(shop: Shop) -> None:
    """Engines up to 2022 wrote the cookie with `_js_` before the code."""
    cookie = {"name": "kameleoonVisitorCode", "value": "_js_abcdefgh12345678", "url": shop.origin}
    shop.context.add_cookies([cookie])  # type: ignore[list-item]
    shop.open()
    (event,) = shop.wait_for(EVENT)
    assert event["properties"]["k_visitorCode"] == "abcdefgh12345678"


@ONLY_MICROPYTHON
def test_switched_off(shop: Shop, configured: Callable[..., str]) -> None:
    """`identifier = false` sends none."""
    shop.open(shop.kameleoon(), shop.segment(), shop.tag(config=configured(identifier=False)))
    shop.wait_for("Experiment viewed")
    assert shop.identifiers() == []
