"""Messages from what crosses the seam between the tag and the brain, as ``bridge.models.messages`` has it.

A crossing is a dict ``{"at_ms", "way": "told" | "asked", "text", "answer"}``: ``told`` is what the tag told the brain,
``asked`` what the brain asked of the page. Most of what crosses is no news to who looks on, and gives no message.
"""

import json

from bridge.shared.vocabulary import CONSENT_MODULES, EXPERIMENT, IDENTIFIER_EVENT, PERSONALIZATION
from bridge.wire.messages import (
    BRIDGE,
    CUSTOM_DATA,
    FAILED,
    HELD,
    KAMELEOON,
    REFUSED,
    SEGMENT,
    activated,
    answered,
    asked,
    called,
    campaign,
    event_about,
    event_data,
    event_title,
    inside,
    kept_of,
    listed,
    message,
    milliseconds,
    table,
    text,
    texts,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bridge.wire.messages import Message

_VISITOR, _CONSENT, _RUN = "visitor", "consent", "run"
_TELLING_APART = 120  # characters: the time, and what it is
_MOST_HEARD = 5000
_SAID_AGAIN = ("world", "found", "event")  # whenever something else has changed, or an event still waits
_WORDS = {True: "yes", False: "no", None: "not known"}


def of_crossing(crossing: "Any", view: int) -> "list[Message]":
    """Return what a crossing tells, most often nothing: a message, or one for each campaign that it tells of."""
    told, answer = _read(inside(crossing, "text")), _read(inside(crossing, "answer"))
    at_ms = inside(told, "up")  # when it was heard; it may have waited for the brain
    makers: dict[str, Any] = _TOLD
    name = text(inside(told, "kind"))
    if inside(crossing, "way") == "asked":
        makers, name, told = _ASKED, _request_name(told), {"request": told}
        at_ms = inside(crossing, "at_ms")
    make = makers.get(name)
    if not make:
        return []
    raw = table(told)
    if answer is not None:
        raw = dict(raw)
        raw["answer"] = answer
    made = []
    for lane, title, about, more in make(told, answer):
        one = message(lane, title, about, milliseconds(at_ms), view)
        one["raw"] = raw
        one.update(more)
        made.append(one)
    return made


class Seam:
    """Tells what crosses the seam, each once: what is told again, in the same page view, is no news."""

    def __init__(self) -> None:
        self._heard: set[Any] = set()
        self._number = 0  # of the last message
        self._latest: dict[Any, str] = {}  # by page view and id: the one id that the message has alone

    def hear(self, words: "Any", view: int) -> "list[Message]":
        """Return the messages of a crossing, as JSON text; none where they were told before."""
        if not isinstance(words, str):
            return []
        known = (view, words[:_TELLING_APART], len(words))
        if known in self._heard:  # crossings are given again to who asks for them
            return []
        if len(self._heard) > _MOST_HEARD:
            self._heard.clear()
        self._heard.add(known)
        crossing = _read(words)
        kind = text(inside(_read(inside(crossing, "text")), "kind"))
        news = []
        for one in of_crossing(crossing, view):
            said = (view, one["lane"], one["about"], one["state"], " ".join(one["ids"]))
            if kind not in _SAID_AGAIN or said not in self._heard:
                self._name(one)
                news.append(one)
            self._heard.add(said)
        return news

    def _name(self, one: "Message") -> None:
        """Name the causes of a message by what has crossed before it: its time may be that of something earlier."""
        one["causes"] = [self._latest.get((one["view"], name), name) for name in one["causes"]]
        self._number += 1
        own = "crossing %d" % self._number
        for name in one["ids"]:
            self._latest[(one["view"], name)] = own
        one["ids"] = one["ids"] + [own]


def _read(words: "Any") -> "Any":
    """Return the value of a JSON text, None where it is none."""
    try:
        return json.loads(words)
    except (ValueError, TypeError, RuntimeError):  # RuntimeError: nested too deep
        return None


def _request_name(request: "Any") -> str:
    """Return what the brain asks for: the path of what is reached, else the request's own name."""
    name = text(inside(request, 0))
    return text(inside(request, 1)) if name == "reach" else name


# ---- what the tag told: each returns (lane, title, about, more of the message), none for what is no news


def _settings(told: "Any", answer: "Any") -> "Any":
    state = text(inside(answer, "state"))
    problem = text(inside(told, "problem"))
    more: dict[str, Any] = {
        "data": {"engine": inside(told, "engine"), "attributes": inside(told, "attributes"), "state": state}
    }
    if problem or state == "off":
        more["state"] = FAILED
    return [(BRIDGE, "Bridge " + (state or "starts"), listed(text(inside(told, "engine")), problem), more)]


def _world(told: "Any", _answer: "Any") -> "Any":
    visitor = table(inside(told, "visitor"))
    code = text(visitor.get("code"))
    if not code:
        return []
    given = [visitor.get("experimentLegalConsent"), visitor.get("personalizationLegalConsent")]
    said = {
        "visitorCode": code,
        "consent": {EXPERIMENT: given[0], PERSONALIZATION: given[1]},
        "analytics.js is ready": inside(told, "ready"),
    }
    about = listed(code, "consent: " + " and ".join(sorted({_WORDS.get(one, "?") for one in given if _is_word(one)})))
    return [(KAMELEOON, "Visitor", about, {"data": said, "ids": [_VISITOR, _CONSENT], "causes": [_RUN]})]


def _is_word(one: "Any") -> bool:
    return one is None or isinstance(one, bool)


def _event(told: "Any", answer: "Any") -> "Any":
    event = inside(told, "event")
    more: dict[str, Any] = {"data": event_data(event), "ids": [called(inside(event, "messageId"))]}
    if inside(event, "type") in ("identify", "group"):
        more["ids"].append(_AUDIENCE)  # the bridge takes traits and group from it
    if inside(answer, "hold"):
        more["state"] = HELD
    return [(SEGMENT, event_title(event), listed("in analytics.js", event_about(event)), more)]


def _kameleoon(told: "Any", _answer: "Any") -> "Any":
    name = text(inside(told, "name"))
    detail = table(inside(told, "detail"))
    if name in ("Loaded", "Started"):
        causes = [_RUN] if name == "Started" else []
        return [(KAMELEOON, "Kameleoon " + name.lower(), "", {"ids": [_RUN], "causes": causes})]
    if name == "LegalConsentUpdated":
        said = table(detail.get("legalConsentUpdate"))
        given = {kind: said[module] for module, kind in CONSENT_MODULES.items() if module in said}
        about = listed(*[kind + ": " + _word(given[kind]) for kind in sorted(given)])
        return [(KAMELEOON, "Consent", about, {"data": given, "ids": [_CONSENT]})]
    kind = EXPERIMENT if name.startswith("Experiment") else PERSONALIZATION
    return _activation(kind, detail.get(kind), "activated") if kind in detail else []


def _word(value: "Any") -> str:
    return _WORDS[value] if _is_word(value) else "?"


def _activation(kind: str, seen: "Any", what: str) -> "Any":
    variation = table(inside(seen, "associatedVariation"))
    name, shown = text(inside(seen, "name")), text(variation.get("name"))
    identity = text(inside(seen, "id"))
    if not identity:
        return []
    data = {"type": kind, "id": identity, "name": name, "variation_id": variation.get("id"), "variation_name": shown}
    about = (name or identity) + (": " + shown if shown else "")
    more = {"data": data, "ids": [activated(kind, identity)], "causes": [_RUN, CUSTOM_DATA]}
    return [(KAMELEOON, kind[0].upper() + kind[1:] + " " + what, about, more)]


def _found(told: "Any", _answer: "Any") -> "Any":
    made = []
    visit = inside(told, "visit")
    for field, kind in (("activatedExperiments", EXPERIMENT), ("activatedPersonalizations", PERSONALIZATION)):
        records = inside(visit, field)
        for record in records if isinstance(records, list) else []:
            seen = dict(table(inside(record, kind)))
            seen["id"] = inside(record, kind + "ID")
            seen["associatedVariation"] = inside(record, "associatedVariation")
            made += _activation(kind, seen, "found")
    active = inside(told, "active")
    for seen in active if isinstance(active, list) else []:
        made += _activation(EXPERIMENT, seen, "found")
    return made


def _exposure(told: "Any", _answer: "Any") -> "Any":
    report = table(inside(told, "report"))
    seen = campaign({"properties": report})
    if not seen:
        return []
    about = seen["name"] + (": " + seen["variation_name"] if seen["variation_name"] else "")
    return [(KAMELEOON, "Reported by the page", about, {"data": report, "ids": [activated(seen["type"], seen["id"])]})]


def _consent(told: "Any", _answer: "Any") -> "Any":
    given = inside(told, "given")
    return [(BRIDGE, "Consent told", _word(given), {"data": {"given": given}, "ids": [_CONSENT]})]


def _kept(told: "Any", _answer: "Any") -> "Any":
    messages = inside(told, "messages")
    count = len(messages) if isinstance(messages, list) else 0
    return [(BRIDGE, "Kept from the page before", "messages: %d" % count, {})] if count else []


def _leaving(_told: "Any", answer: "Any") -> "Any":
    unsent = inside(answer, "unsent")
    count = len(unsent) if isinstance(unsent, list) else 0
    return [(BRIDGE, "Page left", "kept for the next one: %d" % count if count else "", {})]


def _reset(_told: "Any", _answer: "Any") -> "Any":
    return [(SEGMENT, "analytics.reset()", "", {})]


def _remote(told: "Any", _answer: "Any") -> "Any":
    maps = table(inside(told, "data"))
    problem = text(inside(told, "problem"))
    more: dict[str, Any] = {
        "data": {"problem": problem} if problem else {key: maps[key] for key in sorted(maps) if maps[key]},
        "ids": [_AUDIENCE],
        "causes": [answered(key) for key in sorted(maps)] + [_question(inside(told, "number"))],
    }
    if problem:
        more["state"] = FAILED
    return [(BRIDGE, "Remote data heard", problem or kept_of(maps) or "nothing kept yet", more)]


_AUDIENCE = "audience"


def _question(number: "Any") -> str:
    return "question " + text(number)


# ---- what the brain asked of the page: the same


def _track(told: "Any", answer: "Any") -> "Any":
    name, properties, options = [inside(told, "request", 3, place) for place in range(3)]
    event = {"type": "track", "event": name, "properties": table(properties)}
    seen = campaign(event)
    more = {
        "data": event_data(event),
        "ids": [called(inside(options, "messageId"))],
        "causes": [activated(seen["type"], seen["id"])] if seen else [_VISITOR],
    }
    if inside(answer, 0) is False:
        more["state"] = REFUSED
    return [(BRIDGE, text(name) or IDENTIFIER_EVENT, event_about(event), more)]


def _set(told: "Any", answer: "Any") -> "Any":
    arguments = inside(told, "request", 3)
    value = inside(arguments, 1)
    shown = ", ".join(texts(value)) if isinstance(value, list) else text(value)
    more = {
        "data": {"custom data": inside(arguments, 0), "value": value},
        "ids": [CUSTOM_DATA],
        "causes": [_AUDIENCE, _VISITOR],
    }
    if inside(answer, 0) is False:
        more["state"] = REFUSED
    about = text(inside(arguments, 0)) + ": " + (shown or "none")
    return [(BRIDGE, "Custom data set", about, more)]


def _order(told: "Any", _answer: "Any") -> "Any":
    code = text(inside(told, "request", 1))
    about = code or "none"
    return [(BRIDGE, "Events carry the visitor code", about, {"data": {"visitorCode": code}, "causes": [_VISITOR]})]


def _retrieve(told: "Any", answer: "Any") -> "Any":
    keys = inside(told, "request", 2)
    keys = [keys] if isinstance(keys, str) else texts(keys)
    more = {
        "data": {"keys": keys, "address": inside(told, "request", 4)},
        "ids": [asked(keys), _question(inside(told, "request", 1))],
        "causes": [_VISITOR],
    }
    if inside(answer, 0) is False:
        more["state"] = REFUSED
    return [(BRIDGE, "Asks for remote data", ", ".join(keys), more)]


_TOLD = {
    "settings": _settings, "world": _world, "event": _event, "kameleoon": _kameleoon, "found": _found,
    "exposure": _exposure, "consent": _consent, "kept": _kept, "leaving": _leaving, "reset": _reset, "remote": _remote,
}  # fmt: skip
_ASKED = {
    "analytics.track": _track, "Kameleoon.API.Data.setCustomData": _set, "order": _order, "retrieve": _retrieve,
}  # fmt: skip
