"""From Segment's audience data to custom-data values: pure functions, any JSON in, a value or a named problem out.

A custom-data value is a text, number, boolean, or a list of those; an empty list clears (Kameleoon, custom data).
"""

from bridge.brain.jsontext import dumps
from bridge.shared.vocabulary import MAX_VALUE_LENGTH
from bridge.shared.wording import kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class AudienceDataError(Exception):
    """The data cannot be a custom-data value; the text says what stands there and what is accepted."""


def persona_names(cohorts: "Any") -> "list[str]":
    """Return the names of the visitor's personas: the keys of ``COHORTS_<id>`` whose value is true, sorted.

    Journeys write the text "true" (Segment, Engage). Raises AudienceDataError for anything but a map.
    """
    if not isinstance(cohorts, dict):
        raise AudienceDataError("%s; accepted: a map of persona names" % kind(cohorts))
    return sorted(name for name in cohorts if cohorts[name] is True or cohorts[name] == "true")


def known_names(common: "Any") -> "list[str]":
    """Return the names of all personas of the project, from the map ``common`` (Kameleoon help, step 5)."""
    cohorts = common.get("cohorts") if isinstance(common, dict) else None
    if cohorts is None:
        return []
    if not isinstance(cohorts, list):
        raise AudienceDataError("cohorts is %s; accepted: a list of persona names" % kind(cohorts))
    return [name for name in cohorts if isinstance(name, str)]


def identify_values(identify: "Any", paths: "list[str]") -> "dict[str, Any]":
    """Return the traits at ``paths``, by path, and under "" the group id, from ``IDENTIFY_<id>``; None for none.

    Raises AudienceDataError for anything but a map with a map of traits.
    """
    if not isinstance(identify, dict):
        raise AudienceDataError("%s; accepted: a map of traits and groupId" % kind(identify))
    traits = identify.get("traits")
    if traits is not None and not isinstance(traits, dict):
        raise AudienceDataError("traits is %s; accepted: a map of traits" % kind(traits))
    values = {path: trait(traits, path) for path in paths}
    values[""] = identify.get("groupId")
    return values


def trait(traits: "Any", path: str) -> "Any":
    """Return the trait of that name, else the one at that path (``address.city``), None where there is none."""
    if not isinstance(traits, dict):
        return None
    if path in traits:
        return traits[path]
    found: Any = traits
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def custom_data_value(raw: "Any") -> "tuple[Any, list[str]]":
    """Return ``raw`` as a custom-data value, and why what was left out of a list was. What is not there clears.

    Raises AudienceDataError where nothing can be left out.
    """
    if raw is None:
        return [], []
    if not isinstance(raw, list):
        return _scalar(raw), []
    value = []
    left_out = []
    for one in raw:
        if isinstance(one, str) and len(one) > MAX_VALUE_LENGTH:
            left_out.append("in the list, " + _too_long(one))
        elif one is not None:
            value.append(_scalar(one))
    return value, left_out


def is_same(one: "Any", other: "Any") -> bool:
    """Return whether two values are the same JSON: to Python 1 equals True."""
    return bool(one == other) and dumps(one) == dumps(other)  # the texts of long lists cost: only if need be


def _too_long(text: str) -> str:
    return "a text of %d characters; accepted: up to %d" % (len(text), MAX_VALUE_LENGTH)


def _scalar(raw: "Any") -> "Any":
    if isinstance(raw, str) and len(raw) > MAX_VALUE_LENGTH:
        raise AudienceDataError(_too_long(raw))
    if isinstance(raw, str):
        try:
            raw.encode()
        except UnicodeError:  # half a character: Kameleoon could not track it
            return raw.encode("utf-8", "replace").decode()
        return raw
    if isinstance(raw, (bool, int, float)):  # on MicroPython a boolean is no int
        return raw
    raise AudienceDataError("%s; accepted: a text, number, boolean or a list of them" % kind(raw))
