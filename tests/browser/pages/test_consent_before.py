"""Whose data, and what is kept: before consent nothing, after a refusal nothing any more, after a reset nobody's."""

import json
from typing import Any

import pytest

from tests.browser.shop import ONLY_MICROPYTHON, Shop

CODE = "0123456789abcdef"
SOURCES = [
    {"name": "Personas", "source": "personas"},
    {"name": "Plan", "source": "trait", "trait": "plan"},
    {"name": "Group", "source": "group"},
]
DEFINITIONS = [
    {"index": 1, "name": "Personas", "type": "LIST", "format": "string", "scope": "VISIT"},
    {"index": 2, "name": "Plan", "type": "UNIQUE", "format": "string", "scope": "VISIT"},
]
OURS = "() => Object.keys(localStorage).concat(Object.keys(sessionStorage)).filter((key) => /^k_segmentio/.test(key))"
VIP = {"value": ["vip"], "overwrite": True}
# What Kameleoon would be told, and what its snippets read, at this moment.
SHOWN = """() => [
  ['Personas', 'Plan', 'Group'].map((name) => window.kameleoonSegment?.customData(name)).filter((one) => one),
  Object.keys(window.k_segmentIO || {}).filter((name) => name !== 'runtime'),
].flat()"""
HAS_VIP = "() => window.kameleoonSegment?.customData('Personas')?.value[0] === 'vip'"


@pytest.fixture(autouse=True)
def known(shop: Shop) -> None:
    """Let the visitor be one of whom much is known."""
    shop.context.add_cookies([{"name": "kameleoonVisitorCode", "value": CODE, "url": shop.origin}])
    shop.remote(
        **{f"COHORTS_{CODE}": {"vip": True}, f"IDENTIFY_{CODE}": {"traits": {"plan": "pro"}, "groupId": "g1"}},
        common={"cohorts": ["vip", "new"]},
    )


def visit(shop: Shop, config: str, **project: Any) -> None:
    """Open a page of the shop."""
    shop.open(
        shop.kameleoon(consent="required", customData=DEFINITIONS, **project), shop.segment(), shop.tag(config=config)
    )


@pytest.fixture
def config(configured: Any) -> str:
    """Return where the configuration is."""
    address: str = configured(custom_data=SOURCES)
    return address


def test_nothing_before_consent(shop: Shop, config: str) -> None:
    """On the first page and on the second, whatever is called: no key, no value, no request."""
    for _ in range(2):
        visit(shop, config)
        shop.ready()
        shop.page.wait_for_function("() => window.kameleoonSegment.status().held > 0")
        shop.page.evaluate(
            "() => { analytics.identify('u1', {plan: 'gold'}); analytics.group('g2'); analytics.reset() }"
        )
        shop.settled()
        assert shop.page.evaluate(OURS) == []
        assert shop.page.evaluate(SHOWN) == []
    assert not [row for row in shop.log() if row["kind"] == "data_api.get"]


@ONLY_MICROPYTHON
def test_what_was_kept_is_not_shown_before_consent(shop: Shop, config: str) -> None:
    """An answer that has run out is none: also before the brain is up."""
    visit(shop, config)
    shop.page.wait_for_function("() => window.Kameleoon?.API.Visitor?.code")
    shop.page.evaluate("() => Kameleoon.API.Core.enableLegalConsent()")
    shop.page.wait_for_function(HAS_VIP)
    waiting = shop.hold("brain-*")
    visit(shop, config)
    shop.page.wait_for_function(HAS_VIP)  # consent is known, the brain is not up
    shop.released(waiting).continue_()
    shop.ready()
    shop.page.evaluate("() => localStorage.removeItem('kameleoonLegalConsent')")
    visit(shop, config)
    shop.page.wait_for_function("() => window.kameleoonSegment && window.Kameleoon?.API.Visitor?.code")
    assert shop.page.evaluate(SHOWN) == []
    shop.released(waiting).continue_()
    shop.ready()
    assert shop.page.evaluate(SHOWN) == []


@ONLY_MICROPYTHON
def test_what_was_kept_waits_for_the_page_s_own_word(shop: Shop, configured: Any) -> None:
    """In the mode `manual`."""
    config = configured(custom_data=SOURCES, consent="manual")
    visit(shop, config)
    shop.ready()
    shop.page.evaluate("() => { kameleoonSegment.consent(true) }")
    shop.page.wait_for_function(HAS_VIP)
    waiting = shop.hold("brain-*")
    visit(shop, config)
    shop.page.wait_for_function("() => window.kameleoonSegment")
    assert shop.page.evaluate(SHOWN) == []
    shop.page.evaluate("() => { kameleoonSegment.consent(true) }")
    shop.page.wait_for_function(HAS_VIP)
    shop.released(waiting).continue_()
    shop.ready()
    shop.page.wait_for_function(HAS_VIP)


