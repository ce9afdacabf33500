"""Exposures: one event for each activation."""

import json

from tests.brain.portable.fake import (
    ACTIVE_EXPERIMENTS,
    CODE,
    EXPERIMENT_RECORDS,
    NOW,
    PERSONALIZATION_RECORDS,
    Ear,
    FakePage,
    campaign,
    record,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def shown(ear: Ear, at: int = NOW, **more: "Any") -> None:
    """Kameleoon tells of an activation."""
    ear.kameleoon("ExperimentActivated", time=at, experiment=campaign(**more))


def known(*times: "Any") -> "dict[str, Any]":
    """Return what Kameleoon knows of an experiment that is active, and was activated at those times."""
    return {ACTIVE_EXPERIMENTS: [campaign()], EXPERIMENT_RECORDS: [record(*times)] if times else []}


def moments(ear: Ear) -> "list[int]":
    """Return when, after NOW in ms, what was sent is said to have happened (within two days)."""
    found = []
    for track in ear.sent():
        text = track["options"]["timestamp"]
        day, hour, minute = int(text[8:10]) - 22, int(text[11:13]) - 1, int(text[14:16]) - 32
        millis = int(text[17:19]) * 1000 + int(text[20:23]) - 9481
        found.append(((day * 24 + hour) * 60 + minute) * 60_000 + millis)
    return found


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
                "kameleoonVisitorCode": CODE,
            },
            "options": {"timestamp": "2026-11-22T01:32:09.481Z", "messageId": ear.sent()[0]["options"]["messageId"]},
        }
    ]
    assert ear.status()["exposures"] == {"sent": 0, "held": 1, "dropped": 0}
    ear.pass_tracks()
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
        rest = {"campaign_type": "experiment", "nonInteraction": 1, "kameleoonVisitorCode": CODE}
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
        "kameleoonVisitorCode": CODE,
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
    page.kameleoon = known(NOW - 2000)
    ear = Ear(page)
    ear.world()
    ear.wait(5000)
    assert moments(ear) == [-2000]
    properties = ear.sent()[0]["properties"]
    assert (properties["experiment_name"], properties["variation_name"]) == ("Headline", "Bold")


def test_a_clock_that_was_set_back_since_kameleoon_began_doubles_nothing() -> None:
    hour = 3_600_000
    page = FakePage()
    page.kameleoon = dict(known(NOW - 2000), kameleoonEndLoadTime=NOW - 2500 + hour)
    ear = Ear(page)
    ear.world()
    ear.wait(5000)
    assert moments(ear) == [-2000]

    # Heard of the run itself, and what fires no event.
    ear = Ear()
    ear.world()
    ear.kameleoon("Loaded", time=NOW - 2500 + hour)
    ear.kameleoon("Started", time=NOW - 2400 + hour)
    ear.page.kameleoon = known(NOW - 2000)
    ear.wait(5000)
    assert moments(ear) == [-2000]


def test_odd_records_do_not_hide_what_stands_beside_them() -> None:
    page = FakePage()
    page.kameleoon = {
        ACTIVE_EXPERIMENTS: [None, campaign(100, variation=None), campaign()],
        EXPERIMENT_RECORDS: [
            None,
            "x",
            {},
            record(1, identity=100, variation=None),
            record(None, "x", NOW - 2000, True),
        ],
        PERSONALIZATION_RECORDS: {},
    }
    ear = Ear(page)
    ear.world()
    ear.scan()
    assert moments(ear) == [-2000]
    odd_ones: list[Any] = [None, 7, [], {"activatedExperiments": 7}]
    for odd in odd_ones:
        ear.hear("found", active=odd, visit=odd)
    assert ear.status()["errors"] == []


def test_a_record_without_any_time_counts_as_now_and_once() -> None:
    for times in ([], None, ["x"]):
        page = FakePage()
        page.kameleoon = {EXPERIMENT_RECORDS: [dict(record(), times=times)]}
        ear = Ear(page)
        ear.world()
        ear.wait(5000)
        assert moments(ear) == [5000]
        ear.pass_tracks()
        page.tracks = []
        following = Ear(page)
        following.world()
        following.wait(5000)
        assert following.sent() == []


