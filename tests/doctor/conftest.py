"""A shop on one origin with the bundle and both clouds on another, and the browser that looks at it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser

from bridge.doctor.checks import judge
from bridge.doctor.looking import Options, look
from bridge.doctor.report import Check
from bridge.doctor.sight import Sight
from tests.browser.conftest import bundle, host, sandbox
from tests.browser.shop import Host, Storefront

__all__ = ["bundle", "host", "sandbox"]  # fixtures

#: Long enough for the bridge's start and its first exposure.
QUICKLY = Options(wait_s=1.5, screenshot=False)


@pytest.fixture
def shop(sandbox: str, host: Host) -> Storefront:
    """Return a shop."""
    return Storefront(sandbox, host, "micropython")


@pytest.fixture
def seen(shop: Storefront, browser: Browser) -> Callable[..., Sight]:
    """Return a function that writes a page of these elements and returns what the doctor sees of it."""

    def seen(*head: str, options: Options = QUICKLY, **more: Any) -> Sight:
        shop.write(*(head or (shop.tag(), shop.kameleoon(), shop.segment())), **more)
        return look(browser, shop.origin + "/", options)

    return seen


def check_of(sight: Sight, name: str) -> Check:
    """Return one check of what was seen."""
    return next(check for check in judge(sight).checks if check.id == name)
