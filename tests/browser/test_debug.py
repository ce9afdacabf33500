"""The debug switch, and the seam as events of the page's: where settings allow it, and nowhere else."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bridge.models.messages import named, request_adapter, telling_adapter
from bridge.shared.vocabulary import DEBUG_SWITCH
from tests.browser.shop import ONLY_MICROPYTHON, Shop
from tests.browser.situations import script

# Keeps the events from the first on, and who asks for them later gets the same again.
LISTEN = script("""
  window.crossings = []
  addEventListener("kameleoonSegment:crossing", ({ detail }) => crossings.push(detail))
""")
EVENTS = script(f"sessionStorage['{DEBUG_SWITCH}'] = 'events'")
DENIED = script("""
  Object.defineProperty(window, "sessionStorage", { get() { throw new DOMException("denied", "SecurityError") } })
""")
REMEMBERED = f"() => sessionStorage.getItem('{DEBUG_SWITCH}')"
ON = f"/?{DEBUG_SWITCH}=events"
Configured = Callable[..., str]


@pytest.fixture
def tag(shop: Shop, configured: Configured) -> str:
    """Return the tag of a site whose settings allow to debug it."""
    return shop.tag(config=configured(debug=True))


def crossings(shop: Shop) -> list[dict[str, Any]]:
    """Wait until the page was told of the identifier and the exposure; return what it was told."""
    shop.works()
    for event in ("Kameleoon identifier", "Experiment viewed"):
        shop.page.wait_for_function("(name) => crossings.some((one) => one.includes(name))", arg=event)
    return [json.loads(one) for one in shop.page.evaluate("() => crossings")]


def asked_for(shop: Shop) -> list[str]:
    """Return which files of the bundle that only debugging needs were asked for."""
    return [url for url in shop.requests if url.startswith(f"{shop.cloud}/debug-")]


def test_each_crossing_is_an_event_of_the_page(shop: Shop, tag: str) -> None:
    """From the settings on, in order, by the page's clock; both texts are what the models say of the seam."""
    shop.open(LISTEN, shop.kameleoon(), shop.segment(), tag, path=ON)
    seen = crossings(shop)
    first = json.loads(seen[0]["text"])
    assert (seen[0]["way"], first["kind"], json.loads(seen[0]["answer"])["state"]) == ("told", "settings", "on")
    times = [one["at_ms"] for one in seen]
    assert times == sorted(times)
    assert 0 < times[0] < times[-1] < shop.page.evaluate("() => performance.now()")
    for one in seen:
        assert one.keys() == {"at_ms", "way", "text", "answer"}
        json.loads(one["answer"])
        message = json.loads(one["text"])
        if one["way"] == "told":
            telling_adapter(message).validate_python(message)
            assert message["kind"] != "status", "who looks is not seen"
        else:
            request_adapter(named(message)).validate_python(named(message))
    sent = [json.loads(one["text"])[3][0] for one in seen if '"analytics.track"' in one["text"]]
    assert sorted(sent) == ["Experiment viewed", "Kameleoon identifier"]


@ONLY_MICROPYTHON
def test_who_comes_late_is_told_all_again(shop: Shop, tag: str) -> None:
    """A listener that asks gets the same."""
    shop.open(LISTEN, shop.kameleoon(), shop.segment(), tag, path=ON)
    crossings(shop)
    before, again = shop.page.evaluate("""() => {
      const before = crossings.splice(0)
      dispatchEvent(new Event("kameleoonSegment:crossings"))
      return [before, crossings]
    }""")
    assert again == before


@ONLY_MICROPYTHON
@pytest.mark.parametrize("path", [ON, f"/?{DEBUG_SWITCH}"])
def test_settings_that_do_not_allow_it(shop: Shop, path: str) -> None:
    """The switch does nothing: no file is asked for, nothing is told, nothing remembered."""
    shop.open(LISTEN, shop.kameleoon(), shop.segment(), shop.tag(), path=path)
    shop.works()
    assert shop.page.evaluate("() => crossings") == []
    assert asked_for(shop) == []
    assert shop.page.evaluate(REMEMBERED) is None
    assert shop.page.locator("iframe").count() == 1


