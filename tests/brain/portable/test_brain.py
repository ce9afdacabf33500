"""The front door: nothing is thrown, and what goes wrong is told."""

import json

from bridge.brain.brain import Brain
from bridge.brain.seam import Page
from tests.brain.portable.fake import (
    ACTIVE_EXPERIMENTS,
    CODE,
    EXPERIMENT_RECORDS,
    FACTS,
    SETTINGS,
    Ear,
    FakePage,
    campaign,
    record,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SOURCES = [{"name": "Personas", "source": "personas"}, {"name": "Plan", "source": "trait", "trait": "plan"}]


def test_what_cannot_be_read_is_told_and_goes_on() -> None:
    ear = Ear()
    for text in ("{", "[]", "null", "7", "{}"):
        assert ear.brain.hear(text) == "null"
    assert ear.status()["errors"]
    ear.world()
    assert ear.page.ordered


def test_each_problem_is_told_once_and_no_more_than_twenty() -> None:
    names = ["Plan %d" % number for number in range(50)]
    ear = Ear(custom_data=[{"name": name, "source": "trait", "trait": "plan"} for name in names])
    ear.world()
    for count in range(2):
        ear.event(type="identify", traits={"plan": {"nested": count}})
    told = [error["what"] for error in ear.status()["errors"]]
    assert [text.split('"')[1] for text in told] == names[-20:]
    facts = dict(FACTS, errors=[{"what": "the tag's %d" % number} for number in range(25)])
    errors = ear.hear("status", facts=facts)["errors"]
    assert [error["what"] for error in errors] == told


def test_an_unknown_kind_is_nothing() -> None:
    ear = Ear()
    assert ear.hear("nonsense") is None
    assert ear.status()["errors"] == []


def test_good_settings_are_on_and_the_tags_facts_stand_in_the_status() -> None:
    page = FakePage()
    brain = Brain(Page(page.act), {"settings": SETTINGS, "table": {}})
    answer = json.loads(
        brain.hear(json.dumps({"kind": "settings", "at": 0, "up": 0, "attributes": {}, "config": None}))
    )
    assert answer["state"] == "on"
    assert page.said == []
    facts = dict(FACTS, versions={"bridge": "1"}, timings={"brain": 3})
    status = json.loads(brain.hear(json.dumps({"kind": "status", "at": 0, "up": 0, "facts": facts})))
    assert {name: status[name] for name in facts} == facts
    assert status["identifier"] == {"linked": False, "sent": 0}


def test_wrong_settings_are_one_line_and_off() -> None:
    page = FakePage()
    brain = Brain(Page(page.act), {"settings": SETTINGS, "table": {}})
    message = {"kind": "settings", "at": 0, "up": 0, "attributes": {}, "config": "<html>"}
    assert json.loads(brain.hear(json.dumps(message))) == {"state": "off"}
    status = json.loads(brain.hear(json.dumps({"kind": "status", "at": 0, "up": 0, "facts": FACTS})))
    line = "data-config: what it answered is not a JSON object; accepted is a JSON configuration"
    assert page.said == ["[kameleoon-segment] " + line]
    assert status["errors"] == [{"what": line}]
    assert (status["identifier"], status["exposures"], status["customData"]) == (None, None, {})
    assert (status["held"], status["dropped"]) == (0, 0)
    world = {"kind": "world", "at": 0, "up": 0, "ready": True, "visitor": {"code": "x"}}
    assert brain.hear(json.dumps(world)) == "null"
    assert page.locks == []


def live(ear: Ear) -> None:
    """Let everything happen that may leave something behind."""
    for name in ("Loaded", "Started"):
        ear.kameleoon(name, time=ear.now)
    ear.kameleoon("ExperimentActivated", time=ear.now, experiment=campaign())
    ear.hear("exposure", report={"experimentID": 103, "variationID": 1001})
    ear.event(type="identify", userId="u", traits={"plan": "pro"})
    ear.event(type="group", groupId="g")
    ear.page.kameleoon[ACTIVE_EXPERIMENTS] = [campaign(104)]
    ear.page.kameleoon[EXPERIMENT_RECORDS] = [record(ear.now, identity=105)]
    ear.wait(2000)
    ear.page.anonymous_id += "+"
    ear.hear("reset")
    ear.event()
    ear.wait(12_000)
    ear.leave()


def test_before_consent_nothing_is_kept() -> None:
    for once_per in ("view", "visit", "visitor"):
        for experiment, personalization in ((None, None), (None, False), (False, None), (False, False)):
            ear = Ear(custom_data=SOURCES, exposures={"once_per": once_per})
            live(ear)
            ear.world(experimentLegalConsent=experiment, personalizationLegalConsent=personalization)
            live(ear)
            assert ear.page.written == []
            assert ear.page.storage == {}


def test_a_refusal_takes_everything_away() -> None:
    refusals: list[Any] = [
        {"code": CODE, "experimentLegalConsent": False, "personalizationLegalConsent": False},
        {"code": CODE, "experimentLegalConsent": False, "personalizationLegalConsent": None},
        {"experimentLegalConsent": False, "personalizationLegalConsent": False},
    ]
    for refusal in refusals:
        ear = Ear(custom_data=SOURCES)
        ear.world()
        for name in list(ear.page.locks):
            ear.locked(name)
        ear.wait(20)
        ear.kameleoon("ExperimentActivated", time=ear.now, experiment=campaign())
        ear.leave()
        ear.pass_tracks()
        assert len(ear.page.storage) == 6
        ear.hear("world", visitor=refusal, ready=True)
        assert ear.page.storage == {}
        ear.page.written = []
        live(ear)
        assert ear.page.written == []
