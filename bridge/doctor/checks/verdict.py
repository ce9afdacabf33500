"""How a check says what it found."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bridge.bundle.identity import document
from bridge.doctor.report import Check, Evidence, Fix, Status
from bridge.doctor.sight import Request, Said, Sight

if TYPE_CHECKING:
    from pydantic import JsonValue

_MOST = 10  # pieces of evidence of one check
#: The page's own hints, each with the check that tells of it; `runtime` tells of any other.
HINTS = {
    "segment-missing": "segment",
    "segment-not-ready": "segment",
    "kameleoon-missing": "kameleoon",
    "kameleoon-not-started": "kameleoon",
    "other-project": "project",
    "consent-unknown": "consent",
    "consent-refused": "consent",
    "reported-elsewhere": "exposures",
    "old-snippet": "snippets",
}


def verdict(  # noqa: PLR0913, PLR0917 - the parts of a check
    name: str,
    status: Status,
    what: str,
    evidence: Sequence[Evidence] = (),
    fix: str | None = None,
    paste: str | None = None,
) -> Check:
    """Return a check; ``fix`` says what to do, ``paste`` is what to put in; its name is its entry in the documents."""
    return Check(
        id=name,
        status=status,
        what=what,
        evidence=list(evidence[:_MOST]),
        fix=Fix(text=fix, paste=paste, link=entry(name)) if fix else None,
    )


def entry(name: str) -> str:
    """Return the address of what the documents say of a check, or of a hint."""
    return f"{document('troubleshooting.md')}#{name}"


def by_hint(name: str, sight: Sight, status: Status, *codes: str) -> Check | None:
    """Return what the page's own hints of these codes say, None where it gives none of them."""
    hints = [hint for code in codes if (hint := sight.hint(code))]
    if not hints:
        return None
    seen = [Evidence(kind="hint", at_ms=sight.last_at, where=hint["code"], value=hint["what"]) for hint in hints]
    told = verdict(name, status, hints[0]["what"], seen, hints[0]["fix"])
    if told.fix and hints[0]["code"] in HINTS:
        told.fix.link = entry(hints[0]["code"])
    return told


def of_status(sight: Sight, *path: str) -> Evidence:
    """Return what the bridge's status says there."""
    value: JsonValue = sight.last
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return Evidence(kind="status", at_ms=sight.last_at, where=".".join(path), value=value)


def of_request(request: Request) -> Evidence:
    """Return a request as evidence."""
    answer = request.failure or ("answered by the doctor" if request.answered else request.status)
    return Evidence(kind="request", at_ms=request.at_ms, where=f"{request.method} {request.url}", value=answer)


def of_console(said: Said) -> Evidence:
    """Return a line of the console as evidence."""
    return Evidence(kind="console", at_ms=said.at_ms, where=said.where, value=said.text)


def is_on(sight: Sight) -> bool:
    """Return whether the bridge's Python runs, and so knows what it is asked."""
    return sight.last.get("state") == "on"


def without_bridge(name: str) -> Check:
    """Return that only a bridge that runs could say."""
    return verdict(name, "unknown", "The bridge does not run, so nothing can be said of this")
