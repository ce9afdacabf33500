"""Exposures: one event for each activation."""

import json

from tests.brain.portable.fake import CODE, NOW, Ear, FakePage, campaign

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ACTIVE = "Kameleoon.API.Experiments.getActive"
IN_VISIT = "Kameleoon.API.Experiments.getActivatedInVisit"
ACTIVATED = "Kameleoon.API.CurrentVisit.activatedExperiments"


def shown(ear: Ear, at: int = NOW, **more: "Any") -> None:
    """Kameleoon tells of an activation."""
    ear.kameleoon("ExperimentActivated", time=at, experiment=campaign(**more))


def delays(ear: Ear) -> "list[int]":
    """Return after how many ms the timers that were set are due."""
    return [timer["delay"] for timer in ear.page.timers]


def record(at: "int | None" = None) -> "dict[str, Any]":
    """Return what Kameleoon knows of an experiment that is active, since `at` when it says so."""
    known: dict[str, Any] = {ACTIVE: [campaign()], IN_VISIT: [campaign()]}
    if at is not None:
        known[ACTIVATED] = [{"experimentID": 101, "associatedVariationID": 1001, "times": [at]}]
    return known


def test_a_live_activation_is_sent_as_segments_spec_says_with_its_time() -> None:
    ear = Ear()
    ear.world()
    ear.wait(300)
    shown(ear)
    assert ear.sent() == [
        {
            "event": "Experiment viewed",
            "properties": {
                "experiment_id": "101",
                "experiment_name": "Headline",
                "variation_id": "1001",
                "variation_name": "Bold",
                "campaign_type": "experiment",
                "nonInteraction": 1,
            },
            "options": {"timestamp": "2026-11-22T01:32:09.481Z", "messageId": ear.sent()[0]["options"]["messageId"]},
        }
    ]
    assert ear.status()["exposures"] == {"sent": 1, "held": 0, "dropped": 0}


def test_control_counts_and_excluded_does_not() -> None:
    ear = Ear()
    ear.world()
    shown(ear, variation=0, label="Reference")
    shown(ear, identity=102, variation=None, label="Excluded")
    ear.kameleoon("ExperimentActivated", experiment={"id": 103, "name": "x", "associatedVariation": None})
    ear.kameleoon("ExperimentActivated", experiment=None)
    assert [track["properties"]["variation_id"] for track in ear.sent()] == ["0"]
    assert ear.status()["errors"] == []


def test_each_dialect() -> None:
    expected = {
        "kameleoon": {"experimentId": 101, "experimentName": "Headline", "variationId": 1001, "variationName": "Bold"},
        "template": {"experimentID": 101, "experimentName": "Headline", "variationID": 1001, "variationName": "Bold"},
    }
    for dialect, properties in expected.items():
        ear = Ear(exposures={"dialect": dialect})
        ear.world()
        shown(ear)
        rest = {"campaign_type": "experiment", "nonInteraction": 1}
        assert ear.sent()[0]["properties"] == dict(properties, **rest)


def test_personalizations() -> None:
    ear = Ear(exposures={"personalization_event": "Personalization viewed", "dialect": "template"})
    ear.world()
    ear.kameleoon("PersonalizationActivated", time=NOW, personalization=campaign(201, 2001, "Welcome", "Banner"))
    assert ear.sent("Personalization viewed")[0]["properties"] == {
        "personalizationID": 201,
        "personalizationName": "Welcome",
        "variationID": 2001,
        "variationName": "Banner",
        "campaign_type": "personalization",
        "nonInteraction": 1,
    }
    ear = Ear(exposures={"personalizations": False})
    ear.world()
    ear.kameleoon("PersonalizationActivated", time=NOW, personalization=campaign(201, 2001))
    assert ear.page.tracks == []


def test_only_and_except() -> None:
    for choice in ({"only": [102]}, {"except": [101]}):
        ear = Ear(exposures=choice)
        ear.world()
        shown(ear)
        shown(ear, identity=102)
        assert [track["properties"]["experiment_id"] for track in ear.sent()] == ["102"]


