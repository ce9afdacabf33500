"""What the overlay says of ``kameleoonSegment.status()``, as ``bridge.models.messages`` has it."""

from bridge.wire.messages import inside, listed, milliseconds, table, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ENGINES = {"micropython": "MicroPython", "pyodide": "Pyodide"}
_CONSENT = {True: "yes", False: "no", None: "unknown"}


def state(status: "Any") -> str:
    """Return in one word how the bridge is: its own state, ``hinted`` where it is on and there is something to mend."""
    own = text(inside(status, "state"))
    return "hinted" if own == "on" and mends(status) else own


def status_line(status: "Any") -> str:
    """Return in one line how the bridge is: engine, state, boot time, consent, what was sent."""
    engine = text(inside(status, "engine"))
    ready = milliseconds(inside(status, "timings", "ready"))
    exposures = inside(status, "exposures", "sent")
    return listed(
        "%s %s" % (_ENGINES.get(engine, engine), text(inside(status, "state"))),
        "ready after %d ms" % ready if ready else "",
        "consent " + _consent(table(inside(status, "consent"))),
        "linked" if inside(status, "identifier", "linked") else "",
        "exposures: %s" % text(exposures) if exposures is not None else "",
    )


def _consent(given: "dict[str, Any]") -> str:
    words = [_CONSENT.get(given.get(kind), "?") for kind in ("experiment", "personalization")]
    return words[0] if words[0] == words[1] else "%s for experiments, %s for personalizations" % (words[0], words[1])


def mends(status: "Any") -> "list[dict[str, str]]":
    """Return what is to be mended, ``{"what", "fix"}``: the hints, and what went wrong."""
    found = []
    for name in ("hints", "errors"):
        entries = inside(status, name)
        entries = entries if isinstance(entries, list) else []
        found += [{"what": text(inside(one, "what")), "fix": text(inside(one, "fix"))} for one in entries]
    return found


def evidence(seen: "dict[str, Any]") -> "dict[str, Any]":
    """Return what is known of the page as an evidence file has it (``bridge.doctor.sight``), without the messages.

    ``seen`` is ``{"status", "url", "at", "at_ms"}``: the page's address, and when that was seen. What an address asks
    for may be anybody's business: it is left out.
    """
    address = text(seen.get("url")).split("#")[0].split("?")[0]
    status = table(seen.get("status"))
    return {
        "url": address,
        "final_url": address,
        "looked_at": text(seen.get("at")),
        "versions": table(status.get("versions")),
        "has_global": True,
        "statuses": [{"at_ms": milliseconds(seen.get("at_ms")), "status": status}] if status else [],
    }
