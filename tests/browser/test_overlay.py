"""The debug overlay, as a visitor of a shop sees and uses it: on a page that knows nothing of it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Download, FrameLocator, Locator, expect

from bridge.doctor.sight import Sight
from bridge.shared.vocabulary import DEBUG_SWITCH
from tests.browser.axe import findings
from tests.browser.shop import ONLY_MICROPYTHON, Shop
from tests.browser.situations import script

ON = f"/?{DEBUG_SWITCH}"
OVERLAY = "iframe[title*='debug overlay']"
HOSTILE = """<style>
  body *, html > *:not(body, head), iframe { display: none !important; transform: scale(0) !important; opacity: 0 }
  iframe { width: 1px !important; visibility: hidden !important; position: static !important; z-index: -1 !important }
</style>"""
# What a page finds in its window, but for what a browser puts there itself.
GLOBALS = "() => Object.keys(window).filter((name) => !/^[0-9]+$/.test(name)).sort()"
FOLD = re.compile("Kameleoon . Segment")
Configured = Callable[..., str]


@pytest.fixture
def tag(shop: Shop, configured: Configured) -> str:
    """Return the tag of a site whose settings allow to debug it."""
    return shop.tag(config=configured(debug=True))


def opened(shop: Shop, tag: str, *head: str, **page: Any) -> FrameLocator:
    """Open a page with the overlay; return the overlay's content once the identifier is in it."""
    shop.open(*head, shop.kameleoon(), shop.segment(), tag, **{"path": ON, **page})
    return shown(shop)


def shown(shop: Shop) -> FrameLocator:
    """Wait for the overlay and the identifier in it; return its content."""
    overlay = shop.page.frame_locator(OVERLAY)
    expect(row(overlay, "Kameleoon identifier")).to_be_visible()
    return overlay


def row(overlay: FrameLocator, title: str) -> Locator:
    """Return the row of the first message with that title."""
    return overlay.locator(".wire-row", has_text=title).first


def corner(shop: Shop) -> tuple[bool, bool]:
    """Return whether the overlay is to the right, and below."""
    box = shop.page.locator(OVERLAY).bounding_box()
    size = shop.page.viewport_size
    assert box
    assert size
    return (box["x"] + box["width"] / 2 > size["width"] / 2, box["y"] + box["height"] / 2 > size["height"] / 2)


def at_corner(shop: Shop, right: bool, below: bool) -> None:
    """Wait until the overlay is in that corner."""
    shop.until(lambda: corner(shop) == (right, below), f"the overlay at {right, below}")


def test_it_shows_how_the_bridge_is_and_what_caused_what(shop: Shop, tag: str) -> None:
    """Status line, identifier and exposure, each with its cause; nothing but the bundle is asked for."""
    overlay = opened(shop, tag)
    engine = {"micropython": "MicroPython", "pyodide": "Pyodide"}[shop.engine]
    expect(overlay.locator("#status")).to_contain_text(re.compile(rf"{engine} on · ready after \d+ ms · consent yes"))
    expect(overlay.locator("#status")).to_contain_text("linked · exposures: 1")
    expect(overlay.locator("#hints")).to_be_hidden()
    for title, cause in (("Experiment viewed", "Experiment"), ("Kameleoon identifier", "Visitor")):
        row(overlay, title).click()
        card = overlay.locator(".wire-card")
        expect(card.get_by_role("region", name="What matters")).to_be_visible()
        expect(card.locator(".wire-links", has_text="Caused by").get_by_role("button")).to_contain_text(cause)
    shop.works()


@ONLY_MICROPYTHON
def test_the_tab_remembers_it_until_it_is_closed(shop: Shop, tag: str) -> None:
    """On the next page, too, which names nothing; closed, it is gone, and stays away."""
    opened(shop, tag)
    shop.page.goto(shop.origin + "/second")
    overlay = shop.page.frame_locator(OVERLAY)
    expect(row(overlay, "Bridge on")).to_be_visible()
    overlay.get_by_role("button", name="Close").click()
    expect(shop.page.locator(OVERLAY)).to_have_count(0)
    shop.page.goto(shop.origin + "/third")
    shop.ready()
    shop.settled()
    expect(shop.page.locator(OVERLAY)).to_have_count(0)


@ONLY_MICROPYTHON
def test_hints_come_with_their_fixes(shop: Shop, tag: str) -> None:
    """Those of `status()`, and what went wrong."""
    shop.open(shop.kameleoon(), tag, path=ON)
    overlay = shop.page.frame_locator(OVERLAY)
    expect(overlay.locator("#hints")).to_be_visible()
    hint = shop.until(lambda: shop.status()["hints"], "a hint")[0]
    expect(overlay.locator("#hints summary")).to_have_text("1 hint")
    expect(overlay.locator("#hints li")).to_contain_text(hint["what"])
    expect(overlay.locator("#hints li")).to_contain_text(hint["fix"])