def test_a_record_without_names_is_named_by_its_campaign() -> None:
    nameless = {"experimentID": 101, "associatedVariationID": 1001, "times": [NOW]}
    for answer, names in (
        ([None, campaign(identity=102, name="x"), campaign()], ("Headline", "Bold")),
        ([campaign(variation=1002)], ("Headline", "")),
        ([campaign(identity=102)], ("", "")),
        (None, ("", "")),
    ):
        page = FakePage()
        page.kameleoon = {EXPERIMENT_RECORDS: [nameless], "Kameleoon.API.Experiments.getActivatedInVisit": answer}
        ear = Ear(page)
        ear.world()
        ear.scan()
        properties = ear.sent()[0]["properties"]
        assert (properties["experiment_name"], properties["variation_name"]) == names


def test_the_names_in_a_record_are_its_own() -> None:
    page = FakePage()
    page.kameleoon = known(NOW)
    page.kameleoon["Kameleoon.API.Experiments.getActivatedInVisit"] = [campaign(name="Another", label="Other")]
    ear = Ear(page)
    ear.world()
    ear.scan()
    properties = ear.sent()[0]["properties"]
    assert (properties["experiment_name"], properties["variation_name"]) == ("Headline", "Bold")


def test_a_record_that_is_older_than_an_event_is_of_another_activation() -> None:
    for apart, count in ((99, 1), (100, 2)):
        page = FakePage()
        page.kameleoon = known(NOW - apart)
        ear = Ear(page)
        ear.world()
        ear.scan()
        shown(ear)
        assert len(ear.sent()) == count
        shown(ear, at=NOW + 5000)
        assert len(ear.sent()) == count + 1


def test_an_event_and_its_record_are_one_activation_however_late_the_record() -> None:
    for late in (0, 1, 330, 5000, 59_000):
        ear = Ear()
        ear.world()
        ear.kameleoon("Loaded", time=NOW)
        ear.kameleoon("Started", time=NOW)
        shown(ear)
        ear.wait(late)
        ear.page.kameleoon = known(NOW + late)
        ear.wait(1000)
        assert moments(ear) == [0]
        page = FakePage()  # the next one, where the experiment does not run
        page.storage = ear.page.storage
        page.now = ear.now + 500
        page.kameleoon = {EXPERIMENT_RECORDS: [record(NOW + late)]}
        following = Ear(page)
        following.world()
        following.scan()
        following.kameleoon("Loaded", time=page.now)
        following.kameleoon("Started", time=page.now)
        following.wait(5000)
        assert following.sent() == []


def test_within_a_run_a_record_may_come_as_late_as_it_likes() -> None:
    ear = Ear()
    ear.world()
    shown(ear)
    ear.wait(90_000)
    ear.page.kameleoon = {EXPERIMENT_RECORDS: [record(NOW + 90_000), record(NOW + 90_000, variation=1002)]}
    ear.wait(1000)
    assert moments(ear) == [0]


def test_what_another_tab_sent_explains_its_record_here() -> None:
    ear = Ear()
    ear.world()
    ear.kameleoon("Started", time=NOW)
    ear.page.storage["k_segmentio_exposures"] = json.dumps({"experiment:101:1001": NOW + 100})
    ear.page.kameleoon = {EXPERIMENT_RECORDS: [record(NOW + 430)]}
    ear.wait(1000)
    assert ear.sent() == []


def test_what_waits_to_be_sent_explains_its_record_as_well() -> None:
    ear = Ear()
    ear.world(experimentLegalConsent=None)
    shown(ear)
    for name in ("Loaded", "Started"):
        ear.kameleoon(name, time=NOW + 500)
    ear.page.kameleoon = {EXPERIMENT_RECORDS: [record(NOW + 330)]}
    ear.wait(1000)
    ear.world()
    assert moments(ear) == [0]