def test_properties_of_the_customers_own_never_hide_ours() -> None:
    ear = Ear(exposures={"properties": {"team": "web", "experiment_id": "x"}})
    ear.world()
    shown(ear)
    assert ear.sent()[0]["properties"]["team"] == "web"
    assert ear.sent()[0]["properties"]["experiment_id"] == "101"


def test_awkward_names_arrive_as_they_are() -> None:
    for name in ('It\'s "so"', "🧪 é", "</script><b>", "x" * 500, "\u2028", ""):
        ear = Ear()
        ear.world()
        shown(ear, name=name, label=name)
        assert ear.sent()[0]["properties"]["experiment_name"] == name
        assert ear.sent()[0]["properties"]["variation_name"] == name


def test_two_activations_are_two_exposures() -> None:
    ear = Ear()
    ear.world()
    shown(ear)
    shown(ear, at=NOW + 5000)
    ids = [track["options"]["messageId"] for track in ear.sent()]
    assert len(ids) == 2
    assert ids[0] != ids[1]


def test_one_event_heard_twice_is_one_exposure() -> None:
    ear = Ear()
    ear.world()
    shown(ear)
    shown(ear)
    assert len(ear.sent()) == 1


def test_found_afterwards_with_the_time_it_happened() -> None:
    page = FakePage()
    page.kameleoon = record(NOW - 2000)
    ear = Ear(page)
    ear.world()
    ear.wait(5000)
    assert [track["options"]["timestamp"] for track in ear.sent()] == ["2026-11-22T01:32:07.481Z"]
    properties = ear.sent()[0]["properties"]
    assert (properties["experiment_name"], properties["variation_name"]) == ("Headline", "Bold")


def test_odd_records_do_not_hide_what_stands_beside_them() -> None:
    page = FakePage()
    page.kameleoon = {
        ACTIVE: [None, campaign(100, variation=None), campaign()],
        ACTIVATED: [
            {"experimentID": 100, "associatedVariationID": 1000, "times": None},
            {"experimentID": 101, "associatedVariationID": 1001, "times": [None, "x", NOW - 2000, True]},
        ],
    }
    ear = Ear(page)
    ear.world()
    ear.scan()
    assert [track["options"]["timestamp"] for track in ear.sent()] == ["2026-11-22T01:32:07.481Z"]
    assert ear.status()["errors"] == []


def test_found_without_any_time_counts_as_now() -> None:
    page = FakePage()
    page.kameleoon = {IN_VISIT: [campaign()]}
    ear = Ear(page)
    ear.world()
    ear.wait(5000)
    assert [track["options"]["timestamp"] for track in ear.sent()] == ["2026-11-22T01:32:09.481Z"]


def test_a_record_and_an_event_of_one_activation_are_less_than_a_tenth_of_a_second_apart() -> None:
    for apart, count in ((99, 1), (100, 2)):
        page = FakePage()
        page.kameleoon = record(NOW - apart)
        ear = Ear(page)
        ear.world()
        ear.scan()
        shown(ear)
        assert len(ear.sent()) == count
        shown(ear, at=NOW + 5000)
        assert len(ear.sent()) == count + 1


def test_what_an_earlier_page_sent_is_told_from_the_next_by_a_tenth_of_a_second() -> None:
    for apart, count in ((99, 0), (100, 1)):
        page = FakePage()
        page.storage["k_segmentio_exposures"] = json.dumps({"experiment:101:1001": NOW - apart})
        page.kameleoon = record(NOW)
        ear = Ear(page)
        ear.world()
        ear.wait(5000)
        assert len(ear.sent()) == count


def test_found_and_live_and_told_are_one_activation() -> None:
    report = {"experimentID": 101, "experimentName": "Headline", "variationID": 1001, "variationName": "Bold"}
    witnesses: list[Any] = [
        shown,
        lambda ear: ear.scan(),
        lambda ear: ear.hear("exposure", report=report),
    ]
    for times in (record(), record(NOW + 3)):
        for first in range(3):
            page = FakePage()
            page.kameleoon = times
            ear = Ear(page)
            ear.world()
            for turn in range(3):
                witnesses[(first + turn) % 3](ear)
            assert len(ear.sent()) == 1