@ONLY_MICROPYTHON
def test_search_and_lanes(shop: Shop, tag: str) -> None:
    """What is looked for stays, in the lanes that are wanted."""
    overlay = opened(shop, tag)
    overlay.get_by_role("searchbox").fill("viewed")
    expect(overlay.locator(".wire-row")).to_have_count(1)
    overlay.get_by_role("button", name="Bridge", exact=False).and_(overlay.locator("[data-do=lane]")).click()
    expect(overlay.locator(".wire-row")).to_have_count(0)
    expect(overlay.get_by_role("button", name="Destination")).to_have_count(0)


def saved(overlay: FrameLocator, shop: Shop) -> Sight:
    """Save, and return the file as the doctor reads it."""
    with shop.page.expect_download() as event:
        overlay.get_by_role("button", name="Save").click()
    download: Download = event.value
    return Sight.model_validate_json(Path(download.path()).read_text("utf-8"))


@ONLY_MICROPYTHON
def test_what_is_saved_is_the_doctors_evidence(shop: Shop, tag: str) -> None:
    """The page's address without what it asks for, the status, and all messages."""
    sight = saved(opened(shop, tag, path=f"{ON}&session=1234"), shop)
    assert sight.final_url == f"{shop.origin}/"
    assert sight.last["state"] == "on"
    assert {"Kameleoon identifier", "Experiment viewed"} <= {one.title for one in sight.messages}


@ONLY_MICROPYTHON
def test_by_keyboard_alone(shop: Shop, tag: str) -> None:
    """It comes last, moves from corner to corner, becomes a pill and is closed."""
    body = "<a href='#a'>First</a> <button>Last of the page</button>"
    overlay = opened(shop, tag, body=body)
    shop.page.get_by_role("button", name="Last of the page").focus()
    shop.page.keyboard.press("Tab")
    move = overlay.get_by_role("button", name="Move")
    expect(move).to_be_focused()
    assert corner(shop) == (True, True)
    for key, where in (("ArrowUp", (True, False)), ("ArrowLeft", (False, False)), ("ArrowDown", (False, True))):
        shop.page.keyboard.press(key)
        at_corner(shop, *where)
    shop.page.keyboard.press("Tab")
    fold = overlay.get_by_role("button", name=FOLD)
    expect(fold).to_be_focused()
    shop.page.keyboard.press("Enter")
    expect(overlay.locator("#wire")).to_be_hidden()
    expect(fold).to_have_attribute("aria-expanded", "false")
    shop.page.reload()
    expect(fold).to_have_attribute("aria-expanded", "false")  # in this tab it stays as it was
    at_corner(shop, right=False, below=True)
    fold.press("Space")
    expect(overlay.locator("#wire")).to_be_visible()
    overlay.get_by_role("button", name="Close").press("Enter")
    expect(shop.page.locator(OVERLAY)).to_have_count(0)


@ONLY_MICROPYTHON
def test_by_mouse_it_goes_to_the_nearest_corner(shop: Shop, tag: str) -> None:
    """Dragged by its handle."""
    overlay = opened(shop, tag)
    box = overlay.get_by_role("button", name="Move").bounding_box()
    assert box
    shop.page.mouse.move(box["x"] + 5, box["y"] + 5)
    shop.page.mouse.down()
    shop.page.mouse.move(300, 300, steps=4)
    shop.page.mouse.move(100, 20, steps=4)
    shop.page.mouse.up()
    at_corner(shop, right=False, below=False)


@ONLY_MICROPYTHON
def test_on_a_phone_it_is_a_sheet(shop: Shop, tag: str) -> None:
    """As wide as the page, from below; it makes room again as a pill."""
    shop.page.set_viewport_size({"width": 390, "height": 844})
    overlay = opened(shop, tag)
    box = shop.page.locator(OVERLAY).bounding_box()
    assert box
    assert (box["x"], box["width"], box["y"] + box["height"]) == (0, 390, 844)
    assert box["height"] < 844 * 0.7
    assert shop.page.evaluate("() => document.documentElement.scrollWidth") == 390
    overlay.get_by_role("button", name=FOLD).click()
    shop.until(lambda: (shop.page.locator(OVERLAY).bounding_box() or box)["height"] < 60, "a pill")


