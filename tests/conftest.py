"""The browser of all tests that need one, and how much property tests try."""

import os
from typing import Any

import pytest
from hypothesis import settings

from tests.find_browser import FLAGS, find

# Pages' WebAssembly is compiled quickly, and not once more to run faster: no page of a test lives long enough.
QUICK = "--js-flags=--liftoff-only"

# What property tests try in a run; HYPOTHESIS_PROFILE=thorough tries ten times as much.
settings.register_profile("usual", settings(), max_examples=50)
settings.register_profile("thorough", settings(), max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the browser that is installed."""
    return {**browser_type_launch_args, "executable_path": str(find()), "args": [*FLAGS, QUICK]}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser, so that `make quick` can leave it out."""
    for item in items:
        if "browser_type_launch_args" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
