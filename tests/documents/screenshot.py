"""Takes the README's picture of the demo: ``python -m tests.documents.screenshot`` writes docs/demo.png."""

import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import ViewportSize, expect, sync_playwright

from bridge.bundle.build import build
from bridge.models.settings import Settings
from bridge.sandbox.app import create_app
from bridge.sandbox.options import Destination, Options
from bridge.sandbox.place import DEMO_SETTINGS
from tests.browser.serving import serving
from tests.documents.markdown import ROOT
from tests.find_browser import FLAGS, find

PICTURE = ROOT / "docs" / "demo.png"
SIZE = ViewportSize(width=1240, height=720)


def take(path: Path) -> None:
    """Open the demo in a sandbox of its own, show a variation and a persona in it, and write what is seen."""
    demo = Settings.load(DEMO_SETTINGS)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        build(demo, Path(folder))
        app = create_app(Path(folder), options=Options(destination=Destination(demo.sitecode)))
        with serving(app) as port, playwright.chromium.launch(executable_path=find(), args=FLAGS) as browser:
            page = browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")
            page.goto(f"http://127.0.0.1:{port}/?kameleoonForce=214500:914501")
            expect(page.locator("#identifier.seen")).to_be_visible()
            expect(page.locator("#exposure.seen")).to_be_visible()
            page.get_by_role("switch", name="vip").click()
            expect(page.locator("#personas")).to_have_text("vip")
            expect(page.locator("#exposure.seen")).to_be_visible()
            expect(page.locator("#status")).to_contain_text(re.compile("ready after"))
            page.screenshot(path=path, animations="disabled")


if __name__ == "__main__":
    take(PICTURE)
    sys.stdout.write(f"{PICTURE}: {PICTURE.stat().st_size:,} bytes\n")
