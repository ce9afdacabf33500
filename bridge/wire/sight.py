"""Messages from an evidence file, as ``bridge.doctor.sight`` describes it: what the doctor saw of one page."""

from bridge.wire.messages import (
    BRIDGE,
    DATA_API,
    FAILED,
    KAMELEOON,
    LANES,
    REFUSED,
    SEGMENT,
    STATES,
    cut,
    event_about,
    event_data,
    event_title,
    inside,
    is_bare,
    listed,
    message,
    milliseconds,
    received,
    table,
    text,
    texts,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bridge.wire.messages import Message

#: What a file is shown by, apart from its lists.
FIELDS = ("schema", "final_url", "looked_at")
LISTS = ("messages", "requests", "statuses", "violations", "console")
_SCHEMA = 1
_LEVELS = ("error", "warning", "uncaught")
_REFUSED = 400  # the first status that says no
_REMOTE = ("/map/map", "key=COHORTS_")


def unfit(sight: "Any") -> str:
    """Return why a value is no evidence file, "" for one."""
    if not isinstance(sight, dict):
        return "must be a JSON object"
    if sight.get("schema") != _SCHEMA:
        return "schema: must be %d" % _SCHEMA
    if not isinstance(sight.get("final_url"), str):
        return "final_url: must be the address of the page, a text"
    for name in LISTS:
        if not isinstance(sight.get(name, []), list):
            return name + ": must be a list"
    return ""


def of_sight(sight: "Any") -> "list[Message]":
    """Return the messages that a file has, else those that follow from what the doctor saw, in order."""
    kept = _rows(sight, "messages")
    if kept:
        return [_whole(one) for one in kept]
    made = _states(sight)
    for one in _rows(sight, "requests"):
        made += _request(one)
    for one in _rows(sight, "violations"):
        made.append(_refusal(one, text(one.get("directive")), text(one.get("blocked"))))
    for one in _rows(sight, "console"):
        if one.get("level") in _LEVELS:
            made.append(_refusal(one, "Console", text(one.get("text"))))
    return sorted(made, key=lambda one: one["at_ms"])


def _rows(sight: "Any", name: str) -> "list[dict[str, Any]]":
    rows = inside(sight, name)
    return [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []


def _whole(one: "dict[str, Any]") -> "Message":
    """Return a message with all that belongs to it, whatever a file has."""
    lane = one.get("lane")
    view = one.get("view")
    made = message(
        lane if lane in [name for name, _ in LANES] else BRIDGE,
        text(one.get("title")),
        text(one.get("about")),
        milliseconds(one.get("at_ms")),
        view if isinstance(view, int) and view > 0 else 1,
    )
    if one.get("state") in STATES:
        made["state"] = one["state"]
    made["ids"], made["causes"] = texts(one.get("ids")), texts(one.get("causes"))
    made["data"], made["raw"] = one.get("data"), one.get("raw")
    return made


def _states(sight: "Any") -> "list[Message]":
    made = []
    last = None
    for one in _rows(sight, "statuses"):
        status = table(one.get("status"))
        state = text(status.get("state"))
        if state and state != last:
            last = state
            told = message(BRIDGE, "Bridge " + state, text(status.get("engine")), milliseconds(one.get("at_ms")), 1)
            told["data"] = {name: status[name] for name in ("state", "engine", "timings", "errors") if name in status}
            told["raw"] = status
            if state in ("off", "failed"):
                told["state"] = FAILED
            made.append(told)
    return made


def _request(one: "dict[str, Any]") -> "list[Message]":
    """Return the Segment events of a request one by one, a request to Kameleoon, and what failed."""
    at_ms = milliseconds(one.get("at_ms"))
    failure = text(one.get("failure"))
    url = text(one.get("url"))
    made = []
    if one.get("cloud") == SEGMENT:
        batch = inside(one, "body", "batch")
        for event in batch if isinstance(batch, list) else [one.get("body")]:
            if inside(event, "type"):
                about = listed(event_about(event), "without visitor code" if is_bare(event) else "")
                told = message(SEGMENT, event_title(event), about, at_ms, 1)
                told["data"], told["raw"] = event_data(event), event
                told["ids"] = [received(inside(event, "messageId"))]
                made.append(told)
    elif one.get("cloud") == KAMELEOON or _is_remote(url):
        is_remote = _is_remote(url)
        told = message(DATA_API if is_remote else KAMELEOON, "Remote data" if is_remote else "Request", url, at_ms, 1)
        told["data"], told["raw"] = {"url": url, "status": one.get("status"), "body": one.get("body")}, one
        made.append(told)
    refused = milliseconds(one.get("status")) >= _REFUSED
    if (failure or refused) and not made:
        return [_refusal(one, "Request failed", listed(url, failure or text(one.get("status"))), FAILED)]
    for told in made:
        if failure or refused:
            told["state"] = FAILED
            told["about"] = cut(listed(told["about"], failure or text(one.get("status"))))
    return made


def _is_remote(url: str) -> bool:
    return any(part in url for part in _REMOTE)


def _refusal(one: "dict[str, Any]", title: str, about: str, state: str = REFUSED) -> "Message":
    made = message(BRIDGE, title, about, milliseconds(one.get("at_ms")), 1)
    made["state"] = state
    made["data"] = made["raw"] = one
    return made
