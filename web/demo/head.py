"""What stands above the wire: the bridge, the visitor, what Kameleoon knows, each campaign's way, and goals."""

import json

from pyscript import document

from bridge.wire.why import STEPS, goals, why
from web.demo import bridge, cards, visitor
from web.demo.page import by_id, element, reach, say, to_python

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bridge.wire.timeline import Timeline

_SHOWN_CUSTOM_DATA = {"personas": visitor.PERSONAS, "plan": "Subscribed plan", "group": "Group id"}  # by element
_MOST_GOALS = 2


class Head:
    """The head of the wire."""

    def __init__(self, timeline: "Timeline", view: int) -> None:
        self._timeline, self._view = timeline, view
        self._said = ""

    def show(self) -> None:
        """Show what is so now."""
        status = bridge.status() or {}
        self._show_status(status)
        self._show_visitor()
        lines = why(_campaigns(), status, self._timeline, self._view)
        self._show_lines(lines, goals(self._timeline)[:_MOST_GOALS])

    def _show_status(self, status: "dict[str, Any]") -> None:
        place = by_id("status")
        place.dataset.state = status.get("state") or "absent"
        place.classList.toggle("reported", bool(status.get("errors")))
        is_loaded = document.readyState == "complete"
        say("status", cards.status_line(status) if status else cards.absent(is_loaded=is_loaded))

    def _show_visitor(self) -> None:
        code = visitor.visitor_code()
        say("visitor-code", code or "not known yet")
        say("variation", visitor.variation() or ("none" if code else "not known yet"))
        say("anonymous-id", visitor.anonymous_id() or "not known yet")
        say("user-id", visitor.user_id() or "nobody is logged in")
        values = visitor.custom_data()
        for place, name in _SHOWN_CUSTOM_DATA.items():
            say(place, cards.known(values.get(name)) or "none")

    def _show_lines(self, lines: "list[dict[str, Any]]", converted: "list[str]") -> None:
        said = json.dumps([lines, converted])
        if said == self._said:
            return
        self._said = said
        place = by_id("why")
        place.replaceChildren()
        for line in lines:
            place.append(_why(line))
        for text in converted:
            place.append(element("li", "goal", text))


def _why(line: "dict[str, Any]") -> "Any":
    made = element("li", "campaign done" if line["done"] == len(STEPS) else "campaign")
    made.append(element("b", "", line["name"]), element("span", "variation", line["variation"]))
    steps = element("span", "steps")
    steps.setAttribute("role", "img")
    steps.setAttribute("aria-label", "so far: " + (", ".join(STEPS[: line["done"]]) or "nothing"))
    for place, name in enumerate(STEPS):
        step = element("i", "step done" if place < line["done"] else "step")
        step.title = name
        steps.append(step)
    made.append(steps, element("span", "word", line["word"]))
    return made


def _campaigns() -> "list[dict[str, Any]]":
    """Return the project's campaigns as ``why`` wants them, none while Kameleoon's script is not there."""
    found = []
    for name, kind in (("Experiments", "experiment"), ("Personalizations", "personalization")):
        find = reach("Kameleoon.API.%s.getAll" % name)
        for one in (to_python(find()) or []) if find else []:
            variation = one.get("associatedVariation") or {}
            is_assigned = bool(one.get("triggered")) and variation.get("id") is not None
            found.append(
                {
                    "type": kind,
                    "id": one["id"],
                    "name": one["name"],
                    "variation": variation.get("name") if is_assigned else "",
                    "is_assigned": is_assigned,
                    "is_shown": is_assigned and bool(one.get("activatedInVisit")),
                }
            )
    return found
