"""Experiments and personalizations in the emulation of Kameleoon's script."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.kameleoon.emulation import (
    EXPERIMENT,
    FLAG,
    PERSONALIZATION,
    PERSONAS,
    UNFORCED,
    Site,
    cookies,
)


def test_exposure(site: Site) -> None:
    """Triggered comes before the assignment; Activated after the page has changed."""
    listener = (
        "window.addEventListener('Kameleoon::ExperimentActivated', () => { window.shown = title().textContent });"
    )
    site.open({"experiments": [EXPERIMENT]}, before=f"const title = () => document.querySelector('h1'); {listener}")

    activated = site.last("ExperimentActivated")["experiment"]
    assert activated["id"] == 101
    assert activated["associatedVariation"]["name"] == "Bold"
    assert [variation["id"] for variation in activated["variations"]] == [0, 1001, 1002]
    assert site.run("shown") == "Bold!"
    site.pass_time()
    visit = site.run("Kameleoon.API.CurrentVisit.activatedExperiments")
    assert [(each["experimentID"], each["associatedVariationID"], len(each["times"])) for each in visit] == [
        (101, 1001, 1)
    ]


def test_unassigned_looks_like_excluded(site: Site) -> None:
    """Before anything is assigned, the variation reads as the excluded one."""
    site.open({"experiments": [{**UNFORCED, "targeting": {"event": "never"}}]})

    variation = site.run("Kameleoon.API.Experiments.getById(101).associatedVariation")
    assert (variation["id"], variation["name"]) == (None, "Excluded")
    assert site.run("Kameleoon.API.Experiments.getActive()") == []


def test_control_is_exposed_and_excluded_is_not(site: Site) -> None:
    """The control has id 0 and is an exposure; an excluded visitor is neither reported nor tracked."""
    integration = "(window.calls ||= []).push([experimentID, variationID, variationName])"
    project = {"experiments": [EXPERIMENT], "customIntegrations": [integration]}
    site.open(project, path="/?kameleoonForce=101:0")
    assert site.last("ExperimentActivated")["experiment"]["associatedVariation"]["name"] == "Reference"
    site.pass_time()
    assert site.run("calls") == [[101, 0, "Reference"]]
    assert site.run("Kameleoon.API.Experiments.getActive().length") == 1

    site.open(project, path="/?kameleoonForce=7:1,101:null")
    site.pass_time()
    assert site.events()[-1] == "ExperimentTriggered"
    assert site.run("[window.calls, Kameleoon.API.Experiments.getActive()]") == [None, []]


def test_bucketing_is_kept(site: Site, context: BrowserContext) -> None:
    """Bucketing follows the visitor's code, and the result is kept for a month."""
    experiment = {**UNFORCED, "deviation": {"0": 0, "1001": 0, "1002": 100}}
    site.open({"experiments": [experiment]})
    assert site.run("localStorage['kameleoonExperiment-101']").startswith("1002/")

    nobody = {**experiment, "deviation": {}}
    site.open({"experiments": [nobody]})
    assert site.run("Kameleoon.API.Experiments.getById(101).associatedVariation.id") == 1002

    site.run("localStorage.clear()")
    site.open({"experiments": [nobody]})
    assert site.run("localStorage['kameleoonExperiment-101']").startswith("null/")
    assert "kameleoonVisitorCode" in cookies(context)


def test_personalization(site: Site) -> None:
    """Personalizations have events and arguments of their own."""
    names = "experimentID, experimentName, personalizationID, personalizationName, variationID, variationName"
    integration = f"window.call = [{names}]"
    site.open({"personalizations": [PERSONALIZATION], "customIntegrations": [integration]})

    assert site.events()[-3:] == ["SegmentTriggered", "PersonalizationTriggered", "PersonalizationActivated"]
    site.pass_time()
    assert site.run("call") == [None, None, 202, "Welcome", 2001, "Hello"]
    assert site.run("Kameleoon.API.Personalizations.getActive()[0].associatedVariation.id") == 2001


