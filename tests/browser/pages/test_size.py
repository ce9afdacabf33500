"""Only what the brain needs crosses the seam, and within bounds: neither huge nor odd things hold the page."""

import json
from typing import Any

import pytest

from bridge.shared.vocabulary import AUDIENCE_KEY, EXPOSURES_KEY, LINKED_KEY, PAIRS_KEY, VALUES_KEY
from tests.browser.shop import ONLY_MICROPYTHON, Shop
from tests.browser.situations import script

KEYS = (AUDIENCE_KEY, EXPOSURES_KEY, LINKED_KEY, PAIRS_KEY, VALUES_KEY)
# How long the page was held at most, in ms: timers that should ring every 5 ms come late by that.
HELD = script("""
  window.held = 0
  let last = performance.now()
  setInterval(() => { held = Math.max(held, performance.now() - last); last = performance.now() }, 5)
""")
# A middleware of the page behind ours: what it sees is what all its destinations get.
SEEN = """() => {
  window.seen = {}
  analytics.addSourceMiddleware(({ payload, next }) => {
    if (payload.obj.event) seen[payload.obj.event] = payload.obj.properties.kameleoonVisitorCode
    next(payload)
  })
}"""
LIMIT_MS = 1000  # a busy machine's; without bounds it was 2 to 9 s
# What analytics.js itself takes: a value that holds itself it does not.
ODD = {
    "huge": "{ text: 'x'.repeat(3e6) }",
    "BigInt": "{ price: 10n }",
    "element": "{ target: document.body }",
    "toJSON throws": "{ toJSON() { throw new Error('mine') } }",
}


@ONLY_MICROPYTHON
def test_events_of_all_kinds(shop: Shop) -> None:
    """Each is enriched, and the page is not held: analytics.js sends what it can write as JSON."""
    shop.open(HELD, shop.kameleoon(), shop.segment(), shop.tag())
    shop.works()
    shop.page.evaluate(SEEN)
    shop.page.evaluate("() => { held = 0 }")
    for name, properties in ODD.items():
        shop.page.evaluate(f"() => {{ analytics.track({json.dumps(name)}, {properties}) }}")
    shop.page.wait_for_function("(count) => Object.keys(seen).length === count", arg=len(ODD))
    shop.settled()
    assert shop.page.evaluate("() => held") < LIMIT_MS
    seen = shop.page.evaluate("() => seen")
    assert {name: seen[name] for name in ODD} == dict.fromkeys(ODD, shop.visitor_code())
    assert shop.status()["errors"] == []
    assert [problem for problem in shop.problems if "400" not in problem] == []  # Segment takes 32 kB
    shop.problems.clear()


@pytest.mark.parametrize("text", ["x", "[[1],", "9"], ids=["words", "half a list", "a number"])
@ONLY_MICROPYTHON
def test_a_megabyte_of_rubbish_under_our_keys(shop: Shop, text: str) -> None:
    """It is not read: the page is not held, everything works, and `status()` says what was left out."""
    fill = (
        f"for (const key of {json.dumps(KEYS)}) localStorage[key] ||= {json.dumps(text)}.repeat({10**6 // len(text)})"
    )
    shop.open(script(fill), HELD, shop.kameleoon(), shop.segment(), shop.tag())
    status = shop.works()
    assert shop.page.evaluate("() => held") < LIMIT_MS
    assert any("localStorage" in error["what"] for error in status["errors"])


@ONLY_MICROPYTHON  # seven page views; tests/brain gives rubbish to both
def test_rubbish_of_all_shapes_under_our_keys(shop: Shop) -> None:
    """Anybody may write there."""
    rubbish = ["null", "[]", '{"a":1}', '"x"', "1e999", '[[null, 7], {"x": []}]', '{"__proto__": {"values": 1}}']
    fill = f"""
      const rubbish = {json.dumps(rubbish)}, turn = +sessionStorage.turn || 0, keys = {json.dumps(KEYS)}
      keys.forEach((key, n) => {{ localStorage[key] = rubbish[(turn + n) % rubbish.length] }})
      sessionStorage.turn = turn + 1"""
    shop.open(script(fill), shop.kameleoon(), shop.segment(), shop.tag())
    shop.works()
    for turn in range(1, len(rubbish)):
        shop.page.reload()
        assert shop.ready()["state"] == "on"
        shop.wait_for("Experiment viewed", turn + 1)
        shop.settled()


@ONLY_MICROPYTHON
def test_a_visitor_of_twenty_thousand_audiences(shop: Shop, configured: Any) -> None:
    """What is too much is left out, and `status()` says so."""
    many = {f"audience_{n}": True for n in range(20_000)}
    config = configured(custom_data=[{"name": "Personas", "source": "personas"}])
    shop.context.add_cookies([{"name": "kameleoonVisitorCode", "value": "0123456789abcdef", "url": shop.origin}])
    shop.remote(COHORTS_0123456789abcdef=many, common={"cohorts": list(many)})
    shop.open(HELD, shop.kameleoon(), shop.segment(), shop.tag(config=config))
    shop.page.wait_for_function("() => window.kameleoonSegment?.customData('Personas')")
    assert shop.page.evaluate("() => held") < LIMIT_MS
    assert 0 < len(shop.page.evaluate("() => kameleoonSegment.personaNames()")) <= 1000
    assert shop.status()["errors"] != []
    shop.works()