def test_an_exposure_explains_records_of_its_own_campaign_only() -> None:
    page = FakePage()
    page.storage["k_segmentio_exposures"] = json.dumps({"experiment:101:1001": NOW - 1000})
    page.kameleoon = {EXPERIMENT_RECORDS: [record(NOW - 700, identity=10)]}
    ear = Ear(page)
    ear.world()
    ear.scan()
    assert moments(ear) == [-700]


def test_a_record_that_comes_after_its_page_in_the_next_run_is_of_that_run() -> None:
    ear = Ear()
    ear.world()
    shown(ear)
    ear.wait(500)
    ear.wait(100)
    for name in ("Loaded", "Started"):
        ear.kameleoon(name, time=NOW + 500)  # it is heard later
    ear.wait(200)
    # Hybrid: no event. The record of the event before was never written.
    ear.page.kameleoon = {EXPERIMENT_RECORDS: [record(NOW + 500)]}
    ear.wait(1000)
    assert moments(ear) == [0, 500]
    shown(ear, at=NOW + 550)
    assert moments(ear) == [0, 500]


def test_what_pages_without_the_tag_showed_is_found_after_the_record_of_what_was_sent() -> None:
    page = FakePage()
    page.storage["k_segmentio_exposures"] = json.dumps({"experiment:101:1001": NOW - 40_000})
    for times, found in (
        ([NOW - 39_670], []),
        ([NOW - 39_670, NOW - 20_000], [-20_000]),
        ([NOW - 40_000, NOW - 39_670], [-39_670]),
        ([NOW - 40_099], []),
        ([NOW - 40_000], []),
        ([NOW - 40_100, NOW - 20_000], []),
        ([NOW - 90_000, NOW - 40_000], []),
        ([NOW - 39_670, NOW - 30_000, NOW - 20_000], [-20_000]),
    ):
        page.kameleoon = {EXPERIMENT_RECORDS: [record(*times)]}
        copy = dict(page.storage)
        ear = Ear(page)
        ear.world()
        ear.wait(5000)
        assert moments(ear) == found, times
        page.storage, page.tracks, page.now = copy, [], NOW
    for sent, found in ((NOW - 60_000, []), (NOW - 60_001, [0])):
        page.storage["k_segmentio_exposures"] = json.dumps({"experiment:101:1001": sent})
        page.kameleoon = {EXPERIMENT_RECORDS: [record(NOW)]}
        ear = Ear(page)
        ear.world()
        ear.scan()
        assert moments(ear) == found


def test_found_and_live_and_told_are_one_activation() -> None:
    report = {"experimentID": 101, "experimentName": "Headline", "variationID": 1001, "variationName": "Bold"}
    witnesses: list[Any] = [
        shown,
        lambda ear: ear.scan(),
        lambda ear: ear.hear("exposure", report=report),
    ]
    for times in (known(), known(NOW + 3)):
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


def test_a_hybrid_exposure_without_an_event_is_found() -> None:
    ear = Ear()
    ear.world()
    ear.scan()
    assert ear.sent() == []
    ear.page.kameleoon = known()
    ear.wait(1000)
    assert moments(ear) == [1000]
    ear.page.kameleoon = known(NOW + 1100)
    ear.wait(1000)
    assert len(ear.sent()) == 1


def test_two_hybrid_variations_in_a_visit_are_two_exposures_though_the_record_keeps_the_first() -> None:
    for later_times in ([NOW], [NOW, NOW + 900]):
        ear = Ear()
        ear.world()
        ear.kameleoon("Started", time=NOW - 100)
        ear.page.kameleoon = known(NOW)
        ear.wait(500)
        ear.page.kameleoon = known(*later_times)
        ear.page.kameleoon[ACTIVE_EXPERIMENTS] = [campaign(variation=1002, label="Calm")]
        ear.wait(500)
        assert [track["properties"]["variation_id"] for track in ear.sent()] == ["1001", "1002"]
        ear.pass_tracks()
        page = FakePage()
        page.storage = ear.page.storage
        page.now = ear.now
        page.kameleoon = {EXPERIMENT_RECORDS: [record(*later_times)]}
        following = Ear(page)
        following.world()
        following.wait(5000)
        assert following.sent() == []


