"""Who is here, by Segment and Kameleoon, and how the bridge is."""

from pyscript import document

from web.demo import cards
from web.demo.page import by_id, reach, say, to_python

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

EXPERIMENT = document.body.dataset.experiment  # its id
PERSONAS = "Segment personas"  # a custom data of the demo's project
_SHOWN_CUSTOM_DATA = {"personas": PERSONAS, "plan": "Subscribed plan", "group": "Group id"}  # by element


def user() -> "Any":
    """Return the user that analytics.js knows, None while it is not there."""
    find = reach("analytics.user")
    return find() if find else None


def user_id() -> "str | None":
    """Return who is logged in."""
    who = user()
    return (who.id() or None) if who else None


def anonymous_id() -> "str | None":
    """Return Segment's anonymous id, None while analytics.js is not there."""
    who = user()
    return who.anonymousId() if who else None


def visitor_code() -> "Any":
    """Return the visitor code that Kameleoon has given."""
    return reach("Kameleoon.API.Visitor.code")


def variation() -> "Any":
    """Return the name of the variation that the visitor sees."""
    find = reach("Kameleoon.API.Experiments.getById")
    return getattr(getattr(find(EXPERIMENT), "associatedVariation", None), "name", None) if find else None


def custom_data() -> "dict[str, Any]":
    """Return what Kameleoon has as custom data, by name."""
    return to_python(reach("Kameleoon.API.CurrentVisit.customData")) or {}


def show_visitor() -> None:
    """Show what Segment and Kameleoon know of the visitor."""
    say("visitor-code", visitor_code() or "not known yet")
    say("variation", variation() or "not known yet")
    say("anonymous-id", anonymous_id() or "not known yet")
    say("user-id", user_id() or "nobody is logged in")
    say("login", "Log out" if user_id() else "Log in")

    values = custom_data()
    for place, name in _SHOWN_CUSTOM_DATA.items():
        say(place, cards.known(values.get(name)) or "none")
    by_id("known").classList.toggle("seen", any(values.get(name) for name in _SHOWN_CUSTOM_DATA.values()))


def show_status() -> None:
    """Show what the bridge says of itself."""
    bridge = reach("kameleoonSegment")
    status = to_python(bridge.status()) if bridge else {"state": "absent"}
    by_id("status").dataset.state = status["state"]
    by_id("status").classList.toggle("reported", bool(status.get("errors")))
    absent = "Bridge not loaded" if document.readyState == "complete" else "Bridge not loaded yet"
    say("status", cards.status_line(status) if bridge else absent)