def test_after_what_was_told_each_further_event_counts() -> None:
    ear = Ear()
    ear.world()
    ear.hear("exposure", report={"experimentID": 101, "variationID": 1001})
    shown(ear)
    assert len(ear.sent()) == 1
    shown(ear, at=NOW + 5000)
    assert len(ear.sent()) == 2


def test_hybrid_exposure_without_an_event_is_found_after_its_command() -> None:
    ear = Ear()
    ear.world()
    ear.scan()
    assert ear.sent() == []
    ear.page.kameleoon = record()
    ear.page.timers = []
    ear.hear("command", name="Goals.processConversion", args=["x"])
    assert ear.page.timers == []
    for name in ("Experiments.assignVariation", "Kameleoon.API.Experiments.trigger", "Experiments.trigger"):
        other = Ear()
        other.hear("command", name=name, args=[101, True])
        assert delays(other) == [0, 500, 2000]
        ear.hear("command", name=name, args=[101, True])
    assert delays(ear) == [0, 500, 2000]
    ear.scan()
    assert len(ear.sent()) == 1
    ear.hear("command", name="Experiments.trigger", args=[101, True])
    assert delays(ear) == [500, 2000, 0, 500, 2000]


def test_each_run_of_kameleoon_counts() -> None:
    ear = Ear()
    ear.world()
    for run in range(3):
        ear.kameleoon("Loaded")
        ear.kameleoon("Started")
        shown(ear, at=NOW + run * 5000)
    assert len(ear.sent()) == 3


def test_what_is_told_counts_once_in_each_run() -> None:
    report = {"experimentID": 101, "variationID": 1001}
    ear = Ear()
    ear.world()
    for _ in range(2):
        ear.kameleoon("Loaded")
        ear.hear("exposure", report=report)
        ear.kameleoon("Started")
        ear.hear("exposure", report=report)
    assert len(ear.sent()) == 2


def test_what_was_active_before_the_tag_is_looked_for() -> None:
    ear = Ear()
    ear.world()
    assert 0 in delays(ear)
    ear.scan()
    ear.page.timers = []
    ear.kameleoon("Started")
    assert 0 in delays(ear)


def test_a_kameleoon_that_says_started_only() -> None:
    ear = Ear()
    ear.world()
    ear.page.kameleoon = record()
    for _ in range(2):
        ear.kameleoon("Started")
        ear.scan()
    assert len(ear.sent()) == 2


def test_an_engine_that_starts_again_without_loading_is_another_run() -> None:
    ear = Ear()
    ear.world()
    ear.page.kameleoon = record()
    ear.kameleoon("Loaded")
    for _ in range(2):
        ear.kameleoon("Started")
        ear.scan()
    assert len(ear.sent()) == 2


def test_what_an_earlier_page_sent_is_not_found_again() -> None:
    first = Ear()
    first.world()
    shown(first)
    page = FakePage()
    page.storage = first.page.storage
    page.kameleoon = {IN_VISIT: [campaign()], ACTIVATED: record(NOW + 2)[ACTIVATED]}
    second = Ear(page)
    second.world()
    second.scan()
    assert second.sent() == []
    page.kameleoon = {IN_VISIT: [campaign()]}
    second.wait(5000)
    assert second.sent() == []


def test_what_no_earlier_page_sent_is_found() -> None:
    page = FakePage()
    page.kameleoon = {IN_VISIT: [campaign()], ACTIVATED: record(NOW - 60_000)[ACTIVATED]}
    ear = Ear(page)
    ear.world()
    ear.scan()
    shown(ear)
    assert [track["options"]["timestamp"] for track in ear.sent()] == [
        "2026-11-22T01:31:09.481Z",
        "2026-11-22T01:32:09.481Z",
    ]


def test_waits_for_analytics_and_keeps_its_time() -> None:
    ear = Ear()
    ear.world(ready=False)
    shown(ear)
    assert ear.sent() == []
    assert ear.status()["held"] == 1
    ear.wait(4000)
    ear.world()
    assert ear.sent()[0]["options"]["timestamp"] == "2026-11-22T01:32:09.481Z"


