"""Messages from rows of the sandbox's log, as ``bridge.sandbox.pages.log`` describes them."""

from bridge.shared.vocabulary import CAMPAIGN_TYPES, COMMON_KEY, VISITOR_CODE
from bridge.wire.messages import (
    AGAIN,
    CUSTOM_DATA,
    DATA_API,
    DESTINATION,
    FAILED,
    KAMELEOON,
    REFUSED,
    SEGMENT,
    activated,
    answered,
    asked,
    called,
    cut,
    delivered,
    event_about,
    event_data,
    event_title,
    identity_of,
    inside,
    is_automatic,
    is_bare,
    kept_of,
    listed,
    message,
    person,
    received,
    table,
    text,
    texts,
    written,
)
from bridge.wire.views import moment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bridge.wire.messages import Message
    from bridge.wire.views import Views

_CALLS = ("track", "page", "identify", "group", "screen", "alias")
#: Whose a refused request was, by what its path begins with.
_PLACES = (("/v1/", SEGMENT), ("/segmentio", DESTINATION), ("/kameleoon/", DESTINATION), ("/map", DATA_API))


def of_row(row: "Any", views: "Views") -> "list[Message]":
    """Return what a row tells: one message, none for a row that says what another says, too."""
    kind = text(inside(row, "kind"))
    if kind == "destination.sent" or is_automatic(inside(row, "goal")):  # destination.received says the same
        return []
    at = moment(inside(row, "at"))
    if kind == "page":
        views.turn(moment(inside(row, "event", "originalTimestamp")) or at)
    at_ms, view = views.place(at)
    made = message(KAMELEOON, kind or "?", "", at_ms, view)
    made["raw"] = row
    (_call if kind in _CALLS else _TOLD.get(kind, _other))(made, row)
    return [made]


def _call(made: "Message", row: "Any") -> None:
    event = inside(row, "event")
    title, about = event_title(event), event_about(event)
    made["lane"] = SEGMENT
    made["title"], made["about"] = cut(title), cut(listed(about, "without visitor code" if is_bare(event) else ""))
    made["data"] = event_data(event)
    message_id = inside(event, "messageId")
    made["ids"], made["causes"] = [received(message_id)], [called(message_id)]
    if inside(row, "duplicate"):
        made["state"] = AGAIN
        made["causes"] = made["causes"] + made["ids"]
    if inside(row, "notes"):
        made["data"]["mended"] = inside(row, "notes")


def _dropped(made: "Message", row: "Any") -> None:
    made["lane"], made["title"], made["state"] = SEGMENT, "Not taken", REFUSED
    made["about"] = cut(text(inside(row, "reason")))
    made["data"] = {"reason": inside(row, "reason"), "about": inside(row, "about")}


def _rejected(made: "Message", row: "Any") -> None:
    path = text(inside(row, "path"))
    made["lane"] = ([lane for start, lane in _PLACES if path.startswith(start)] + [KAMELEOON])[0]
    made["title"], made["state"] = "Request refused", REFUSED
    made["about"] = cut(listed(text(inside(row, "method")) + " " + path, text(inside(row, "reason"))))
    made["data"] = {name: inside(row, name) for name in ("method", "path", "status", "reason")}


def _delivered(made: "Message", row: "Any") -> None:
    body = inside(row, "body")
    message_id = inside(body, "messageId")
    made["lane"], made["title"] = DESTINATION, "Delivered"
    made["about"] = cut(listed(event_title(body), event_about(body)))
    made["data"] = event_data(body)
    whose = [inside(body, name) for name in ("anonymousId", "userId")]
    whose += [inside(body, field, VISITOR_CODE) for field in ("properties", "traits")]
    made["ids"] = [delivered(message_id)] + [person(one) for one in whose if text(one)]
    if inside(body, "properties", "audience_key"):
        made["ids"].append(person(COMMON_KEY))
    made["causes"] = [received(message_id)]
    if inside(row, "duplicate"):
        made["state"] = AGAIN


def _undelivered(made: "Message", row: "Any") -> None:
    is_dead = inside(row, "kind") == "destination.dead"
    made["lane"], made["state"] = DESTINATION, FAILED
    made["title"] = "Given up" if is_dead else "Not delivered"
    attempt = text(inside(row, "attempt"))
    made["about"] = cut(listed(text(inside(row, "error")), "attempt " + attempt if attempt else ""))
    made["data"] = {
        name: inside(row, name) for name in ("error", "attempt", "subscription", "retryAt") if inside(row, name)
    }
    made["causes"] = [received(inside(row, "messageId"))]


def _converted(made: "Message", row: "Any") -> None:
    message_id = inside(row, "messageId")
    made["title"], made["about"] = "Goal converted", cut(text(inside(row, "goal")))
    made["data"] = {"goal": inside(row, "goal"), "visitor": inside(row, "ids")}
    made["causes"] = [delivered(message_id)]


def _read(made: "Message", row: "Any") -> None:
    keys = texts(inside(row, "keys"))
    maps = table(inside(row, "maps"))
    made["lane"], made["title"] = DATA_API, "Remote data read"
    made["about"] = cut(kept_of(maps) or "nothing kept yet")
    made["data"] = {key: maps[key] for key in sorted(maps) if maps[key]}
    made["ids"] = [answered(key) for key in keys]
    made["causes"] = [asked(keys)] + [written(key) for key in keys]


def _written(made: "Message", row: "Any") -> None:
    maps = table(inside(row, "maps"))
    made["lane"], made["title"] = DATA_API, "Remote data written"
    made["about"] = cut(kept_of(maps))
    made["data"] = {key: maps[key] for key in sorted(maps)}
    made["ids"] = [written(key) for key in sorted(maps)]
    made["causes"] = [person(identity_of(key) or key) for key in sorted(maps)]


def _visit(made: "Message", row: "Any") -> None:
    events = inside(row, "events")
    events = events if isinstance(events, list) else []
    kinds = [text(inside(event, "eventType")) for event in events]
    made["title"] = "Visit"
    made["about"] = cut(", ".join([kind for kind in sorted(set(kinds)) if kind]))
    shown = [{name: one[name] for name in one if name != "nonce"} for one in events if isinstance(one, dict)]
    made["data"] = {"visitorCode": inside(row, "visitorCode"), "events": shown}
    made["causes"] = [
        activated(kind, inside(events[place], "id")) for place, kind in enumerate(kinds) if kind in CAMPAIGN_TYPES
    ]
    if "customData" in kinds:
        made["causes"].append(CUSTOM_DATA)


def _replayed(made: "Message", row: "Any") -> None:
    made["lane"], made["title"] = DESTINATION, "Sent again"
    made["about"] = "dead letters: " + text(inside(row, "count"))


def _key(made: "Message", row: "Any") -> None:
    made["lane"] = DESTINATION
    made["title"] = "API key made" if inside(row, "kind") == "apikey.made" else "API key checked"


def _other(made: "Message", row: "Any") -> None:
    made["data"] = table(row)


_TOLD = {
    "dropped": _dropped,
    "rejected": _rejected,
    "destination.received": _delivered,
    "destination.failed": _undelivered,
    "destination.dead": _undelivered,
    "destination.replayed": _replayed,
    "conversion": _converted,
    "data_api.get": _read,
    "data_api.set": _written,
    "visit": _visit,
    "apikey.made": _key,
    "apikey.checked": _key,
}
