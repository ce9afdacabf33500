"""The test kit, as a customer's tests use it. That it sees all that leaves each test of a shop checks, too."""

# ruff: noqa: D103  # the tests' names are sentences

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from bridge.testing.kit import KameleoonSegment
from tests.browser.serving import CLIENT
from tests.browser.shop import EXPERIMENT, ONLY_MICROPYTHON, SITECODE, WRITE_KEY, Host, Shop

pytestmark = ONLY_MICROPYTHON
ROOT = Path(__file__).parents[2]
ANALYTICS = ROOT / "static" / "node_modules" / "@segment" / "analytics-next" / "dist" / "umd"
SPLIT = {**EXPERIMENT, "deviation": {"0": 34, "1001": 33, "1002": 33}, "force": None}
del SPLIT["force"]
BOLD = {**SPLIT, "deviation": {"1001": 100}}  # for who is not told otherwise
SOURCES = [{"name": "Personas", "source": "personas"}, {"name": "Plan", "source": "trait", "trait": "plan"}]
SHORT_MS = 300  # for what does not come


@pytest.fixture
def kit(shop: Shop) -> KameleoonSegment:
    return shop.kit


@pytest.fixture
def elsewhere(page: Page, sandbox: str, host: Host, engine: str) -> Iterator[Shop]:
    """Return a shop whose scripts come from the vendors' own addresses, which no test reaches."""
    CLIENT.post(f"{sandbox}/sandbox/reset").raise_for_status()
    shop = Shop(page, sandbox, host, engine)
    yield shop
    shop.kit.stop()


def refused(ask: Callable[[], object]) -> list[str]:
    """Return the lines of what a wait says that ends without what it waits for."""
    with pytest.raises(AssertionError) as error:
        ask()
    return str(error.value).splitlines()


def test_events_are_seen_in_order_and_each_once(shop: Shop, kit: KameleoonSegment) -> None:
    shop.open(shop.segment(), shop.kameleoon(), shop.tag())
    kit.wait_for_exposure()
    again = "analytics.track('A', {}, {messageId: 'one'})"
    shop.evaluate(f"({again}, {again}, analytics.track('B'), null)")
    kit.wait_for("B")
    assert [event["type"] for event in kit.events()].count("page") == 1
    assert [event["event"] for event in kit.events() if event.get("event") in ("A", "B")] == ["A", "B"]
    assert [event["messageId"] for event in kit.events("A")] == ["one"]


def test_the_identifier_and_the_exposures_are_those_that_arrive(shop: Shop, kit: KameleoonSegment) -> None:
    assert (kit.identifier(), kit.exposures()) == (None, [])
    shop.open()
    identifier, exposure = kit.wait_for_identifier(), kit.wait_for_exposure(101, 1001)
    assert identifier["properties"]["k_visitorCode"] == shop.visitor_code()
    assert exposure["properties"]["variation_name"] == "Bold"
    assert (kit.identifier(), kit.exposures()) == (identifier, [exposure])
    for event in (identifier, exposure):
        assert [one["messageId"] for one in shop.wait_for(event["event"])] == [event["messageId"]]


def test_an_exposure_is_waited_for_by_its_ids(shop: Shop, kit: KameleoonSegment) -> None:
    shop.open()
    assert kit.wait_for_exposure(experiment_id="101", variation_id=1001) == kit.wait_for_exposure()
    assert kit.status()["state"] == "on"


def test_what_does_not_come_is_told_with_what_came_instead(shop: Shop, kit: KameleoonSegment) -> None:
    shop.open()
    kit.wait_for_exposure()
    kit.wait_for_identifier()
    lines = refused(lambda: kit.wait_for_exposure(experiment_id=101, variation_id=1002, timeout=SHORT_MS))
    assert lines[:3] == [
        "no exposure of campaign 101, variation 1002 left the page in 0.3 s",
        "exposures that left:",
        "  experiment 101 (Headline), variation 1001 (Bold)",
    ]
    assert lines[3].startswith("other events that left: ")
    assert {"page", "Kameleoon identifier"} <= set(lines[3].partition(": ")[2].split(", "))
    assert lines[4].startswith(f"the bridge in {shop.origin}/: on (micropython), exposures: ")
    assert refused(lambda: kit.wait_for("Order Completed", timeout=SHORT_MS))[0] == (
        'no "Order Completed" left the page in 0.3 s'
    )


