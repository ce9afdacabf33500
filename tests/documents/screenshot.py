"""Takes the documents' pictures: ``python -m tests.documents.screenshot`` writes docs/demo.png and others."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from bridge.bundle.build import build
from bridge.models.settings import Settings
from bridge.sandbox.app import create_app
from bridge.sandbox.options import Destination, Options
from bridge.sandbox.place import DEMO_SETTINGS
from tests.browser.serving import serving
from tests.documents.markdown import ROOT
from tests.find_browser import FLAGS, find

DOCS = ROOT / "docs"
LAPTOP, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=844)
STORY = "/?tour&pace=0.1"  # nothing goes on by itself
#: The demo without what only the demo has: a shop.
SHOP_ALONE = ".bar, aside.wire { display: none } .columns { display: block }"


def take(folder: Path) -> list[Path]:
    """Write each picture into a folder, of a sandbox of its own; return where they are."""
    expect.set_options(timeout=60_000)  # the wizard's Python takes seconds to start
    demo = Settings.load(DEMO_SETTINGS)
    written = []
    with tempfile.TemporaryDirectory() as bundle, sync_playwright() as playwright:
        build(demo, Path(bundle), wizard=True)
        app = create_app(Path(bundle), options=Options(destination=Destination(demo.sitecode)))
        with serving(app) as port, playwright.chromium.launch(executable_path=find(), args=FLAGS) as browser:
            for name, picture in PICTURES.items():
                page = browser.new_page(viewport=picture.size, color_scheme="light", reduced_motion="reduce")
                page.goto(f"http://127.0.0.1:{port}{picture.address}")
                picture.show(page)
                written.append(folder / name)
                page.screenshot(path=written[-1], animations="disabled")
                page.close()
    return written


def _chapter(page: Page, number: int) -> None:
    """Show a chapter of the tour, as soon as it has happened."""
    expect(page.locator("#tour-note")).to_contain_text("It happened")
    page.keyboard.press(str(number))
    expect(page.locator("#tour-count")).to_have_text(f"{number} of 9")
    expect(page.locator("#tour-note")).to_contain_text("It happened")


def _report(page: Page) -> None:
    """Show the chapter of the exposure, as soon as its row is in sight."""
    _chapter(page, 3)
    expect(page.locator(".wire-item[data-lane=segment]", has_text="Experiment viewed")).to_be_in_viewport(ratio=1)


def _demo(page: Page) -> None:
    """Show what the story comes to, without the tour's card: the welcome, and a goal that converted."""
    for number in (7, 8):
        _chapter(page, number)
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    expect(page.locator("#why")).to_contain_text("Goal Add to cart")


def _overlay(page: Page) -> None:
    """Show the overlay on the shop alone, with a message opened."""
    page.add_style_tag(content=SHOP_ALONE)
    overlay = page.frame_locator("iframe[title*='debug overlay']")
    viewed = overlay.locator(".wire-row", has_text="Experiment viewed").first
    viewed.click()
    expect(overlay.locator(".wire-card")).to_be_visible()


def _wizard(page: Page) -> None:
    """Show what the wizard gives for a site code."""
    page.get_by_label("Site code", exact=True).fill("abcde12345")
    expect(page.locator("code", has_text='data-sitecode="abcde12345"').first).to_be_visible()
    page.evaluate("document.activeElement.blur()")


class _Picture(NamedTuple):
    size: ViewportSize
    address: str
    show: Callable[[Page], None]


PICTURES = {
    "demo.png": _Picture(LAPTOP, STORY, _demo),
    "tour.png": _Picture(LAPTOP, STORY, _report),
    "tour-phone.png": _Picture(PHONE, STORY, _report),
    "overlay.png": _Picture(LAPTOP, "/?kameleoonForce=214500:914502&kameleoon-segment-debug", _overlay),
    "install.png": _Picture(LAPTOP, "/install", _wizard),
}


if __name__ == "__main__":
    for path in take(DOCS):
        sys.stdout.write(f"{path}: {path.stat().st_size:,} bytes\n")