def test_a_suppressed_personalization_was_shown_to_nobody() -> None:
    page = FakePage()
    page.kameleoon = {"Kameleoon.API.Personalizations.getActive": [campaign(202, 0, "Low", "Reference")]}
    ear = Ear(page)
    ear.world()
    ear.kameleoon("Started", time=NOW)
    ear.wait(5000)
    assert ear.page.tracks == []
    page.kameleoon[PERSONALIZATION_RECORDS] = [record(NOW + 1, identity=202, variation=2002, kind="personalization")]
    ear.wait(5000)
    assert [track["properties"]["variation_id"] for track in ear.sent()] == ["2002"]


def test_words_for_ids_of_a_script_of_2022() -> None:
    report = {"experimentID": 101, "experimentName": "Headline", "variationID": 0, "variationName": "Reference"}
    ear = Ear()
    ear.world()
    ear.page.kameleoon = {
        ACTIVE_EXPERIMENTS: [campaign(variation="reference", label="Reference"), campaign(102, "none")],
        EXPERIMENT_RECORDS: [record(NOW + 3, variation="reference"), record(NOW + 3, identity=102, variation="none")],
    }
    shown(ear, variation="reference", label="Reference")
    shown(ear, identity=102, variation="none", label="none")
    ear.hear("exposure", report=report)
    ear.wait(5000)
    assert [(one["properties"]["experiment_id"], one["properties"]["variation_id"]) for one in ear.sent()] == [
        ("101", "0")
    ]
    ear = Ear(exposures={"dialect": "kameleoon"})
    ear.world()
    shown(ear, variation="reference")
    assert ear.sent()[0]["properties"]["variationId"] == 0


def test_the_name_does_not_depend_on_the_witness() -> None:
    page = FakePage()
    page.kameleoon = {ACTIVE_EXPERIMENTS: [campaign(label="Bold (Predicteo)")]}
    found = Ear(page)
    found.world()
    found.scan()
    told = Ear()
    told.world()
    told.hear("exposure", report={"experimentID": 101, "variationID": 1001, "variationName": "Bold (Predicteo)"})
    live = Ear()
    live.world()
    shown(live, label="Bold (Predicteo) (Predicteo)")
    for ear in (found, told, live):
        assert ear.sent()[0]["properties"]["variation_name"] == "Bold"


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
        ear.wait(1000)
    assert len(ear.sent()) == 2


def test_between_loaded_and_started_getters_may_speak_of_the_last_run() -> None:
    ear = Ear()
    ear.world()
    ear.page.kameleoon = known()
    ear.kameleoon("Loaded")
    ear.scan()
    assert ear.sent() == []
    ear.kameleoon("Started")
    ear.scan()
    assert len(ear.sent()) == 1


def test_a_kameleoon_that_says_started_only() -> None:
    ear = Ear()
    ear.world()
    ear.page.kameleoon = known()
    for _ in range(2):
        ear.kameleoon("Started")
        ear.wait(1000)
    assert len(ear.sent()) == 2


def test_an_engine_that_starts_again_without_loading_is_another_run() -> None:
    ear = Ear()
    ear.world()
    ear.page.kameleoon = known()
    ear.kameleoon("Loaded")
    for _ in range(2):
        ear.kameleoon("Started")
        ear.wait(1000)
    assert len(ear.sent()) == 2


def test_what_an_earlier_page_sent_is_not_found_again() -> None:
    first = Ear()
    first.world()
    shown(first)
    first.pass_tracks()
    page = FakePage()
    page.storage = first.page.storage
    page.kameleoon = {EXPERIMENT_RECORDS: [record(NOW + 2)]}
    second = Ear(page)
    second.world()
    second.wait(5000)
    assert second.sent() == []


def test_what_no_earlier_page_sent_is_found() -> None:
    page = FakePage()
    page.kameleoon = {EXPERIMENT_RECORDS: [record(NOW - 60_000)]}
    ear = Ear(page)
    ear.world()
    ear.scan()
    shown(ear)
    assert moments(ear) == [-60_000, 0]


