"""Exposure events, with real analytics.js in a real browser."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.browser.shop import EXPERIMENT, ONLY_MICROPYTHON, PERSONALIZATION, Shop

EVENT = "Experiment viewed"


@pytest.fixture(autouse=True)
def clock(shop: Shop) -> None:
    """Install the page's clock, which a test can advance; left alone it goes on as any does."""
    shop.page.clock.install()


def moment(text: str) -> datetime:
    """Return a time of an event."""
    return datetime.fromisoformat(text)


def test_live(shop: Shop) -> None:
    """The visitor sees a variation, and Segment hears of it once, as its spec says."""
    shop.open()
    (event,) = shop.wait_for(EVENT)
    code = shop.page.evaluate("() => Kameleoon.API.Visitor.code")
    assert event["type"] == "track"
    assert event["properties"] == {
        "experiment_id": "101",
        "experiment_name": "Headline",
        "variation_id": "1001",
        "variation_name": "Bold",
        "campaign_type": "experiment",
        "nonInteraction": 1,
        "kameleoonVisitorCode": code,
    }
    assert len(shop.exposures()) == 1


def test_late_with_the_time_it_happened(shop: Shop) -> None:
    """A tag that comes two seconds after the activation finds it, with the time that Kameleoon recorded."""
    shop.open(shop.kameleoon(), shop.segment())
    shop.page.wait_for_function("() => window.Kameleoon?.API.CurrentVisit?.activatedExperiments.length")
    recorded = shop.page.evaluate("() => Kameleoon.API.CurrentVisit.activatedExperiments[0].times[0]")
    shop.pass_time(2000)
    shop.add(shop.tag())
    (event,) = shop.wait_for(EVENT)
    assert moment(event["originalTimestamp"]) == datetime.fromtimestamp(recorded / 1000, UTC)
    assert len(shop.exposures()) == 1


@pytest.mark.parametrize("tracking_only", [True, False])
def test_hybrid(shop: Shop, tracking_only: bool) -> None:
    """An SDK's hybrid exposure, which fires no event when it is for tracking only."""
    flag = {**EXPERIMENT, "id": 301, "featureFlag": True, "force": None}
    del flag["force"]
    commands = f"""<script>
      window.kameleoonQueue = window.kameleoonQueue || []
      kameleoonQueue.push(["Experiments.assignVariation", 301, 1002, true])
      kameleoonQueue.push(["Experiments.trigger", 301, {json.dumps(tracking_only)}])
    </script>"""
    shop.open(commands, shop.kameleoon(experiments=[flag]), shop.segment(), shop.tag())
    (event,) = shop.wait_for(EVENT)
    assert event["properties"]["variation_name"] == "Calm"
    assert len(shop.exposures()) == 1


@ONLY_MICROPYTHON
@pytest.mark.parametrize("tracking_only", [True, False])
def test_hybrid_after_the_start(shop: Shop, tracking_only: bool) -> None:
    """The same, pushed while Kameleoon's script runs."""
    flag = {key: value for key, value in EXPERIMENT.items() if key != "force"} | {"id": 301, "featureFlag": True}
    shop.open(shop.kameleoon(experiments=[flag]), shop.segment(), shop.tag())
    shop.wait_for("Kameleoon identifier")
    shop.page.evaluate(
        """(only) => {
          kameleoonQueue.push(["Experiments.assignVariation", 301, 0, true])
          kameleoonQueue.push(["Experiments.trigger", 301, only])
        }""",
        tracking_only,
    )
    (event,) = shop.wait_for(EVENT)
    assert event["properties"]["variation_id"] == "0"
    assert len(shop.exposures()) == 1


def test_a_custom_integration(shop: Shop) -> None:
    """The official hook calls `kameleoonSegment.exposure`; with the live event that is still one exposure."""
    body = (
        "window.kameleoonSegment && window.kameleoonSegment.exposure({experimentID, experimentName,"
        " personalizationID, personalizationName, variationID, variationName})"
    )
    shop.open(
        shop.tag(),
        shop.kameleoon(customIntegrations=[body], personalizations=[PERSONALIZATION], runtimeDelay=500),
        shop.segment(),
    )
    shop.wait_for(EVENT, 2)
    kinds = sorted(event["properties"]["campaign_type"] for event in shop.exposures())
    assert kinds == ["experiment", "personalization"]


@ONLY_MICROPYTHON
def test_control_is_an_exposure(shop: Shop) -> None:
    """The control group is what results are compared with."""
    shop.open(shop.kameleoon(experiments=[{**EXPERIMENT, "force": 0}]), shop.segment(), shop.tag())
    (event,) = shop.wait_for(EVENT)
    assert (event["properties"]["variation_id"], event["properties"]["variation_name"]) == ("0", "Reference")


@ONLY_MICROPYTHON
def test_excluded_and_unassigned_are_not(shop: Shop) -> None:
    """Nobody was exposed."""
    unassigned = {**EXPERIMENT, "id": 102, "targeting": {"event": "never"}}
    shop.open(shop.kameleoon(experiments=[{**EXPERIMENT, "force": None}, unassigned]), shop.segment(), shop.tag())
    shop.wait_for("Kameleoon identifier")
    assert shop.exposures() == []


