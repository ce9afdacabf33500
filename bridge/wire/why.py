"""Why a campaign was reported, or what stands in the way; and which goals converted: what is said first of a page."""

from bridge.wire.messages import DESTINATION, KAMELEOON, SEGMENT, activated, campaign, inside, is_automatic, text
from bridge.wire.views import moment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bridge.wire.messages import Message
    from bridge.wire.timeline import Timeline

#: What has to happen, in this order.
STEPS = ("assigned", "shown", "consented", "reported", "delivered")


def why(
    known: "list[dict[str, Any]]", status: "dict[str, Any]", timeline: "Timeline", view: int
) -> "list[dict[str, Any]]":
    """Return one line for each campaign of a page view.

    Args:
        known: The page's campaigns as ``{"type", "id", "name", "variation", "is_assigned", "is_shown"}``, by Kameleoon;
            those that the messages alone tell of come after them.
        status: What ``kameleoonSegment.status()`` says, {} where there is no bridge.
        timeline: The messages.
        view: The page view's number.

    Returns:
        Dicts ``{"name", "variation", "done", "word"}``: ``done`` is how many of ``STEPS`` have happened, ``word`` what
        came of it, or what stands in the way of the next.
    """
    received = [one for one in timeline.all() if one["lane"] == SEGMENT and campaign(_event(one))]
    sent = [one for one in received if _began(one, timeline)["view"] == view]
    lines = []
    seen = []
    for one in known:
        seen.append(activated(one["type"], one["id"]))
        lines.append(_line(one, status, _of(sent, seen[-1]), timeline))
    for message in sent:
        told = campaign(_event(message)) or {}
        name = activated(told["type"], told["id"])
        if name not in seen:
            seen.append(name)
            one = {"type": told["type"], "name": told["name"], "variation": told["variation_name"]}
            one["is_assigned"] = one["is_shown"] = True
            lines.append(_line(one, status, _of(sent, name), timeline))
    return lines


def goals(timeline: "Timeline") -> "list[str]":
    """Return a line for each goal of the project's that converted, the latest first."""
    lines = []
    for one in timeline.all():
        goal = text(inside(one["raw"], "goal"))
        if one["lane"] == KAMELEOON and goal and not is_automatic(goal):
            lines.append("Goal %s converted%s" % (goal, _since_click(one, timeline)))
    return lines[::-1]


def _began(one: "Message", timeline: "Timeline") -> "Message":
    """Return what led to a message: what one page view sends may arrive in the next."""
    return timeline.cause(one) or one


def _event(message: "Message") -> "dict[str, Any]":
    return {"properties": message["data"]}


def _of(sent: "list[Message]", name: str) -> "Message | None":
    """Return the last of the exposures that reports this campaign."""
    for message in sent[::-1]:
        told = campaign(_event(message)) or {}
        if activated(told.get("type"), told.get("id")) == name and message["state"] != "again":
            return message
    return None


def _line(
    one: "dict[str, Any]", status: "dict[str, Any]", sent: "Message | None", timeline: "Timeline"
) -> "dict[str, Any]":
    done, word = _stage(one, status, sent, timeline)
    return {"name": one["name"], "variation": one["variation"] or "", "done": done, "word": word}


def _stage(
    one: "dict[str, Any]", status: "dict[str, Any]", sent: "Message | None", timeline: "Timeline"
) -> "tuple[int, str]":
    if sent:  # whatever else is known: it was
        arrived = [effect for effect in timeline.effects(sent) if effect["lane"] == DESTINATION]
        if not arrived:
            return 4, "reported, on its way"
        if arrived[-1]["state"] == "failed":
            return 4, "reported, not delivered: " + arrived[-1]["about"]
        return 5, "delivered"
    given = inside(status, "consent", one["type"])
    if not one["is_assigned"]:
        return 0, "left out: consent is refused" if given is False else "left out by targeting or traffic"
    if not one["is_shown"]:
        return 1, "not shown yet"
    if not status:
        return 2, "shown, and nobody reports it: the bridge is not in the page"
    if status.get("state") != "on":  # it may not know of consent yet
        return 3 if given is True else 2, "the bridge is " + text(status.get("state"))
    if given is not True:
        return 2, "consent is refused" if given is False else "waits for consent"
    if inside(status, "segment", "ready") is not True:
        return 3, "waits for analytics.js"
    return 3, "not reported yet"


def _since_click(one: "Message", timeline: "Timeline") -> str:
    """Return how long after the visitor's action a conversion was counted, "" where that is not known."""
    delivery = timeline.cause(one)
    call = timeline.cause(delivery) if delivery else None
    if not call:
        return ""
    began = moment(inside(call["raw"], "event", "timestamp"))
    ended = moment(inside(one["raw"], "at"))
    if not began or ended < began:
        return ""
    return " %d ms after the click" % (ended - began)
