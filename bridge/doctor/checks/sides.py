"""Both sides of the bridge: Segment and Kameleoon are there, of the right project, and mean the same visitor."""

from bridge.brain.stamps import is_ours
from bridge.doctor.checks.verdict import by_hint, is_on, of_status, verdict, without_bridge
from bridge.doctor.report import Check, Evidence
from bridge.doctor.sight import Sight
from bridge.shared.vocabulary import (
    IDENTIFIER_EVENT,
    IDENTIFIER_PROPERTY,
    VISITOR_CODE,
    VISITOR_CODE_FIELDS,
    visitor_code,
)


def segment(sight: Sight) -> Check:
    """analytics.js is in the page and has started."""
    if hinted := by_hint("segment", sight, "fail", "segment-missing", "segment-not-ready"):
        if hinted.fix:
            hinted.fix.paste = _load(sight)
        return hinted
    told = sight.last.get("segment") or {}
    seen = [of_status(sight, "segment")] if is_on(sight) else []
    seen.append(Evidence(kind="global", where="analytics", value=sight.segment.model_dump()))
    if told.get("ready") or (not is_on(sight) and sight.segment.ready):
        return verdict("segment", "pass", f"analytics.js has started, version {sight.segment.version or '?'}", seen)
    what = "analytics.js is in the page, and has not started" if sight.segment.present else "Segment is not in the page"
    fix = "See whether its script and settings load; look for longer, with --wait 20"
    return verdict("segment", "fail", f"{what}, {sight.wait_s:g} s after the load", seen, fix, _load(sight))


def _load(sight: Sight) -> str | None:
    """Return the call that is missing where Segment's snippet is in the page, and nobody loads analytics.js."""
    asked = any("/analytics.js/v1/" in one.url for one in sight.requests)
    return 'analytics.load("YOUR_WRITE_KEY")' if sight.segment.present and not asked else None


def kameleoon(sight: Sight) -> Check:
    """Kameleoon's script is in the page and has started."""
    if hinted := by_hint("kameleoon", sight, "fail", "kameleoon-missing", "kameleoon-not-started"):
        if hinted.fix:
            hinted.fix.paste = _engine(sight)
        return hinted
    told = sight.last.get("kameleoon") or {}
    seen = [of_status(sight, "kameleoon")] if is_on(sight) else []
    seen.append(Evidence(kind="global", where="Kameleoon.API", value=sight.kameleoon.model_dump(exclude={"campaigns"})))
    if told.get("started") or (not is_on(sight) and sight.kameleoon.visitor_code):
        return verdict("kameleoon", "pass", "Kameleoon's script has started", seen)
    what = "is in the page, and has not started" if sight.kameleoon.present else "is not in the page"
    fix = "See whether its script loads and what stops it; look for longer, with --wait 20"
    told = f"Kameleoon's script {what}, {sight.wait_s:g} s after the load"
    return verdict("kameleoon", "fail", told, seen, fix, _engine(sight))


def _engine(sight: Sight) -> str | None:
    """Return Kameleoon's tag where no script of theirs was asked for, and the bridge's says of which project it is.

    Source: Kameleoon's documents, "Install Kameleoon's tag": https://SITE_CODE.kameleoon.io/engine.js.
    """
    sitecode = sight.last.get("sitecode")
    asked = any("kameleoon" in one.url or "/engine.js" in one.url for one in sight.requests if one.kind == "script")
    return (
        f'<script async src="https://{sitecode}.kameleoon.io/engine.js"></script>' if sitecode and not asked else None
    )


def project(sight: Sight) -> Check:
    """The tag and Kameleoon's script are of the same project."""
    theirs = sight.kameleoon.sitecode
    if hinted := by_hint("project", sight, "fail", "other-project"):
        tags = sight.tags
        if theirs and hinted.fix and tags:
            hinted.fix.paste = f'data-sitecode="{theirs}"'
        return hinted
    ours = sight.last.get("sitecode")
    seen = [of_status(sight, "sitecode"), Evidence(kind="global", where="Kameleoon.API", value=theirs)]
    if not ours:
        return without_bridge("project")
    if not theirs:
        return verdict("project", "unknown", "Kameleoon's script does not say whose project it is of", seen)
    return verdict("project", "pass", f"The tag and Kameleoon's script are of the project {ours}", seen)


def visitor(sight: Sight) -> Check:
    """Both sides have the same visitor code, and the identifier was sent once."""
    code = visitor_code(sight.kameleoon.visitor_code)
    told = []  # identifiers: who sent it, and which code
    others = []  # events with another code
    for at, event in sight.events():
        properties = event.get("properties") or {}
        if event.get("event") == IDENTIFIER_EVENT:
            told.append((at, is_ours(event.get("messageId")), properties.get(IDENTIFIER_PROPERTY)))
        sent = (event.get(VISITOR_CODE_FIELDS.get(event["type"], "properties")) or {}).get(VISITOR_CODE)
        if sent and code and sent != code:
            others.append(Evidence(kind="event", at_ms=at, where=VISITOR_CODE, value=sent))
    seen = [Evidence(kind="global", where="Kameleoon.API.Visitor.code", value=code or None)]
    seen += [
        Evidence(
            kind="event",
            at_ms=at,
            where=f"{IDENTIFIER_EVENT} of {'the bridge' if ours else 'somebody else'}",
            value=sent,
        )
        for at, ours, sent in told
    ]
    wrong = [sent for _, _, sent in told if code and sent != code]
    if others or wrong:
        what = "Segment is told another visitor code than Kameleoon has"
        fix = f"See who puts {VISITOR_CODE} into events, and whether the page changes the visitor code"
        return verdict("visitor", "fail", what, seen + others, fix)
    if len(told) > 1:
        what = f"The identifier was sent {len(told)} times"
        fix = "Take out whatever sends it beside the bridge: the snippet of Kameleoon's help, or a call of the page's"
        return verdict("visitor", "fail", what, seen, fix)
    if told and not code:
        what = "The identifier was sent, and Kameleoon's script does not say which visitor code it has"
        return verdict("visitor", "unknown", what, seen)
    if told:
        return verdict("visitor", "pass", "Both sides have the same visitor code; the identifier was sent once", seen)
    return _unsent(sight, seen)


def _unsent(sight: Sight, seen: list[Evidence]) -> Check:
    """Say why no identifier was sent."""
    if not is_on(sight):
        return without_bridge("visitor")
    seen = [*seen, of_status(sight, "identifier")]
    if sight.in_force.get("identifier") is False:
        return verdict("visitor", "n/a", "The setting identifier is off: nobody is linked", seen)
    given = sight.last.get("consent") or {}
    if True not in given.values():
        return verdict("visitor", "unknown", "No identifier is sent before there is consent", seen)
    if sight.last.get("identifier") is None or (sight.last["identifier"] or {}).get("linked"):
        return verdict("visitor", "unknown", "The identifier was not seen on its way, and the bridge misses none", seen)
    fix = "See segment and kameleoon above; look for longer, with --wait 20"
    return verdict("visitor", "fail", "The identifier was not sent", seen, fix)
