"""What each control of the presenter's bar shows, and why it cannot act."""

# ruff: noqa: D103  # the tests' names are sentences

from typing import Any

import pytest

from web.demo import situation


def now(**changes: Any) -> "situation.Situation":
    """Return a visitor who is linked and has not logged in, with what is changed."""
    usual = {
        "segment": True,
        "anonymous": "a",
        "code": "c",
        "started": True,
        "variation": "914502",
        "user": None,
        "plan": None,
        "company": None,
        "personas": [],
        "consent": True,
        "slow": False,
        "busy": "",
        "status": {"engine": "micropython", "state": "on", "timings": {"ready": 181.6}},
    }
    return {**usual, **changes}


def on(**changes: Any) -> set[str]:
    return {name for name, (is_on, _) in situation.controls(now(**changes)).items() if is_on}


def reasons(**changes: Any) -> dict[str, str]:
    return {name: why for name, (_, why) in situation.controls(now(**changes)).items() if why}


ACCOUNT = {"plan-basic", "plan-premium", "company-studio-nord", "company-atelier-sud"}


def test_what_is_so_is_shown_as_on() -> None:
    assert on() == {"consent-yes", "engine-micropython", "network-fast"}
    logged_in = on(user="u", plan="basic", company="atelier-sud", personas=["vip"], slow=True, consent=False)
    assert logged_in == {
        *("login", "plan-basic", "company-atelier-sud", "vip", "consent-no", "engine-micropython", "network-slow"),
    }
    assert "consent-unknown" in on(consent=None)
    assert not {name for name in on(started=False, consent=None) if "consent" in name}
    assert "plan-premium" not in on(plan="premium"), "of nobody"
    assert not {name for name in on(status=None) if "engine" in name}


def test_a_control_that_cannot_act_says_why() -> None:
    assert reasons() == dict.fromkeys(ACCOUNT, "Log in first")
    assert reasons(user="u") == {}
    assert reasons(segment=False).keys() == ACCOUNT | {"login", "vip"}
    assert reasons(user="u", started=False).keys() == {"vip", "consent-yes", "consent-no", "consent-unknown"}
    for consent in (False, None):
        assert reasons(user="u", consent=consent).keys() == {"vip"}


def test_while_something_is_under_way_none_acts() -> None:
    busy = reasons(busy="On its way")
    assert busy.keys() == situation.controls(now()).keys()
    assert set(busy.values()) == {"On its way"}


@pytest.mark.parametrize(
    ("status", "files", "note"),
    [
        (None, [], "1.2 s · loading the tag"),
        ({"state": "starting"}, [], "1.2 s · waiting for the page"),
        (
            {"state": "starting"},
            [("polyscript-1.js", True), ("micropython.wasm", False), ("brain.data", False)],
            "1.2 s · loading MicroPython (1 of 3 files)",
        ),
        ({"state": "starting"}, [("python_stdlib.zip", False)], "1.2 s · loading Python's library (0 of 1 files)"),
        ({"state": "starting"}, [("pyodide.asm.wasm", False)], "1.2 s · loading Pyodide (0 of 1 files)"),
        ({"state": "starting"}, [("site.data", False)], "1.2 s · loading the brain (0 of 1 files)"),
        ({"state": "starting"}, [("a", True)], "1.2 s · starting Python"),
        ({"state": "on", "timings": {"ready": 181.6}}, [], "ready in 182 ms"),
        ({"state": "on", "timings": {"ready": 2449.0}}, [], "ready in 2.4 s"),
        ({"state": "failed", "errors": [{"what": "first"}, {"what": "no answer"}]}, [], "failed: no answer"),
        ({"state": "off", "errors": []}, [], "off"),
    ],
)
def test_the_engines_note(status: Any, files: list[tuple[str, bool]], note: str) -> None:
    assert situation.engine_note(status, 1234.0, files) == note