def test_an_analytics_that_throws_loses_nothing() -> None:
    ear = Ear()
    ear.page.analytics_throws = True
    ear.world()
    shown(ear)
    assert ear.status()["held"] == 1
    ear.page.analytics_throws = False
    ear.event()
    assert len(ear.sent()) == 1


def test_consent_unknown_holds_true_sends_false_drops() -> None:
    ear = Ear()
    ear.world(experimentLegalConsent=None)
    shown(ear)
    assert ear.sent() == []
    assert ear.status()["held"] == 1
    ear.world()
    assert len(ear.sent()) == 1

    ear = Ear()
    ear.world(experimentLegalConsent=None)
    shown(ear)
    ear.world(experimentLegalConsent=False)
    ear.world()
    assert ear.sent() == []
    assert ear.status()["dropped"] == 1


def test_each_kind_of_campaign_has_its_own_consent() -> None:
    ear = Ear()
    ear.world(personalizationLegalConsent=None)
    shown(ear)
    ear.kameleoon("PersonalizationActivated", time=NOW, personalization=campaign(201, 2001))
    assert [track["properties"]["campaign_type"] for track in ear.sent()] == ["experiment"]
    ear.kameleoon("LegalConsentUpdated", legalConsentUpdate={"PERSONALIZATION": True})
    assert len(ear.sent()) == 2


def test_a_kameleoon_without_consent_needs_none() -> None:
    ear = Ear()
    ear.hear("world", visitor={"code": CODE}, ready=True)
    shown(ear)
    assert len(ear.sent()) == 1


def test_manual_consent() -> None:
    ear = Ear(consent="manual")
    ear.world()
    shown(ear)
    assert ear.sent() == []
    ear.hear("consent", given=True)
    assert len(ear.sent()) == 1
    ear.hear("consent", given=False)
    shown(ear, identity=102)
    assert len(ear.sent()) == 1


def test_no_consent_needed() -> None:
    ear = Ear(consent="none")
    ear.world(experimentLegalConsent=None, personalizationLegalConsent=False)
    shown(ear)
    assert len(ear.sent()) == 1


def test_campaigns_that_kameleoon_processes_again_at_consent_are_the_same_view() -> None:
    for consent_first in (True, False):
        ear = Ear()
        ear.world(experimentLegalConsent=None)
        shown(ear)
        ear.wait(9000)
        if consent_first:
            ear.world()
        shown(ear, at=ear.now)
        ear.world()
        assert [track["options"]["timestamp"] for track in ear.sent()] == ["2026-11-22T01:32:09.481Z"]
        shown(ear, identity=102, at=ear.now)
        assert len(ear.sent()) == 2
        ear.wait(9000)
        shown(ear, at=ear.now)
        assert len(ear.sent()) == 3


def test_an_event_within_a_second_of_consent_repeats_what_waited_for_it() -> None:
    for after, count in ((999, 1), (1000, 2)):
        ear = Ear()
        ear.world(experimentLegalConsent=None)
        shown(ear)
        ear.wait(9000)
        ear.world()
        ear.wait(after)
        shown(ear, at=ear.now)
        assert len(ear.sent()) == count


def test_found_before_consent_and_heard_of_again_at_consent_is_one_view() -> None:
    page = FakePage()
    page.kameleoon = record(NOW - 2000)
    ear = Ear(page)
    ear.world(experimentLegalConsent=None)
    ear.scan()
    ear.world()
    shown(ear)
    assert [track["options"]["timestamp"] for track in ear.sent()] == ["2026-11-22T01:32:07.481Z"]


def test_two_runs_before_consent_are_two_views() -> None:
    ear = Ear()
    ear.world(experimentLegalConsent=None)
    shown(ear)
    ear.kameleoon("Loaded")
    ear.kameleoon("Started")
    shown(ear, at=NOW + 5000)
    assert ear.status()["held"] == 2
    ear.world()
    assert len(ear.sent()) == 2


