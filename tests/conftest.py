"""The browser of all tests that need one, and how much property tests try."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.find_browser import FLAGS, find
from tests.release.clean import release

# Pages' code is compiled quickly, and not once more to run faster: no page of a test lives long enough.
QUICK = "--js-flags=--liftoff-only,--no-opt,--no-maglev"

# What property tests try in a run; HYPOTHESIS_PROFILE=thorough tries ten times as much.
settings.register_profile("usual", settings(), max_examples=50)
settings.register_profile("thorough", settings(), max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the browser that is installed."""
    return {**browser_type_launch_args, "executable_path": str(find()), "args": [*FLAGS, QUICK]}


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a release's files by their endings; tests that ask for it are in the group ``release``, to make one."""
    return release(tmp_path_factory.mktemp("release"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser, so that `make quick` can leave it out."""
    for item in items:
        if "browser_type_launch_args" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
