"""Fixes that can be tried: what to change in the document on its way into the browser, so that a check is healed."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape

from bridge.doctor.checks import judge
from bridge.doctor.checks.placing import framed
from bridge.doctor.looking import Document, Edit
from bridge.doctor.policies import Amendment, amended, several, with_sources
from bridge.doctor.sight import Sight
from bridge.installing.policy import sources
from bridge.installing.tag import tag_text
from bridge.wire.look import MARKS

_SCRIPT = re.compile(r"<script\b[^>]*>.*?</script\s*>", re.IGNORECASE | re.DOTALL)
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
_POLICY = "content-security-policy"


@dataclass(frozen=True)
class Remedy:
    """A change that is to heal a check."""

    check: str
    change: str  #: in words
    edit: Edit


def remedies(sight: Sight, bundle: str | None) -> Iterator[Remedy]:
    """Yield what can be tried for the checks that do not pass; ``bundle`` is a bridge.js's address, if known."""
    found = {check.id: check for check in judge(sight).checks if check.status in ("fail", "warn")}
    if "tag" in found and bundle and not sight.tags and not framed(sight):
        yield _with_tag(sight, bundle)
    if "project" in found and sight.kameleoon.sitecode:
        yield _with_sitecode(str(sight.last.get("sitecode")), sight.kameleoon.sitecode)
    if "csp" in found and (change := amended(sight)):
        yield _with_policy(change)
    if any({"identifier", "remote data"} & set(one.marks) for one in sight.scripts):
        for check in ("snippets", "visitor"):
            if check in found:
                yield Remedy(check, "the pasted snippet is taken out of the page", _without_snippets)


def _with_tag(sight: Sight, bundle: str) -> Remedy:
    tag = tag_text(sight.kameleoon.sitecode, bundle)
    needed = sources(bundle)

    def edit(document: Document) -> Document:
        html = _HEAD.sub(lambda found: found[0] + tag, document.html, count=1)
        return Document(
            tag + html if html == document.html else html,
            _mended(document.headers, lambda policy: with_sources(policy, needed)),
        )

    return Remedy("tag", f"the tag is pasted into the head: {tag}", edit)


def _with_sitecode(ours: str, theirs: str) -> Remedy:
    wrong = re.compile(rf"(data-sitecode\s*=\s*[\"']?){re.escape(ours)}\b")

    def edit(document: Document) -> Document:
        return Document(wrong.sub(rf"\g<1>{theirs}", document.html), document.headers)

    return Remedy("project", f'data-sitecode is made "{theirs}"', edit)


def _with_policy(change: Amendment) -> Remedy:
    def edit(document: Document) -> Document:
        html = document.html
        for policy, mended in change.policies.items():
            for written in (policy, escape(policy), escape(policy).replace("&#x27;", "&#39;")):
                html = html.replace(written, mended)
        return Document(html, _mended(document.headers, lambda policy: change.policies.get(policy, policy)))

    return Remedy("csp", f"added to the policy: {change.added}", edit)


def _mended(headers: dict[str, str], mend: Callable[[str], str]) -> dict[str, str]:
    """Return the headers, each policy in them as ``mend`` returns it."""
    return {
        name: ", ".join(mend(one) for one in several(value)) if name.startswith(_POLICY) else value
        for name, value in headers.items()
    }


def _without_snippets(document: Document) -> Document:
    marks = re.compile(f"{MARKS['identifier']}|{MARKS['remote data']}")
    kept = _SCRIPT.sub(lambda found: "" if marks.search(found[0]) else found[0], document.html)
    return Document(kept, document.headers)