def test_what_an_earlier_page_did_not_send_hides_nothing_of_this_run() -> None:
    ear = Ear()
    ear.world()
    ear.page.kameleoon = {EXPERIMENT_RECORDS: [record(NOW - 60_000)]}
    for name in ("Loaded", "Started"):
        ear.kameleoon(name, time=NOW)
    ear.scan()
    ear.page.kameleoon = known(NOW - 60_000)
    ear.wait(1000)
    ear.page.kameleoon = known(NOW - 60_000, NOW + 1100)
    ear.wait(1000)
    assert moments(ear) == [-60_000, 1000]


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
    ear.wait(9_999)
    ear.event()
    assert ear.sent() == []
    ear.wait(1)
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
    assert ear.sent() == []
    assert ear.status()["exposures"] == {"sent": 0, "held": 0, "dropped": 1}


def test_no_and_then_yes_in_one_view_sends_what_was_seen_once() -> None:
    ear = Ear()
    ear.world(experimentLegalConsent=None)
    ear.kameleoon("Started", time=NOW)
    shown(ear)
    ear.world(experimentLegalConsent=False)
    shown(ear, identity=102, at=NOW + 100)
    ear.wait(400)
    ear.page.kameleoon = known(NOW + 330)
    ear.wait(400)
    assert ear.status()["dropped"] == 2
    ear.world()
    ear.wait(400)
    shown(ear, identity=102, at=NOW + 1200)  # processed again
    ear.pass_tracks()
    assert moments(ear) == [0, 100]
    assert ear.status()["exposures"] == {"sent": 2, "held": 0, "dropped": 0}


def test_what_was_refused_in_a_view_is_not_sent_in_the_next() -> None:
    ear = Ear()
    ear.world(experimentLegalConsent=False)
    shown(ear)
    ear.kameleoon("Loaded", time=NOW + 500)
    ear.kameleoon("Started", time=NOW + 500)
    ear.world()
    shown(ear, at=NOW + 600)
    ear.pass_tracks()
    assert moments(ear) == [600]
    assert ear.status()["exposures"] == {"sent": 1, "held": 0, "dropped": 1}


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
    page.kameleoon = known(NOW - 2000)
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
            ear.pass_tracks()
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
        ear.pass_tracks()
        assert len(ear.sent()) == 1
        assert json.loads(page.storage["k_segmentio_exposures"]) == {"experiment:101:1001": NOW}


def test_told_by_a_custom_integration() -> None:
    ear = Ear()
    ear.world()
    nothing: list[Any] = [None, "x", [], {}, {"experimentID": 101}, {"experimentID": 101, "variationID": None}]
    nothing += [{"experimentID": odd, "variationID": 1001} for odd in (True, "", 1.5, [101])]
    no_ids: list[Any] = [True, "", 1.5, [1001], {}, "none"]
    nothing += [{"experimentID": 101, "variationID": odd} for odd in no_ids]
    for odd in nothing:
        ear.hear("exposure", report=odd)
    assert ear.sent() == []
    assert ear.status()["errors"] == []
    ear.hear("exposure", report={"personalizationID": 201, "personalizationName": "W", "variationID": 0})
    assert ear.sent()[0]["properties"]["campaign_type"] == "personalization"
    assert ear.sent()[0]["properties"]["variation_id"] == "0"


# ---- what analytics.js took counts


def test_what_the_page_drops_waits_for_its_next_event_and_is_sent_once() -> None:
    ear = Ear(identifier=False)
    ear.page.drops = True
    ear.world()
    shown(ear)
    ear.event()
    ear.wait(9_999)
    ear.event()
    assert len(ear.sent()) == 1
    ear.wait(1)
    assert len(ear.sent()) == 1
    assert ear.status()["exposures"] == {"sent": 0, "held": 1, "dropped": 0}
    assert ear.page.storage == {}
    ear.page.drops = False
    ear.event()
    ear.pass_tracks()
    ear.wait(20_000)
    ear.event()
    first, second = ear.sent()
    assert first == second
    assert ear.status()["exposures"] == {"sent": 1, "held": 0, "dropped": 0}
    assert json.loads(ear.page.storage["k_segmentio_exposures"]) == {"experiment:101:1001": NOW}


