"""The browser of all tests that need one, how much property tests try, and which tests run in one process."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from tests.find_browser import FLAGS, find
from tests.release.clean import release

# Pages' code is compiled quickly, and not once more to run faster: no page of a test lives long enough.
QUICK = "--js-flags=--liftoff-only,--no-opt,--no-maglev"

# What property tests try in a run: the same each time. HYPOTHESIS_PROFILE=thorough tries ten times as much, and anew.
settings.register_profile("usual", settings(), max_examples=50, derandomize=True)
settings.register_profile("thorough", settings(), max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))


# Tests that share what takes long to make: a release, and browsers that take seconds to start.
TOGETHER = re.compile(r"test_(?:release|walk)\.py::|\[(?:firefox|webkit)-")


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist has none
    """Gives each test to whoever is free, those that share something to one: xdist's own groups need pytest < 9.2."""

    def _split_scope(self, nodeid: str) -> str:
        shared = TOGETHER.search(nodeid)
        return shared[0] if shared else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Return who decides which process runs a test."""
    return Scheduling(config, log)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the browser that is installed."""
    return {**browser_type_launch_args, "executable_path": str(find()), "args": [*FLAGS, QUICK]}


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a release's files by their endings."""
    return release(tmp_path_factory.mktemp("release"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser, so that `make quick` can leave it out."""
    for item in items:
        if "browser_type_launch_args" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
