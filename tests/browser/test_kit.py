"""The test kit, as a customer's tests use it. That it sees all that leaves each test of a shop checks, too."""

# ruff: noqa: D103  # the tests' names are sentences

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from bridge.testing.kit import KameleoonSegment
from tests.browser.serving import CLIENT
from tests.browser.shop import EXPERIMENT, ONLY_MICROPYTHON, SITECODE, Host, Shop

pytestmark = ONLY_MICROPYTHON
ROOT = Path(__file__).parents[2]
ANALYTICS = ROOT / "static" / "node_modules" / "@segment" / "analytics-next" / "dist" / "umd"
SPLIT = {**EXPERIMENT, "deviation": {"0": 34, "1001": 33, "1002": 33}, "force": None}
del SPLIT["force"]
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
    assert lines[4].startswith("the bridge: on (micropython), exposures: ")
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
    said = "there is no window.kameleoonSegment in the page"
    assert refused(kit.status)[0].startswith(said)
    assert refused(lambda: kit.wait_for_exposure(timeout=SHORT_MS))[-1].startswith(f"the bridge: {said}")


@pytest.mark.parametrize(("variation", "name"), [(1001, "Bold"), (1002, "Calm"), (0, "Reference")])
def test_a_variation_is_forced(shop: Shop, kit: KameleoonSegment, variation: int, name: str) -> None:
    kit.force_variation(101, variation)
    shop.open(shop.kameleoon(experiments=[SPLIT]), shop.segment(), shop.tag())
    assert kit.wait_for_exposure(101)["properties"]["variation_name"] == name


@pytest.mark.never_starts("no page is opened")
@pytest.mark.parametrize("wrong", ["1002", True, -1, 1.5, None])
def test_what_is_no_id_is_refused(kit: KameleoonSegment, wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"^force_variation: variation_id must be a whole number, got "):
        kit.force_variation(101, wrong)


def test_offline_nothing_reaches_either_cloud(
    shop: Shop, kit: KameleoonSegment, configured: Callable[..., str]
) -> None:
    kit.offline()
    kit.remote(personas=["vip", "new"], traits={"plan": "pro"})
    shop.open(shop.kameleoon(), shop.segment(), shop.tag(config=configured(custom_data=SOURCES)))
    kit.wait_for_identifier()
    kit.wait_for_exposure(101, 1001)
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
    kit.stop()
    shop.open()
    shop.works()
    assert kit.events() == []


def test_the_doctor_is_asked_of_the_page(shop: Shop, kit: KameleoonSegment) -> None:
    """In the same browser; it opens the page itself, and leaves no trace."""
    shop.open()
    shop.works()
    before = len(shop.events())
    report = kit.doctor()
    assert report.url == f"{shop.origin}/"
    assert [one.id for one in report.checks if one.status == "fail"] == []
    assert len(shop.events()) == before
