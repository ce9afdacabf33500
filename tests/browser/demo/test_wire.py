"""The wire: in lanes beside the shop, on the log's page, and in a file that is opened later."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from bridge.cli import main
from bridge.doctor.sight import Sight
from tests.browser.axe import assert_no_serious_finding
from tests.browser.demo.conftest import Demo
from tests.browser.serving import CLIENT
from tests.find_browser import FLAGS, find
from tests.sandbox.process import Server, free_port

B = "/?kameleoonForce=214500:914502"
#: What Kameleoon shows, by its event, or by its records where the tag came later.
SEEN = "Experiment (?:activated|found) Homepage headline: B: new arrivals"
#: Looks at another tab, and back: as the page is told of it.
LOOK = """(seen) => {
  Object.defineProperty(document, "visibilityState", { value: seen, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
LANES = ("Kameleoon", "Bridge", "Segment", "Destination", "Data API")


@pytest.fixture
def wire(demo: Demo) -> Page:
    """Return the demo's page, as wide as a laptop."""
    demo.page.set_viewport_size({"width": 1280, "height": 800})
    return demo.page


def item(page: Page, lane: str, words: str) -> Locator:
    """Return the messages of a lane whose rows begin with these words, or match a pattern."""
    row = page.locator(
        ".wire-row", has_text=re.compile(rf"^\S*?{lane}: {words if words == SEEN else re.escape(words)}")
    )
    return page.locator(".wire-item", has=row)


def opened(page: Page, lane: str, words: str) -> Locator:
    """Open the card of the last such message, and return it: one card is open at a time."""
    item(page, lane, words).last.locator(".wire-row").click()
    return page.locator(".wire-card")


def shop(page: Page, origin: str) -> None:
    """Open the shop with variation B, and put something in the cart; return when the goal has converted."""
    page.goto(origin + B)
    expect(item(page, "Destination", "Delivered Kameleoon identifier")).to_be_attached()
    page.get_by_role("button", name="Add to cart: Stone vase").click()
    expect(page.locator("#why .goal")).to_be_attached()


def test_others_in_the_room_are_not_on_it(wire: Page, origin: str) -> None:
    """Neither what they send, nor their goals, nor that their exposures were delivered."""
    seen = {"experiment_id": "214500", "variation_id": "914502"}
    theirs = {"anonymousId": "their-anonymous-id", "userId": "their-user", "properties": seen}
    wire.goto(f"{origin}/?kameleoonForce=214500:null")
    expect(item(wire, "Destination", "Delivered Kameleoon identifier")).to_be_attached()
    for event in ("Experiment viewed", "Add to cart"):
        CLIENT.post(f"{origin}/v1/t", json={"event": event, "writeKey": "sandbox-web", **theirs}).raise_for_status()
    wire.get_by_role("button", name="Add to cart: Stone vase").click()
    expect(wire.locator("#why .goal")).to_have_count(1)
    expect(item(wire, "Segment", "Add to cart Stone vase").first).to_be_attached()
    expect(item(wire, "Segment", "Experiment viewed")).to_have_count(0)
    expect(wire.locator("#why .campaign").first).to_contain_text("left out by targeting or traffic")
    expect(wire.locator("#why .goal")).to_have_count(1)


def test_each_lane_has_its_messages_and_causes_are_links(wire: Page, origin: str) -> None:
    """From Kameleoon's activation to the delivery, each at its place on a rail, with a line from its cause."""
    shop(wire, origin)
    for lane, words in (
        ("Kameleoon", SEEN),
        ("Bridge", "Experiment viewed Homepage headline: B: new arrivals"),
        ("Segment", "Experiment viewed Homepage headline: B: new arrivals"),
        ("Destination", "Delivered Experiment viewed"),
        ("Data API", "Remote data read"),
    ):
        expect(item(wire, lane, words).first).to_be_visible()
    lefts = [item(wire, lane, "").locator(".wire-row > .wire-dot").first.bounding_box() for lane in LANES]
    places = [box["x"] for box in lefts if box]
    assert places == sorted(set(places))
    assert len(places) == len(LANES)
    assert wire.locator(".wire-lines path[data-lane=bridge]").get_attribute("d")

    opened(wire, "Destination", "Delivered Experiment viewed")
    steps = [
        re.compile(step) for step in ("Segment: Experiment viewed", "Bridge: Experiment viewed", f"Kameleoon: {SEEN}")
    ]
    for step in steps:
        wire.locator(".wire-card .wire-links", has_text="Caused by").get_by_role("button").click()
        expect(wire.locator(".wire-row[aria-expanded=true]")).to_contain_text(step)
        expect(wire.locator(".wire-row[aria-expanded=true]")).to_be_focused()
    wire.locator(".wire-card .wire-links", has_text="Led to").get_by_role("button").first.click()
    expect(wire.locator(".wire-row[aria-expanded=true]")).to_contain_text("Bridge: Experiment viewed")
    assert wire.locator(".wire-lines path[data-lane=chain]").get_attribute("d")


def test_times_are_those_of_the_page_view_and_each_view_has_a_heading(wire: Page, origin: str) -> None:
    """In ms since it began, in order; what crossed the seam in an earlier view is still there in the next."""
    shop(wire, origin)
    wire.reload()
    expect(wire.locator(".wire-view", has_text="Page view 2 /?kameleoonForce=214500:914502")).to_be_visible()
    expect(item(wire, "Destination", "Delivered Experiment viewed")).to_have_count(2)
    times = [int(text.split()[0]) for text in wire.locator(".wire-ms").all_inner_texts()]
    first = wire.locator(".wire-rows > li").all_inner_texts()
    second = next(place for place, text in enumerate(first) if text.startswith("Page view 2"))
    views = times[: second - 1], times[second - 1 :]
    for view in views:
        assert view == sorted(view)
        assert view[-1] < 60_000
    assert item(wire, "Bridge", "Bridge on").count() == 2


def test_fourteen_messages_are_seen_beside_the_shop(wire: Page, origin: str) -> None:
    """At 1280x800, with the newest at the bottom."""
    shop(wire, origin)
    expect(item(wire, "Kameleoon", "Goal converted Add to cart")).to_be_in_viewport(ratio=1)
    list_box = wire.locator(".wire-scroll").bounding_box()
    assert list_box
    inside = 0
    for row in wire.locator(".wire-row").all():
        box = row.bounding_box()
        assert box
        inside += list_box["y"] <= box["y"] and box["y"] + box["height"] <= list_box["y"] + list_box["height"] + 1
    assert inside >= 14


def test_what_stands_above_it_says_what_matters_first(wire: Page, origin: str) -> None:
    """The bridge, the visitor, and for each campaign how far it came; a goal with its delivery."""
    shop(wire, origin)
    expect(wire.locator("#status")).to_have_text(re.compile(r"^Bridge on · MicroPython · ready after \d+ ms$"))
    lines = wire.locator("#why .campaign")
    expect(lines.nth(0)).to_have_text("Homepage headlineB: new arrivalsdelivered")
    expect(lines.nth(0).get_by_role("img")).to_have_attribute(
        "aria-label", "so far: assigned, shown, consented, reported, delivered"
    )
    expect(lines.nth(1)).to_have_text("Welcome for VIPsleft out by targeting or traffic")
    expect(wire.locator("#why .goal")).to_have_text(re.compile(r"^Goal Add to cart converted \d+ ms after the click$"))


def test_lanes_and_words_filter(wire: Page, origin: str) -> None:
    """Each lane is a switch, and the search looks into cards, too."""
    shop(wire, origin)
    lane = wire.get_by_role("group", name="Lanes that are shown")
    for name in ("Kameleoon", "Bridge", "Destination", "Data API"):
        lane.get_by_role("button", name=name).click()
    expect(item(wire, "Segment", "Add to cart").first).to_be_visible()
    expect(wire.locator(".wire-item:not([data-lane=segment])")).to_have_count(0)
    lane.get_by_role("button", name="Destination").click()
    search = wire.get_by_role("searchbox", name="Search the messages")
    search.fill("VASE")  # it stands in the data
    expect(wire.locator(".wire-item")).to_have_count(2)
    search.fill("nothing of this kind")
    expect(wire.locator(".wire-empty")).to_have_text("Nothing matches.")
    search.fill("")
    lane.get_by_role("button", name="Kameleoon").click()
    expect(item(wire, "Kameleoon", "Goal converted")).to_have_count(1)
    expect(lane.get_by_role("button", name="Bridge")).to_have_attribute("aria-pressed", "false")


def test_who_reads_is_not_carried_away(wire: Page, origin: str) -> None:
    """Nothing new is shown while it is paused, scrolled up or a card is open; a button says how much there is."""
    shop(wire, origin)
    news = wire.get_by_role("button", name=re.compile(r"^\d+ new$"))
    buy = wire.get_by_role("button", name="Add to cart: Arc lamp")
    lamp = item(wire, "Segment", "Add to cart Arc lamp")
    scroll = wire.locator(".wire-scroll")

    wire.get_by_role("button", name="Pause").click()
    buy.click()
    expect(news).to_be_visible()
    expect(lamp).to_have_count(0)
    news.click()
    expect(lamp).to_be_in_viewport()
    expect(wire.get_by_role("button", name="Pause")).to_have_attribute("aria-pressed", "false")

    scroll.hover()
    wire.mouse.wheel(0, -200)
    buy.click()
    expect(news).to_be_visible()
    expect(lamp).to_have_count(1)
    scroll.evaluate("(box) => { box.scrollTop = box.scrollHeight }")
    expect(lamp).to_have_count(2)
    expect(news).to_be_hidden()

    opened(wire, "Bridge", "Bridge on")
    buy.click()
    expect(news).to_be_visible()
    wire.locator(".wire-row[aria-expanded=true]").press("Escape")
    expect(wire.locator(".wire-card")).to_have_count(0)
    news.click()
    expect(lamp).to_have_count(3)

    wire.get_by_role("button", name="Clear").click()
    expect(wire.locator(".wire-item")).to_have_count(0)
    buy.click()
    expect(lamp).to_have_count(1)


def test_keyboard_alone(wire: Page, origin: str) -> None:
    """One row is reached by Tab, the others by arrows; Enter opens a card, Escape closes it, Space opens it again."""
    shop(wire, origin)
    wire.get_by_role("button", name="Open", exact=True).focus()
    wire.keyboard.press("Tab")
    if wire.evaluate("document.activeElement.className") == "wire-scroll":  # a box that scrolls takes the focus, too
        wire.keyboard.press("Tab")
    rows = wire.locator(".wire-row")
    expect(wire.locator(".wire-row[tabindex='0']")).to_have_count(1)
    wire.keyboard.press("Home")
    expect(rows.first).to_be_focused()
    wire.keyboard.press("ArrowDown")
    wire.keyboard.press("ArrowDown")
    expect(rows.nth(2)).to_be_focused()
    wire.keyboard.press("ArrowUp")
    expect(rows.nth(1)).to_be_focused()
    wire.keyboard.press("Enter")
    expect(wire.get_by_role("region", name="What matters")).to_be_visible()
    wire.keyboard.press("Escape")
    expect(wire.locator(".wire-card")).to_have_count(0)
    expect(rows.nth(1)).to_be_focused()
    wire.keyboard.press("Space")
    expect(wire.locator(".wire-card")).to_have_count(1)
    wire.keyboard.press("End")
    expect(rows.last).to_be_focused()


def copied(page: Page) -> str:
    """Return what is in the clipboard."""
    text: str = page.evaluate("() => navigator.clipboard.readText()")
    return text


def test_a_card_is_copied_as_json(wire: Page, origin: str) -> None:
    """What matters is shown first, all of it below, and copied."""
    wire.context.grant_permissions(["clipboard-read"])
    shop(wire, origin)
    card = opened(wire, "Segment", "Add to cart Stone vase")
    expect(card.get_by_role("region", name="What matters")).to_contain_text('"product_id": "vase"')
    expect(card).not_to_contain_text("messageId")
    card.locator("summary").click()
    expect(card.get_by_role("region", name="All of it")).to_contain_text('"messageId"')
    card.get_by_role("button", name="Copy JSON").click()
    expect(card.get_by_role("status")).to_have_text("Copied")
    row = json.loads(copied(wire))
    assert (row["kind"], row["event"]["properties"]["price"]) == ("track", 45)


CONFTEST = f"""
import pytest

@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {{**browser_type_launch_args, "executable_path": {str(find())!r}, "args": {FLAGS!r}}}
"""


def test_a_card_copied_as_a_test_runs_as_it_is(wire: Page, origin: str, tmp_path: Path) -> None:
    """With the test kit's plugin, against the page that was shown."""
    wire.context.grant_permissions(["clipboard-read"])
    shop(wire, origin)
    wire.get_by_role("button", name="Log in").click()
    expect(item(wire, "Bridge", "Custom data set Group id: studio-nord")).to_be_visible()
    with wire.expect_navigation():
        wire.get_by_role("switch", name="vip").click()
    expect(item(wire, "Segment", "Experiment viewed Welcome for VIPs").last).to_be_visible()
    cards = {
        "activated": ("Kameleoon", SEEN),
        "exposure": ("Segment", "Experiment viewed Homepage headline"),
        "personalization": ("Bridge", "Experiment viewed Welcome for VIPs"),
        "identifier": ("Bridge", "Kameleoon identifier"),
        "page": ("Segment", "Page Home"),
        "track": ("Destination", "Delivered Add to cart"),
        "identify": ("Segment", "Identify customer-"),
        "group": ("Segment", "Group studio-nord"),
        "audience": ("Segment", "Audience Entered vip"),
        "plan": ("Bridge", "Custom data set Subscribed plan: premium"),
    }
    wire.get_by_role("button", name="Pause").click()
    for name, (lane, words) in cards.items():
        opened(wire, lane, words).get_by_role("button", name="Copy as pytest").click()
        expect(wire.locator(".wire-copied")).to_have_text("Copied")
        (tmp_path / f"test_{name}.py").write_text(copied(wire), "utf-8")
    opened(wire, "Kameleoon", "Goal converted Add to cart")
    expect(wire.get_by_role("button", name="Copy as pytest")).to_have_count(0)

    (tmp_path / "conftest.py").write_text(CONFTEST, "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert f"{len(cards)} passed" in ran.stdout, ran.stdout + "".join(
        file.read_text("utf-8") for file in tmp_path.glob("test_*.py")
    )


def saved(page: Page, folder: Path) -> Path:
    """Save the session, and return the file."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Save").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def test_a_session_is_saved_and_judged_by_the_doctor(
    wire: Page, origin: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As its own file, redacted, with all messages; nothing that it can see is wrong."""
    wire.goto(origin + B)
    expect(item(wire, "Destination", "Delivered Kameleoon identifier")).to_be_visible()
    expect(wire.locator("#why .campaign").first).to_contain_text("delivered")
    wire.evaluate("() => { analytics.identify('u1', { email: 'ada@shop.example', apiKey: 'abc', plan: 'gold' }) }")
    expect(item(wire, "Bridge", "Custom data set Subscribed plan: gold")).to_be_visible()
    expect(item(wire, "Segment", "Identify u1")).to_be_visible()
    file = saved(wire, tmp_path)
    text = file.read_text("utf-8")
    assert "ada@" not in text
    assert '"apiKey": "(not shown)"' in text
    sight = Sight.model_validate_json(text)
    assert {message.lane for message in sight.messages} >= {"kameleoon", "bridge", "segment", "destination", "data-api"}
    sheet = tmp_path / "sheet.html"
    assert main(["doctor", "--from", str(file), "--html", str(sheet)]) == 0
    said = capsys.readouterr().out
    for check in ("tag", "runtime", "segment", "kameleoon", "project", "visitor", "exposures", "events", "consent"):
        assert re.search(rf"✓ {check}\b", said), said
    assert "<td>Destination</td>" in sheet.read_text("utf-8")


def test_a_file_opens_later_offline(wire: Page, origin: str, tmp_path: Path) -> None:
    """Without asking any server; what happens meanwhile is there when one comes back."""
    shop(wire, origin)
    file = saved(wire, tmp_path)
    wire.goto(origin + "/sandbox/log")
    expect(item(wire, "Kameleoon", "Goal converted Add to cart")).to_be_visible()
    wire.context.set_offline(True)
    asked: list[str] = []
    wire.on("request", lambda request: asked.append(request.url))
    wire.get_by_label("Evidence file").set_input_files(file)
    expect(wire.locator(".wire-note")).to_contain_text(f"{file.name}, seen 20")
    expect(item(wire, "Bridge", "Experiment viewed Homepage headline")).to_be_visible()
    opened(wire, "Bridge", "Experiment viewed Homepage headline")
    expect(wire.locator(".wire-links", has_text="Caused by")).to_contain_text(re.compile(SEEN))
    wire.get_by_role("button", name="Back to live").click()
    expect(item(wire, "Bridge", "Experiment viewed Homepage headline")).to_have_count(0)
    expect(item(wire, "Segment", "Experiment viewed Homepage headline")).to_be_visible()
    assert [url for url in asked if "/sandbox/log" not in url and not url.startswith("blob:")] == []


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("notes.txt", "no JSON", "notes.txt: must be JSON"),
        ("list.json", "[1]", "list.json: must be a JSON object"),
        ("other.json", '{"schema": 7}', "other.json: schema: must be 1"),
        ("half.json", '{"schema": 1, "final_url": "x", "messages": 5}', "half.json: messages: must be a list"),
    ],
)
def test_a_file_that_is_none_says_what_is_wrong(wire: Page, origin: str, name: str, text: str, why: str) -> None:
    """And what is wanted; what is shown stays."""
    wire.goto(origin + "/sandbox/log")
    file: FilePayload = {"name": name, "mimeType": "application/json", "buffer": text.encode()}
    wire.get_by_label("Evidence file").set_input_files(file)
    expect(wire.locator(".wire-note")).to_have_text(f"{why}; give a file that Save or the doctor's --save has written")


def test_a_file_of_megabytes_opens(wire: Page, origin: str) -> None:
    """Of what it has too much of, the end."""
    one = {"lane": "segment", "view": 1, "state": "", "ids": [], "causes": [], "data": {}, "raw": {"text": "x" * 2000}}
    messages = [{**one, "n": n, "at_ms": n, "title": f"Event {n}", "about": ""} for n in range(2500)]
    text = json.dumps({"schema": 1, "final_url": "https://shop.example/", "messages": messages})
    assert len(text) > 5_000_000
    wire.goto(origin + "/sandbox/log")
    file: FilePayload = {"name": "large.json", "mimeType": "application/json", "buffer": text.encode()}
    wire.get_by_label("Evidence file").set_input_files(file)
    expect(wire.locator(".wire-note")).to_contain_text("large.json, seen")
    expect(item(wire, "Segment", "Event 2499")).to_be_visible()


def test_a_file_of_the_doctors_opens_in_the_panel(wire: Page, origin: str, tmp_path: Path) -> None:
    """In the same lanes."""
    event = {"type": "track", "event": "Buy", "messageId": "m", "properties": {}}
    sight = Sight.model_validate(
        {
            "url": "https://shop.example/",
            "final_url": "https://shop.example/",
            "requests": [
                {"at_ms": 9, "method": "POST", "url": "x", "kind": "fetch", "cloud": "segment", "body": event},
                {"at_ms": 4, "method": "GET", "url": "https://x/bridge.js", "kind": "script", "failure": "csp"},
            ],
        }
    )
    file = tmp_path / "doctor.json"
    file.write_text(sight.model_dump_json(by_alias=True), "utf-8")
    wire.goto(origin + "/sandbox/log")
    wire.get_by_label("Evidence file").set_input_files(file)
    expect(item(wire, "Segment", "Buy")).to_be_visible()
    expect(item(wire, "Bridge", "Request failed https://x/bridge.js · csp")).to_contain_text("failed")


def test_foreign_text_stays_text(wire: Page, origin: str) -> None:
    """Whatever an event is called, and an emoji is one letter."""
    name = "<img src=x onerror=alert(1)> 🚪"
    wire.goto(origin)
    wire.evaluate("(name) => { analytics.track(name, {[name]: name}) }", name)
    expect(item(wire, "Segment", name)).to_have_count(2)  # in analytics.js, and received
    card = opened(wire, "Segment", name)
    expect(card.locator("pre").first).to_contain_text(name)
    card.locator("summary").click()
    expect(card.locator("pre").last).to_contain_text(name)
    assert wire.locator("#wire img").count() == 0


def test_the_log_opens_as_a_page(wire: Page, origin: str) -> None:
    """With everybody's messages, and those to come; a card's address is the wire's, not the file's."""
    CLIENT.post(f"{origin}/v1/t", json={"event": "Before", "userId": "u", "writeKey": "k"}).raise_for_status()
    wire.goto(origin + "/sandbox/log")
    expect(item(wire, "Segment", "Before")).to_be_visible()
    CLIENT.post(f"{origin}/v1/t", json={"event": "After", "userId": "u", "writeKey": "k"}).raise_for_status()
    expect(item(wire, "Segment", "After")).to_be_visible()
    for width in (390, 1280, 1920):
        wire.set_viewport_size({"width": width, "height": 800})
        assert wire.evaluate("document.documentElement.scrollWidth") <= width
    assert_no_serious_finding(wire)


def test_nobody_asks_again_and_again(wire: Page, origin: str) -> None:
    """One stream is all that the wire asks of the sandbox; who looks elsewhere has none, and misses nothing."""
    asked: list[str] = []
    wire.on("request", lambda request: asked.append(request.url) if "/sandbox/" in request.url else None)
    shop(wire, origin)
    wire.get_by_role("button", name="Add to cart: Arc lamp").click()
    expect(item(wire, "Segment", "Add to cart Arc lamp")).to_be_visible()
    assert len(asked) == 1
    wire.evaluate(LOOK, "hidden")
    CLIENT.post(f"{origin}/v1/t", json={"event": "Rejected", "writeKey": "k"})  # of nobody
    wire.evaluate(LOOK, "visible")
    expect(item(wire, "Segment", "Not taken")).to_be_visible()
    assert len(asked) == 2


def test_a_stream_that_is_cut_is_said_and_goes_on(page: Page, tmp_path: Path) -> None:
    """The server stops, and starts again: nothing is missed, nothing doubled, and the console stays readable."""
    server = Server(free_port(), tmp_path / "sandbox.sqlite3")
    lines: list[str] = []
    page.on("console", lambda line: lines.append(line.text) if line.type in ("error", "warning") else None)
    try:
        page.goto(server.url + "/sandbox/log")
        CLIENT.post(f"{server.url}/v1/t", json={"event": "One", "userId": "u", "writeKey": "k"}).raise_for_status()
        expect(item(page, "Segment", "One")).to_be_visible()
        server.kill()
        expect(page.locator(".wire-note")).to_contain_text("Cut off")
        server.start()
        CLIENT.post(f"{server.url}/v1/t", json={"event": "Two", "userId": "u", "writeKey": "k"}).raise_for_status()
        expect(item(page, "Segment", "Two")).to_be_visible()
        expect(page.locator(".wire-note")).to_be_empty()
        expect(item(page, "Segment", "One")).to_have_count(1)
        assert len(lines) <= 10
    finally:
        server.kill()


def test_on_a_phone_it_is_a_sheet_from_below(wire: Page, origin: str) -> None:
    """Closed, it is a handle with the count and the last message; opened 70 % high; Escape closes it."""
    wire.set_viewport_size({"width": 390, "height": 844})
    wire.emulate_media(reduced_motion="reduce")
    shop(wire, origin)
    handle = wire.locator(".wire-handle")
    expect(handle).to_have_text(re.compile(r"^\d+ messages"))
    expect(handle).to_be_in_viewport(ratio=1)
    expect(wire.locator("#status")).to_be_hidden()
    handle.focus()
    wire.keyboard.press("Enter")
    expect(handle).to_have_attribute("aria-expanded", "true")
    expect(wire.locator("#status")).to_be_visible()
    box = wire.locator("aside.wire").bounding_box()
    assert box
    assert round(box["height"]) == round(844 * 0.7)
    assert round(box["y"] + box["height"]) == 844
    assert wire.evaluate("document.documentElement.scrollWidth") <= 390
    opened(wire, "Destination", "Delivered Add to cart")
    wire.keyboard.press("Escape")  # the card
    expect(wire.locator(".wire-card")).to_have_count(0)
    wire.keyboard.press("Escape")  # the sheet
    expect(handle).to_have_attribute("aria-expanded", "false")
    expect(handle).to_be_focused()


@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_nobody_is_left_out(wire: Page, origin: str, width: int) -> None:
    """No serious finding of axe's, with a card open, in light and in dark."""
    wire.set_viewport_size({"width": width, "height": 844})
    shop(wire, origin)
    if width == 390:
        wire.locator(".wire-handle").click()
    opened(wire, "Segment", "Add to cart Stone vase").locator("summary").click()
    assert_no_serious_finding(wire)
