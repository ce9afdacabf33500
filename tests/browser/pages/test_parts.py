"""Parts that never come, or are not the ones that were meant: `status()` tells them apart, and says what to do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bridge.bundle import esbuild
from tests.browser.shop import ONLY_MICROPYTHON, SITECODE, Shop

MODULES = Path(__file__).parents[3] / "static" / "node_modules"
PATIENCE_MS = 20_000  # by then whatever is late is missing
# Kameleoon help, "Integrate Kameleoon with Segment", step 4: for the global script of the project.
OLD_SNIPPET = """
Kameleoon.API.Core.runWhenConditionTrue(
  () => window.analytics && window.analytics.track && window.analytics.user,
  () => {
    const kSegmentioIdentifier = window.localStorage.getItem('k_segmentio_identifier');
    if (kSegmentioIdentifier && kSegmentioIdentifier === window.analytics.user().anonymousId()) return;
    window.localStorage.setItem('k_segmentio_identifier', window.analytics.user().anonymousId());
    window.analytics.track('Kameleoon identifier', {'k_visitorCode': Kameleoon.API.Visitor.code})
  }
);"""


def hints(shop: Shop) -> dict[str, dict[str, str]]:
    """Return the hints by their code, once the bridge has waited long enough."""
    shop.ready()
    shop.pass_time(PATIENCE_MS)
    found = {hint["code"]: hint for hint in shop.status()["hints"]}
    assert all(hint["what"] and hint["fix"] for hint in found.values())
    return found


def test_a_page_that_is_well(shop: Shop) -> None:
    """No hint, early or late, and all parts named."""
    shop.page.clock.install()
    shop.open()
    assert shop.works()["hints"] == []
    assert hints(shop) == {}
    status = shop.status()
    assert status["sitecode"] == SITECODE
    assert status["consent"] == {"experiment": True, "personalization": True}
    assert status["segment"] == {"present": True, "ready": True, "version": shop.page.evaluate("analytics.VERSION")}
    assert status["kameleoon"] == {"present": True, "started": True, "sitecode": SITECODE}


def open_without_segment(shop: Shop) -> None:
    """Nobody has pasted it, or it is in nobody's reach."""
    shop.open(shop.kameleoon(), shop.tag())


def open_with_a_stub(shop: Shop) -> None:
    """Segment's snippet is there, its script never comes: blocked, or loaded after a consent."""
    shop.open(shop.kameleoon(), shop.segment(load="0"), shop.tag())


def open_without_kameleoon(shop: Shop) -> None:
    """Nobody has pasted it, or it is blocked."""
    shop.open(shop.segment(), shop.tag())


def open_with_other_project(shop: Shop) -> None:
    """A page of another brand, or a site code of another environment."""
    shop.open(shop.kameleoon(), shop.segment(), shop.tag(sitecode="zzzzz99999"))


def open_before_consent(shop: Shop) -> None:
    """The visitor has not answered yet."""
    shop.open(shop.kameleoon(consent="required"), shop.segment(), shop.tag())


def open_and_refuse(shop: Shop) -> None:
    """The visitor said no."""
    open_before_consent(shop)
    shop.ready()
    shop.page.wait_for_function("() => window.Kameleoon?.API.Visitor?.code")
    shop.page.evaluate("() => Kameleoon.API.Core.disableLegalConsent()")


def open_beside_kameleoons_tool(shop: Shop) -> None:
    """Segment is chosen as the campaigns' reporting tool in Kameleoon, too."""
    shop.open(shop.kameleoon(dialect=2022, nativeSegment=True), shop.segment(), shop.tag())


def open_beside_the_snippet(shop: Shop) -> None:
    """The project still has what Kameleoon's help told to paste; it is first, else it finds our note."""
    waiting = shop.hold("brain-*")
    shop.open(shop.kameleoon(globalScript=OLD_SNIPPET), shop.segment(), shop.tag())
    shop.wait_for("Kameleoon identifier")
    shop.released(waiting).continue_()


SEGMENT, KAMELEOON = ("present", "ready"), ("present", "started")
#: By the hint: the page, what its fix is about, and what status() says of Segment and of Kameleoon.
PAGES: dict[str, tuple[Callable[[Shop], None], str, tuple[bool, bool], tuple[bool, bool]]] = {
    "segment-missing": (open_without_segment, "analytics", (False, False), (True, True)),
    "segment-not-ready": (open_with_a_stub, "", (True, False), (True, True)),
    "kameleoon-missing": (open_without_kameleoon, "", (True, True), (False, False)),
    "other-project": (open_with_other_project, "sitecode", (True, True), (True, True)),
    "consent-unknown": (open_before_consent, "consent", (True, True), (True, True)),
    "consent-refused": (open_and_refuse, "", (True, True), (True, True)),
    "reported-elsewhere": (open_beside_kameleoons_tool, "", (True, True), (True, True)),
    "old-snippet": (open_beside_the_snippet, "global custom script", (True, True), (True, True)),
}
CASES = [(code, "micropython") for code in PAGES] + [("segment-missing", "pyodide"), ("old-snippet", "pyodide")]


