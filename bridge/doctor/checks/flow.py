"""What goes to Segment and what comes back: exposures, events, custom data; and nothing of it before consent."""

import json
from typing import Any

from bridge.brain.elsewhere import ID_NAMES
from bridge.brain.stamps import is_ours
from bridge.brain.witnesses import is_wanted
from bridge.doctor.checks.verdict import by_hint, is_on, of_request, of_status, verdict, without_bridge
from bridge.doctor.report import Check, Evidence
from bridge.doctor.sight import Campaign, Sight
from bridge.installing.paste import acquisition_code
from bridge.shared.vocabulary import IDENTIFIER_EVENT, IDENTIFIER_PROPERTY, VISITOR_CODE, VISITOR_CODE_FIELDS
from bridge.wire.look import OUR_KEYS

_REFUSED = 400  # the first status that says no


def _exposed(sight: Sight, *, by_bridge: bool) -> list[tuple[float, dict[str, Any], str]]:
    """Return the exposures that the bridge sent, or that anybody else did: when, the event, the campaign's id."""
    return [
        (at, event, str(event["properties"][name]))
        for at, event in sight.events()
        if is_ours(event.get("messageId")) == by_bridge
        for name in ID_NAMES
        if name in (event.get("properties") or {})
    ]


def exposures(sight: Sight) -> Check:
    """Each campaign that the visitor came to see has one exposure, and nobody else reports it, too."""
    if hinted := by_hint("exposures", sight, "fail", "reported-elsewhere"):
        if hinted.fix and (theirs := _left_to_others(sight)):
            hinted.fix.paste = json.dumps({"exposures": {"except": theirs}})
        return hinted
    if not is_on(sight):
        return without_bridge("exposures")
    sent = _exposed(sight, by_bridge=True)
    seen = [
        Evidence(kind="event", at_ms=at, where=str(event.get("event")), value=event["properties"])
        for at, event, _ in sent
    ]
    ids = [campaign for *_, campaign in sent]
    shown = [one for one in sight.kameleoon.campaigns if _is_wanted(sight, one)]
    active = [Evidence(kind="global", where="Kameleoon", value=one.model_dump()) for one in shown]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        what = f"Exposures were sent more than once: campaigns {', '.join(twice)}"
        fix = "A single-page view, or a variation that changed: see the events; exposures.once_per limits them"
        return verdict("exposures", "warn", what, seen, fix)
    missing = [one for one in shown if str(one.id) not in ids and one.variation is not None]
    if not missing and not sent:
        return _nothing_to_report(sight)
    if not missing:
        return verdict("exposures", "pass", f"{len(sent)} of {len(sent)} campaigns seen were reported, once", seen)
    return _unreported(sight, missing, [*active, *seen])


def _left_to_others(sight: Sight) -> list[int]:
    """Return what `exposures.except` is to be, where somebody else goes on reporting campaigns; empty: none is seen."""
    told = sight.in_force.get("exposures")
    left_out = (told.get("except") if isinstance(told, dict) else None) or []
    theirs = _reported_by_others(sight)
    return sorted({*left_out, *theirs}) if theirs else []


def _reported_by_others(sight: Sight) -> set[int]:
    """Return the ids of the campaigns that somebody else in the page reports to Segment."""
    ids = [campaign for *_, campaign in _exposed(sight, by_bridge=False)]
    return {int(one) for one in ids if one.isascii() and one.isdigit()}


def _nothing_to_report(sight: Sight) -> Check:
    """Say why there is no exposure, and none is missing."""
    left_out = [one for one in sight.kameleoon.campaigns if not _is_wanted(sight, one)]
    if left_out and {one.id for one in left_out} <= _reported_by_others(sight):
        what = f"The settings leave every campaign that is shown to somebody else, who reports it: {_named(left_out)}"
        return verdict("exposures", "n/a", what)
    if left_out:
        seen = [of_status(sight, "settings", "exposures")]
        fix = "See exposures.only, exposures.except and exposures.personalizations; it may be meant so"
        what = f"The settings leave out every campaign that is shown: {_named(left_out)}"
        return verdict("exposures", "warn", what, seen, fix)
    what = "Kameleoon shows this visitor no campaign: its targeting, traffic or bot filter leave this browser out"
    return verdict("exposures", "unknown", what)