def test_what_a_busy_page_takes_late_is_sent_once() -> None:
    ear = Ear(identifier=False)
    ear.page.drops = True
    ear.world()
    shown(ear)
    ear.wait(10_000)
    assert ear.status()["exposures"] == {"sent": 0, "held": 1, "dropped": 0}
    ear.hear("taken", ids=[track["options"]["messageId"] for track in ear.sent()])
    assert ear.status()["exposures"] == {"sent": 1, "held": 0, "dropped": 0}
    ear.event()
    assert len(ear.sent()) == 1
    assert json.loads(ear.page.storage["k_segmentio_exposures"]) == {"experiment:101:1001": NOW}


def test_what_the_page_drops_is_sent_on_the_next_one() -> None:
    for once_per in ("view", "visit", "visitor"):
        first = Ear(identifier=False, exposures={"once_per": once_per})
        first.page.drops = True
        first.world()
        shown(first)
        first.wait(15_000)
        first.leave()
        page = FakePage()
        page.storage = first.page.storage
        page.now = first.now + 500
        second = Ear(page, identifier=False, exposures={"once_per": once_per})
        second.world()
        second.pass_tracks()
        assert second.sent() == first.sent()
        second.leave()
        assert sorted(page.storage) == ["k_segmentio_exposures"]


def test_a_variation_that_is_on_its_way_is_not_sent_twice_a_visit() -> None:
    for once_per in ("visit", "visitor"):
        ear = Ear(exposures={"once_per": once_per})
        ear.world()
        shown(ear)
        shown(ear, at=NOW + 5)
        assert len(ear.sent()) == 1


def test_what_is_taken_after_a_refusal_is_not_kept() -> None:
    ear = Ear(identifier=False)
    ear.world()
    shown(ear)
    ear.world(experimentLegalConsent=False, personalizationLegalConsent=False)
    ear.pass_tracks()
    assert ear.page.storage == {}
    assert ear.page.written == []


def test_a_thousand_in_a_burst_read_and_write_the_storage_once() -> None:
    ear = Ear(identifier=False)
    ear.world()
    asked: list[Any] = []
    act = ear.page.act

    def watched(text: str) -> str:
        asked.append(json.loads(text)[:2])
        return act(text)

    ear.page.act = watched  # type: ignore[method-assign]
    ear.start()
    ear.world()
    asked.clear()
    for number in range(1000):
        shown(ear, identity=number, at=NOW + number)
    ear.pass_tracks()
    assert [int(track["properties"]["experiment_id"]) for track in ear.sent()] == list(range(1000))
    assert ear.page.written == ["k_segmentio_exposures"]
    rest = [one for one in asked if one != ["reach", "analytics.track"]]
    assert len(rest) < 10, rest


# ---- leaving


def following(ear: Ear, after: int = 500, **settings: "Any") -> Ear:
    """Leave a page; return the next one."""
    ear.leave()
    page = FakePage()
    page.storage, page.now = ear.page.storage, ear.now + after
    return Ear(page, **settings)


def test_what_was_not_taken_when_the_page_was_left_is_sent_on_the_next_with_its_time_and_id() -> None:
    first = Ear(identifier=False)
    first.world()
    shown(first)
    first.hear("exposure", report={"personalizationID": 201, "variationID": 2001})
    assert first.hear("leaving") == {"unsent": [1, 2]}
    second = following(first, identifier=False)
    assert "k_segmentio_heard" not in second.page.storage
    assert second.sent() == []
    second.world()
    assert second.sent() == first.sent()
    second.pass_tracks()
    assert second.hear("leaving") == {"unsent": []}
    assert second.status()["exposures"] == {"sent": 2, "held": 0, "dropped": 0}


def test_what_was_taken_is_not_told_to_the_next_page() -> None:
    ear = Ear(identifier=False)
    ear.world()
    shown(ear)
    ear.pass_tracks()
    assert ear.hear("leaving") == {"unsent": []}


def test_only_what_may_be_sent_is_kept_for_the_next_page() -> None:
    for consent, unsent in ((None, []), (False, []), (True, [1])):
        ear = Ear(identifier=False)
        ear.world(ready=False, experimentLegalConsent=consent)
        shown(ear)
        assert ear.hear("leaving") == {"unsent": unsent}


