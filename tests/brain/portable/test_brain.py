"""The front door: nothing is thrown, and what goes wrong is told."""

import json

from bridge.brain.brain import Brain
from tests.brain.portable.fake import SETTINGS, Ear, FakePage


def test_what_cannot_be_read_is_told_and_goes_on() -> None:
    ear = Ear()
    for text in ("{", "[]", "null", "7", "{}"):
        assert ear.brain.hear(text) == "null"
    assert ear.status()["errors"]
    ear.world()
    assert ear.event()["set"]


def test_each_problem_is_told_once_and_no_more_than_twenty() -> None:
    ear = Ear()
    for number in range(50):
        ear.brain.hear(json.dumps({"kind": "timer", "at": 0, "name": number}))
        ear.brain.hear("{")
    assert len(ear.status()["errors"]) <= 21


def test_an_unknown_kind_is_nothing() -> None:
    ear = Ear()
    assert ear.hear("nonsense") is None
    assert ear.status()["errors"] == []


def test_wrong_settings_are_one_line_and_off() -> None:
    page = FakePage()
    brain = Brain(page, {"settings": SETTINGS, "table": {}})  # type: ignore[arg-type]
    message = {"kind": "settings", "at": 0, "attributes": {}, "config": "<html>"}
    brain.hear(json.dumps(message))
    status = json.loads(brain.hear('{"kind": "status", "at": 0}'))
    line = "data-config: what it answered is not a JSON object; accepted is a JSON configuration"
    assert page.said == ["[kameleoon-segment] " + line]
    assert status == {"state": "off", "errors": [{"what": line}]}
    world = {"kind": "world", "at": 0, "ready": True, "visitor": {"code": "x"}}
    assert brain.hear(json.dumps(world)) == "null"
    assert page.locks == []