def _named(campaigns: list[Campaign]) -> str:
    return ", ".join(f"{one.id} {one.name}".strip() for one in campaigns)


def _is_wanted(sight: Sight, campaign: Campaign) -> bool:
    """Return whether the settings want a campaign reported, as far as they are known."""
    told = sight.in_force.get("exposures")
    settings = {"personalizations": True, "only": None, "except": None, **(told if isinstance(told, dict) else {})}
    return is_wanted(campaign.type, campaign.id, settings)


def _unreported(sight: Sight, missing: list[Campaign], seen: list[Evidence]) -> Check:
    """Say why campaigns that the visitor came to see have no exposure."""
    given = sight.last.get("consent") or {}
    seen = [of_status(sight, "exposures"), *seen]
    if all(given.get(one.type) is not True for one in missing):
        return verdict("exposures", "unknown", f"Held until there is consent: {_named(missing)}", seen)
    fix = (
        "Look for longer, with --wait 20"
        if sight.last.get("settings")
        else "See whether exposures.only, exposures.except or exposures.personalizations leave them out; else --wait 20"
    )
    return verdict(
        "exposures", "fail", f"Kameleoon showed campaigns that were not reported: {_named(missing)}", seen, fix
    )


def events(sight: Sight) -> Check:
    """Each Segment event carries the visitor code."""
    if not is_on(sight):
        return without_bridge("events")
    if sight.in_force.get("enrich") is False:
        return verdict("events", "n/a", "The setting enrich is off")
    carried: list[Evidence] = []
    bare: list[Evidence] = []
    early: list[Evidence] = []  # before anybody said yes: then the code is nobody's business
    since = _consent_since(sight)
    for at, event in sight.events():
        field = VISITOR_CODE_FIELDS.get(event["type"])
        if field is None:
            continue
        values = event.get(field) or {}
        named = event.get("event") or event["type"]
        has = values.get(VISITOR_CODE) or (event.get("event") == IDENTIFIER_EVENT and values.get(IDENTIFIER_PROPERTY))
        unasked = since is None or at < since
        (carried if has else early if unasked else bare).append(
            Evidence(kind="event", at_ms=at, where=str(named), value=list(values))
        )
    if not carried and not bare:
        nothing = "The page sent no event to Segment while it was watched"
        what = "No event carries the visitor code before there is consent" if early else nothing
        return verdict("events", "unknown", what, early)
    if not bare:
        return verdict("events", "pass", f"All {len(carried)} Segment events carry the visitor code", carried)
    if not sight.kameleoon.visitor_code:
        return verdict("events", "unknown", "There is no visitor code: see kameleoon", bare)
    what = f"{len(bare)} of {len(carried) + len(bare)} Segment events do not carry the visitor code"
    fix = (
        "Put the tag above Kameleoon's and Segment's, and load Kameleoon's script early: events wait a second at most"
        if carried
        else "See whether enrich is off in the build, or whether a middleware of the page takes it out"
    )
    return verdict("events", "warn" if carried else "fail", what, bare, fix)


