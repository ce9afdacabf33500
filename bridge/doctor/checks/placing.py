"""What stands in the page: the tag, its Python, what stops it, and what should not be there."""

from bridge.doctor.checks.verdict import HINTS, by_hint, of_console, of_request, of_status, verdict
from bridge.doctor.policies import amended
from bridge.doctor.report import Check, Evidence
from bridge.doctor.sight import Script, Sight
from bridge.installing.tag import tag_text
from bridge.shared.vocabulary import CONSOLE_PREFIX

_REFUSED = 400  # the first status that says no


def _element(script: Script) -> Evidence:
    return Evidence(kind="dom", where="script", value={"src": script.src, **script.attributes})


def tag(sight: Sight) -> Check:
    """The tag is in the page, once, and its file arrives."""
    tags = sight.tags
    if not tags and not sight.has_global:
        return verdict(
            "tag",
            "fail",
            "The bridge's tag is not in the page",
            [Evidence(kind="dom", where="document.scripts", value=f"{len(sight.scripts)} scripts, none of the bridge")],
            "Paste it into the head, above Kameleoon's where you can",
            tag_text(sight.kameleoon.sitecode),
        )
    addresses = {script.src for script in tags}
    asked = [one for one in sight.requests if one.url in addresses]
    lost = [one for one in asked if one.failure or (one.status or 0) >= _REFUSED]
    if lost and not sight.has_global:
        return verdict(
            "tag",
            "fail",
            f"The tag's file does not load: {lost[0].status or lost[0].failure}",
            [of_request(one) for one in lost] + [_element(one) for one in tags],
            "Put the whole build where src says, or correct src; see csp and `doctor --host` too",
        )
    if not sight.has_global:
        return verdict(
            "tag",
            "fail",
            "The tag is in the page, and its script has not run",
            [_element(one) for one in tags] + [of_request(one) for one in asked],
            "See what stops it: type, an attribute of a consent manager, integrity, or the Content-Security-Policy",
            tag_text(sight.kameleoon.sitecode, tags[0].src),
        )
    if len(tags) > 1:
        return verdict(
            "tag",
            "warn",
            f"The tag is in the page {len(tags)} times; only the first one does anything",
            [_element(one) for one in tags],
            "Take out all but one",
        )
    return verdict("tag", "pass", "The tag is in the page, once", [_element(one) for one in tags])


def runtime(sight: Sight) -> Check:
    """The bridge's Python has started, and nothing went wrong in it."""
    if not sight.has_global:
        return verdict("runtime", "unknown", "The bridge is not in the page")
    state = sight.last.get("state")
    errors = [str(one.get("what", "")) for one in sight.last.get("errors", [])]
    lines = [of_console(one) for one in sight.console if one.text.startswith(CONSOLE_PREFIX)]
    seen = [of_status(sight, "state"), *[Evidence(kind="status", where="errors", value=one) for one in errors], *lines]
    why = errors[-1] if errors else str(lines[0].value).removeprefix(CONSOLE_PREFIX).strip() if lines else ""
    if state != "on":
        return _stopped(sight, state, why, seen)
    other = [one["code"] for one in sight.last.get("hints", []) if one["code"] not in HINTS]
    if hinted := by_hint("runtime", sight, "warn", *other):
        return hinted
    if errors:
        return verdict("runtime", "warn", f"The bridge runs, and something went wrong: {why}", seen, "See the errors")
    engine = sight.last.get("engine")
    return verdict("runtime", "pass", f"The bridge runs, on {engine}", [of_status(sight, "timings")])


def _stopped(sight: Sight, state: object, why: str, seen: list[Evidence]) -> Check:
    """Say why Python does not run."""
    if state == "off":
        fix = "Correct the setting that it names; `kameleoon-segment check` says the same of a file"
        return verdict("runtime", "fail", f"The bridge is off: {why or 'a setting is wrong'}", seen, fix)
    if state == "failed":
        refused = [of_request(one) for one in sight.requests if one.failure and one.cloud is None]
        fix = "Host the whole build beside bridge.js; see csp, and `doctor --host` for the files and their types"
        return verdict("runtime", "fail", f"The bridge could not start: {why}", seen + refused, fix)
    fix = "Look for longer, with --wait 20; else see whether all its files arrive"
    return verdict("runtime", "fail", "The bridge has not started while the page was watched", seen, fix)


def csp(sight: Sight) -> Check:
    """The page's Content-Security-Policy lets the bridge and both vendors in."""
    policies = [policy for policy in sight.policies if not policy.reported_only]
    told = [
        Evidence(
            kind="violation",
            at_ms=one.at_ms,
            where=one.directive,
            value=one.blocked + (" (reported only)" if one.reported_only else ""),
        )
        for one in sight.violations
    ]
    change = amended(sight)
    if change and change.enforced:
        return verdict(
            "csp",
            "fail",
            "The Content-Security-Policy refuses what the bridge or a vendor needs: " + ", ".join(change.refused),
            told,
            f"Add to the policy: {change.added}",
            change.policy,
        )
    if change:
        return verdict(
            "csp",
            "warn",
            "A policy that only reports would refuse what is needed: " + ", ".join(change.refused),
            told,
            f"Add to it, before it is enforced: {change.added}",
            change.policy,
        )
    if not policies:
        return verdict("csp", "n/a", "The page has no Content-Security-Policy that is enforced")
    seen = [Evidence(kind="header", where=one.where, value=one.value) for one in policies]
    return verdict("csp", "pass", "The Content-Security-Policy refuses nothing of the bridge's or the vendors'", seen)


def snippets(sight: Sight) -> Check:
    """No snippet of Kameleoon's help does beside the bridge what the bridge does."""
    pasted = [one for one in sight.scripts if "identifier" in one.marks or "remote data" in one.marks]
    seen = [Evidence(kind="dom", where="inline script", value=one.excerpt) for one in pasted]
    if hinted := by_hint("snippets", sight, "warn", "old-snippet"):
        hinted.status = "fail"
        hinted.evidence += seen
        return hinted
    if pasted:
        what = "A snippet of Kameleoon's help is pasted in the page"
        fix = "Take it out: the bridge does what it does, and both together do it twice"
        return verdict("snippets", "fail" if sight.has_global else "warn", what, seen, fix)
    if not sight.has_global:
        return verdict("snippets", "unknown", "None is in the page; only a bridge that runs sees those in Kameleoon")
    return verdict("snippets", "pass", "No old snippet is seen, neither in the page nor at work")


def secrets(sight: Sight) -> Check:
    """Nothing that opens something stands where everybody reads it."""
    seen = [Evidence(kind="secret", where=one.where, value="(not shown)") for one in sight.secrets]
    if not seen:
        return verdict("secrets", "pass", "Nothing that looks like a secret stands in the page's own texts")
    ours = any(one.ours for one in sight.secrets)
    return verdict(
        "secrets",
        "fail" if ours else "warn",
        "Something that looks like a secret stands where everybody reads it: " + sight.secrets[0].where,
        seen,
        "Take it out and make a new one: no API key, secret or token belongs in a page; the bridge needs none",
    )