@ONLY_MICROPYTHON
def test_axe_finds_nothing(shop: Shop, tag: str) -> None:
    """In the overlay, light and dark."""
    overlay = opened(shop, tag)
    row(overlay, "Experiment viewed").click()
    (frame,) = [one for one in shop.page.frames if "/overlay-" in one.url]
    for scheme in ("light", "dark"):
        shop.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert findings(frame) == [], scheme


@ONLY_MICROPYTHON
def test_a_page_whose_styles_hide_everything(shop: Shop, tag: str) -> None:
    """Its styles reach neither the overlay's frame nor what is in it; the hidden frame stays hidden."""
    overlay = opened(shop, tag, HOSTILE)
    box = shop.page.locator(OVERLAY).bounding_box()
    assert box
    assert box["width"] > 400
    row(overlay, "Experiment viewed").click()
    expect(overlay.locator(".wire-card")).to_be_visible()
    hidden = shop.page.locator(f"iframe:not({OVERLAY.removeprefix('iframe')})")
    expect(hidden).to_be_hidden()


@ONLY_MICROPYTHON
@pytest.mark.parametrize("allowed", [True, False])
def test_a_strict_policy(shop: Shop, tag: str, allowed: bool) -> None:
    """With the bundle's origin in frame-src it works; without, one line says what to add, and nothing else happens."""
    source = f"{shop.cloud} {shop.origin} 'unsafe-inline' 'wasm-unsafe-eval'"
    policy = f"default-src 'none'; script-src {source}; connect-src {shop.cloud} {shop.origin}; frame-src "
    shop.open(
        shop.kameleoon(),
        shop.segment(),
        tag,
        csp=policy + (shop.cloud if allowed else "'none'"),
        path=ON,
    )
    if allowed:
        shown(shop)
    else:
        said = shop.until(lambda: [one for one in shop.problems if "[kameleoon-segment]" in one], "a line")
        what = f"the page's Content-Security-Policy blocks the debug overlay: add {shop.cloud} to its frame-src"
        assert said == [f"[kameleoon-segment] {what}, or switch it off with ?{DEBUG_SWITCH}=off"]
        expect(shop.page.locator(OVERLAY)).to_have_count(0)
    shop.works()
    shop.problems[:] = [one for one in shop.problems if "Content" not in one and "Content Security Policy" not in one]


@ONLY_MICROPYTHON
def test_the_page_stays_as_it_was(shop: Shop, tag: str) -> None:
    """No other global, element or listener's message than without it: one frame more."""
    heard = script("window.heard = []; addEventListener('message', ({ data }) => heard.push(String(data)))")
    shop.open(heard, shop.kameleoon(), shop.segment(), tag)
    shop.works()
    before = shop.page.evaluate(GLOBALS)
    elements = shop.page.locator("*").count()
    shop.open(heard, shop.kameleoon(), shop.segment(), tag, path=ON)
    expect(row(shop.page.frame_locator(OVERLAY), "Experiment viewed")).to_be_visible()
    assert shop.page.evaluate(GLOBALS) == before
    assert shop.page.locator("*").count() == elements + 1
    assert shop.page.evaluate("() => heard") == []


@ONLY_MICROPYTHON
def test_a_frame_that_was_lost_leaves_the_overlay(shop: Shop, tag: str) -> None:
    """The hidden frame is put up again, and tells the same overlay what follows."""
    overlay = opened(shop, tag)
    hidden = f"iframe:not({OVERLAY.removeprefix('iframe')})"
    shop.page.evaluate("(selector) => { document.querySelector(selector).remove() }", hidden)
    expect(overlay.locator(".wire-row", has_text="Bridge on")).to_have_count(2)
    expect(row(overlay, "Kameleoon identifier")).to_be_visible()


@ONLY_MICROPYTHON
def test_a_body_that_is_swapped_away(shop: Shop, tag: str) -> None:
    """As Turbo does: the overlay comes back, with all that was told before."""
    overlay = opened(shop, tag)
    for _ in range(2):
        shop.page.evaluate("() => { document.body = document.createElement('body') }")
        expect(row(overlay, "Kameleoon identifier")).to_be_visible()
        expect(overlay.locator(".wire-row", has_text="Bridge on")).to_have_count(2)


@ONLY_MICROPYTHON
def test_what_events_hold_stays_text(shop: Shop, tag: str) -> None:
    """Nothing of a page's becomes HTML in the overlay."""
    overlay = opened(shop, tag)
    name = "<img src=x onerror='parent.hurt = 1'>"
    shop.page.evaluate("(name) => { analytics.track(name, { name }) }", name)
    row(overlay, name).click()
    expect(overlay.locator(".wire-card")).to_be_visible()
    expect(overlay.locator("img")).to_have_count(0)
    assert shop.page.evaluate("() => window.hurt") is None
