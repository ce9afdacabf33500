"""The pages that stand for themselves as files: everybody can read them, on any screen."""

import pytest
from playwright.sync_api import Page

from bridge.doctor.checks import judge
from bridge.doctor.sheet import page as sheet
from tests.browser.axe import assert_no_serious_finding
from tests.doctor.test_judging import SNIPPET, TAG, sight, status
from tests.documents.markdown import ROOT

WIDTHS = (390, 1280, 1920)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["hosting", "report"])
def test_a_page_has_no_serious_finding_of_axe_and_no_sideways_scrolling(page: Page, name: str, width: int) -> None:
    """A release's page on hosting, and a report of the doctor's with each kind of verdict."""
    seen = sight(statuses=[status(errors=[{"what": "slow"}])], scripts=[TAG, SNIPPET])
    pages = {
        "hosting": (ROOT / "web" / "hosting" / "index.html").read_text("utf-8"),
        "report": sheet(judge(seen), seen),
    }
    page.set_viewport_size({"width": width, "height": 800})
    page.set_content(pages[name])
    assert_no_serious_finding(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
