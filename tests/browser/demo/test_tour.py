"""The tour plays the story by itself, and each chapter's effect is in the sandbox's log; keys and buttons steer it."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import axe
from tests.browser.demo.conftest import Demo

FAST = "/?tour&pace=20&patience=30"
SLOW = "/?tour&pace=0.1"  # nothing goes on by itself
PATIENCE = 60_000


def chapter(demo: Demo, number: int) -> Locator:
    """Wait for a chapter; return the note that says whether it happened."""
    expect(demo.page.locator("#tour-count")).to_have_text(f"{number} of 9", timeout=PATIENCE)
    return demo.page.locator("#tour-note")


def happened(demo: Demo, number: int) -> None:
    """Wait until a chapter's condition holds."""
    expect(chapter(demo, number)).to_contain_text("It happened", timeout=PATIENCE)


def names(demo: Demo, after: int = 0) -> list[str]:
    """Return what Segment was told by track, in order."""
    return [row["event"]["event"] for row in demo.log("track", after=after)]


def test_it_plays_to_its_end(demo: Demo) -> None:
    """Every chapter did what it says, by the log."""
    page = demo.page
    demo.open(FAST)
    chapter(demo, 9)
    expect(page.locator("#tour-note")).to_contain_text("That is the story", timeout=PATIENCE)

    exposures = demo.log("track", event="Experiment viewed")
    assert exposures[0]["event"]["properties"]["variation_name"] == "B: new arrivals"
    (identifier,) = demo.log("track", event="Kameleoon identifier")
    code = identifier["event"]["properties"]["k_visitorCode"]
    received = [row["body"].get("messageId") for row in demo.log("destination.received")]
    assert identifier["event"]["messageId"] in received
    (identify,) = demo.log("identify")
    assert identify["event"]["traits"]["plan"] == "premium"
    (entered,) = demo.log("track", event="Audience Entered")
    welcomes = [row for row in exposures if row["event"]["properties"]["campaign_type"] == "personalization"]
    assert entered["n"] < welcomes[0]["n"]
    cart, last = demo.log("track", event="Add to cart")
    assert cart["event"]["properties"]["kameleoonVisitorCode"] == code
    goals = [row for row in demo.log("conversion") if row["goal"] == "Add to cart"]
    assert code in goals[0]["ids"]
    assert "kameleoonVisitorCode" not in last["event"]["properties"]
    assert not {"Experiment viewed", "Kameleoon identifier"} & set(names(demo, after=cart["n"])[1:])
    assert exposures[-1]["n"] < last["n"]
    expect(page.get_by_text("You said no")).to_be_visible()
    expect(page.locator("#headline")).to_have_text("Things for the house that last.")
    expect(page.locator("#welcome")).to_be_empty()
    expect(page.locator("#why .campaign").first).to_contain_text("consent is refused")
    assert page.url == f"{demo.origin}/?kameleoonForce=214500:914502", "the tour is not in the address"
    page.reload()
    expect(page.locator("#tour-note")).to_contain_text("That is the story")


