"""Visitors who leave, and one of the worst pages: the short form of the fault matrix (`make faults`).

What depends on the machine, times, the matrix says.
"""

from dataclasses import replace

import pytest
from playwright.sync_api import Browser

from tests.browser.shop import Host
from tests.faults import leaving, playing
from tests.faults.leaving import LEAVINGS
from tests.faults.results import Row
from tests.faults.situations import start
from tests.faults.stage import Stage


@pytest.fixture
def stage(browser: Browser, sandbox: str, host: Host) -> Stage:
    """Return where situations are played."""
    return Stage(browser, sandbox, host)


def is_well(row: Row) -> None:
    """Check that nothing was lost, doubled or thrown, and nothing said for nothing."""
    assert row.only_slow or not row.wrong, row.as_json()


@pytest.mark.parametrize(
    ("name", "delays"),
    [
        ("after exposure", (10, 150)),
        ("no record", (20, 100)),
        ("no record, warm", (10, 75)),
        ("after track", (20,)),
        ("after track, alone", (20, 60)),
        ("in track's task, alone", (1500,)),
        ("link", (50,)),
    ],
)
def test_nothing_is_lost_by_leaving(stage: Stage, name: str, delays: tuple[int, ...]) -> None:
    """Neither the visitor's exposure nor an event of the page's own, however soon the next page comes."""
    (way,) = (one for one in LEAVINGS if one.name == name)
    is_well(leaving.tried(stage, replace(way, delays=delays)))


def test_a_page_that_is_made_anew_loses_nothing(stage: Stage) -> None:
    """As a framework does that finds an element in the document which the server did not send."""
    (situation,) = (one for one in start.SITUATIONS if one.name == "document hydrated")
    is_well(playing.play(stage, situation))
