"""Content-Security-Policies: what one has refused of ours and the vendors', and the policy that would not."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bridge.doctor.sight import Sight, Violation
from bridge.installing.policy import WASM, origin_of

_VENDORS = re.compile(r"(^|\.)(kameleoon\.(com|eu|io|net)|segment\.(com|io)|segmentapis\.com)$")
_CODE = {"eval", "wasm-eval"}
_FALLBACK = "default-src"
TRUSTED_TYPES = "require-trusted-types-for"


@dataclass
class Amendment:
    """What a page's policies lack. A page may have several, and each of them has to allow what is needed."""

    enforced: bool
    refused: list[str] = field(default_factory=list)  #: what was refused: addresses, or kinds of code
    missing: dict[str, list[str]] = field(default_factory=dict)  #: sources, by directive
    policies: dict[str, str] = field(default_factory=dict)  #: by each policy that lacks something the amended one

    @property
    def added(self) -> str:
        """Return what is added, as one would write it."""
        return "; ".join(f"{directive} {' '.join(sources)}" for directive, sources in self.missing.items())


def amended(sight: Sight) -> Amendment | None:
    """Return what the page's policies lack for what they have refused; None where they refused nothing that matters.

    Once one thing of the bridge's was refused, all that the bridge needs is added (README, "Content-Security-Policy").
    """
    needed = [one for one in sight.violations if _matters(sight, one)]
    if not needed:
        return None
    enforced = [one for one in needed if not one.reported_only]
    told = enforced or needed
    change = Amendment(enforced=bool(enforced))
    wanted: list[tuple[str, str]] = [(one.directive, _source(one.blocked)) for one in told]
    change.refused = list(dict.fromkeys(one.blocked.partition("?")[0] for one in told))
    ours = own_hosts(sight)
    if any(origin_of(one.blocked) in ours or one.blocked in _CODE for one in told):
        for host in ours:
            wanted += [("script-src-elem", host), ("connect-src", host)]
        wanted.append(("script-src", WASM))
    policies = [one.value for one in sight.policies if one.reported_only is not change.enforced]
    for policy in policies:
        missing: dict[str, list[str]] = {}
        for effective, source in wanted:
            directive = _directive(policy, effective)
            if len(policies) == 1 or not _allows(policy, directive, source):  # the browser does not say which refused
                _add(missing, directive, source)
        mended = with_sources(policy, missing)
        if len(policies) == 1 or mended != with_sources(policy, {}):
            change.policies[policy] = mended
            for directive, sources in missing.items():
                for source in sources if limits(policy, directive) else ():
                    _add(change.missing, directive, source)
    return change


def own_hosts(sight: Sight) -> list[str]:
    """Return the origins of the bundle."""
    return sorted({origin for one in sight.tags if (origin := origin_of(one.src))})


def with_sources(policy: str, missing: dict[str, list[str]]) -> str:
    """Return a policy with more sources; a directive that is not there begins as what it falls back to."""
    directives = _directives(policy)
    for name, sources in missing.items():
        if not limits(policy, name):
            continue  # it needs no source
        there = directives.get(name, directives.get(_FALLBACK, []))
        allowed = [one for one in there if one != "'none'"]
        directives[name] = allowed + [one for one in sources if one not in allowed]
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())


def without_directive(policy: str, name: str) -> str:
    """Return a policy without a directive."""
    return "; ".join(" ".join([one, *words]) for one, words in _directives(policy).items() if one != name)


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


def several(header: str) -> list[str]:
    """Return the policies that a header has: each header sent is one more, and a comma parts two (CSP3, 2.2.3)."""
    return [policy for text in re.split("[,\n]", header) if (policy := text.strip())]


def _directives(policy: str) -> dict[str, list[str]]:
    directives: dict[str, list[str]] = {}
    for text in policy.split(";"):
        if words := text.split():
            directives.setdefault(words[0].lower(), words[1:])  # of two the first one counts
    return directives


def limits(policy: str, directive: str) -> bool:
    """Return whether a policy limits what a directive is for."""
    directives = _directives(policy)
    return directive in directives or _FALLBACK in directives


def _directive(policy: str, effective: str) -> str:
    """Return where a source is to be added: in the directive that counted, or in that which it falls back to."""
    named = effective in _directives(policy)
    return "script-src" if effective in ("script-src-elem", "script-src-attr") and not named else effective


def _allows(policy: str, directive: str, source: str) -> bool:
    """Return whether a policy has a source already: by its name, its scheme, or a wildcard."""
    if not limits(policy, directive):
        return True
    directives = _directives(policy)
    there = directives.get(directive, directives.get(_FALLBACK, []))
    address = urlsplit(source)
    wide = {"*", f"{address.scheme}:", address.netloc} if address.netloc else set()
    return any(
        one in wide or one == source or ("*." in one and address.netloc.endswith(one.rpartition("*")[2]))
        for one in there
    )


def _source(blocked: str) -> str:
    return {"eval": "'unsafe-eval'", "wasm-eval": WASM}.get(blocked) or origin_of(blocked)


def _add(missing: dict[str, list[str]], directive: str, source: str) -> None:
    sources = missing.setdefault(directive, [])
    if source not in sources:
        sources.append(source)
