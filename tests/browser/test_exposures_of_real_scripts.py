"""Exposures where Kameleoon's script does what executed builds do, and a kinder double would not."""

from datetime import datetime
from typing import Any

import pytest

from tests.browser.shop import EXPERIMENT, ONLY_MICROPYTHON, PERSONALIZATION, Shop

EVENT = "Experiment viewed"
FLAG = {name: EXPERIMENT[name] for name in EXPERIMENT if name != "force"} | {"id": 301, "featureFlag": True}
ELSEWHERE = {**EXPERIMENT, "targeting": {"event": "never"}}
INTEGRATION = (
    "window.kameleoonSegment && window.kameleoonSegment.exposure({experimentID, experimentName,"
    " personalizationID, personalizationName, variationID, variationName})"
)
TRIGGER = """([id, variation]) => {
  Kameleoon.API.Experiments.assignVariation(id, variation, true)
  Kameleoon.API.Experiments.trigger(id, true)
  return Date.now()
}"""
RECORDED = "() => Kameleoon.API.CurrentVisit.activatedExperiments.length"


@pytest.fixture(autouse=True)
def clock(shop: Shop) -> None:
    """Install the page's clock, which a test can advance; left alone it goes on as any does."""
    shop.page.clock.install()


def shown(shop: Shop) -> list[tuple[str, str]]:
    """Return campaign and variation of all exposures that Segment takes, those that are found later among them.

    Of a page that is left some arrive twice, with one message id: Segment takes one.
    """
    shop.pass_time(5000)
    taken = {one["messageId"]: one["properties"] for one in shop.exposures()}
    return [(one["experiment_id"], one["variation_id"]) for one in taken.values()]


@ONLY_MICROPYTHON
@pytest.mark.parametrize("dialect", [2022, 2025, 2026])
@pytest.mark.parametrize("reason", ["priority", "exclusion_group"])
def test_a_suppressed_personalization_is_no_exposure(shop: Shop, dialect: int, reason: str) -> None:
    """It is targeted and active, as variation 0 where the file lists Reference, and was shown to nobody."""
    low = {**PERSONALIZATION, "id": 202, "name": "Low", "suppressed": reason}
    shop.open(
        shop.kameleoon(dialect=dialect, experiments=[], personalizations=[PERSONALIZATION, low]),
        shop.segment(),
        shop.tag(),
    )
    shop.wait_for(EVENT)
    active = shop.page.evaluate("() => Kameleoon.API.Personalizations.getActive().map(({ id }) => id)")
    assert active == [201, 202]
    assert shown(shop) == [("201", "2001")]


@pytest.mark.parametrize("delay", [1, 330, 3000])
def test_an_event_and_its_late_record_are_one_exposure(shop: Shop, delay: int) -> None:
    """On the page itself, and on the next one, which has the record alone."""
    shop.open(shop.kameleoon(recordsDelay=delay), shop.segment(), shop.tag())
    shop.wait_for(EVENT)
    shop.page.wait_for_function(RECORDED)
    shop.open(shop.kameleoon(experiments=[ELSEWHERE]), shop.segment(), shop.tag())
    shop.ready()
    shop.page.wait_for_function(RECORDED)
    assert shown(shop) == [("101", "1001")]


def test_a_page_that_is_left_before_the_record(shop: Shop) -> None:
    """The next page's activation is an exposure of its own."""
    shop.open(shop.kameleoon(recordsDelay=60_000), shop.segment(), shop.tag())
    shop.wait_for(EVENT)
    shop.settled()
    shop.open(shop.kameleoon(), shop.segment(), shop.tag())
    shop.wait_for(EVENT, 2)
    assert shown(shop) == [("101", "1001")] * 2


def test_a_script_of_2022(shop: Shop) -> None:
    """The control is "reference", sent once whoever reports it; "none" is nobody, though its event fires."""
    experiments = [{**EXPERIMENT, "force": 0}, {**EXPERIMENT, "id": 102, "force": None}]
    shop.open(
        "<script>seen = []; addEventListener('Kameleoon::ExperimentActivated',"
        " (e) => seen.push(e.detail.experiment.associatedVariation.id))</script>",
        shop.kameleoon(dialect=2022, experiments=experiments, customIntegrations=[INTEGRATION]),
        shop.segment(),
        shop.tag(),
    )
    shop.wait_for(EVENT)
    assert shown(shop) == [("101", "0")]
    assert shop.page.evaluate("() => seen") == ["reference", "none"]