def test_the_next_page_may_be_left_before_it_could_send() -> None:
    first = Ear(identifier=False)
    first.world()
    shown(first)
    second = following(first, identifier=False)
    second.world(ready=False)
    third = following(second, identifier=False)
    third.world()
    third.pass_tracks()
    assert third.sent() == first.sent()


def test_another_visitor_does_not_send_what_was_kept() -> None:
    for code, other, count in ((CODE, "fedcba9876543210", 0), ("", "fedcba9876543210", 1), ("_js_" + CODE, CODE, 1)):
        ear = Ear(identifier=False)
        kept = {"kind": "kameleoon", "at": NOW - 500, "number": 1, "name": "ExperimentActivated"}
        kept["detail"] = {"time": NOW - 500, "experiment": campaign()}
        ear.hear("kept", code=code, messages=[kept])
        ear.world(code=other)
        assert len(ear.sent()) == count


def test_the_next_pages_consent_decides_of_what_was_kept() -> None:
    for consent, status in ((None, [0, 1, 0]), (False, [0, 0, 1]), (True, [1, 0, 0])):
        first = Ear(identifier=False)
        first.world()
        shown(first)
        second = following(first, identifier=False)
        second.world(experimentLegalConsent=consent)
        second.pass_tracks()
        exposures = second.status()["exposures"]
        assert [exposures[name] for name in ("sent", "held", "dropped")] == status


def test_a_view_of_the_next_page_does_not_repeat_what_was_kept() -> None:
    second = following(left_at_once(), identifier=False)
    second.world()
    for at in (NOW + 600, NOW + 700):
        shown(second, at=at)
    assert moments(second) == [0, 600, 700]


def left_at_once() -> Ear:
    """Return a page on which the campaign was shown just now."""
    ear = Ear(identifier=False)
    ear.world()
    for name in ("Loaded", "Started"):
        ear.kameleoon(name, time=NOW)
    shown(ear)
    return ear


def test_what_was_kept_explains_its_record() -> None:
    for late in (0, 330, 5000):
        first = left_at_once()
        first.page.now += late
        second = following(first, identifier=False)
        second.page.kameleoon = {EXPERIMENT_RECORDS: [record(NOW + late)]}
        second.world()
        for name in ("Loaded", "Started"):
            second.kameleoon(name, time=second.now)
        second.wait(6000)
        assert moments(second) == [0]


def test_witnesses_of_one_activation_are_one_when_they_are_told_on_the_next_page() -> None:
    report = {"experimentID": 101, "variationID": 1001}
    messages = [
        {"kind": "kameleoon", "at": NOW, "name": "Started"},
        {"kind": "kameleoon", "at": NOW, "name": "ExperimentActivated", "detail": {"experiment": campaign()}},
        {"kind": "exposure", "at": NOW, "report": report},
        {"kind": "consent", "at": NOW, "given": False},
        {"kind": "kameleoon", "at": NOW + 5, "name": "Started"},
        {"kind": "exposure", "at": NOW + 5, "report": report},
    ]
    ear = Ear(identifier=False, consent="manual")
    ear.hear("kept", code="", messages=messages)
    ear.world()
    ear.hear("consent", given=True)
    assert moments(ear) == [0, 5]


def test_what_anybody_left_for_the_next_page_does_no_harm() -> None:
    odd_ones: list[Any] = [None, 7, "x", [], {}, {"at": NOW}, {"kind": "exposure", "at": "x"}]
    reports: list[Any] = [None, 7, []]
    odd_ones += [{"kind": "exposure", "at": NOW, "report": report} for report in reports]
    details: list[Any] = [None, 7, [], "x", {}, {"experiment": 7}]
    for detail in details:
        odd_ones.append({"kind": "kameleoon", "at": NOW, "name": "ExperimentActivated", "detail": detail})
    for odd in odd_ones:
        ear = Ear(identifier=False)
        ear.hear("kept", code=odd, messages=[odd, odd])
        ear.world()
        shown(ear)
        assert len(ear.sent()) == 1
        assert ear.status()["errors"] == []


