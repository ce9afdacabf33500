"""A message as a test that a customer may keep: for the test kit's fixture ``kameleoon_segment`` (docs/testing.md).

What a visitor did to cause it, the test does by the call that the page made of it.
"""

from bridge.shared.vocabulary import (
    EXPERIMENT,
    IDENTIFIER_EVENT,
    IDENTIFIER_PROPERTY,
    VISITOR_CODE,
    VISITOR_CODE_FIELDS,
    cohorts_key,
    identify_key,
)
from bridge.wire.messages import DATA_API, campaign, inside, is_bare, table, text, texts
from bridge.wire.reading import literal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bridge.wire.messages import Message
    from bridge.wire.timeline import Timeline

_ELSEWHERE = "https://shop.example/"  # where no message says on which page it was
_FORCED = ("kameleoonForce", "kameleoon-segment-debug", "new")  # of a page's address: a test says so by a call
_SHOWS_DATA = "() => Object.values(window.kameleoonSegment?.status().customData ?? {}).flat().some(Boolean)"
_MAX_NAME = 60


def as_test(message: "Message", timeline: "Timeline") -> str:
    """Return the text of a pytest test that sees the same in the same page, "" where a test can see nothing of it."""
    lines = _steps(message, timeline)
    if not lines:
        return ""
    words = message["title"] + " " + message["about"]
    name = _named(IDENTIFIER_EVENT if IDENTIFIER_EVENT in words else words)  # a visitor code is no name of a test
    head = "from typing import Any\n\n\ndef test_%s(page: Any, kameleoon_segment: Any) -> None:\n" % name
    return head + "".join(["    " + line + "\n" for line in lines])


def _steps(message: "Message", timeline: "Timeline") -> "list[str]":
    event = _event(message)
    url = _address(timeline.url(message["view"]))
    goto = "page.goto(%s)" % literal(url)
    seen = campaign(event) or _activated(message["data"])
    if seen:
        return _of_campaign(seen, message, timeline, goto)
    if event and text(inside(event, "event")) == IDENTIFIER_EVENT:
        return [
            goto,
            "event = kameleoon_segment.wait_for_identifier()",
            'cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}',
            'assert event["properties"]["%s"] == cookies["%s"]' % (IDENTIFIER_PROPERTY, VISITOR_CODE),
        ]
    if event and not _is_of_engage(event):
        return _of_call(event, goto)
    remote = _remote(timeline, message, is_before=False)
    if event or message["lane"] == DATA_API or _sets(message["data"]):
        return _of_data(message["data"], remote, goto) if remote else []
    return []


def _event(message: "Message") -> "dict[str, Any] | None":
    """Return the Segment event that a message carries, whole as far as is known, None where it carries none."""
    raw = message["raw"]
    request = inside(raw, "request")
    if inside(request, 1) == "analytics.track":
        return {"type": "track", "event": inside(request, 3, 0), "properties": table(inside(request, 3, 1))}
    for name in ("event", "body"):
        event = table(inside(raw, name))
        if text(event.get("type")):
            return event
    return raw if isinstance(raw, dict) and "messageId" in raw and text(raw.get("type")) else None


def _activated(data: "Any") -> "dict[str, str] | None":
    """Return what Kameleoon shows, from the card of an activation."""
    if text(inside(data, "type")) and text(inside(data, "id")) and inside(data, "variation_id") is not None:
        return {
            "type": text(inside(data, "type")),
            "id": text(inside(data, "id")),
            "variation": text(inside(data, "variation_id")),
        }
    return None


def _of_campaign(seen: "dict[str, Any]", message: "Message", timeline: "Timeline", goto: str) -> "list[str]":
    ids = (literal(_id(seen["id"])), literal(_id(seen["variation"])))
    if seen["type"] == EXPERIMENT:
        lines = ["kameleoon_segment.force_variation(%s, %s)" % ids, goto]
    else:
        remote = _remote(timeline, message, is_before=True)
        lines = [_known(remote), goto, _wait_for_data(), "page.reload()"] if remote else [goto]
    properties = table(message["data"])
    named = [name for name in sorted(properties) if name.lower().endswith(("name", "type"))] if "name" in seen else []
    wait = "kameleoon_segment.wait_for_exposure(experiment_id=%s, variation_id=%s)" % ids
    lines.append("event = " + wait if named else wait)
    return lines + [_assertion("properties", name, properties[name]) for name in named]


def _id(words: str) -> "int | str":
    return int(words) if words.isdigit() else words