def test_what_waits_for_other_reasons_than_consent_hides_no_view() -> None:
    ear = Ear()
    ear.world(ready=False, personalizationLegalConsent=None)
    ear.kameleoon("PersonalizationActivated", time=NOW, personalization=campaign(201, 2001))
    shown(ear)
    shown(ear, at=NOW + 5000)
    ear.hear("world", visitor=None, ready=True)
    assert len(ear.sent()) == 2
    shown(ear, at=NOW + 9000)
    assert len(ear.sent()) == 3


def test_kameleoons_consent_says_nothing_where_another_is_configured() -> None:
    for mode, count in (("manual", 0), ("none", 1)):
        ear = Ear(consent=mode)
        ear.world()
        ear.kameleoon("LegalConsentUpdated", legalConsentUpdate={"AB_TESTING": mode == "manual"})
        shown(ear)
        assert len(ear.sent()) == count


def test_an_odd_word_on_consent_changes_nothing() -> None:
    ear = Ear()
    ear.world()
    odd: list[Any] = [None, "AB_TESTING", 7, True, {}]
    for update in odd:
        ear.kameleoon("LegalConsentUpdated", legalConsentUpdate=update)
    shown(ear)
    assert len(ear.sent()) == 1
    assert ear.status()["errors"] == []


def test_a_visit_whose_start_kameleoon_does_not_say_ends_after_half_an_hour() -> None:
    ear = Ear(exposures={"once_per": "visit"})
    ear.world()
    counts = []
    for at in (NOW, NOW + 1_800_000, NOW + 1_800_001):
        shown(ear, at=at)
        counts.append(len(ear.sent()))
    assert counts == [1, 1, 2]


def test_a_view_at_the_moment_when_the_visit_began_is_of_that_visit() -> None:
    page = FakePage()
    page.kameleoon = {"Kameleoon.API.CurrentVisit.startDate": NOW}
    ear = Ear(page, exposures={"once_per": "visit"})
    ear.world()
    shown(ear)
    shown(ear, at=NOW + 5000)
    assert len(ear.sent()) == 1


def test_once_per_visit_and_visitor() -> None:
    storage: dict[str, str] = {}
    counts = {}
    for once_per in ("view", "visit", "visitor"):
        storage.clear()
        counts[once_per] = 0
        for visit in (NOW, NOW, NOW + 3_600_000):
            page = FakePage()
            page.storage = storage
            page.kameleoon = {"Kameleoon.API.CurrentVisit.startDate": visit}
            ear = Ear(page, exposures={"once_per": once_per})
            ear.world()
            page.now = visit + 1000
            shown(ear, at=ear.now + counts[once_per])
            counts[once_per] += len(ear.sent())
    assert counts == {"view": 3, "visit": 2, "visitor": 1}


def test_hostile_ledger_is_overwritten() -> None:
    hostile = ("{", "[]", "7", '{"experiment:101:1001": "x"}', "null")
    for text, once_per in [(text, once_per) for text in hostile for once_per in ("view", "visitor")]:
        page = FakePage()
        page.storage["k_segmentio_exposures"] = text
        ear = Ear(page, exposures={"once_per": once_per})
        ear.world()
        shown(ear)
        assert len(ear.sent()) == 1
        assert json.loads(page.storage["k_segmentio_exposures"]) == {"experiment:101:1001": NOW}


def test_told_by_a_custom_integration() -> None:
    ear = Ear()
    ear.world()
    nothing: list[Any] = [None, "x", [], {}, {"experimentID": 101}, {"experimentID": 101, "variationID": None}]
    nothing += [{"experimentID": odd, "variationID": 1001} for odd in (True, "", 1.5, [101])]
    for odd in nothing:
        ear.hear("exposure", report=odd)
    assert ear.sent() == []
    assert ear.status()["errors"] == []
    ear.hear("exposure", report={"personalizationID": 201, "personalizationName": "W", "variationID": 0})
    assert ear.sent()[0]["properties"]["campaign_type"] == "personalization"
    assert ear.sent()[0]["properties"]["variation_id"] == "0"