@pytest.mark.parametrize(("code", "engine"), CASES, indirect=["engine"])
def test_each_hint_on_its_page(shop: Shop, code: str) -> None:
    """That one and no other; nothing is said in the console, for the page may mean it so."""
    open_page, fix, segment, kameleoon = PAGES[code]
    shop.page.clock.install()
    open_page(shop)
    shop.until(lambda: code in hints(shop), code)
    found = hints(shop)
    assert list(found) == [code]
    assert fix in found[code]["fix"]
    status = shop.status()
    assert tuple(status["segment"][name] for name in SEGMENT) == segment
    assert tuple(status["kameleoon"][name] for name in KAMELEOON) == kameleoon
    given = {"consent-unknown": None, "consent-refused": False, "kameleoon-missing": None}.get(code, True)
    assert status["consent"] == {"experiment": given, "personalization": given}


@ONLY_MICROPYTHON
def test_a_hint_goes_when_its_reason_does(shop: Shop) -> None:
    """What was late is there."""
    shop.page.clock.install()
    open_without_kameleoon(shop)
    assert list(hints(shop)) == ["kameleoon-missing"]
    shop.add(shop.kameleoon())
    shop.wait_for("Kameleoon identifier")
    assert hints(shop) == {}


def npm(shop: Shop, where: str) -> str:
    """Return the script of a page that has analytics.js from npm, bundled, with its instance at that place."""
    code = f"""import {{ AnalyticsBrowser }} from "@segment/analytics-next"
      const instance = AnalyticsBrowser.load({{ writeKey: "shop", cdnURL: "{shop.cloud}" }})
      {where}
      instance.page()
      document.addEventListener("buy", () => instance.track("Bought"))"""
    source = MODULES / ".cache" / f"shop-{shop.cloud.rpartition(':')[2]}.mjs"  # tests may run side by side
    source.parent.mkdir(exist_ok=True)
    source.write_text(code)
    shop.file("/shop.js", esbuild.run(source, "--bundle", "--minify").decode())
    return '<script src="/shop.js"></script>'


@ONLY_MICROPYTHON
@pytest.mark.parametrize("path", ["segment", "shop.analytics", "shop.tools.segment_1"])
def test_analytics_by_another_name(shop: Shop, configured: Any, path: str) -> None:
    """The setting `analytics` says where npm's AnalyticsBrowser is."""
    owners = [".".join(path.split(".")[: n + 1]) for n in range(path.count("."))]
    where = "".join(f"window.{owner} = {{}};" for owner in owners) + f"window.{path} = instance"
    shop.open(shop.kameleoon(), npm(shop, where), shop.tag(config=configured(analytics=path)))
    shop.wait_for("Kameleoon identifier")
    shop.wait_for("Experiment viewed")
    shop.page.evaluate("() => { document.dispatchEvent(new CustomEvent('buy')) }")
    (bought,) = shop.wait_for("Bought")
    assert "kameleoonVisitorCode" in bought["properties"]
    status = shop.status()
    assert (status["segment"]["present"], status["segment"]["ready"], status["hints"]) == (True, True, [])
    assert shop.page.evaluate("() => window.analytics === undefined")


@ONLY_MICROPYTHON
def test_analytics_out_of_reach(shop: Shop) -> None:
    """Npm's instance in a module: the hint says how to let the bridge see it; the page's events go on."""
    shop.page.clock.install()
    shop.open(shop.kameleoon(), npm(shop, ""), shop.tag())
    shop.wait_for_first_event()
    assert "AnalyticsBrowser" in hints(shop)["segment-missing"]["fix"]


@ONLY_MICROPYTHON
def test_a_name_that_is_none_is_a_wrong_setting(shop: Shop, configured: Any) -> None:
    """Code is not accepted: names, joined by dots."""
    shop.open(shop.kameleoon(), shop.segment(), shop.tag(config=configured(analytics="window['x']()")))
    assert shop.ready()["state"] == "off"
    shop.until(lambda: shop.problems, "a line in the console")
    (line,) = shop.problems
    assert line.startswith("[kameleoon-segment] analytics: ")
    shop.problems.clear()
    shop.settled()