def test_hybrid_trigger(site: Site) -> None:
    """Tracking only means no DOM event: integrations, tracking and getActive still see the exposure."""
    queue = "[['Experiments.assignVariation', 101, 1002, true], ['Experiments.trigger', 101, true]]"
    project = {
        "experiments": [FLAG],
        "escapeVariationNames": True,
        "customIntegrations": ["window.call = [experimentID, variationID, variationName]"],
    }
    site.open(project, before=f"window.kameleoonQueue = {queue}")

    site.pass_time()
    assert site.events() == ["Loaded", "Started"]
    assert site.run("call") == [101, 1002, "It's calm"]
    assert site.run("Kameleoon.API.Experiments.getActive()[0].associatedVariation.id") == 1002

    site.run("Kameleoon.API.Experiments.trigger(101)")
    assert site.events()[-1] == "ExperimentActivated"


def test_hybrid_trigger_of_an_unknown_experiment(site: Site) -> None:
    """An experiment newer than the script reaches Kameleoon's tracking, and nothing else."""
    site.open({"customIntegrations": ["window.called = true"]})
    site.run("kameleoonQueue.push(['Experiments.assignVariation', 9, 90, true])")
    site.run("kameleoonQueue.push(['Experiments.trigger', 9, true])")
    with site.page.expect_response("**/visit/events*"):
        site.pass_time(600)

    assert {"eventType": "experiment", "id": "9", "variationId": "90"}.items() <= site.tracked()[-1].items()
    assert site.run("[window.called, Kameleoon.API.Experiments.getById(9)]") == [None, None]
    assert site.events() == ["Loaded", "Started"]


def test_targeting_follows_custom_data(site: Site) -> None:
    """An experiment waits for its custom data, and runs as soon as it has the value, once."""
    experiment = {**EXPERIMENT, "targeting": {"customData": "personas", "value": "vip"}}
    site.open({"experiments": [experiment], "customData": [PERSONAS]})
    assert "ExperimentActivated" not in site.events()

    site.run("Kameleoon.API.Data.setCustomData('personas', ['guest', 'vip'], true)")
    site.run("Kameleoon.API.Data.setCustomData('personas', ['vip', 'late'], true)")
    assert site.events().count("ExperimentActivated") == 1


def test_triggered_event_is_for_targeting_only(site: Site) -> None:
    """Events.trigger makes no DOM event, but lets a campaign run."""
    site.open({"experiments": [{**EXPERIMENT, "targeting": {"event": "cart"}}]})
    site.run("Kameleoon.API.Events.trigger('cart')")

    assert site.events()[-1] == "ExperimentActivated"


READ_RECORDS = """Kameleoon.API.CurrentVisit.activatedExperiments.map((record) =>
  [record.experimentID, record.associatedVariationID, record.times])"""
ACTIVE = "Kameleoon.API.Experiments.getActive().map(({ associatedVariation }) => associatedVariation.id)"
SECOND = {**EXPERIMENT, "id": 102, "name": "Second"}


def test_records_come_after_the_whole_round(site: Site) -> None:
    """Section 9.1: first all events of a round, later its records, with the time of their writing."""
    site.open({"experiments": [EXPERIMENT, SECOND], "recordsDelay": 400})
    first = site.last("ExperimentActivated")["time"]
    assert site.events()[2:] == ["SegmentTriggered", "ExperimentTriggered", "ExperimentActivated"] * 2

    site.pass_time(399)
    assert site.run(READ_RECORDS) == []
    assert site.run("Kameleoon.API.Experiments.getActivatedInVisit()") == []
    assert site.run(ACTIVE) == [1001, 1001]
    site.pass_time(1)
    assert site.run(READ_RECORDS) == [[101, 1001, [first + 400]], [102, 1001, [first + 400]]]
    assert site.run("Kameleoon.API.Experiments.getActivatedInVisit().length") == 2


def test_page_left_before_the_records(site: Site) -> None:
    """Section 9.1: what was activated on a page that is left at once is not in the visit's records."""
    site.open({"experiments": [EXPERIMENT]})
    site.pass_time(49)
    site.open()
    site.pass_time()

    assert site.run(READ_RECORDS) == []


@pytest.mark.parametrize("reason", ["priority", "capping", "exclusion", "exclusion_group"])
def test_suppressed_personalization(site: Site, reason: str) -> None:
    """Section 9.2: targeted, not shown: no event and no record, and yet active with Reference."""
    site.open({"personalizations": [{**PERSONALIZATION, "suppressed": reason}]})
    site.pass_time()

    assert site.events()[-1] == "PersonalizationTriggered"
    (active,) = site.run("Kameleoon.API.Personalizations.getActive()")
    assert active["active"] is True
    assert (active["associatedVariation"]["id"], active["associatedVariation"]["name"]) == (0, "Reference")
    assert site.run("Kameleoon.API.Personalizations.getActivatedInVisit()") == []
    assert site.run("Kameleoon.API.CurrentVisit.activatedPersonalizations") == []


