"""What stands above the demo's wire."""

# ruff: noqa: D103  # the tests' names are sentences

from typing import Any

import pytest

from web.demo import cards


@pytest.mark.parametrize(
    ("value", "shown"), [(["vip", "new"], "vip, new"), ("premium", "premium"), ([], ""), (None, "")]
)
def test_custom_data_is_shown_as_text(value: Any, shown: str) -> None:
    assert cards.known(value) == shown


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (
            {"state": "on", "engine": "micropython", "timings": {"ready": 151.6}, "errors": []},
            "Bridge on · MicroPython · ready after 152 ms",
        ),
        (
            {"state": "on", "engine": "pyodide", "timings": {"ready": 614}, "errors": [], "checked": 96},
            "Bridge on · Pyodide · ready after 614 ms · 96 messages checked",
        ),
        (
            {"state": "starting", "engine": "pyodide", "timings": {}},
            "Bridge starting · Pyodide · its Python is loading",
        ),
        (
            {"state": "starting", "engine": "micropython", "timings": {"engine": 90}},
            "Bridge starting · MicroPython · its Python has started, the brain is read",
        ),
        ({"state": "failed", "errors": [{"what": "one"}, {"what": "two"}]}, "Bridge failed · 2 reported: two"),
    ],
)
def test_the_bridge_is_one_line(status: dict[str, Any], line: str) -> None:
    assert cards.status_line(status) == line


def test_a_bridge_that_is_not_there_may_still_come() -> None:
    assert cards.absent(is_loaded=False) == "Bridge: its tag is loading"
    assert cards.absent(is_loaded=True) == "Bridge off: its tag did not load"
