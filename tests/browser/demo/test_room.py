"""On a phone in the room: by plain http under a name or an address, where browsers keep much from a page."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserType, expect

from tests.browser.demo.conftest import Demo
from tests.browser.serving import CLIENT

ROOM = "--host-resolver-rules=MAP demo.test 127.0.0.1"
MISSING = "[isSecureContext, 'randomUUID' in crypto, 'clipboard' in navigator, 'locks' in navigator]"


@pytest.fixture
def phone(browser_type: BrowserType, browser_type_launch_args: dict[str, Any], origin: str) -> Iterator[Demo]:
    """Return the demo in a browser that reaches the laptop by a name, without a secure context."""
    CLIENT.post(f"{origin}/sandbox/reset").raise_for_status()
    args = {**browser_type_launch_args, "args": [*browser_type_launch_args["args"], ROOM]}
    with browser_type.launch(**args) as browser:
        page = browser.new_page(viewport={"width": 390, "height": 844}, has_touch=True)
        demo = Demo(page, origin.replace("127.0.0.1", "demo.test"))
        yield demo
        assert demo.problems == []
        assert demo.strangers == []


def test_everything_works_without_a_secure_context(phone: Demo, origin: str) -> None:
    """Visitor, persona, goal, consent and a stranger: what a phone does arrives, and shows."""
    page = phone.page
    page.goto(f"{phone.origin}/?kameleoonForce=214500:914502")
    assert page.evaluate(MISSING) == [False] * 4
    phone.origin = origin  # for the tests' own questions
    (identifier,) = phone.wait_for("track", event="Kameleoon identifier")
    page.get_by_role("button", name="Presenter").tap()
    page.get_by_role("button", name="Log in").tap()
    phone.wait_for("identify")
    vip = page.get_by_role("switch", name="vip")
    with page.expect_navigation():
        vip.tap()
    expect(page.locator("#welcome")).to_contain_text("Welcome back, VIP")
    page.get_by_role("button", name="Add to cart: Arc lamp").tap()
    code = identifier["event"]["properties"]["k_visitorCode"]
    expect(page.locator("#why")).to_contain_text("Goal Add to cart")
    assert [row for row in phone.log("conversion") if row["goal"] == "Add to cart" and code in row["ids"]]
    page.get_by_role("button", name="Presenter").tap()
    page.get_by_role("button", name="no", exact=True).tap()
    expect(page.get_by_text("You said no")).to_be_visible()
    page.get_by_role("button", name="Presenter").tap()
    page.get_by_role("button", name="New visitor").tap()
    expect(page.get_by_text("You said no")).to_be_hidden()
    rows = phone.wait_for("track", event="Kameleoon identifier")
    assert rows[-1]["event"]["properties"]["k_visitorCode"] != code


def test_the_tour_plays_there_too(phone: Demo) -> None:
    """To its end, on a phone."""
    phone.open("/?tour&pace=30&patience=30")
    expect(phone.page.locator("#tour-note")).to_contain_text("That is the story", timeout=60_000)