def test_what_the_bridge_hints_at_is_told(shop: Shop, kit: KameleoonSegment) -> None:
    shop.open(shop.kameleoon(consent="required"), shop.segment(), shop.tag())
    shop.ready()
    lines = refused(lambda: kit.wait_for_exposure(timeout=SHORT_MS))
    assert "exposures that left: none" in lines
    (place,) = [place for place, line in enumerate(lines) if line.startswith("  hint consent-unknown: ")]
    assert "enableLegalConsent" in lines[place + 1]
    assert "exposures: 0 dropped, 1 held, 0 sent" in lines[place - 1]


@pytest.mark.never_starts("the tag is missing")
def test_a_page_without_the_tag_is_told(shop: Shop, kit: KameleoonSegment) -> None:
    shop.open(shop.segment())
    said = "there is no window.kameleoonSegment: the tag is not in the page, or did not load"
    assert refused(kit.status) == [said]
    assert refused(lambda: kit.wait_for_exposure(timeout=SHORT_MS))[-1] == f"the bridge in {shop.origin}/: {said}"


@pytest.mark.never_starts("no page of the shop is opened")
def test_what_cannot_be_seen_is_told_after_as_long_as_playwright_waits(shop: Shop, kit: KameleoonSegment) -> None:
    """No browser shows the text of a Blob, in which many send beacons; what the browser reports is told, too."""
    shop.context.set_default_timeout(SHORT_MS)
    event = json.dumps({"type": "track", "event": "Hid", "anonymousId": "a", "writeKey": WRITE_KEY})
    sent = f"fetch('{shop.cloud}/v1/t', {{ method: 'POST', mode: 'no-cors', body: new Blob(['{event}']) }})"
    shop.evaluate(f"{sent}.then(() => console.error('too bad'))")
    lines = refused(lambda: kit.wait_for("Hid"))
    assert 0 < float(lines[0].removeprefix('no "Hid" left the page in ').removesuffix(" s")) < SHORT_MS
    assert "requests to Segment whose events the browser shows nobody (sent as a Blob): 1" in lines
    assert lines[-2:] == ["errors that the browser reports:", "  too bad"]
    shop.problems.remove("too bad")


@pytest.mark.parametrize(("variation", "name"), [(1001, "Bold"), (1002, "Calm"), (0, "Reference")])
def test_a_variation_is_forced(shop: Shop, kit: KameleoonSegment, variation: int, name: str) -> None:
    kit.force_variation(101, variation)
    shop.open(shop.kameleoon(experiments=[SPLIT]), shop.segment(), shop.tag())
    assert kit.wait_for_exposure(101)["properties"]["variation_name"] == name


def test_what_is_in_the_way_of_a_forced_variation_is_told(shop: Shop, kit: KameleoonSegment) -> None:
    kit.force_variation(999, 1)
    shop.open(shop.kameleoon(experiments=[BOLD]), shop.segment(), shop.tag())
    kit.wait_for_exposure()
    kit.force_variation(101, 1002)
    late = "was opened before that: open it again, or force the variation first"
    assert kit.explain().splitlines()[-2:] == [
        f"forced: experiment 999, variation 1; {shop.origin}/ has no such experiment; Kameleoon's script has 101",
        f"forced: experiment 101, variation 1002; {shop.origin}/ {late}",
    ]
    kit.wait_for_identifier()
    shop.page.reload()
    kit.wait_for_exposure(101, 1002)
    assert kit.explain().splitlines()[-1] == "forced: experiment 101, variation 1002"


@pytest.mark.never_starts("no page is opened")
@pytest.mark.parametrize("wrong", ["1002", True, -1, 1.5, None])
def test_what_is_no_id_is_refused(kit: KameleoonSegment, wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"^force_variation: variation_id must be a whole number, got "):
        kit.force_variation(101, wrong)


def test_offline_nothing_reaches_either_cloud(
    shop: Shop, kit: KameleoonSegment, configured: Callable[..., str]
) -> None:
    shop.context.route("**/v1/page", lambda route: route.fulfill(body="the site's own"))
    kit.offline()
    kit.remote(personas=["vip", "new"], traits={"plan": "pro"})
    shop.open(shop.kameleoon(), shop.segment(), shop.tag(config=configured(custom_data=SOURCES)))
    kit.wait_for_identifier()
    kit.wait_for_exposure(101, 1001)
    own = "fetch('/v1/page', { method: 'POST', body: '{}' }).then((answer) => answer.text())"
    assert shop.evaluate(own) == "the site's own"
    proxied = """fetch('/evs/t', { method: 'POST', body: JSON.stringify(
      { type: 'track', event: 'By proxy', messageId: 'ajs-1' }) }).then((answer) => answer.json())"""
    assert shop.evaluate(proxied) == {"success": True}
    assert len(kit.events("By proxy")) == 1
    assert [event["type"] for event in kit.events()].count("page") == 1
    shop.page.wait_for_function("() => kameleoonSegment.customData('Plan')")
    assert sorted(shop.evaluate("kameleoonSegment.customData('Personas')")["value"]) == ["new", "vip"]
    assert shop.evaluate("kameleoonSegment.customData('Plan')")["value"] == "pro"
    assert sorted(one["value"] for one in shop.evaluate("kameleoonSegment.personaNames()")) == ["new", "vip"]
    assert shop.log() == []


