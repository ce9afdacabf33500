"""A site with the emulation of Kameleoon's script."""

import pytest
from playwright.sync_api import Page

from tests.browser.kameleoon.emulation import Site


@pytest.fixture
def site(page: Page) -> Site:
    """Give each test a site of its own, with no visitor in it yet, where time passes when the test says so."""
    site = Site(page)
    site.stop_clock()
    return site
