"""What a message is made of, and how a Segment event, which most of them carry, is told in a few words.

Whatever comes in from outside is looked at with ``inside`` and ``text``: nothing that it may hold makes them throw.
"""

from bridge.shared.vocabulary import (
    CAMPAIGN_TYPES,
    COMMON_KEY,
    DIALECTS,
    EXPERIMENT,
    IDENTIFIER_PROPERTY,
    PERSONALIZATION,
    VISITOR_CODE,
    VISITOR_CODE_FIELDS,
    cohorts_key,
    identify_key,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Message = dict[str, Any]

KAMELEOON, BRIDGE, SEGMENT, DESTINATION, DATA_API = "kameleoon", "bridge", "segment", "destination", "data-api"
#: In the order of their rails, with their names.
LANES = (
    (KAMELEOON, "Kameleoon"),
    (BRIDGE, "Bridge"),
    (SEGMENT, "Segment"),
    (DESTINATION, "Destination"),
    (DATA_API, "Data API"),
)
HELD, REFUSED, FAILED, AGAIN = "held", "refused", "failed", "again"
STATES = (HELD, REFUSED, FAILED, AGAIN)
_FOREVER_MS = 1e15
MAX_ABOUT = 120  # characters
#: What analytics.js adds to each page call, and its event says elsewhere.
_OF_THE_PAGE = ("path", "referrer", "search", "title")


def message(lane: str, title: str, about: str, at_ms: float, view: int) -> "Message":
    """Return a message without ids, causes and data; its number is given by the timeline."""
    return {
        "n": 0,
        "at_ms": at_ms,
        "view": view,
        "lane": lane,
        "title": cut(title),
        "about": cut(about),
        "state": "",
        "ids": [],
        "causes": [],
        "data": {},
        "raw": {},
    }


def inside(value: "Any", *path: "Any") -> "Any":
    """Return what stands at a path of names and indices, None where there is nothing."""
    for name in path:
        if isinstance(value, dict) and isinstance(name, str):
            value = value.get(name)
        elif isinstance(value, list) and isinstance(name, int) and len(value) > name:
            value = value[name]
        else:
            return None
    return value


def text(value: "Any") -> str:
    """Return a text or a number as text, "" for everything else."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else ""


def milliseconds(value: "Any") -> float:
    """Return a number of milliseconds, 0 for what is none."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value < _FOREVER_MS else 0.0


def texts(value: "Any") -> "list[str]":
    """Return the texts in a list, none where it is no list."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def table(value: "Any") -> "dict[str, Any]":
    """Return a dict as it is, an empty one for everything else."""
    return value if isinstance(value, dict) else {}


def cut(words: str) -> str:
    """Return a text in one line, its end left out where it is long."""
    words = " ".join(words[: 2 * MAX_ABOUT].split())
    return words if len(words) <= MAX_ABOUT else words[:MAX_ABOUT] + "…"


def listed(*words: str) -> str:
    """Return the words that are there, with a dot between them."""
    return " · ".join([one for one in words if one])


# ---- Segment events


def event_title(event: "Any") -> str:
    """Return what an event is called: a track's name, the kind of the other calls."""
    kind = text(inside(event, "type"))
    return text(inside(event, "event")) if kind in ("track", "") else kind[0].upper() + kind[1:]


def event_about(event: "Any") -> str:
    """Return of what an event is: a campaign and its variation, an audience, a page, a person, a group."""
    seen = campaign(event)
    if seen:
        return seen["name"] + (": " + seen["variation_name"] if seen["variation_name"] else "")
    properties = inside(event, "properties")
    for value in (
        inside(properties, IDENTIFIER_PROPERTY),
        inside(properties, "audience_key"),
        inside(event, "groupId"),
        inside(event, "userId") if inside(event, "type") in ("identify", "alias") else None,
        inside(event, "name"),
        inside(properties, "name"),
        inside(properties, "path"),
    ):
        if text(value):
            return text(value)
    return ""


def event_data(event: "Any") -> "dict[str, Any]":
    """Return what matters of an event: what its caller said, and whose it is."""
    is_page = inside(event, "type") in ("page", "screen")
    data = {}
    for field in ("properties", "traits"):
        said = table(inside(event, field))
        data.update({name: said[name] for name in said if not (is_page and name in _OF_THE_PAGE)})
    data.update({name: inside(event, name) for name in ("groupId", "anonymousId", "userId") if inside(event, name)})
    return data


def is_bare(event: "Any") -> bool:
    """Return whether a page's event lacks the visitor code where the Kameleoon (Actions) destination looks for it."""
    field = VISITOR_CODE_FIELDS.get(text(inside(event, "type")))
    return bool(field and inside(event, "context", "page") and not inside(event, field, VISITOR_CODE))


def campaign(event: "Any") -> "dict[str, str] | None":
    """Return ``{type, id, name, variation, variation_name}`` of what an exposure reports, None for another event."""
    properties = table(inside(event, "properties"))
    for dialect in ("segment", "kameleoon", "template"):
        for kind in CAMPAIGN_TYPES:
            found = [text(properties.get(name)) for name in DIALECTS[dialect][kind]]
            if found[0] and found[2]:
                told = properties.get("campaign_type")
                return {
                    "type": told if told in CAMPAIGN_TYPES else kind,
                    "id": found[0],
                    "name": found[1] or found[0],
                    "variation": found[2],
                    "variation_name": found[3] or ("" if found[1] else found[2]),
                }
    return None


def is_automatic(goal: "Any") -> bool:
    """Return whether a goal is one that Kameleoon makes of an event by itself, where no goal has the event's name.

    As the receiving side of the Kameleoon (Actions) destination names them (``bridge.sandbox.identity.goals``).
    """
    return text(goal).startswith("SegmentIO ")


# ---- remote data


def kept_of(maps: "Any") -> str:
    """Return what maps of remote data say of somebody: personas, traits, group; "" where they say nothing."""
    words = []
    for key in sorted(table(maps)):
        kept = table(maps[key])
        if key.startswith(cohorts_key("")):
            words += sorted([name for name in kept if kept[name]])
        elif key.startswith(identify_key("")):
            traits = table(kept.get("traits"))
            words += [listed(name + " " + text(traits[name])) for name in sorted(traits) if text(traits[name])]
            words.append(text(kept.get("groupId")))
        elif key == COMMON_KEY and kept:
            words.append("the project's personas: " + ", ".join(texts(kept.get("cohorts"))))
    once = [word for number, word in enumerate(words) if word and word not in words[:number]]
    return listed(*once)


# ---- how messages name each other


def received(message_id: "Any") -> str:
    """Return the id of an event that has come to Segment."""
    return "received " + text(message_id)


def called(message_id: "Any") -> str:
    """Return the id of an event in analytics.js."""
    return "called " + text(message_id)


def delivered(message_id: "Any") -> str:
    """Return the id of an event that has come to Kameleoon."""
    return "delivered " + text(message_id)


def activated(kind: "Any", campaign_id: "Any") -> str:
    """Return the id of what activates a campaign."""
    return "activated %s %s" % (PERSONALIZATION if kind == PERSONALIZATION else EXPERIMENT, text(campaign_id))


def person(identity: "Any") -> str:
    """Return the id of what was delivered of somebody, by any of their ids."""
    return "person " + text(identity)


def asked(keys: "list[str]") -> str:
    """Return the id of a question for remote data."""
    return "asked " + " ".join(sorted(keys))


def answered(key: str) -> str:
    """Return the id of an answer with that map of remote data."""
    return "answered " + key


def written(key: str) -> str:
    """Return the id of what was written into that map of remote data."""
    return "written " + key


def identity_of(key: str) -> str:
    """Return whose a map of remote data is, "" for everybody's."""
    for start in (cohorts_key(""), identify_key("")):
        if key.startswith(start):
            return key[len(start) :]
    return ""


#: The id of what sets a custom data in Kameleoon.
CUSTOM_DATA = "custom data"