def _of_call(event: "dict[str, Any]", goto: str) -> "list[str]":
    kind = text(event.get("type"))
    field = VISITOR_CODE_FIELDS.get(kind)
    said = {name: one for name, one in table(event.get(field)).items() if name != VISITOR_CODE} if field else {}
    if kind == "track":
        call = "call = " + literal([event.get("event"), said])
        lines = [goto, "kameleoon_segment.wait_for_identifier()", call, _evaluated("track")]
        lines.append("event = kameleoon_segment.wait_for(%s)[0]" % literal(event.get("event")))
        lines += [_assertion(field, name, said[name]) for name in sorted(said)]
    elif kind in ("identify", "group"):
        call = "call = " + literal([event.get("userId" if kind == "identify" else "groupId"), said])
        lines = [
            goto,
            "kameleoon_segment.wait_for_identifier()",
            call,
            _sent(kind),
            "    " + _evaluated(kind),
            _last(kind),
        ]
        lines += [_assertion(field, name, said[name]) for name in sorted(said)]
    elif kind == "page":
        lines = [_sent(kind), "    " + goto, _last(kind)]
    else:
        return []
    if not is_bare(event):
        lines.append('assert event["%s"]["%s"]' % (field, VISITOR_CODE))
    return lines


def _evaluated(method: str) -> str:
    return "page.evaluate(%s, call)  # as the page does" % literal("(call) => { analytics.%s(...call) }" % method)


def _sent(kind: str) -> str:
    return 'with page.expect_request(lambda request: \'"type":"%s"\' in (request.post_data or "")):' % kind


def _last(kind: str) -> str:
    return 'event = [one for one in kameleoon_segment.events() if one["type"] == "%s"][-1]' % kind


def _assertion(field: "str | None", name: str, value: "Any") -> str:
    return 'assert event["%s"][%s] == %s' % (field, literal(name), literal(value))


# ---- remote data


def _is_of_engage(event: "dict[str, Any]") -> bool:
    return bool(inside(event, "context", "personas") or inside(event, "properties", "audience_key"))


def _sets(data: "Any") -> str:
    return text(inside(data, "custom data"))


def _remote(timeline: "Timeline", message: "Message", *, is_before: bool) -> "dict[str, Any]":
    """Return what remote data said of the visitor last before a message; else what it said first after it."""
    found: dict[str, Any] = {}
    for one in timeline.all():
        maps = table(one["data"]) if one["lane"] == DATA_API else {}
        is_later = (one["view"], one["at_ms"]) >= (message["view"], message["at_ms"]) and one is not message
        if maps and is_later and is_before:
            break
        for key in sorted(maps):
            kept = table(maps[key])
            if key.startswith(cohorts_key("")):
                found["personas"] = sorted([name for name in kept if kept[name] is True])
            elif key.startswith(identify_key("")):
                found["traits"], found["group"] = table(kept.get("traits")), kept.get("groupId")
        if maps and is_later:
            break
    return {name: found[name] for name in found if found[name]}


def _known(remote: "dict[str, Any]") -> str:
    return "kameleoon_segment.remote(%s)" % ", ".join(
        ["%s=%s" % (name, literal(remote[name])) for name in sorted(remote)]
    )


def _wait_for_data() -> str:
    return "page.wait_for_function(%s)" % literal(_SHOWS_DATA)


def _of_data(data: "Any", remote: "dict[str, Any]", goto: str) -> "list[str]":
    lines = [_known(remote), goto, _wait_for_data()]
    name = _sets(data)
    value = inside(data, "value")
    if name and (text(value) or texts(value)):
        lines.append('assert kameleoon_segment.status()["customData"][%s] == %s' % (literal(name), literal(value)))
    else:
        lines.append('assert kameleoon_segment.status()["customData"]')
    return lines


# ---- texts


def _named(words: str) -> str:
    """Return a name for a test, of small letters, digits and lines between words."""
    letters = [one.lower() if (one.isalpha() and one < "\x7f") or one in "0123456789" else " " for one in words]
    return "_".join("".join(letters).split())[:_MAX_NAME].strip("_") or "message"


def _address(url: str) -> str:
    """Return the address to open, without what only forces a variation."""
    place, _, query = (url or _ELSEWHERE).partition("#")[0].partition("?")
    kept = [part for part in query.split("&") if part and part.partition("=")[0] not in _FORCED]
    return place + ("?" + "&".join(kept) if kept else "")