@ONLY_MICROPYTHON
@pytest.mark.parametrize("records_delay", [1, 60_000])
def test_a_direct_trigger_at_any_time(shop: Shop, records_delay: int) -> None:
    """Not through the queue, no event: reported on this page, soon, whether by a getter or by the record."""
    shop.open(shop.kameleoon(experiments=[FLAG], recordsDelay=records_delay), shop.segment(), shop.tag())
    shop.ready()
    shop.pass_time(10_000)
    called = shop.page.evaluate(TRIGGER, [301, 1002])
    (event,) = shop.wait_for(EVENT)
    assert datetime.fromisoformat(event["originalTimestamp"]).timestamp() * 1000 - called < 2000
    assert shown(shop) == [("301", "1002")]


@ONLY_MICROPYTHON
def test_two_hybrid_variations_in_one_visit(shop: Shop) -> None:
    """The record keeps the first; both were seen."""
    shop.open(shop.kameleoon(experiments=[FLAG]), shop.segment(), shop.tag())
    shop.ready()
    for count, variation in enumerate([1002, 1001], 1):
        shop.page.evaluate(TRIGGER, [301, variation])
        shop.wait_for(EVENT, count)
    shop.page.wait_for_function(
        """() => {
          const records = Kameleoon.API.CurrentVisit.activatedExperiments
          return String(records.map((one) => one.associatedVariationID)) === '1002'
        }"""
    )
    shop.open(shop.kameleoon(experiments=[FLAG]), shop.segment(), shop.tag())
    shop.ready()
    assert shown(shop) == [("301", "1002"), ("301", "1001")]


@pytest.mark.parametrize("before_consent", ["all", "block"])
def test_no_and_then_yes_in_one_view(shop: Shop, before_consent: str) -> None:
    """What was seen is sent once, as Kameleoon's own tracking is."""
    shop.open(shop.kameleoon(consent="required", beforeConsent=before_consent), shop.segment(), shop.tag())
    shop.ready()
    shop.page.evaluate("() => Kameleoon.API.Core.disableLegalConsent()")
    shop.page.wait_for_function("() => kameleoonSegment.status().dropped === 1")
    assert shown(shop) == []
    shop.page.evaluate("() => Kameleoon.API.Core.enableLegalConsent()")
    shop.wait_for(EVENT)
    assert shown(shop) == [("101", "1001")]
    assert shop.status()["exposures"] == {"sent": 1, "held": 0, "dropped": 0}


@ONLY_MICROPYTHON
@pytest.mark.parametrize("late", [False, True])
def test_the_name_does_not_depend_on_the_witness(shop: Shop, late: bool) -> None:
    """Kameleoon appends to the name that getters and records show, not to the one that the event showed."""
    kameleoon = shop.kameleoon(experiments=[{**EXPERIMENT, "aiAllocated": True}])
    shop.open(*([] if late else [shop.tag()]), kameleoon, shop.segment())
    if late:
        shop.page.wait_for_function(f"{RECORDED.replace('Kameleoon', 'window.Kameleoon?')} > 0")
        shop.add(shop.tag())
    (event,) = shop.wait_for(EVENT)
    assert event["properties"]["variation_name"] == "Bold"
    shop.page.wait_for_function(
        "() => Kameleoon.API.Experiments.getActive()[0].associatedVariation.name === 'Bold (Predicteo)'"
    )
    assert len(shop.exposures()) == 1


@ONLY_MICROPYTHON
def test_kameleoons_own_segment_tool_beside_the_bridge(shop: Shop) -> None:
    """One entry of the status says that everything is sent twice, and how to mend it."""
    shop.open(
        shop.kameleoon(dialect=2022, nativeSegment=True, personalizations=[PERSONALIZATION]),
        shop.segment(),
        shop.tag(),
    )
    shop.wait_for(EVENT, 2)
    shop.wait_for("Experiment Viewed", 2)
    (hint,) = shop.status()["hints"]
    assert hint["code"] == "reported-elsewhere"
    assert hint["what"].endswith(": 101, 201")


@ONLY_MICROPYTHON
def test_an_exposure_by_hand_beside_the_bridge(shop: Shop) -> None:
    """Of the same campaign; one of another is nobody's business."""
    call = "analytics.track('experiment viewed', {experiment_id: '%s'})"
    shop.open(shop.kameleoon(), shop.segment(call % 102), shop.tag())
    shop.wait_for(EVENT)
    shop.settled()
    assert shop.status()["hints"] == []
    shop.page.evaluate(call % 101)
    shop.settled()
    hints: list[dict[str, Any]] = shop.status()["hints"]
    assert [hint["code"] for hint in hints] == ["reported-elsewhere"]
