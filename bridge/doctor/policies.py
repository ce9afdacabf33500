"""Content-Security-Policies: what one has refused of ours and the vendors', and the policy that would not."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bridge.doctor.sight import Policy, Sight, Violation
from bridge.installing.policy import WASM, origin_of

_VENDORS = re.compile(r"(^|\.)(kameleoon\.(com|eu|io|net)|segment\.(com|io)|segmentapis\.com)$")
_CODE = {"eval", "wasm-eval"}
_FALLBACK = "default-src"


@dataclass
class Amendment:
    """What a page's policy lacks."""

    policy: str  #: amended
    original: str
    enforced: bool
    refused: list[str] = field(default_factory=list)  #: what it refused: addresses, or kinds of code
    missing: dict[str, list[str]] = field(default_factory=dict)  #: sources, by directive

    @property
    def added(self) -> str:
        """Return what is added, as one would write it."""
        return "; ".join(f"{directive} {' '.join(sources)}" for directive, sources in self.missing.items())


def amended(sight: Sight) -> Amendment | None:
    """Return what the page's policy lacks for what it has refused; None where it refused nothing that matters.

    Once one thing of the bridge's was refused, all that the bridge needs is added (README, "Content-Security-Policy").
    """
    needed = [one for one in sight.violations if _matters(sight, one)]
    if not needed:
        return None
    enforced = [one for one in needed if not one.reported_only]
    told = enforced or needed
    policy = _policy(sight, reported_only=not enforced)
    change = Amendment(policy=policy, original=policy, enforced=bool(enforced))
    for one in told:
        _add(change, _directive(policy, one.directive), _source(one.blocked))
        seen = one.blocked.partition("?")[0]
        if seen not in change.refused:
            change.refused.append(seen)
    ours = own_hosts(sight)
    if any(origin_of(one.blocked) in ours or one.blocked in _CODE for one in told):
        for host in ours:
            _add(change, _directive(policy, "script-src-elem"), host)
            _add(change, "connect-src", host)
        _add(change, "script-src", WASM)
    change.policy = with_sources(policy, change.missing)
    return change


def own_hosts(sight: Sight) -> list[str]:
    """Return the origins of the bundle."""
    return sorted({origin for one in sight.tags if (origin := origin_of(one.src))})


def with_sources(policy: str, missing: dict[str, list[str]]) -> str:
    """Return a policy with more sources; a directive that is not there begins as what it falls back to."""
    directives: dict[str, list[str]] = {}
    for text in policy.split(";"):
        if words := text.split():
            directives.setdefault(words[0].lower(), words[1:])  # of two the first one counts
    for name, sources in missing.items():
        if name not in directives and _FALLBACK not in directives:
            continue  # what nobody limits needs no source
        there = directives.get(name, directives.get(_FALLBACK, []))
        allowed = [one for one in there if one != "'none'"]
        directives[name] = allowed + [one for one in sources if one not in allowed]
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())


def _matters(sight: Sight, one: Violation) -> bool:
    if one.blocked == "wasm-eval":
        return True
    if one.blocked == "eval":  # Kameleoon's script runs variations and custom code so (Kameleoon's FAQ)
        return bool(_VENDORS.search(urlsplit(one.where).hostname or ""))
    hosts = [*own_hosts(sight), *vendors(sight)]
    return origin_of(one.blocked) in hosts or bool(_VENDORS.search(urlsplit(one.blocked).hostname or ""))


def vendors(sight: Sight) -> list[str]:
    """Return the origins that Kameleoon's and Segment's own scripts come from in this page."""
    known = ("/engine.js", "/kameleoon.js", "/analytics.min.js")
    scripts = [one.src for one in sight.scripts if urlsplit(one.src).path.endswith(known)]
    return sorted({origin_of(src) for src in scripts})


def _policy(sight: Sight, *, reported_only: bool) -> str:
    found: list[Policy] = [one for one in sight.policies if one.reported_only is reported_only]
    return found[0].value if found else ""


def _directive(policy: str, effective: str) -> str:
    """Return where a source is to be added: in the directive that counted, or in that which it falls back to."""
    named = any(text.split()[:1] == [effective] for text in policy.lower().split(";"))
    return "script-src" if effective in ("script-src-elem", "script-src-attr") and not named else effective


def _source(blocked: str) -> str:
    return {"eval": "'unsafe-eval'", "wasm-eval": WASM}.get(blocked) or origin_of(blocked)


def _add(change: Amendment, directive: str, source: str) -> None:
    sources = change.missing.setdefault(directive, [])
    if source not in sources:
        sources.append(source)
