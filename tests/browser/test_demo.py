"""The demo shows the round trip, and only what really happened."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from bridge.bundle import build
from bridge.models.settings import Settings
from bridge.sandbox import options
from bridge.sandbox.app import create_app
from bridge.sandbox.place import DEMO_SETTINGS
from tests.browser.serving import CLIENT, serving

CODE = re.compile(r"^[a-z0-9]{16}$")


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the origin of a sandbox as `serve.py` starts it: with the demo's bundle, and forwarding to Kameleoon."""
    bundle = tmp_path_factory.mktemp("demo")
    demo = Settings.load(DEMO_SETTINGS)
    build(demo, bundle)
    forwarding = options.Options(destination=options.Destination(demo.sitecode))
    with serving(create_app(bundle, options=forwarding)) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def problems() -> list[str]:
    """Collect what a console would show in red or yellow."""
    return []


@pytest.fixture
def demo(page: Page, sandbox: str, problems: list[str]) -> Iterator[Page]:
    """Return a page on which the demo can be opened; afterwards nothing was red, and nobody else was asked."""
    CLIENT.post(f"{sandbox}/sandbox/reset").raise_for_status()
    strangers: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if line.type in ("error", "warning") else None)
    page.on("request", lambda request: None if request.url.startswith(sandbox) else strangers.append(request.url))
    yield page
    assert problems == []
    assert strangers == []


def segment_row(demo: Page, text: str) -> Locator:
    """Return the wire's rows of what Segment received; what is on its way to it, or from it, has rows of its own."""
    rows = demo.locator(".wire-item[data-lane=segment]", has=demo.locator(".wire-row", has_text=text))
    return rows.filter(has_not=demo.locator(".wire-row", has_text="in analytics.js"))


def identified(demo: Page) -> Locator:
    """Return the row that says that the visitor was linked, once Segment has it."""
    return segment_row(demo, "Kameleoon identifier").last


def exposed(demo: Page) -> Locator:
    """Return the lines of campaigns of which this page view has sent an exposure."""
    return demo.locator("#why .campaign", has=demo.locator(".step.done:nth-of-type(4)"))


def test_round_trip(demo: Page, sandbox: str) -> None:
    """Identifier and exposure appear with the visitor's code and the variation that the shop shows."""
    demo.goto(sandbox)
    expect(identified(demo)).to_be_visible()
    expect(exposed(demo).first).to_be_visible()

    code = demo.inner_text("#visitor-code")
    assert CODE.match(code)
    assert {cookie["name"]: cookie["value"] for cookie in demo.context.cookies()}["kameleoonVisitorCode"] == code
    expect(identified(demo)).to_contain_text(code)
    expect(segment_row(demo, "Experiment viewed")).to_contain_text(demo.inner_text("#variation"))
    expect(demo.locator("#status")).to_contain_text("Bridge on · MicroPython · ready after")
    expect(demo.get_by_role("link", name="By chance")).to_have_attribute("aria-current", "page")


def test_excluded_visitor(demo: Page, sandbox: str) -> None:
    """An excluded visitor is linked, but reported for nothing: an earlier exposure is not shown again."""
    demo.goto(f"{sandbox}/?kameleoonForce=214500:914501")
    expect(exposed(demo).first).to_be_visible()
    demo.get_by_role("link", name="Excluded").click()

    expect(identified(demo)).to_be_visible()
    expect(demo.locator("#why .campaign").first).to_contain_text("left out by its targeting or traffic")
    expect(demo.locator("#variation")).to_have_text("Excluded")
    expect(exposed(demo)).to_have_count(0)


def test_visitor_at_work(demo: Page, sandbox: str) -> None:
    """What the visitor does arrives with the visitor code, and each row opens to what was received."""
    demo.goto(sandbox)
    expect(identified(demo)).to_be_visible()
    demo.get_by_role("button", name="Add to cart: Stone vase").click()
    demo.get_by_role("button", name="Log in").click()

    expect(demo.locator(".cart")).to_have_text("Cart 1")
    expect(demo.locator("#user-id")).to_have_text("customer-4711")
    row = segment_row(demo, "Add to cart")
    row.locator(".wire-row").click()
    expect(row.locator("pre").first).to_contain_text('"product_id": "vase"')
    expect(row.locator("pre").first).to_contain_text('"kameleoonVisitorCode"')
    demo.get_by_role("button", name=re.compile(r"^\d+ new")).click()
    expect(segment_row(demo, "Identify customer-4711")).to_be_visible()

    anonymous_id = demo.inner_text("#anonymous-id")
    demo.get_by_role("button", name="Log out").click()
    expect(demo.locator("#user-id")).to_have_text("nobody is logged in")
    expect(demo.locator("#anonymous-id")).not_to_have_text(anonymous_id)


def test_what_the_log_in_tells_kameleoon(demo: Page, sandbox: str) -> None:
    """Plan and group are known at once, without a new page view, and still at the next one."""
    demo.goto(sandbox)
    expect(identified(demo)).to_be_visible()
    demo.get_by_role("button", name="Log in").click()
    for _ in range(2):
        expect(demo.locator("#plan")).to_have_text("premium")
        expect(demo.locator("#group")).to_have_text("studio-nord")
        demo.reload()


def test_without_the_bridge(demo: Page, sandbox: str, problems: list[str]) -> None:
    """With no bundle the shop works all the same, and the panel says what is missing."""

    def refuse(route: Route) -> None:
        route.fulfill(status=404)

    demo.route("**/bridge.js", refuse)
    demo.goto(sandbox)
    demo.get_by_role("button", name="Add to cart: Oak stool").click()

    expect(demo.locator("#status")).to_have_text("Bridge off: its tag did not load")
    expect(demo.locator(".wire-rows")).to_contain_text("Add to cart")
    expect(demo.locator("#why")).to_contain_text("the bridge is not in the page")
    assert [line for line in problems if "404" not in line] == []
    problems.clear()


def test_no_sideways_scrolling(demo: Page, sandbox: str) -> None:
    """The page fits each screen, with everything that can be pressed inside."""
    demo.goto(sandbox)
    expect(exposed(demo).first).to_be_visible()
    for width in (1366, 768, 390):
        demo.set_viewport_size({"width": width, "height": 768})

        assert demo.evaluate("document.documentElement.scrollWidth") <= width
        for control in demo.locator("a, button, summary").filter(visible=True).all():
            box = control.bounding_box()
            assert box is not None
            assert 0 <= box["x"] <= box["x"] + box["width"] <= width
