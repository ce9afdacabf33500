"""What the overlay says of a status."""

from typing import Any

import pytest

from bridge.doctor.sight import Sight
from web.overlay.words import evidence, mends, state, status_line

STATUS: dict[str, Any] = {
    "engine": "micropython",
    "state": "on",
    "versions": {"bridge": "1.0"},
    "timings": {"engine": 120.4, "ready": 187.6},
    "errors": [],
    "consent": {"experiment": True, "personalization": True},
    "identifier": {"linked": True, "sent": 1},
    "exposures": {"sent": 2, "held": 0, "dropped": 0},
    "hints": [],
}
HINT = {"code": "segment-missing", "what": "analytics.js is not there", "fix": "Paste Segment's snippet"}


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({}, "MicroPython on · ready after 187 ms · consent yes · linked · exposures: 2"),
        ({"engine": "pyodide", "timings": {}}, "Pyodide on · consent yes · linked · exposures: 2"),
        (
            {"consent": {"experiment": True, "personalization": None}, "identifier": None, "exposures": None},
            "MicroPython on · ready after 187 ms · consent yes for experiments, unknown for personalizations",
        ),
    ],
)
def test_a_line_says_how_the_bridge_is(more: dict[str, Any], line: str) -> None:
    """Engine, state, boot time, consent, and what was sent."""
    assert status_line({**STATUS, **more}) == line


def test_hints_and_errors_are_to_be_mended() -> None:
    """In this order; the bridge's own state stays where it is not on."""
    status = {**STATUS, "hints": [HINT], "errors": [{"what": "localStorage is full"}]}
    assert mends(status) == [
        {"what": "analytics.js is not there", "fix": "Paste Segment's snippet"},
        {"what": "localStorage is full", "fix": ""},
    ]
    assert (state(STATUS), state(status), state({**status, "state": "failed"})) == ("on", "hinted", "failed")


def test_nothing_makes_it_throw() -> None:
    """Before there is a brain, a status has less; the page's own may have anything."""
    anything: tuple[Any, ...] = (
        None,
        {},
        [],
        {"hints": 7, "errors": [None], "consent": [], "timings": "x", "exposures": 1},
    )
    for status in anything:
        assert isinstance(status_line(status), str)
        assert isinstance(state(status), str)


def test_the_evidence_is_the_doctors() -> None:
    """As the doctor reads it; without what the address asks for."""
    seen = {"status": STATUS, "url": "https://shop.test/cart?session=abc#x", "at": "2026-01-01T00:00:00Z", "at_ms": 900}
    sight = Sight.model_validate({"schema": 1, **evidence(seen)})
    assert (sight.url, sight.final_url, sight.looked_at) == (
        "https://shop.test/cart",
        "https://shop.test/cart",
        "2026-01-01T00:00:00Z",
    )
    assert sight.last["engine"] == "micropython"
    Sight.model_validate({"schema": 1, **evidence({})})
