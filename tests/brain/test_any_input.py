"""Whatever remote data or the page says: the brain throws nothing, sends only what is valid, and goes on."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from tests.brain import answers
from tests.brain.portable.fake import CODE, NOW, Ear
from tests.brain.strategies import REMOTE, REPORTS, is_value

GOOD = {
    "COHORTS_" + CODE: {"vip": True},
    "IDENTIFY_" + CODE: {"traits": {"plan": "pro", "address": {"city": "Rome"}}, "groupId": "g1"},
    "common": {"cohorts": ["vip"]},
}


@settings(deadline=None)
@given(REMOTE)
def test_remote_data(data: Any) -> None:
    """Values that Kameleoon takes; each problem names what it is about; the next good answer is taken."""
    ear = answers.audience()
    answers.answer(ear, data)
    for name, answer in ear.page.published.items():
        assert answer == {"value": answer["value"], "overwrite": True}
        assert is_value(answer["value"])
        assert [name, answer["value"]] in ear.page.set or answer["value"] == []
    for error in ear.status()["errors"]:
        assert error["what"].startswith(("remote data", 'custom data "'))

    ear.wait(400_000)
    ear.event()
    ear.locked("k_segmentio_remote")
    answers.answer(ear, GOOD)
    values = {name: answer["value"] for name, answer in ear.page.published.items()}
    assert values == {"Personas": ["vip"], "Plan": "pro", "City": "Rome", "Group": "g1"}
    assert ear.page.locks == []


@settings(deadline=None)
@given(REPORTS)
def test_exposures(reports: list[Any]) -> None:
    """Events with the four properties as texts; no exception, whatever the page says."""
    answer = answers.of_exposures(reports)
    assert answer["errors"] == []
    for track in answer["tracks"]:
        assert track["event"] == "Experiment viewed"
        assert track["options"]["timestamp"].endswith("Z")
        names = ("experiment_id", "experiment_name", "variation_id", "variation_name")
        assert all(isinstance(track["properties"][name], str) for name in names)


@settings(deadline=None)
@given(REPORTS)
def test_an_exposure_after_anything(reports: list[Any]) -> None:
    """What was said before cannot keep the next exposure from being sent."""
    ear = Ear(identifier=False)
    ear.world()
    for how, said in reports:
        answers.activated(ear, how, said)
    # No report has this id.
    known = {"id": 1_000_007, "name": "Next", "associatedVariation": {"id": 70, "name": "Bold"}}
    ear.kameleoon("ExperimentActivated", experiment=known, time=NOW)
    assert [track["properties"]["experiment_id"] for track in ear.page.tracks].count("1000007") == 1


@pytest.mark.parametrize("name", [{"a": True}, ["a"], True])
def test_a_name_that_is_no_text(name: Any) -> None:
    """Segment gets JSON's words or none, the same from each interpreter."""
    told = {"experimentID": 1, "experimentName": name, "variationID": 2, "variationName": "Bold"}
    (track,) = answers.of_exposures([["told", told]])["tracks"]
    assert track["properties"]["experiment_name"] in ("", json.dumps(name))


def test_a_time_beyond_all_calendars() -> None:
    """A page's own event with a made-up time."""
    known = {"id": 7, "name": "Next", "associatedVariation": {"id": 70, "name": "Bold"}}
    answer = answers.of_exposures([["ExperimentActivated", {"experiment": known, "time": 1e300}]])
    assert answer["errors"] == []
    assert len(answer["tracks"]) == 1


def test_a_ttl_of_zero_asks_once_a_page_view() -> None:
    """`remote.ttl = 0` is accepted; it must not become a stream of requests."""
    ear = answers.audience(remote={"ttl": 0})
    answers.answer(ear, GOOD)
    assert ear.page.locks == []


def test_two_page_views_within_a_second() -> None:
    """The first page sent its exposure; on the second one Kameleoon was faster than the bridge."""
    ear = Ear(identifier=False)
    ear.page.storage["k_segmentio_exposures"] = json.dumps({"experiment:101:1001": NOW - 600})
    ear.page.kameleoon["Kameleoon.API.CurrentVisit.activatedExperiments"] = [
        {"experimentID": 101, "associatedVariationID": 1001, "times": [NOW - 600, NOW]}
    ]
    known = {"id": 101, "name": "Headline", "associatedVariation": {"id": 1001, "name": "Bold"}}
    ear.page.kameleoon["Kameleoon.API.Experiments.getActive"] = [known]
    ear.world()
    ear.scan()
    assert len(ear.sent()) == 1
