"""Accepted, not merely seen: what a middleware of the page drops was not sent, and is sent when it lets it through."""

import pytest

from tests.browser.shop import ONLY_MICROPYTHON, Shop
from tests.browser.situations import script

IDENTIFIER, EXPOSURE = "Kameleoon identifier", "Experiment viewed"
# Nothing goes out until the visitor has opted in: so Segment's documentation of source middlewares has it.
GATE = """
  window.dropped = []
  window.gate = ({ payload, next }) => {
    if (sessionStorage.optedIn) next(payload)
    else dropped.push(payload.obj.event || payload.obj.type)
  }
"""
OPT_IN = "() => { sessionStorage.optedIn = 'yes' }"
TRIED = "() => dropped.includes('Kameleoon identifier') && dropped.includes('Experiment viewed')"
AGAIN_MS = 11_000  # what was not taken in 10 s was dropped


@pytest.fixture(params=["before ours", "behind ours"])
def gated(request: pytest.FixtureRequest, shop: Shop) -> Shop:
    """Return a shop whose page drops everything, from a middleware before ours or behind it; both were tried."""
    shop.page.clock.install()
    before = request.param == "before ours"
    add = "analytics.addSourceMiddleware(gate)"
    late = "" if before else script(f"addEventListener('load', () => {{ {add} }})")
    shop.open(
        script(GATE), shop.segment(f"{add}; analytics.page()" if before else "analytics.page()"), shop.tag(), late
    )
    shop.ready()
    shop.add(shop.kameleoon())
    shop.page.wait_for_function(TRIED)
    return shop


def look_back(shop: Shop) -> None:
    """Nothing counts as sent."""
    shop.pass_time(AGAIN_MS)
    status = shop.status()
    assert (status["identifier"]["linked"], status["identifier"]["sent"], status["exposures"]["sent"]) == (False, 0, 0)
    kept = shop.page.evaluate("() => Object.entries(localStorage).filter(([key]) => key.startsWith('k_segmentio'))")
    assert "101" not in dict(kept).get("k_segmentio_exposures", "")
    assert "k_segmentio_identifier" not in dict(kept)
    assert shop.events(IDENTIFIER) + shop.events(EXPOSURE) == []


def test_what_is_dropped_comes_after_an_opt_in_on_this_page(gated: Shop) -> None:
    """With the page's next own event; once."""
    look_back(gated)
    gated.page.evaluate(OPT_IN)
    gated.settled()
    status = gated.works()
    assert (status["identifier"]["linked"], status["exposures"]["sent"]) == (True, 1)
    gated.pass_time(2 * AGAIN_MS)
    gated.works()


@ONLY_MICROPYTHON
def test_what_is_dropped_comes_after_an_opt_in_on_the_next_page(gated: Shop) -> None:
    """The identifier once; the exposure of either page, each with its time."""
    look_back(gated)
    gated.page.evaluate(OPT_IN)
    gated.open(gated.segment(), gated.kameleoon(), gated.tag())
    gated.wait_for(EXPOSURE, 2)
    gated.pass_time(3000)
    assert len(gated.identifiers()) == 1
    times = [event["originalTimestamp"] for event in gated.events(EXPOSURE)]
    assert len(times) == len(set(times)) == 2
