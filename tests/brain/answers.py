"""What page code makes of data, as plain JSON: run by CPython and MicroPython alike."""

import json

from bridge.brain.precedence import effective
from bridge.brain.values import AudienceDataError, custom_data_value, identify_values, known_names, persona_names
from bridge.shared.rules import SettingsError
from tests.brain.portable.fake import CODE, Ear

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

PATHS = ["plan", "address.city", "a"]
SOURCES = [
    {"name": "Personas", "source": "personas"},
    {"name": "Plan", "source": "trait", "trait": "plan"},
    {"name": "City", "source": "trait", "trait": "address.city"},
    {"name": "Group", "source": "group"},
]
KEYS = {"personas": "COHORTS_" + CODE, "identify": "IDENTIFY_" + CODE, "names": "common"}


def named(function: "Callable[[Any], Any]", data: "Any") -> "Any":
    """Return what a parser gives, or the text of its error."""
    try:
        return {"value": function(data)}
    except AudienceDataError as error:
        return {"error": str(error)}


def of_values(data: "Any") -> "dict[str, Any]":
    """Return what each parser of audience data makes of it."""
    return {
        "personas": named(persona_names, data),
        "names": named(known_names, data),
        "identify": named(lambda one: identify_values(one, PATHS), data),
        "value": named(lambda one: custom_data_value(one)[0], data),
    }


def audience(**settings: "Any") -> Ear:
    """Return the ear of a page whose visitor is known, and whose remote data is being asked for."""
    ear = Ear(custom_data=SOURCES, identifier=False, **settings)
    ear.world()
    ear.locked("k_segmentio_remote")
    return ear


def answer(ear: Ear, data: "Any") -> None:
    """Answer the request for remote data."""
    ear.remote(data)


def of_remote(data: "Any") -> "dict[str, Any]":
    """Return what the page and Kameleoon get of this answer of remote data."""
    ear = audience()
    answer(ear, data)
    return {
        "published": ear.page.published,
        "snippets": ear.page.snippets,
        "personas": ear.page.personas,
        "set": sorted(ear.page.set, key=lambda one: one[0]),
        "errors": sorted(error["what"] for error in ear.status()["errors"]),  # MicroPython's maps have no order
        "kept": json.loads(ear.page.storage.get("k_segmentio_audience", "null")),
    }


def activated(ear: "Ear", how: str, said: "Any") -> None:
    """Report an activation: "told" by the page, or by the name of Kameleoon's event."""
    if how == "told":
        ear.hear("exposure", report=said)
    else:
        ear.kameleoon(how, **said)


def of_exposures(reports: "list[Any]") -> "dict[str, Any]":
    """Return the events that these reports become: [how it came to be known, what was said]."""
    ear = Ear(identifier=False)
    ear.world()
    for how, said in reports:
        activated(ear, how, said)
        ear.wait(5000)
    return {"tracks": ear.page.tracks, "errors": ear.status()["errors"]}


def of_settings(given: "Any") -> "dict[str, Any]":
    """Return the settings that hold, or the first that is wrong; ``given`` has the built ones and the page's."""
    try:
        return {"settings": effective({"attributes": {}, "config": json.dumps(given["config"])}, given["built"])}
    except SettingsError as error:
        return {"wrong": str(error).split(":")[0]}


OF = {"values": of_values, "remote": of_remote, "exposures": of_exposures, "settings": of_settings}


def report(text: str) -> str:
    """Return the answers to cases [[which, data], …] as JSON."""
    answers = []
    for which, data in json.loads(text):
        try:
            answers.append(OF[which](data))
        except Exception as error:  # noqa: BLE001 - whatever is thrown is what the test is after
            answers.append({"thrown": type(error).__name__})
    return json.dumps(answers)