@ONLY_MICROPYTHON
@pytest.mark.parametrize("path", ["/", f"/?{DEBUG_SWITCH}=off"])
def test_nobody_asks(shop: Shop, tag: str, path: str) -> None:
    """Settings that allow it do nothing by themselves."""
    shop.open(LISTEN, shop.kameleoon(), shop.segment(), tag, path=path)
    shop.works()
    assert shop.page.evaluate("() => crossings") == []
    assert shop.page.evaluate(REMEMBERED) is None
    assert shop.page.locator("iframe").count() == 1
    assert asked_for(shop) == [] or "off" in path


@ONLY_MICROPYTHON
def test_the_tab_remembers_until_it_is_told_to_forget(shop: Shop, tag: str) -> None:
    """A second page needs no parameter; `off` ends it, on that page and on the next."""
    shop.open(LISTEN, shop.kameleoon(), shop.segment(), tag, path=ON)
    crossings(shop)
    shop.page.goto(shop.origin + "/second")
    shop.page.wait_for_function("() => crossings.length > 5")
    assert shop.page.evaluate(REMEMBERED) == "events"
    shop.page.goto(f"{shop.origin}/?{DEBUG_SWITCH}=off")
    shop.ready()
    shop.page.wait_for_function(f"() => ({REMEMBERED})() === null")
    assert shop.page.evaluate("() => crossings") == []
    shop.page.goto(shop.origin + "/third")
    shop.ready()
    shop.settled()
    assert shop.page.evaluate("() => crossings") == []


@ONLY_MICROPYTHON
def test_the_page_itself_switches_it_on(shop: Shop, tag: str) -> None:
    """By the tab's memory, before the tag."""
    shop.open(LISTEN, EVENTS, shop.kameleoon(), shop.segment(), tag)
    assert crossings(shop)


@ONLY_MICROPYTHON
@pytest.mark.parametrize("path", ["/", ON])
def test_a_tab_that_remembers_nothing(shop: Shop, tag: str, path: str) -> None:
    """Where cookies are blocked: the page works, and what the address asks for holds for the page."""
    shop.context.add_init_script(DENIED.removeprefix("<script>").removesuffix("</script>"))
    shop.open(LISTEN, shop.kameleoon(), shop.segment(), tag, path=path)
    if path == ON:
        assert crossings(shop)
    else:
        shop.works()
        assert shop.page.evaluate("() => crossings") == []


def test_a_frame_that_was_lost(shop: Shop, tag: str) -> None:
    """The next one goes on telling; who asks gets what the first one told, too."""
    shop.open(LISTEN, shop.kameleoon(), shop.segment(), tag, path=ON)
    first = crossings(shop)
    shop.page.evaluate("() => { document.querySelectorAll('iframe').forEach((one) => one.remove()) }")
    shop.page.wait_for_function(
        "() => crossings.filter((one) => one.includes('kind\\\\\":\\\\\"settings')).length === 2"
    )
    again = shop.page.evaluate("""() => {
      crossings.length = 0
      dispatchEvent(new Event("kameleoonSegment:crossings"))
      return crossings
    }""")
    assert [json.loads(one) for one in again[: len(first)]] == first
    assert len(again) > len(first)
    shop.settled()
    assert len(shop.events("Experiment viewed")) == 1


@ONLY_MICROPYTHON
def test_a_single_page_navigation_goes_on(shop: Shop, tag: str) -> None:
    """The address may lose the parameter: what began goes on."""
    shop.open(LISTEN, shop.kameleoon(), shop.segment(), tag, path=ON)
    known = len(crossings(shop))
    shop.page.evaluate("() => { history.pushState({}, '', '/next'); Kameleoon.API.Core.load() }")
    shop.wait_for("Experiment viewed", 2)
    shop.page.wait_for_function(
        "(known) => crossings.slice(known).some((one) => one.includes('Experiment viewed'))", arg=known
    )


@ONLY_MICROPYTHON
def test_a_listener_that_throws_or_asks_back(shop: Shop, tag: str) -> None:
    """What listeners do is theirs: the bridge goes on."""
    asks = script("""addEventListener("kameleoonSegment:crossing", () => {
      kameleoonSegment.status()
      window.asked = (window.asked || 0) + 1
    })""")
    shop.open(LISTEN, asks, shop.kameleoon(), shop.segment(), tag, path=ON)
    known = len(crossings(shop))
    assert shop.page.evaluate("() => asked") >= known
    assert shop.status()["errors"] == []
