"""Applies a fix to a page exactly as it is printed, as somebody would who has nothing but the report."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from bridge.doctor.report import Check
from tests.browser.shop import SITECODE, WRITE_KEY, Storefront

_SRC = re.compile(r'\bsrc="([^"]*)"')
_EXAMPLE = "https://cdn.example.com/ks/bridge.js"  # the report's word for where the bundle lies


@dataclass(frozen=True)
class Site:
    """A page, and what its owner may change: the head, the policy, the bridge's configuration, Kameleoon's project."""

    head: tuple[str, ...]
    csp: str = ""
    config: dict[str, Any] = field(default_factory=dict)
    project: dict[str, Any] = field(default_factory=dict)

    def written(self, shop: Storefront) -> tuple[str, ...]:
        """Put the configuration on the shop's server; return the elements of the head, all addresses filled in."""
        address = shop.file("/bridge.json", json.dumps({"sitecode": SITECODE, **self.config}))
        places = {
            "TAG": shop.tag(config=address) if self.config else shop.tag(),
            "KAMELEOON": shop.kameleoon(**self.project),
            "SEGMENT": shop.segment(),
        }
        return tuple(places.get(one, one) for one in self.head)


def applied(found: Check, site: Site, shop: Storefront) -> Site:
    """Return the site with what the check's fix says: put in what is to be pasted, or taken out what is named."""
    assert found.fix
    head = site.written(shop)
    if found.fix.paste is None:
        return _taken_out(found, site, head)
    return next(apply for begins, apply in _PASTES.items() if found.fix.paste.startswith(begins))(found, site, shop)


def _element(found: Check, site: Site, shop: Storefront) -> Site:
    """Put a script into the head, in place of the one from the same address."""
    pasted = pasted_by(found)
    # Only where the files lie does the reader know better: our bundle's host, and the sandbox for Kameleoon's.
    if f"https://{SITECODE}.kameleoon.io/engine.js" in pasted:
        pasted = shop.kameleoon(**site.project)
    pasted = pasted.replace(_EXAMPLE, f"{shop.cloud}/bridge.js")
    return replace(site, head=(pasted, *(one for one in site.written(shop) if _source(one) != _source(pasted))))


def _configuration(found: Check, site: Site, _shop: Storefront) -> Site:
    return replace(site, config={**site.config, **json.loads(pasted_by(found))})


def _attribute(found: Check, site: Site, shop: Storefront) -> Site:
    pasted = pasted_by(found)
    named = re.compile(rf'{pasted.partition("=")[0]}="[^"]*"')
    return replace(site, head=tuple(named.sub(pasted, one) for one in site.written(shop)))


def _custom_data(found: Check, site: Site, _shop: Storefront) -> Site:
    """Make the custom data in Kameleoon."""
    assert found.fix
    assert "Create a custom data of exactly this name" in found.fix.text
    (name,) = re.findall(r"value of: (.+)", found.what)
    made = {"index": 1, "name": name, "type": "UNIQUE", "scope": "VISITOR", "method": "CUSTOM_CODE"}
    return replace(site, project={**site.project, "customData": [{**made, "customEvalCode": pasted_by(found)}]})


def _policy(found: Check, site: Site, _shop: Storefront) -> Site:
    pasted = pasted_by(found)
    if site.csp:
        return replace(site, csp=pasted)
    return replace(site, head=tuple(re.sub(r'(?<=content=")[^"]*', pasted, one) for one in site.head))


def _call(found: Check, site: Site, _shop: Storefront) -> Site:
    """Put a call below the rest, with the write key."""
    return replace(site, head=(*site.head, f"<script>{pasted_by(found).replace('YOUR_WRITE_KEY', WRITE_KEY)}</script>"))


#: By how a paste begins, where it goes.
_PASTES: dict[str, Callable[[Check, Site, Storefront], Site]] = {
    "<script": _element,
    "{": _configuration,
    "data-": _attribute,
    "return ": _custom_data,
    "script-src ": _policy,
    "analytics.": _call,
}


def pasted_by(found: Check) -> str:
    """Return what a check's fix says to paste."""
    assert found.fix
    assert found.fix.paste
    return found.fix.paste


def _taken_out(found: Check, site: Site, head: tuple[str, ...]) -> Site:
    """Return the site without what the fix names, for those that only say what is to go."""
    assert found.fix
    text = found.fix.text
    if text.startswith("Take out all but one"):
        return replace(site, head=tuple(dict.fromkeys(head)))
    assert "Take" in text, f"nobody can apply this: {text}"
    places = [one.where for one in found.evidence if one.kind == "secret"]
    if places:
        config = {key: value for key, value in site.config.items() if f"data-config: {key}" not in places}
        attributes = [one.removeprefix("tag: ") for one in places if one.startswith("tag: ")]
        bare = tuple(re.sub(rf' (?:{"|".join(attributes) or "-"})="[^"]*"', "", one) for one in site.head)
        return replace(site, config=config, head=bare)
    excerpts = [str(one.value)[:100] for one in found.evidence if one.kind == "dom" and one.where == "inline script"]
    return replace(site, head=tuple(one for one in head if not any(excerpt in one for excerpt in excerpts)))


def _source(element: str) -> str:
    """Return the address of a script without its query, "" for one that has none."""
    return "".join(_SRC.findall(element)).partition("?")[0]