def test_remote_data_alone_leaves_the_rest_as_it_is(
    shop: Shop, kit: KameleoonSegment, configured: Callable[..., str]
) -> None:
    kit.remote(traits={"plan": "pro"})
    shop.open(shop.kameleoon(), shop.segment(), shop.tag(config=configured(custom_data=SOURCES)))
    shop.page.wait_for_function("() => kameleoonSegment.customData('Plan')?.value === 'pro'")
    shop.works()
    assert shop.log(kind="data_api.get") == []


@pytest.mark.never_starts("no page is opened")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"personas": "vip"}, 'remote.personas: Input should be a valid list, got "vip"'),
        ({"personas": ["vip", 1]}, "remote.personas[1]: Input should be a valid string, got 1"),
        ({"traits": ["plan"]}, "remote.traits: Input should be a valid dictionary, got a list"),
    ],
)
def test_what_remote_data_cannot_hold_is_refused(kit: KameleoonSegment, given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011  # its text is looked at below
        kit.remote(**given)
    assert str(error.value) == said


def test_offline_the_vendors_scripts_come_from_files(elsewhere: Shop, tmp_path: Path) -> None:
    """The page is as it is in production: both scripts are the vendors' own, at addresses that nobody answers here."""
    engine = tmp_path / "engine.js"
    project = {"project": json.dumps({"experiments": [EXPERIMENT], "dataUrl": "https://data.kameleoon.io"})}
    engine.write_text(CLIENT.get(f"{elsewhere.cloud}/{SITECODE}/engine.js", params=project).text, "utf-8")
    elsewhere.kit.offline(analytics_js=ANALYTICS, engine_js=engine)
    segment = elsewhere.segment().replace(elsewhere.cloud, "https://cdn.segment.com")
    kameleoon = f'<script async src="https://{SITECODE}.kameleoon.io/engine.js"></script>'
    elsewhere.open(kameleoon, segment, elsewhere.tag())
    elsewhere.kit.wait_for_exposure(101, 1001)
    assert elsewhere.kit.wait_for_identifier()["properties"]["k_visitorCode"] == elsewhere.visitor_code()
    hosts = {url.split("/")[2] for url in elsewhere.requests if url.startswith("https://")}
    assert {"cdn.segment.com", "api.segment.io", f"{SITECODE}.kameleoon.io"} <= hosts
    assert elsewhere.log() == []
    assert elsewhere.problems == []


@pytest.mark.never_starts("no page is opened")
def test_a_missing_file_is_told(kit: KameleoonSegment, tmp_path: Path) -> None:
    for given in ({"analytics_js": tmp_path}, {"engine_js": tmp_path / "engine.js"}):
        with pytest.raises(FileNotFoundError, match="is no file; accepted for "):
            kit.offline(**given)


def test_when_it_stops_everything_is_as_it_was(shop: Shop) -> None:
    kit = KameleoonSegment(shop.page)
    kit.offline()
    kit.force_variation(101, 1002)
    kit.stop()
    shop.open(shop.kameleoon(experiments=[BOLD]), shop.segment(), shop.tag())
    shop.works()
    assert [event["properties"]["variation_name"] for event in shop.events("Experiment viewed")] == ["Bold"]
    assert kit.events() == []


def test_the_doctor_is_asked_of_the_page(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the same browser, and let in as the test is; it opens the page itself, and leaves no trace."""
    kit = KameleoonSegment(shop.page, context_args={"ignore_https_errors": True, "locale": "fr-FR"})
    with pytest.raises(RuntimeError, match="about:blank: open one first"):
        kit.doctor()
    shop.open()
    shop.works()
    before = len(shop.events())
    given: list[dict[str, Any]] = []
    new_context = Browser.new_context

    def noted(self: Browser, **options: Any) -> BrowserContext:
        given.append(options)
        return new_context(self, **options)

    monkeypatch.setattr(Browser, "new_context", noted)
    report = kit.doctor()
    assert {(one["ignore_https_errors"], one.get("locale")) for one in given} == {(True, None)}
    assert report.url == f"{shop.origin}/"
    assert [one.id for one in report.checks if one.status == "fail"] == []
    assert len(shop.events()) == before
