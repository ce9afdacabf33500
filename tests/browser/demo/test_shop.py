"""The demo shows the round trip, and only what really happened."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.demo.conftest import Demo

CODE = re.compile(r"^[a-z0-9]{16}$")


pytestmark = pytest.mark.usefixtures("demo")


def segment_row(page: Page, text: str) -> Locator:
    """Return the wire's rows of what Segment received; what is on its way to it, or from it, has rows of its own."""
    rows = page.locator(".wire-item[data-lane=segment]", has=page.locator(".wire-row", has_text=text))
    return rows.filter(has_not=page.locator(".wire-row", has_text="in analytics.js"))


def identified(page: Page) -> Locator:
    """Return the row that says that the visitor was linked, once Segment has it."""
    return segment_row(page, "Kameleoon identifier").last


def exposed(page: Page) -> Locator:
    """Return the lines of campaigns of which this page view has sent an exposure."""
    return page.locator("#why .campaign", has=page.locator(".step.done:nth-of-type(4)"))


def test_round_trip(page: Page, origin: str) -> None:
    """Identifier and exposure appear with the visitor's code and the variation that the shop shows."""
    page.goto(origin)
    expect(identified(page)).to_be_visible()
    expect(exposed(page).first).to_be_visible()

    code = page.inner_text("#visitor-code")
    assert CODE.match(code)
    assert {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}["kameleoonVisitorCode"] == code
    expect(identified(page)).to_contain_text(code)
    expect(segment_row(page, "Experiment viewed")).to_contain_text(page.inner_text("#variation"))
    expect(page.locator("#status")).to_contain_text("Bridge on · MicroPython · ready after")
    expect(page.get_by_role("link", name="By chance")).to_have_attribute("aria-current", "page")


def test_excluded_visitor(page: Page, origin: str) -> None:
    """An excluded visitor is linked, but reported for nothing: an earlier exposure is not shown again."""
    page.goto(f"{origin}/?kameleoonForce=214500:914501")
    expect(exposed(page).first).to_be_visible()
    page.get_by_role("link", name="Excluded").click()

    expect(identified(page)).to_be_visible()
    expect(page.locator("#why .campaign").first).to_contain_text("left out by targeting or traffic")
    expect(page.locator("#variation")).to_have_text("Excluded")
    expect(exposed(page)).to_have_count(0)


def test_visitor_at_work(page: Page, origin: str) -> None:
    """What the visitor does arrives with the visitor code, and each row opens to what was received."""
    page.goto(origin)
    expect(identified(page)).to_be_visible()
    page.get_by_role("button", name="Add to cart: Stone vase").click()
    page.get_by_role("button", name="Log in").click()

    expect(page.locator(".cart")).to_have_text("Cart 1")
    expect(page.locator("#user-id")).to_have_text(re.compile(r"^customer-\d{4}$"))
    row = segment_row(page, "Add to cart")
    row.locator(".wire-row").click()
    expect(row.locator("pre").first).to_contain_text('"product_id": "vase"')
    expect(row.locator("pre").first).to_contain_text('"kameleoonVisitorCode"')
    page.get_by_role("button", name=re.compile(r"^\d+ new")).click()
    expect(segment_row(page, "Identify customer-")).to_be_visible()

    anonymous_id = page.inner_text("#anonymous-id")
    page.get_by_role("button", name="Log out").click()
    expect(page.locator("#user-id")).to_have_text("nobody is logged in")
    expect(page.locator("#anonymous-id")).not_to_have_text(anonymous_id)


def test_what_the_log_in_tells_kameleoon(page: Page, origin: str) -> None:
    """Plan and group are known at once, without a new page view, and still at the next one."""
    page.goto(origin)
    expect(identified(page)).to_be_visible()
    page.get_by_role("button", name="Log in").click()
    for _ in range(2):
        expect(page.locator("#plan")).to_have_text("premium")
        expect(page.locator("#group")).to_have_text("studio-nord")
        page.reload()


def test_without_the_bridge(demo: Demo, page: Page, origin: str) -> None:
    """With no bundle the shop works all the same, and the panel says what is missing."""

    def refuse(route: Route) -> None:
        route.fulfill(status=404)

    page.route("**/bridge.js", refuse)
    page.goto(origin)
    page.get_by_role("button", name="Add to cart: Oak stool").click()

    expect(page.locator("#status")).to_have_text("Bridge off: its tag did not load")
    expect(page.locator(".wire-rows")).to_contain_text("Add to cart")
    expect(page.locator("#why")).to_contain_text("the bridge is not in the page")
    assert [line for line in demo.problems if "404" not in line] == []
    demo.problems.clear()


def test_no_sideways_scrolling(page: Page, origin: str) -> None:
    """The page fits each screen, with everything that can be pressed inside."""
    page.goto(origin)
    expect(exposed(page).first).to_be_visible()
    for width in (1366, 768, 390):
        page.set_viewport_size({"width": width, "height": 768})

        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for control in page.locator("a, button, summary").filter(visible=True).all():
            box = control.bounding_box()
            assert box is not None
            assert 0 <= box["x"] <= box["x"] + box["width"] <= width
