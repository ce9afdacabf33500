"""What is so now, as `situation` describes it, by analytics.js, Kameleoon's script and the bridge themselves."""

from pyscript import document, window

from web.demo import bridge
from web.demo.page import reach, read_cookie, to_python
from web.demo.visitor import EXPERIMENT, PERSONAS, anonymous_id, custom_data, user, user_id, visitor_code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from web.demo.situation import Situation

NETWORK, SLOW = "demo-network", "slow"  # a cookie and its value; the sandbox reads it


def situation(busy: str) -> "Situation":
    """Return what is so now; ``busy`` says what is under way."""
    who = user()
    visitor = reach("Kameleoon.API.Visitor")
    known = custom_data()
    group = window.analytics.group() if who else None
    return {
        "segment": bool(who),
        "code": visitor_code() or None,
        "anonymous": anonymous_id(),
        "started": bool(visitor),
        "variation": _variation(),
        "user": user_id(),
        "plan": (to_python(who.traits()) or {}).get("plan") if who else None,
        "company": (group.id() or None) if group else None,
        "personas": known.get(PERSONAS) or [],
        "known": known,
        "consent": _true_or_false(getattr(visitor, "experimentLegalConsent", None)),
        "status": bridge.status(),
        "slow": read_cookie(NETWORK) == SLOW,
        "busy": busy,
    }


def _variation() -> "str | None":
    find = reach("Kameleoon.API.Experiments.getById")
    seen = to_python(find(EXPERIMENT)) if find else None
    variation = (seen or {}).get("associatedVariation") or {}
    if not seen or not seen.get("triggered"):
        return None
    return str(variation.get("id")) if variation.get("id") is not None else "null"


def _true_or_false(value: "Any") -> "bool | None":
    """Return JavaScript's null and undefined as None."""
    return value if value in (True, False) else None


def engine_files() -> "list[tuple[str, bool]]":
    """Return the files that the bridge's start asks for, in its hidden frame, with whether each is here."""
    frame = document.querySelector("iframe[hidden]")
    page = frame.contentDocument if frame else None
    if not page:
        return []
    here = [entry.name for entry in frame.contentWindow.performance.getEntriesByType("resource")]
    asked = [link.href for link in page.querySelectorAll("link")]
    return [(address.split("/")[-1], address in here) for address in asked]
