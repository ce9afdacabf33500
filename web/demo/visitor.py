"""Who is here, by Segment and by Kameleoon."""

from pyscript import document

from web.demo.page import reach, to_python

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

EXPERIMENT = document.body.dataset.experiment  # its id
PERSONAS = "Segment personas"  # a custom data of the demo's project


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


def ids() -> "list[str]":
    """Return each id that Kameleoon or Segment has for the visitor now."""
    return [one for one in (visitor_code(), anonymous_id(), user_id()) if one]


def variation() -> "Any":
    """Return the name of the variation that the visitor sees."""
    find = reach("Kameleoon.API.Experiments.getById")
    seen = find(EXPERIMENT) if find else None
    return (
        getattr(getattr(seen, "associatedVariation", None), "name", None) if getattr(seen, "triggered", False) else None
    )


def custom_data() -> "dict[str, Any]":
    """Return what Kameleoon has as custom data, by name."""
    return to_python(reach("Kameleoon.API.CurrentVisit.customData")) or {}
