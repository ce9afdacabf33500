"""``status().hints``: what is not as it should be, in words to act on. A code stays the same for ever."""

from bridge.shared.vocabulary import CAMPAIGN_TYPES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bridge.brain.seam import Page

# Since the page began: what is not there by then is called missing, not late. Nor do the page's events wait for a
# visitor code any longer.
PATIENCE_MS = 5000

# By code: what was seen, and what to do.
TEXTS = {
    "segment-missing": (
        "Segment is not in the page: there is no window.%s",
        "Load it, put what npm's AnalyticsBrowser.load() returns there, or name its place in the setting analytics",
    ),
    "segment-not-ready": (
        "window.%s is there, and analytics.js has not started",
        "See whether it and its settings load (write key, content blocker, Content-Security-Policy), or await consent",
    ),
    "kameleoon-missing": (
        "Kameleoon's script is not in the page",
        "Load it, or see what stops it: a content blocker, the Content-Security-Policy, a consent manager",
    ),
    "kameleoon-not-started": (
        "Kameleoon's script is there, and has not started",
        "Its event Kameleoon::Aborted says why: came too late, kameleoonDisabled in the address, storage blocked",
    ),
    "other-project": (
        "Kameleoon's script is that of project %s, sitecode is %s",
        "Load the script of the right project, or set sitecode to its site code",
    ),
    "consent-unknown": (
        "Consent to %s is not known, so nothing of them is sent yet",
        "Have the banner call Kameleoon.API.Core.enableLegalConsent(), in manual mode kameleoonSegment.consent(true)",
    ),
    "consent-refused": (
        "The visitor refused %s, so nothing of them is sent",
        "Nothing, where the visitor did; else see what calls disableLegalConsent() or kameleoonSegment.consent(false)",
    ),
    "reported-elsewhere": (
        "Somebody else in the page sends exposures of these campaigns to Segment, too, so each view counts twice: %s",
        "Take Kameleoon's Segment tool, custom integration or the page's calls off them, or use exposures.except",
    ),
    "old-snippet": (
        "A snippet of Kameleoon's help does what the bridge does: %s",
        "Take it out of the global custom script; as custom data's code use what `kameleoon-segment build` prints",
    ),
}


def surroundings(page: "Page", *, ready: bool, visitor_code: str) -> "dict[str, Any]":
    """Return ``{segment, kameleoon}``: what there is of both in the page now."""
    analytics = page.read("analytics", {"VERSION": 1})
    version = analytics.get("VERSION") if isinstance(analytics, dict) else None  # the snippet's stub is a list
    present = page.read("Kameleoon.API", {}) is not None
    project = page.call("Kameleoon.API.Core.getConfiguration", [], {"siteCode": 1})[1]  # scripts of 2022 may have none
    sitecode = project.get("siteCode") if isinstance(project, dict) else None
    return {
        "segment": {"present": analytics is not None, "ready": ready, "version": _text(version)},
        "kameleoon": {"present": present, "started": bool(visitor_code), "sitecode": _text(sitecode)},
    }


def _text(value: "Any") -> "str | None":
    return value if isinstance(value, str) else None


def hints(
    status: "dict[str, Any]", settings: "dict[str, Any]", up: float, twice: "list[str]", snippets: "list[str]"
) -> "list[dict[str, str]]":
    """Return ``[{code, what, fix}]``, none where all is well.

    ``status`` has what is known of Segment, Kameleoon and consent, ``up`` is the page's age in ms, ``twice`` names the
    campaigns that somebody else reports, too, ``snippets`` says what old snippets do.
    """
    segment, kameleoon = status["segment"], status["kameleoon"]
    found: list[tuple[str, Any]] = []
    if up >= PATIENCE_MS:
        if not segment["ready"]:
            code = "segment-not-ready" if segment["present"] else "segment-missing"
            found.append((code, settings["analytics"]))
        if not kameleoon["started"]:
            found.append(("kameleoon-not-started" if kameleoon["present"] else "kameleoon-missing", ()))
    if kameleoon["sitecode"] not in (None, settings["sitecode"]):
        found.append(("other-project", (kameleoon["sitecode"], settings["sitecode"])))
    for code, answer in (("consent-unknown", None), ("consent-refused", False)):
        kinds = [kind + "s" for kind in CAMPAIGN_TYPES if status["consent"][kind] is answer]
        # As long as Kameleoon's script has no visitor, it has no consent to tell of.
        if kinds and (answer is False or kameleoon["started"] or settings["consent"] == "manual"):
            found.append((code, " and ".join(kinds)))
    if twice:
        found.append(("reported-elsewhere", ", ".join(twice)))
    if snippets:
        found.append(("old-snippet", ", ".join(snippets)))
    return [{"code": code, "what": TEXTS[code][0] % seen, "fix": TEXTS[code][1]} for code, seen in found]
