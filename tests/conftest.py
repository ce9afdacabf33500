"""The browser of all tests that need one."""

from typing import Any

import pytest

from tests.find_browser import FLAGS, find


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the browser that is installed."""
    return {**browser_type_launch_args, "executable_path": str(find()), "args": FLAGS}
