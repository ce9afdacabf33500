"""What stands in the page: the tag, its Python, what stops it, and what should not be there."""

import re

from bridge.doctor.checks.verdict import HINTS, by_hint, is_on, of_console, of_request, of_status, verdict
from bridge.doctor.policies import TRUSTED_TYPES, Amendment, amended, without_directive
from bridge.doctor.report import Check, Evidence
from bridge.doctor.sight import Request, Script, Sight, Violation
from bridge.installing.tag import tag_text
from bridge.shared.vocabulary import CONSOLE_PREFIX

_REFUSED = 400  # the first status that says no
_EAR = re.compile(r"/bridge\.js(\?|$)")


def _element(script: Script) -> Evidence:
    return Evidence(kind="dom", where="script", value={"src": script.src, **script.attributes})


def tag(sight: Sight) -> Check:
    """The tag is in the page, once, and its file arrives."""
    tags = sight.tags
    if not tags and not sight.has_global:
        if inside := framed(sight):
            return verdict(
                "tag",
                "fail",
                "The bridge's tag is not in the page itself, but in a frame of it",
                [of_request(one) for one in inside],
                "Look at the frame's own address; where Kameleoon and Segment are in the page itself, it belongs there",
            )
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
        told = [of_console(one) for one in sight.console if any(address in one.text for address in addresses)]
        checked = any("crossorigin" in one.attributes for one in tags)
        return verdict(
            "tag",
            "fail",
            f"The tag's file does not load: {lost[0].status or lost[0].failure}",
            [of_request(one) for one in lost] + told + [_element(one) for one in tags],
            "Put the whole build where src says, or correct src; see csp and `doctor --host` too"
            + ("; with crossorigin its host has to send Access-Control-Allow-Origin" if checked else ""),
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
        codes = {code for one in tags if (code := one.attributes.get("data-sitecode"))}
        theirs = sight.kameleoon.sitecode
        keep = f"; keep that of the project {theirs}" if len(codes) > 1 and theirs in codes else ""
        return verdict(
            "tag",
            "warn",
            f"The tag is in the page {len(tags)} times; only the one that loads first does anything",
            [_element(one) for one in tags],
            f"Take out all but one{keep}",
        )
    return verdict("tag", "pass", "The tag is in the page, once", [_element(one) for one in tags])


def framed(sight: Sight) -> list[Request]:
    """Return the requests for a bridge.js where the page itself has no tag: those of its frames."""
    asked = [one for one in sight.requests if one.kind == "script" and _EAR.search(one.url)]
    return [] if sight.tags or sight.has_global else asked


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
            f"Add to the {_policies(change)}: {change.added}",
            "\n".join(change.policies.values()),
        )
    if change:
        return verdict(
            "csp",
            "warn",
            "A policy that only reports would refuse what is needed: " + ", ".join(change.refused),
            told,
            f"Add to it, before it is enforced: {change.added}",
            "\n".join(change.policies.values()),
        )
    if typed := [one for one in sight.violations if one.directive == TRUSTED_TYPES and not one.reported_only]:
        return _typed(sight, typed, told)
    if not policies:
        return verdict("csp", "n/a", "The page has no Content-Security-Policy that is enforced")
    seen = [Evidence(kind="header", where=one.where, value=one.value) for one in policies]
    return verdict("csp", "pass", "The Content-Security-Policy refuses nothing of the bridge's or the vendors'", seen)


def _policies(change: Amendment) -> str:
    count = len(change.policies)
    return f"{count} policies that refuse it, to each what it lacks" if count > 1 else "policy"


def _typed(sight: Sight, refused: list[Violation], told: list[Evidence]) -> Check:
    """Say that the page takes no plain texts where scripts are made, as both vendors' code and the bridge have them."""
    where = ", ".join(dict.fromkeys(one.where.partition("?")[0] for one in refused if one.where))
    policies = [one.value for one in sight.policies if TRUSTED_TYPES in one.value and not one.reported_only]
    starts = is_on(sight) and bool(sight.kameleoon.visitor_code)
    return verdict(
        "csp",
        "warn" if starts else "fail",
        f"The policy requires Trusted Types, and has refused what is made without: {where or 'in the page'}",
        told,
        f"Take {TRUSTED_TYPES} out of the policy, or have the page make a default policy that lets this through "
        "(trustedTypes.createPolicy)",
        "\n".join(without_directive(one, TRUSTED_TYPES) for one in policies) or None,
    )


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
    if not (sight.has_global and is_on(sight)):
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