# ---- a brain that the page has lost


def test_after_the_frame_was_lost_nothing_is_reported_twice() -> None:
    for recorded in (True, False):
        ear = Ear(identifier=False)
        ear.world()
        for name in ("Loaded", "Started"):
            ear.kameleoon(name, time=NOW - 1)
        shown(ear, identity=102)
        ear.wait(100)
        shown(ear, identity=102, at=ear.now)
        ear.hear("exposure", report={"personalizationID": 201, "variationID": 2001})
        ear.page.kameleoon = known(*[NOW + 50] if recorded else [])
        ear.wait(1000)
        ear.pass_tracks()
        assert len(ear.sent()) == 4
        ear.start()
        ear.world()
        ear.wait(1000)
        assert len({track["options"]["messageId"] for track in ear.sent()}) == 4


# ---- clocks


def test_a_wall_clock_that_stands_still_or_goes_back_costs_nothing() -> None:
    for behind in (0, 3_600_000):
        ear = Ear()
        page = ear.page

        def tell(kind: str, up: int, ear: Ear = ear, behind: int = behind, **more: "Any") -> "Any":
            return ear.tell(dict(more, kind=kind, at=NOW - behind, up=up))

        event = {"type": "track", "messageId": "m", "anonymousId": "a", "properties": {}}
        assert tell("event", 100, event=event) == {"hold": True}
        assert tell("event", 5099, event=event) == {"hold": True}
        assert tell("event", 5100, event=event) == {"hold": False}
        page.drops = True
        tell("world", 5200, visitor={"code": CODE}, ready=True)
        detail = {"time": NOW, "experiment": campaign()}
        tell("kameleoon", 5200, name="ExperimentActivated", detail=detail, number=1)
        assert len(ear.sent()) == 1
        tell("timer", 15_200, number=page.timers[-1]["number"])
        tell("event", 15_200, event=event)
        assert len(ear.sent()) == 2


def test_each_view_counts_where_the_pages_clock_stands_still() -> None:
    ear = Ear(identifier=False)
    ear.world()
    for _ in range(2):
        for name in ("Loaded", "Started"):
            ear.kameleoon(name, time=NOW)
        shown(ear)
        ear.pass_tracks()
    assert len(ear.sent()) == 2


def test_a_repeat_after_consent_is_counted_by_the_clock_that_nobody_sets() -> None:
    for later, count in ((999, 1), (1000, 2)):
        ear = Ear(identifier=False)
        visitor = {"code": CODE, "experimentLegalConsent": None}
        ear.tell({"kind": "world", "at": NOW, "up": 0, "visitor": visitor, "ready": True})
        detail = {"time": NOW, "experiment": campaign()}
        told = {"kind": "kameleoon", "at": NOW, "name": "ExperimentActivated"}
        ear.tell(dict(told, up=0, detail=detail))
        ear.tell({"kind": "world", "at": NOW, "up": 9000, "visitor": {"code": CODE}, "ready": True})
        ear.tell(dict(told, up=9000 + later, detail=dict(detail, time=NOW + 1)))
        assert len(ear.sent()) == count


def test_moments_in_the_future_are_not_believed() -> None:
    for ahead, count in ((60_000, 0), (60_001, 1)):
        page = FakePage()
        page.storage["k_segmentio_exposures"] = json.dumps({"experiment:101:1001": NOW + ahead})
        page.kameleoon = {EXPERIMENT_RECORDS: [record(NOW - 5000)]}
        ear = Ear(page, identifier=False)
        ear.world()
        ear.scan()
        assert len(ear.sent()) == count
        ear = Ear(page, identifier=False, exposures={"once_per": "visit"})
        ear.world()
        page.tracks = []
        shown(ear)
        assert len(ear.sent()) == count
    page = FakePage()
    page.kameleoon = {EXPERIMENT_RECORDS: [record(NOW + 60_001)]}
    ear = Ear(page, identifier=False)
    ear.world()
    ear.scan()
    assert ear.sent() == []