def test_by_keyboard_alone(demo: Demo) -> None:
    """T begins; space pauses; arrows step back and on; digits jump; R tells it again to a stranger; Escape ends."""
    page = demo.page
    demo.open()
    expect(page.locator("#tour-start")).to_be_enabled()
    page.keyboard.press("t")
    happened(demo, 1)
    (identifier,) = demo.wait_for("track", event="Kameleoon identifier")
    code = identifier["event"]["properties"]["k_visitorCode"]
    expect(page.locator("#tour-pause")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#tour-pause")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowRight")
    happened(demo, 2)
    page.keyboard.press("5")
    happened(demo, 5)
    expect(page.locator("#user-id")).to_have_text(re.compile(r"^customer-\d{4}$"))
    customer = page.inner_text("#user-id")
    page.keyboard.press("ArrowLeft")
    happened(demo, 4)
    page.keyboard.press("5")
    happened(demo, 5)
    assert len(demo.wait_for("identify", count=2)) == 2, "the log in is performed again"

    page.keyboard.press("r")
    happened(demo, 1)
    rows = demo.wait_for("track", event="Kameleoon identifier")
    assert rows[-1]["event"]["properties"]["k_visitorCode"] != code
    assert code not in str(demo.log()), "the story's person is forgotten"
    assert customer not in str(demo.log())
    assert demo.cookie("demo-customer") is None, "everybody who logs in is a customer of their own"
    page.keyboard.press("Escape")
    expect(page.locator("#tour")).to_be_hidden()
    page.reload()
    expect(page.locator("#tour-start")).to_be_enabled()
    expect(page.locator("#tour")).to_be_hidden()


def test_a_jump_makes_so_what_its_chapter_needs(demo: Demo) -> None:
    """From nothing to the welcome: the log in and the audience are performed on the way."""
    demo.open(SLOW)
    happened(demo, 1)
    demo.page.keyboard.press("7")
    happened(demo, 7)
    expect(demo.page.locator("#welcome")).to_contain_text("Welcome back, VIP")
    assert len(demo.log("identify")) == 1
    assert len(demo.log("track", event="Audience Entered")) == 1

    demo.page.get_by_role("button", name="Back").click()  # to the audience: they leave it first
    happened(demo, 6)
    assert [row["event"]["event"] for row in demo.log("track") if "Audience" in row["event"]["event"]] == [
        *("Audience Entered", "Audience Exited", "Audience Entered"),
    ]
    expect(demo.page.locator("#welcome")).to_be_empty()


def test_step_back_from_the_refusal_asks_again(demo: Demo) -> None:
    """The goal needs consent: it is given again."""
    demo.open(SLOW)
    happened(demo, 1)
    demo.page.keyboard.press("9")
    happened(demo, 9)
    expect(demo.page.get_by_text("You said no")).to_be_visible()
    demo.page.keyboard.press("ArrowLeft")
    happened(demo, 8)
    expect(demo.page.get_by_text("You said no")).to_be_hidden()
    demo.page.keyboard.press("9")
    happened(demo, 9)


def test_the_row_that_is_spoken_of_is_brought_into_sight(demo: Demo) -> None:
    """Whatever has come since; on a phone the wire's sheet opens for it, and closes where the shop is spoken of."""
    page = demo.page
    demo.open(SLOW)
    happened(demo, 1)
    row = page.locator(".wire-item[data-lane=destination]", has_text="identifier")
    for number in range(30):
        page.evaluate("(name) => { analytics.track(name) }", f"Later {number}")
    expect(page.locator(".wire-item", has_text="Later 29").first).to_be_attached()
    page.keyboard.press("4")
    happened(demo, 4)
    expect(row).to_be_in_viewport(ratio=1)
    page.keyboard.press("2")
    happened(demo, 2)
    page.set_viewport_size({"width": 390, "height": 844})
    page.keyboard.press("4")
    expect(page.locator(".wire-handle")).to_have_attribute("aria-expanded", "true")
    expect(row).to_be_in_viewport(ratio=1)
    expect(page.locator("#tour-ring")).to_be_in_viewport(ratio=1)
    card, ring = (page.locator(name).bounding_box() for name in ("#tour", "#tour-ring"))
    assert card
    assert ring
    assert card["y"] + card["height"] < ring["y"]
    page.keyboard.press("2")
    expect(page.locator(".wire-handle")).to_have_attribute("aria-expanded", "false")


def test_by_mouse(demo: Demo) -> None:
    """The button of the bar and those of the card do the same."""
    page = demo.page
    demo.open()
    page.locator("#tour-start").click()
    happened(demo, 1)
    page.locator("#tour-pause").click()
    page.get_by_role("button", name="Chapter 3: Segment learns what they saw").click()
    happened(demo, 3)
    page.get_by_role("button", name="On", exact=True).click()
    happened(demo, 4)
    page.get_by_role("button", name=re.compile("Start over")).click()
    happened(demo, 1)
    page.get_by_role("button", name=re.compile("Close")).click()
    expect(page.locator("#tour")).to_be_hidden()
    expect(page.locator("#tour-start")).to_be_focused()


def test_what_does_not_come_is_said_and_the_story_can_go_on(demo: Demo) -> None:
    """Without the bridge nobody tells Segment: the caption says so, and the presenter goes on."""
    demo.page.route("**/bridge.js", lambda route: route.fulfill(status=404))
    demo.open("/?tour&pace=20&patience=1")
    expect(chapter(demo, 3)).to_contain_text(
        "Segment has not received the exposure. Press → to go on", timeout=PATIENCE
    )
    demo.page.keyboard.press("ArrowRight")
    chapter(demo, 4)
    assert [line for line in demo.problems if "404" not in line] == []
    demo.problems.clear()


def test_keys_leave_alone_who_writes(demo: Demo) -> None:
    """In a field a letter is a letter."""
    demo.open()
    expect(demo.page.locator("#tour-start")).to_be_enabled()
    search = demo.page.get_by_role("searchbox").or_(demo.page.get_by_placeholder("Search")).first
    search.fill("")
    search.press("t")
    expect(search).to_have_value("t")
    expect(demo.page.locator("#tour")).to_be_hidden()


def test_each_caption_is_announced_and_the_ring_is_where_it_speaks_of(demo: Demo) -> None:
    """Captions are in a live region, and the ring is around the headline when it speaks of that."""
    demo.open(SLOW)
    happened(demo, 1)
    asked: list[str] = []
    demo.page.on("request", lambda request: asked.append(request.url))
    demo.page.keyboard.press("2")
    happened(demo, 2)
    live = demo.page.locator("[aria-live=polite]", has=demo.page.locator("#tour-title"))
    expect(live).to_contain_text("They see variation B")
    ring, headline = (demo.page.locator(name).bounding_box() for name in ("#tour-ring", "#headline"))
    assert ring
    assert headline
    assert ring["x"] < headline["x"]
    assert ring["y"] < headline["y"]
    assert ring["y"] + ring["height"] > headline["y"] + headline["height"]
    assert [url for url in asked if "/sandbox/log" in url] == [], "the stream tells it what arrives"


@pytest.mark.parametrize("width", [1280, 390])
def test_no_serious_finding_of_axe(demo: Demo, width: int) -> None:
    """The card, in light and in dark, inside the window at each width."""
    demo.page.set_viewport_size({"width": width, "height": 800})
    demo.open(SLOW)
    happened(demo, 1)
    axe.assert_no_serious_finding(demo.page)
    for number in (2, 3, 5):
        demo.page.keyboard.press(str(number))
        happened(demo, number)
        box = demo.page.locator("#tour").bounding_box()
        assert box
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width
        assert 0 <= box["y"] <= box["y"] + box["height"] <= 800
    assert demo.page.evaluate("document.documentElement.scrollWidth") <= width
