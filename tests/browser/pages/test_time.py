"""Durations come from a clock that nobody sets; moments that were kept and lie in the future are not believed."""

from typing import Any

import pytest

from tests.browser.shop import ONLY_MICROPYTHON, Shop
from tests.browser.situations import CLOCKS, clock

# Of the page with `?ahead` only: a device whose clock is put right between two pages.
AHEAD = clock("{ shift: /ahead/.test(location.search) ? 365 * 864e5 : 0 }")
HOUR_MS = 3_600_000


@pytest.mark.parametrize("name", CLOCKS)
def test_without_kameleoon_no_event_waits_longer_than_it_may(shop: Shop, name: str) -> None:
    """Whatever the device's clock does."""
    shop.context.add_init_script(CLOCKS[name])
    shop.open(shop.segment(), shop.tag())
    shop.ready()
    shop.settled()
    assert {event["type"] for event in shop.events()} == {"page", "track"}


@ONLY_MICROPYTHON
@pytest.mark.parametrize("name", ["stands still", "a year ahead"])
def test_all_works_by_a_clock_that_is_wrong(shop: Shop, name: str) -> None:
    """Once each."""
    shop.context.add_init_script(CLOCKS[name])
    shop.open()
    assert shop.works()["errors"] == []


@ONLY_MICROPYTHON
@pytest.mark.parametrize("shift_ms", [-HOUR_MS, HOUR_MS])
def test_a_clock_that_is_set_under_a_bridge_that_runs(shop: Shop, shift_ms: int) -> None:
    """What was reported is not reported again, what comes then is, and the next identifier too."""
    shop.context.add_init_script(clock("{ shift: 0 }"))
    shop.open()
    shop.works()
    shop.page.evaluate("(shift) => { clock.shift = shift }", shift_ms)
    shop.page.evaluate("() => { analytics.reset() }")
    shop.wait_for("Kameleoon identifier", 2)
    shop.page.evaluate("() => Kameleoon.API.Core.load()")
    shop.wait_for("Experiment viewed", 2)
    shop.settled()
    assert shop.status()["errors"] == []


@ONLY_MICROPYTHON
def test_a_page_that_freezes_its_own_time(shop: Shop) -> None:
    """As tests of pages do, and pages that show the state of a day: the time of what we send is the right one."""
    shop.open("<script>Date.now = () => 1e12</script>", shop.segment(), shop.tag())
    shop.settled()
    shop.add(shop.kameleoon())
    shop.works()


@ONLY_MICROPYTHON
def test_an_exposure_of_the_future_counts_as_never_sent(shop: Shop, configured: Any) -> None:
    """Once per visitor, and this visitor's was sent next year."""
    config = configured(exposures={"once_per": "visitor"})
    shop.context.add_init_script(AHEAD)
    shop.write(shop.kameleoon(), shop.segment(), shop.tag(config=config))
    shop.page.goto(shop.origin + "/?ahead")
    shop.works()
    shop.page.goto(shop.origin + "/")
    shop.wait_for("Experiment viewed", 2)
    shop.settled()
    assert shop.status()["errors"] == []


@ONLY_MICROPYTHON
def test_remote_data_of_the_future_are_asked_for_again(shop: Shop, configured: Any) -> None:
    """They would stay fresh for a year."""
    config = configured(custom_data=[{"name": "Personas", "source": "personas"}])
    shop.context.add_cookies([{"name": "kameleoonVisitorCode", "value": "0123456789abcdef", "url": shop.origin}])
    shop.context.add_init_script(AHEAD)
    shop.write(shop.kameleoon(), shop.segment(), shop.tag(config=config))

    def names(persona: str) -> None:
        shop.page.wait_for_function(
            "(one) => window.kameleoonSegment?.customData('Personas')?.value.includes(one)", arg=persona
        )

    shop.remote(COHORTS_0123456789abcdef={"vip": True})
    shop.page.goto(shop.origin + "/?ahead")
    names("vip")
    shop.wait_for_lock("k_segmentio_remote")
    shop.remote(COHORTS_0123456789abcdef={"new": True})
    shop.page.goto(shop.origin + "/")
    names("new")
