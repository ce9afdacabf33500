"""The whole circle: what leaves the page for Segment comes back from Kameleoon as custom data."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bridge.sandbox.app import create_app
from bridge.sandbox.options import Destination, Options
from tests.browser.serving import CLIENT, serving
from tests.browser.shop import SITECODE, WRITE_KEY, Shop

SOURCES = [{"name": "Personas", "source": "personas"}, {"name": "Plan", "source": "trait", "trait": "plan"}]
DEFINITIONS = [
    {"index": 1, "name": "Personas", "type": "LIST", "format": "string", "scope": "PAGE"},
    {"index": 2, "name": "Plan", "type": "UNIQUE", "format": "string", "scope": "PAGE"},
]


@pytest.fixture(scope="module")
def sandbox(bundle: Path) -> Iterator[str]:
    """Return the origin of a sandbox that forwards to Kameleoon what Segment receives."""
    with serving(create_app(bundle, options=Options(destination=Destination(SITECODE)))) as port:
        yield f"http://127.0.0.1:{port}"


def test_a_plan_and_an_audience_come_back(shop: Shop, configured: Callable[..., str]) -> None:
    """A plan on the page, an audience entered in the cloud: at the next page view Kameleoon has both."""
    config = configured(custom_data=SOURCES)
    page = (shop.kameleoon(customData=DEFINITIONS), shop.segment(), shop.tag(config=config))
    shop.open(*page)
    shop.wait_for("Kameleoon identifier")
    shop.page.evaluate("() => { analytics.identify('u1', {plan: 'pro'}) }")
    shop.settled()
    entered = {
        "userId": "u1",
        "event": "Audience Entered",
        "properties": {"audience_key": "vip", "vip": True},
        "context": {"personas": {"computation_class": "audience", "computation_key": "vip"}},
    }
    CLIENT.post(f"{shop.cloud}/v1/track", auth=(WRITE_KEY, ""), json=entered).raise_for_status()
    keys = [f"COHORTS_{shop.visitor_code()}", f"IDENTIFY_{shop.visitor_code()}"]
    shop.wait_for_maps(*keys)
    # Nothing that the page itself remembers may help.
    shop.page.evaluate("() => ['audience', 'values'].forEach((one) => localStorage.removeItem('k_segmentio_' + one))")
    shop.open(*page)
    shop.page.wait_for_function(
        """() => {
          const { Personas, Plan } = window.Kameleoon?.API.CurrentVisit?.customData || {}
          return Plan === 'pro' && Personas?.join() === 'vip'
        }"""
    )
    assert shop.page.evaluate("() => kameleoonSegment.personaNames()") == [{"value": "vip", "label": "vip"}]