def custom_data(sight: Sight) -> Check:
    """What is configured is known to Kameleoon and was asked for."""
    if not is_on(sight):
        return without_bridge("custom-data")
    values = sight.last.get("customData") or {}
    asked = [one for one in sight.requests if "/map/map" in one.url or "key=COHORTS_" in one.url]
    configured = sight.in_force.get("custom_data")
    names = (
        sorted({*values, *[str(one["name"]) for one in configured if isinstance(one, dict)]})
        if isinstance(configured, list)
        else sorted(values)
    )
    seen = [of_status(sight, "customData"), *[of_request(one) for one in asked]]
    failed = [one for one in asked if one.failure or (one.status or 200) >= _REFUSED]
    if not names and not asked:
        return verdict("custom-data", "n/a", "No custom data is configured, as far as the page shows")
    if failed:
        what = f"Kameleoon's remote data do not answer: {failed[0].failure or failed[0].status}"
        fix = (
            "See remote.data_host, the Content-Security-Policy's connect-src, and whether a content blocker is at work"
        )
        return verdict("custom-data", "fail", what, seen, fix)
    known = sight.kameleoon.custom_data
    unset = [name for name in values if values[name] not in (None, []) and known.get(name) in (None, [])]
    if unset and sight.kameleoon.present:
        what = f"Kameleoon did not take the value of: {', '.join(unset)}"
        fix = (
            "Create a custom data of exactly this name in Kameleoon, of scope visit or visitor, and publish the project"
        )
        return verdict(
            "custom-data",
            "fail",
            what,
            [*seen, Evidence(kind="global", where="customData", value=known)],
            f"{fix}; its custom JavaScript code:",
            acquisition_code(unset[0]),
        )
    filled = [name for name in names if values.get(name) not in (None, [])]
    if filled:
        return verdict("custom-data", "pass", f"Kameleoon has the values of: {', '.join(filled)}", seen)
    what = (
        "Remote data was asked for, and has nothing of this new visitor" if asked else "Remote data was not asked for"
    )
    return verdict("custom-data", "unknown", what, seen)


def consent(sight: Sight) -> Check:
    """Nothing of the bridge's is sent or stored before there is consent."""
    if not sight.has_global:
        return without_bridge("consent")
    since = _consent_since(sight)
    early = [
        Evidence(kind="event", at_ms=at, where=str(event.get("event") or event["type"]), value=event.get("messageId"))
        for at, event in sight.events()
        if is_ours(event.get("messageId")) and (since is None or at < since)
    ]
    kept = [
        Evidence(kind="storage", at_ms=one.at_ms, where="localStorage", value=key)
        for one in sight.storage
        if since is None or one.at_ms < since
        for key in one.local
        if key.startswith(OUR_KEYS)
    ]
    told = of_status(sight, "consent")
    if since is None and (early or kept) and is_on(sight):
        what = "There is no consent, and something was " + ("sent" if early else "stored")
        fix = "See who sends or stores it: the snippet of Kameleoon's help does so without asking"
        return verdict("consent", "fail", what, [told, *early, *kept], fix)
    return by_hint("consent", sight, "warn", "consent-refused") or _unasked(sight, since)


def _unasked(sight: Sight, since: float | None) -> Check:
    """Say what can be said where nothing came too early."""
    told = of_status(sight, "consent")
    if not is_on(sight):
        return without_bridge("consent")
    if hinted := by_hint("consent", sight, "unknown", "consent-unknown"):
        if since is None:
            hinted.what = "Nothing was sent or stored while consent is unknown; a banner was not answered"
        return hinted
    if sight.banner:
        what = f"Consent counts as given, and {sight.banner} is in the page: whether it was asked cannot be seen"
        return verdict("consent", "unknown", what, [told])
    if since is None:
        return verdict("consent", "unknown", "Consent is not known, and nothing was sent or stored", [told])
    return verdict("consent", "pass", "Consent is given from the start: the project asks for none", [told])


def _consent_since(sight: Sight) -> float | None:
    """Return when the page's status first knew of a yes; 0 where its first word was one."""
    answers = [(one.at_ms, one.status.get("consent"), one.status.get("state")) for one in sight.statuses]
    known = [(at, answer) for at, answer, state in answers if isinstance(answer, dict) and state == "on"]
    given = [at for at, answer in known if True in answer.values()]
    if not given:
        return None
    return 0 if given[0] == known[0][0] else given[0]