@pytest.mark.parametrize(
    ("options", "variation"),
    [
        ({"dialect": 2022}, 0),
        ({"dialect": 2025}, None),
        ({"dialect": 2025, "suppressedVariation": "reference"}, 0),
        ({"suppressedVariation": "null"}, None),
        ({"suppressedVariation": "absent"}, "absent"),
    ],
)
def test_what_a_suppressed_personalization_shows(site: Site, options: dict[str, Any], variation: Any) -> None:
    """Section 9.2: Reference only where the file lists it."""
    dialect = options.pop("dialect", 2026)
    personalization = {**PERSONALIZATION, "suppressed": "priority", **options}
    site.open({"dialect": dialect, "personalizations": [personalization]})

    (active,) = site.run("Kameleoon.API.Personalizations.getActive()")
    shown = active.get("associatedVariation", "absent")
    assert (shown["id"] if isinstance(shown, dict) else shown) == variation


def test_names_of_2022(site: Site) -> None:
    """Section 9.3: words for the control and the excluded, who have an event, too."""
    project = {"dialect": 2022, "experiments": [EXPERIMENT]}
    site.open(project, path="/?kameleoonForce=101:0")
    control = site.last("ExperimentActivated")["experiment"]
    assert (control["associatedVariation"]["id"], control["associatedVariation"]["name"]) == ("reference", "Reference")
    assert [variation["id"] for variation in control["variations"]] == ["reference", 1001, 1002]

    site.run("localStorage.clear()")
    site.open(project, path="/?kameleoonForce=101:null")
    site.pass_time()
    excluded = site.last("ExperimentActivated")["experiment"]["associatedVariation"]
    assert (excluded["id"], excluded["name"]) == ("none", "Excluded")
    assert site.run(READ_RECORDS) == []


@pytest.mark.parametrize("dialect", [2025, 2026])
def test_ids_since_2023(site: Site, dialect: int) -> None:
    """Section 9.3: 0 for the control; null for the excluded, who have no event."""
    project = {"dialect": dialect, "experiments": [EXPERIMENT]}
    site.open(project, path="/?kameleoonForce=101:0")
    assert site.last("ExperimentActivated")["experiment"]["associatedVariation"]["id"] == 0

    site.run("localStorage.clear()")
    site.open(project, path="/?kameleoonForce=101:null")
    assert site.events()[-1] == "ExperimentTriggered"
    assert site.run("Kameleoon.API.Experiments.getById(101).associatedVariation.id") is None


@pytest.mark.parametrize(("dialect", "active"), [(2022, ["none"]), (2025, []), (2026, [])])
def test_active_of_an_excluded_experiment(site: Site, dialect: int, active: list[str]) -> None:
    """Section 1.2: who is targeted is active in 2022."""
    site.open({"dialect": dialect, "experiments": [{**EXPERIMENT, "force": None}]})

    assert site.run(ACTIVE) == active


def test_direct_trigger_is_seen_by_getters_and_records_only(site: Site) -> None:
    """Section 9.4: at any time, and the record comes later here, too."""
    site.open({"experiments": [FLAG]})
    site.pass_time(5000)
    site.run("Kameleoon.API.Experiments.assignVariation(101, 1002, true)")
    site.run("Kameleoon.API.Experiments.trigger(101, true)")
    now = site.run("Date.now()")

    assert site.run(ACTIVE) == [1002]
    assert site.run(READ_RECORDS) == []
    site.pass_time()
    assert site.run(READ_RECORDS) == [[101, 1002, [now + 50]]]
    assert site.events() == ["Loaded", "Started"]


def test_trigger_for_tracking_shows_nothing(site: Site) -> None:
    """Section 1.2: active is what is displayed, or a feature flag's experiment; another is in the records alone."""
    site.open({"experiments": [{**EXPERIMENT, "targeting": {"event": "never"}}]})
    site.run("Kameleoon.API.Experiments.trigger(101, true)")
    site.pass_time()

    assert site.run(ACTIVE) == []
    assert site.run(READ_RECORDS)[0][:2] == [101, 1001]