@pytest.mark.parametrize("again", [False, True], ids=["in the view", "on a later page"])
def test_a_refusal_removes_everything(shop: Shop, config: str, again: bool) -> None:
    """Every key, every value, those in Kameleoon, too; `status()` says so."""
    visit(shop, config)
    shop.page.wait_for_function("() => window.Kameleoon?.API.Visitor?.code")
    shop.page.evaluate("() => Kameleoon.API.Core.enableLegalConsent()")
    shop.page.wait_for_function(HAS_VIP)
    shop.works()
    shop.page.wait_for_function(f"() => ({OURS})().length >= 4")
    if again:
        visit(shop, config)
        shop.ready()
    shop.page.evaluate("() => Kameleoon.API.Core.disableLegalConsent()")
    shop.page.wait_for_function("() => kameleoonSegment.status().consent.experiment === false")
    shop.settled()
    assert shop.page.evaluate(OURS) == []
    assert shop.page.evaluate(SHOWN) == []
    assert shop.page.evaluate("() => Object.values(Kameleoon.API.CurrentVisit.customData).flat()") == []
    status = shop.status()
    assert (status["customData"], [hint["code"] for hint in status["hints"]]) == ({}, ["consent-refused"])
    visit(shop, config)
    shop.ready()
    shop.settled()
    assert (shop.page.evaluate(OURS), shop.page.evaluate(SHOWN)) == ([], [])


def test_after_a_reset_nothing_comes_back(shop: Shop, config: str) -> None:
    """Not for a moment, and not on the next page before the brain is up; until an identify says who is here."""
    visit(shop, config)
    shop.page.wait_for_function("() => window.Kameleoon?.API.Visitor?.code")
    shop.page.evaluate("() => Kameleoon.API.Core.enableLegalConsent()")
    shop.page.wait_for_function(HAS_VIP)
    shop.page.evaluate("() => { analytics.reset() }")
    shop.page.wait_for_function("() => kameleoonSegment.customData('Personas') === undefined")
    watch = f"window.back = 0; setInterval(() => {{ back += ({SHOWN})().length }}, 1)"
    shop.page.evaluate(f"() => {{ {watch} }}")
    shop.settled()
    shop.wait_for_lock("k_segmentio_remote")
    shop.settled()
    assert shop.page.evaluate("() => back") == 0
    shop.context.add_init_script(f"if (window === top) {{ {watch} }}")
    visit(shop, config)
    shop.ready()
    shop.settled()
    shop.wait_for_lock("k_segmentio_remote")
    assert shop.page.evaluate("() => back") == 0
    shop.page.evaluate("() => { analytics.identify('u2') }")
    shop.page.wait_for_function(HAS_VIP)


@ONLY_MICROPYTHON
def test_names_from_outside_do_not_collide(shop: Shop, configured: Any) -> None:
    """Traits may be called as anything is: personas and group stay where Kameleoon's snippets read them."""
    traits = ["cohorts", "groupId", "runtime", "__proto__", "constructor", "toString"]
    config = configured(
        custom_data=[*SOURCES, *({"name": f"Trait {one}", "source": "trait", "trait": one} for one in traits)],
        consent="none",
    )
    visit(shop, config)
    shop.page.wait_for_function(HAS_VIP)
    known = ", ".join(f"{json.dumps(one)}: 'mine'" for one in traits if one != "__proto__")
    shop.page.evaluate(f"() => {{ analytics.identify('u1', {{ {known} }}); analytics.group('g7') }}")
    shop.page.wait_for_function("() => kameleoonSegment.customData('Trait runtime')?.value === 'mine'")
    shop.page.wait_for_function("() => kameleoonSegment.customData('Group')?.value === 'g7'")
    shop.page.wait_for_function("() => k_segmentIO.groupId === 'g7'")
    assert shop.page.evaluate("() => k_segmentIO.cohorts") == ["vip"]
    assert shop.page.evaluate("() => k_segmentIO.runtime") is True
    assert shop.page.evaluate("() => Object.getPrototypeOf(k_segmentIO) === Object.prototype && !{}.value")
    for name in ("toString", "__proto__", "nothing"):
        assert shop.page.evaluate("(name) => kameleoonSegment.customData(name)", name) is None


@ONLY_MICROPYTHON
@pytest.mark.parametrize("user", ["a=b=c", "jörg & söhne; %20", "100%"])
def test_ids_with_awkward_characters(shop: Shop, configured: Any, user: str) -> None:
    """Cookies hold them encoded, and with more than one `=`: whose data they are is read as it was written."""
    config = configured(custom_data=SOURCES, user_id="segment", consent="none")
    shop.remote(**{f"COHORTS_{user}": {"vip": True}})
    visit(shop, config)
    shop.ready()
    shop.page.evaluate("(user) => { analytics.identify(user) }", user)
    shop.page.wait_for_function(HAS_VIP)
    waiting = shop.hold("*.wasm")
    visit(shop, config)
    shop.page.wait_for_function(HAS_VIP)  # kept, and known for theirs by the cookie alone
    shop.released(waiting).continue_()
    shop.ready()