@ONLY_MICROPYTHON
@pytest.mark.parametrize(
    "name",
    ['It\'s "quoted" `so`', "Début 🧪 日本", "</script><script>alert(1)</script>", "x" * 500],
    ids=["quotes", "emoji", "script", "long"],
)
def test_awkward_names(shop: Shop, name: str) -> None:
    """Names arrive as they are."""
    experiment = {**EXPERIMENT, "name": name, "variations": [{"id": 1001, "name": name}]}
    personalization = {**PERSONALIZATION, "name": name, "variations": [{"id": 2001, "name": name}]}
    shop.open(shop.kameleoon(experiments=[experiment], personalizations=[personalization]), shop.segment(), shop.tag())
    for event in shop.wait_for(EVENT, 2):
        assert event["properties"]["experiment_name"] == name
        assert event["properties"]["variation_name"] == name


@ONLY_MICROPYTHON
@pytest.mark.parametrize(
    ("dialect", "names", "first"),
    [
        ("kameleoon", ["experimentId", "experimentName", "variationId", "variationName"], [101, 201]),
        ("template", ["experimentID", "experimentName", "variationID", "variationName"], [101]),
    ],
)
def test_dialects(shop: Shop, configured: Any, dialect: str, names: list[str], first: list[int]) -> None:
    """The property names, and numbers for ids, that a customer's reports may already be made for."""
    config = configured(exposures={"dialect": dialect})
    shop.open(shop.kameleoon(personalizations=[PERSONALIZATION]), shop.segment(), shop.tag(config=config))
    events = shop.wait_for(EVENT, 2)
    # Sorted: analytics.js sends each event in a request of its own, and any may arrive first.
    assert sorted(event["properties"][names[0]] for event in events if names[0] in event["properties"]) == first
    for name in names[2:]:
        assert all(name in event["properties"] for event in events)


@ONLY_MICROPYTHON
def test_each_run_of_kameleoon_is_a_view(shop: Shop) -> None:
    """A single-page navigation shows the variation again: another exposure, with another id."""
    shop.open(shop.kameleoon(singlePage=True), shop.segment(), shop.tag())
    shop.wait_for(EVENT)
    shop.page.evaluate("() => history.pushState({}, '', '/next')")
    first, second = shop.wait_for(EVENT, 2)
    assert first["messageId"] != second["messageId"]
    assert len(shop.exposures()) == 2


def test_a_page_view_later_in_the_visit_finds_nothing_new(shop: Shop) -> None:
    """What an earlier page sent is not found again where the experiment does not run."""
    shop.open()
    shop.wait_for(EVENT)
    shop.page.wait_for_function("() => kameleoonSegment.status().exposures.sent === 1")
    shop.open(shop.kameleoon(experiments=[{**EXPERIMENT, "targeting": {"event": "never"}}]), shop.segment(), shop.tag())
    shop.ready()
    shop.exposures()
    # Not by what arrived: analytics.js sends again what the earlier page was left too soon to hear confirmed.
    assert shop.status()["exposures"]["sent"] == 0


def test_a_page_that_is_left_before_segment_came(shop: Shop) -> None:
    """What it could not send goes out on the next page, where the experiment does not run, with its own time."""
    shop.open(shop.kameleoon(), shop.segment(load=";"), shop.tag())
    shop.page.wait_for_function("() => window.kameleoonSegment?.status().held === 1")
    left = shop.page.evaluate("() => Date.now()")
    shop.open(shop.kameleoon(experiments=[{**EXPERIMENT, "targeting": {"event": "never"}}]), shop.segment(), shop.tag())
    (event,) = shop.wait_for(EVENT)
    assert moment(event["originalTimestamp"]) <= datetime.fromtimestamp(left / 1000, UTC)
    assert len(shop.exposures()) == 1


@ONLY_MICROPYTHON
def test_the_same_activation_has_the_same_message_id(shop: Shop) -> None:
    """Segment drops a second event of one id for 24 hours; ids are below its 100 characters."""
    shop.open()
    (event,) = shop.wait_for(EVENT)
    assert event["messageId"].startswith("ks-")
    assert len(event["messageId"]) < 100


def test_consent_unknown_holds_then_sends_with_the_time(shop: Shop) -> None:
    """Nothing leaves before consent; then everything does, with the time it happened."""
    shop.open(shop.kameleoon(consent="required"), shop.segment(), shop.tag())
    shop.page.wait_for_function("() => window.kameleoonSegment?.status().held === 1")
    assert shop.exposures() == []
    assert shop.identifiers() == []
    before = shop.page.evaluate("() => Date.now()")
    shop.page.evaluate("() => Kameleoon.API.Core.enableLegalConsent()")
    (event,) = shop.wait_for(EVENT)
    shop.wait_for("Kameleoon identifier")
    assert moment(event["originalTimestamp"]) < datetime.fromtimestamp(before / 1000, UTC)
    assert len(shop.exposures()) == 1
    assert shop.status()["held"] == 0


@ONLY_MICROPYTHON
def test_consent_refused_drops(shop: Shop) -> None:
    """Nothing of the bridge leaves, nor the visitor code in the page's own events."""
    shop.open(shop.kameleoon(consent="required"), shop.segment(), shop.tag())
    shop.page.wait_for_function("() => window.kameleoonSegment?.status().held === 1")
    shop.page.evaluate("() => Kameleoon.API.Core.disableLegalConsent()")
    shop.page.wait_for_function("() => window.kameleoonSegment.status().dropped === 1")
    events = shop.settled()
    assert [event.get("event") for event in events if event["type"] == "track"] == [events[-1]["event"]]
    assert all("kameleoonVisitorCode" not in event["properties"] for event in events)
