"""The presenter's bar: each control does what a real page would, and shows what is so, by mouse and by keyboard."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser import axe
from tests.browser.demo.conftest import Demo

FORCED_B = "/?kameleoonForce=214500:914502"
WELCOME = "Welcome back, VIP: the new pieces are yours two days before everybody else."


def button(demo: Demo, name: str) -> Locator:
    """Return a button of the bar."""
    return demo.page.locator(".bar").get_by_role("button", name=name, exact=True)


def linked(demo: Demo, address: str = FORCED_B) -> str:
    """Open the demo and wait until the visitor is linked; return the visitor code."""
    demo.open(address)
    rows = demo.wait_for("track", event="Kameleoon identifier")
    expect(demo.page.locator("#engine-note")).to_have_text(re.compile(r"^ready in [\d.]+ m?s$"))
    code: str = rows[-1]["event"]["properties"]["k_visitorCode"]
    return code


@pytest.mark.parametrize(
    ("choice", "seen", "headline"),
    [
        ("Control", "Reference", "Things for the house that last."),
        ("A", "A: delivery promise", "Delivered free, returned free."),
        ("B", "B: new arrivals", "New for autumn, made in small runs."),
    ],
)
def test_a_variation_is_chosen_shown_and_reported(demo: Demo, choice: str, seen: str, headline: str) -> None:
    """The link that is marked is what the visitor sees."""
    linked(demo, "/?kameleoonForce=214500:null")
    expect(demo.page.locator(".choice .seen")).to_have_text("Excluded")
    assert demo.log("track", event="Experiment viewed") == []
    demo.page.get_by_role("link", name=choice, exact=True).click()
    expect(demo.page.get_by_role("heading", level=1)).to_have_text(headline)
    expect(demo.page.locator(".choice .seen")).to_have_text(choice)
    (row,) = demo.wait_for("track", event="Experiment viewed")
    assert row["event"]["properties"]["variation_name"] == seen


def test_by_chance_shows_what_chance_chose(demo: Demo) -> None:
    """Two links are marked: how the visitor came to a variation, and which it is."""
    linked(demo, "/")
    expect(demo.page.locator(".choice .seen")).to_have_count(1)
    expect(demo.page.get_by_role("link", name="By chance")).to_have_attribute("aria-current", "page")


def test_account(demo: Demo) -> None:
    """Log in, plan, company, log out: Segment is told, and the bar shows what Segment has."""
    linked(demo)
    plan, company = button(demo, "basic"), button(demo, "Atelier Sud")
    expect(plan).to_have_attribute("data-reason", "Log in first")
    expect(plan).to_be_disabled()
    button(demo, "Log in").click()
    expect(button(demo, "premium")).to_have_attribute("aria-pressed", "true")
    expect(button(demo, "Studio Nord")).to_have_attribute("aria-pressed", "true")
    plan.click()
    expect(plan).to_have_attribute("aria-pressed", "true")
    company.click()
    expect(company).to_have_attribute("aria-pressed", "true")
    identified = demo.wait_for("identify", count=2)
    assert [row["event"]["traits"]["plan"] for row in identified] == ["premium", "basic"]
    (user_id,) = {row["event"]["userId"] for row in identified}
    assert re.fullmatch(r"customer-\d{4}", user_id)
    assert [row["event"]["groupId"] for row in demo.wait_for("group", count=2)] == ["studio-nord", "atelier-sud"]
    button(demo, "Log out").click()
    expect(button(demo, "Log in")).to_be_enabled()
    expect(plan).to_be_disabled()
    expect(plan).to_have_attribute("aria-pressed", "false")


def test_persona_at_the_next_page_view(demo: Demo) -> None:
    """A persona that is switched on shows its personalization, and reports it; switched off, it is gone."""
    linked(demo)
    vip = demo.page.get_by_role("switch", name="vip")
    expect(vip).not_to_be_checked()
    with demo.page.expect_navigation():
        vip.click()
    expect(demo.page.locator("#welcome")).to_have_text(WELCOME)
    expect(vip).to_be_checked()
    names = [
        row["event"]["properties"]["experiment_name"]
        for row in demo.wait_for("track", event="Experiment viewed", count=3)
    ]
    assert "Welcome for VIPs" in names
    with demo.page.expect_navigation():
        vip.click()
    expect(vip).not_to_be_checked()
    expect(demo.page.locator("#welcome")).to_be_empty()


def test_consent(demo: Demo) -> None:
    """Unknown holds, no stops, yes sends: as a consent manager would have it, and the shop says which it is."""
    linked(demo)
    expect(button(demo, "yes")).to_have_attribute("aria-pressed", "true")
    question = demo.page.get_by_text("May this shop measure")
    with demo.page.expect_navigation():
        button(demo, "unknown").click()
    expect(button(demo, "unknown")).to_have_attribute("aria-pressed", "true")
    expect(question).to_be_visible()
    start = demo.last()
    demo.page.get_by_role("button", name="No", exact=True).click()
    expect(demo.page.get_by_text("You said no")).to_be_visible()
    expect(question).to_be_hidden()
    expect(button(demo, "no")).to_have_attribute("aria-pressed", "true")
    expect(demo.page.get_by_role("switch", name="vip")).to_be_disabled()

    demo.page.reload()
    expect(button(demo, "no")).to_have_attribute("aria-pressed", "true")
    demo.page.get_by_role("button", name="Add to cart: Arc lamp").click()
    (row,) = demo.wait_for("track", event="Add to cart", after=start)
    assert "kameleoonVisitorCode" not in row["event"]["properties"]
    assert demo.log("track", event="Experiment viewed", after=start) == []

    button(demo, "yes").click()
    expect(demo.page.get_by_text("You said no")).to_be_hidden()
    demo.wait_for("track", event="Experiment viewed", after=start)


def test_consent_unknown_holds_what_was_seen(demo: Demo) -> None:
    """What the visitor saw before the answer is sent once they say yes."""
    linked(demo)
    with demo.page.expect_navigation():
        button(demo, "unknown").click()
    expect(demo.page.locator("#engine-note")).to_contain_text("ready in")
    start = demo.last()
    demo.page.get_by_role("button", name="Add to cart: Arc lamp").click()
    demo.wait_for("track", event="Add to cart", after=start)
    assert demo.log("track", event="Experiment viewed", after=start) == []
    demo.page.get_by_role("button", name="Yes", exact=True).click()
    demo.wait_for("track", event="Experiment viewed", after=start)
    assert demo.cookie("demo-consent") == ""


def test_engine(demo: Demo) -> None:
    """The same round trip on Pyodide, each message checked; while it boots, a clock runs beside what is loading."""
    linked(demo)
    note = demo.page.locator("#engine-note")
    held: list[Route] = []
    demo.page.route("**/pyodide.asm.wasm", lambda route: held.append(route), times=1)  # noqa: PLW0108 - Playwright marks it
    button(demo, "Pyodide").click()
    expect(note).to_have_text(re.compile(r"^\d+\.\d s · loading Pyodide \(\d+ of \d+ files\)$"), timeout=60_000)
    expect(note).not_to_have_text(note.inner_text())  # the clock runs
    for route in held:
        route.continue_()
    expect(note).to_have_text(re.compile(r"^ready in [\d.]+ m?s$"), timeout=60_000)
    expect(button(demo, "Pyodide")).to_have_attribute("aria-pressed", "true")
    status: dict[str, Any] = demo.page.evaluate("kameleoonSegment.status()")
    assert (status["engine"], status["checked"] > 0) == ("pyodide", True)
    button(demo, "MicroPython").click()
    expect(button(demo, "MicroPython")).to_have_attribute("aria-pressed", "true")
    expect(button(demo, "Pyodide")).to_have_attribute("aria-pressed", "false")


def test_network(demo: Demo) -> None:
    """A slow network makes what a shop loads slow, and not the bar."""
    linked(demo)
    expect(button(demo, "fast")).to_have_attribute("aria-pressed", "true")
    with demo.page.expect_navigation():
        button(demo, "slow").click()
    expect(button(demo, "slow")).to_have_attribute("aria-pressed", "true")
    expect(demo.page.locator("#engine-note")).to_contain_text("ready in")
    took = "(name) => performance.getEntriesByType('resource').find((one) => one.name.includes(name)).duration"
    assert demo.page.evaluate(took, "/abcde12345/engine.js") > 150
    assert demo.page.evaluate("performance.getEntriesByType('navigation')[0].responseStart") > 150
    assert demo.page.evaluate(took, "/demo/demo.css") < demo.page.evaluate(took, "/abcde12345/engine.js")
    button(demo, "fast").click()
    expect(button(demo, "fast")).to_have_attribute("aria-pressed", "true")


def test_new_visitor(demo: Demo) -> None:
    """Another visitor with an empty cart; of the last one, and of nobody else, nothing is left at the sandbox."""
    code = linked(demo)
    demo.page.get_by_role("button", name="Add to cart: Arc lamp").click()
    button(demo, "Log in").click()
    (identify,) = demo.wait_for("identify")
    start = demo.last()
    with demo.page.expect_navigation():
        button(demo, "slow").click()
    demo.wait_for("data_api.get", after=start)  # the last that the page asks for: nothing arrives after it is forgotten
    demo.page.request.post(
        f"{demo.origin}/v1/track", data='{"event": "Of somebody else", "userId": "u", "writeKey": "k"}'
    )
    button(demo, "New visitor").click()
    demo.page.wait_for_url(f"{demo.origin}/")
    rows = demo.wait_for("track", event="Kameleoon identifier")
    assert rows[-1]["event"]["properties"]["k_visitorCode"] != code
    expect(demo.page.locator("#cart-count")).to_have_text("0")
    expect(button(demo, "Log in")).to_be_enabled()
    assert code not in str(demo.log())
    assert identify["event"]["userId"] not in str(demo.log())
    assert len(demo.log("track", event="Of somebody else")) == 1
    expect(button(demo, "slow")).to_have_attribute("aria-pressed", "true")  # the presenter's choice stays


def test_by_keyboard_alone(demo: Demo) -> None:
    """Each control is reached by the tab key and pressed by the keyboard; one that cannot act says why."""
    linked(demo)
    page = demo.page
    reached: dict[str, str] = {}
    for _ in range(40):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.id || document.activeElement.textContent")
        if name in reached:
            break
        reached[name] = page.evaluate("getComputedStyle(document.activeElement, '::after').content")
    assert {"login", "plan-basic", "vip", "consent-no", "engine-pyodide", "network-slow", "Excluded"} <= reached.keys()
    assert reached["plan-basic"] == '"Log in first"'
    assert reached["login"] == "none"
    page.locator("#login").focus()
    page.keyboard.press("Enter")
    expect(button(demo, "Log out")).to_be_visible()
    page.locator("#consent-no").focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("You said no")).to_be_visible()


def test_on_a_phone_the_bar_is_a_sheet(demo: Demo) -> None:
    """A button opens it, Escape closes it."""
    demo.page.set_viewport_size({"width": 390, "height": 844})
    linked(demo)
    presenter = button(demo, "Presenter")
    expect(demo.page.locator("#login")).to_be_hidden()
    presenter.focus()
    demo.page.keyboard.press("Enter")
    expect(presenter).to_have_attribute("aria-expanded", "true")
    demo.page.locator("#login").click()
    expect(button(demo, "Log out")).to_be_visible()
    demo.page.keyboard.press("Escape")
    expect(demo.page.locator("#controls")).to_be_hidden()
    expect(presenter).to_be_focused()


def test_until_python_runs_the_page_says_what_it_waits_for(demo: Demo) -> None:
    """The controls wait visibly; a Python that does not come is said, and the shop is still a shop."""

    def refuse(route: Route) -> None:
        route.fulfill(status=404)

    demo.page.route("**/pyscript/core.js", refuse)
    demo.open(FORCED_B)
    expect(demo.page.locator("#starting")).to_contain_text("Python did not load")
    expect(demo.page.get_by_role("heading", level=1)).to_have_text("New for autumn, made in small runs.")
    demo.wait_for("track", event="Experiment viewed")
    demo.page.get_by_role("link", name="A", exact=True).click()
    expect(demo.page.get_by_role("heading", level=1)).to_have_text("Delivered free, returned free.")
    assert [line for line in demo.problems if "404" not in line] == []
    demo.problems.clear()


def test_without_the_bridge(demo: Demo) -> None:
    """Its absence is said where its engine would be; the shop sells all the same."""

    def refuse(route: Route) -> None:
        route.fulfill(status=404)

    demo.page.route("**/bridge.js", refuse)
    demo.open()
    expect(demo.page.locator("#engine-note")).to_have_text("no bridge in this page")
    demo.page.get_by_role("button", name="Add to cart: Oak stool").click()
    demo.wait_for("conversion")
    assert [line for line in demo.problems if "404" not in line] == []
    demo.problems.clear()


@pytest.mark.parametrize("width", [1280, 390])  # wider, nothing is elsewhere
def test_no_serious_finding_of_axe(demo: Demo, width: int) -> None:
    """The bar, the shop and its banner, in light and in dark, at each width."""
    demo.page.set_viewport_size({"width": width, "height": 800})
    linked(demo)
    button(demo, "Presenter" if width == 390 else "Log in").click()
    axe.assert_no_serious_finding(demo.page)
    assert demo.page.evaluate("document.documentElement.scrollWidth") <= width
