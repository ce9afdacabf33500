"""The page owns the built-ins: whatever it has put in their place, the bridge works and the page goes on."""

import pytest

from tests.browser.shop import ONLY_MICROPYTHON, Shop
from tests.browser.situations import BUILT_INS, script

# The tag does not ask which Python it has started: these few show it.
BOTH = ("prototype.js", "own performance", "JSON drops what is falsy")
CASES = [
    (name, engine) for name in BUILT_INS for engine in ("micropython", "pyodide") if engine != "pyodide" or name in BOTH
]


@pytest.mark.parametrize(("name", "engine"), CASES, indirect=["engine"])
def test_replaced_before_the_tag(shop: Shop, name: str) -> None:
    """Identifier, exposure and the page's own events arrive, each once, and nothing is thrown or said."""
    shop.open(script(BUILT_INS[name]), shop.kameleoon(), shop.segment(), shop.tag())
    status = shop.works()
    assert (status["state"], str(status["errors"])) == ("on", "[]")
    assert "kameleoonVisitorCode" in shop.settled()[-1]["properties"]


@pytest.mark.parametrize("name", ["prototype.js", "old polyfill of Promise"])
def test_replaced_afterwards(shop: Shop, name: str) -> None:
    """A script that comes late changes them under a bridge that runs."""
    shop.open(shop.segment(), shop.tag())
    shop.ready()
    shop.add(script(BUILT_INS[name]))
    shop.add(shop.kameleoon())
    assert shop.works()["state"] == "on"


@ONLY_MICROPYTHON
@pytest.mark.parametrize("console", ["{}", "{ error: 'mine', warn: null }"])
def test_what_is_to_be_said_without_a_console(shop: Shop, console: str) -> None:
    """Nothing is thrown into the page; `status()` says it."""
    shop.open(script(f"window.console = {console}"), shop.segment(), shop.tag(sitecode="NOPE"))
    status = shop.ready()
    assert status["state"] == "off"
    assert "data-sitecode" in status["errors"][-1]["what"]
    shop.settled()
    assert [problem.split(":")[0] for problem in shop.problems] in ([], ["[kameleoon-segment] data-sitecode"])
    shop.problems.clear()