def test_flag_of_an_earlier_page_is_not_active(site: Site) -> None:
    """Section 1.2: without a trigger in this run, an assignment alone is nothing."""
    site.open({"experiments": [FLAG]}, before="window.kameleoonQueue = [['Experiments.trigger', 101, true]]")
    assert len(site.run(ACTIVE)) == 1

    site.open({"experiments": [FLAG]})
    assert site.run(ACTIVE) == []


def test_allocated_by_an_algorithm(site: Site) -> None:
    """Section 9.6: the suffix is in getters, records and integrations, and was not in the event."""
    integration = "window.call = variationName"
    site.open({"experiments": [{**EXPERIMENT, "aiAllocated": True}], "customIntegrations": [integration]})
    site.pass_time()

    assert site.last("ExperimentActivated")["experiment"]["associatedVariation"]["name"] == "Bold"
    read = "Kameleoon.API.Experiments.getById(101).associatedVariation.name"
    record = "Kameleoon.API.CurrentVisit.activatedExperiments[0].associatedVariation.name"
    assert site.run(f"[{read}, {record}, call]") == ["Bold (Predicteo)"] * 3


def test_variation_is_one_object_for_all(site: Site) -> None:
    """Section 9.6: who keeps an event's variation sees its name change."""
    listener = """addEventListener("Kameleoon::ExperimentActivated",
      ({ detail }) => { window.kept = detail.experiment.associatedVariation })"""
    site.open({"experiments": [{**EXPERIMENT, "aiAllocated": True}]}, before=listener)
    assert site.run("kept.name") == "Bold"

    site.pass_time()
    assert site.run("kept.name") == "Bold (Predicteo)"


@pytest.mark.parametrize("new_page", [False, True])
def test_records_keep_the_first_variation(site: Site, new_page: bool) -> None:
    """Section 9.7: another variation later in the visit shows in getters, and is not in the records."""
    site.open({"experiments": [FLAG]})
    site.run("Kameleoon.API.Experiments.assignVariation(101, 1001, true), Kameleoon.API.Experiments.trigger(101, true)")
    site.pass_time()
    first = site.run(READ_RECORDS)
    if new_page:
        site.open({"experiments": [FLAG]})
    site.run("Kameleoon.API.Experiments.assignVariation(101, 1002, true), Kameleoon.API.Experiments.trigger(101, true)")
    site.pass_time()

    assert site.run(ACTIVE) == [1002]
    assert site.run(READ_RECORDS) == first
    assert first[0][1] == 1001


def test_triggered_shows_no_assignment_on_the_first_view(site: Site) -> None:
    """Section 9.12: Excluded, although the variation is forced; the second view knows it."""
    queue = "window.kameleoonQueue = [['Experiments.assignVariation', 101, 1002, true]]"
    site.open({"experiments": [UNFORCED]}, before=queue)
    first = site.last("ExperimentTriggered")["experiment"]
    assert (first["associatedVariation"]["id"], first["associatedVariation"]["name"]) == (None, "Excluded")
    assert site.last("ExperimentActivated")["experiment"]["associatedVariation"]["id"] == 1002

    site.open({"experiments": [UNFORCED]})
    assert site.last("ExperimentTriggered")["experiment"]["associatedVariation"]["id"] == 1002


def test_excluded_fires_nothing_on_the_second_view(site: Site) -> None:
    """Section 9.12: on the first, the assignment still was to come."""
    project = {"experiments": [{**UNFORCED, "deviation": {}}]}
    site.open(project)
    assert site.events()[-1] == "ExperimentTriggered"

    site.open(project)
    assert site.events() == ["Loaded", "Started"]


def test_active_of_an_unassigned_experiment_is_null(site: Site) -> None:
    """Section 9.12: it is no boolean there."""
    site.open({"experiments": [{**UNFORCED, "targeting": {"event": "never"}}, {**SECOND, "force": None}]})

    assert site.run("Kameleoon.API.Experiments.getAll().map(({ active }) => active)") == [None, False]


@pytest.mark.parametrize(("dialect", "tells"), [(2022, False), (2025, False), (2026, True)])
def test_tracking_performed(site: Site, dialect: int, tells: bool) -> None:
    """Section 9.12: campaigns have it in 2026 only."""
    site.open({"dialect": dialect, "experiments": [EXPERIMENT]})

    assert site.run("'trackingPerformed' in Kameleoon.API.Experiments.getById(101)") is tells
