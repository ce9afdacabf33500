"""Personas, traits and group as custom data, with the emulated Kameleoon script and the Data API of the sandbox."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route

from bridge.installing.paste import acquisition_code, targeting_code
from tests.browser.shop import EXPERIMENT, ONLY_MICROPYTHON, PERSONALIZATION, SITECODE, Shop

SOURCES = [
    {"name": "Personas", "source": "personas"},
    {"name": "Plan", "source": "trait", "trait": "plan"},
    {"name": "Group", "source": "group"},
]
# As Kameleoon's back office defines them; the values are pushed by the bridge.
DEFINITIONS: list[dict[str, Any]] = [
    {"index": 1, "name": "Personas", "type": "LIST", "format": "string", "scope": "VISIT"},
    {"index": 2, "name": "Plan", "type": "UNIQUE", "format": "string", "scope": "VISIT"},
    {"index": 3, "name": "Group", "type": "UNIQUE", "format": "string", "scope": "VISIT"},
]
CUSTOM_DATA = "() => Kameleoon.API.CurrentVisit.customData"
COMMON = {"cohorts": ["vip", "new"]}

Open = Callable[..., None]


@pytest.fixture
def open_shop(shop: Shop, configured: Callable[..., str]) -> Open:
    """Return a function that opens a page of a shop with three custom data."""

    def open_shop(
        *,
        definitions: list[dict[str, Any]] = DEFINITIONS,
        user_id: str = "visitor_code",
        data_host: str | None = None,
        **project: Any,
    ) -> None:
        config = configured(custom_data=SOURCES, user_id=user_id, remote={"data_host": data_host})
        shop.open(shop.kameleoon(customData=definitions, **project), shop.segment(), shop.tag(config=config))
        shop.ready()

    return open_shop


def requests(shop: Shop) -> list[dict[str, Any]]:
    """Return the requests for remote data that arrived."""
    return [row for row in shop.log() if row["kind"] == "data_api.get"]


def wait_for(shop: Shop, name: str, value: Any) -> None:
    """Wait until Kameleoon has that value of a custom data; None: it was cleared, and is not there."""
    shop.page.wait_for_function(
        """([name, value]) =>
          JSON.stringify(Kameleoon.API.CurrentVisit.customData[name] ?? null) === JSON.stringify(value)""",
        arg=[name, value],
    )


def forget(shop: Shop) -> None:
    """Forget what the page learned, once it has."""
    shop.page.wait_for_function("() => JSON.parse(localStorage.k_segmentio_audience || '{}').at > 0")
    shop.page.evaluate("() => localStorage.removeItem('k_segmentio_audience')")


def test_all_three_with_one_request(shop: Shop, open_shop: Open) -> None:
    """What Kameleoon's snippets cannot do: they share one guard."""
    open_shop()
    code = shop.visitor_code()
    shop.remote(**{f"COHORTS_{code}": {"vip": True, "old": False}, "common": COMMON})
    shop.remote(**{f"IDENTIFY_{code}": {"traits": {"plan": "pro", "secret": "x"}, "groupId": "g1"}})
    forget(shop)
    before = len(requests(shop))
    open_shop()
    wait_for(shop, "Personas", ["vip"])
    wait_for(shop, "Plan", "pro")
    wait_for(shop, "Group", "g1")
    shop.wait_for_lock("k_segmentio_remote")
    assert len(requests(shop)) == before + 1
    assert shop.page.evaluate("() => kameleoonSegment.customData('Personas')") == {"value": ["vip"], "overwrite": True}
    assert shop.page.evaluate("() => window.k_segmentIO") == {
        "cohorts": ["vip"],
        "plan": "pro",
        "groupId": "g1",
        "runtime": True,
    }
    assert shop.page.evaluate("() => kameleoonSegment.personaNames()") == [
        {"value": "vip", "label": "vip"},
        {"value": "new", "label": "new"},
    ]
    assert "secret" not in shop.page.evaluate("() => JSON.stringify(localStorage)")


@ONLY_MICROPYTHON
def test_a_script_that_knows_no_lists(shop: Shop, open_shop: Open) -> None:
    """Kameleoon's script of 2022 answers a list of keys with nothing: it is asked key by key."""
    open_shop(dialect=2022)
    code = shop.visitor_code()
    shop.remote(**{f"COHORTS_{code}": {"vip": True}, f"IDENTIFY_{code}": {"traits": {"plan": "pro"}, "groupId": "g1"}})
    forget(shop)
    open_shop(dialect=2022)
    wait_for(shop, "Personas", ["vip"])
    wait_for(shop, "Plan", "pro")
    wait_for(shop, "Group", "g1")


@ONLY_MICROPYTHON
def test_an_answer_that_never_comes_back(shop: Shop, open_shop: Open) -> None:
    """Kameleoon's script of 2025 throws at an answer that is no JSON and calls nobody: asked again after some time."""
    shop.page.clock.install()
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        body = "<html>" if len(asked) == 1 else json.dumps({"common": COMMON})
        route.fulfill(body=body, headers={"access-control-allow-origin": "*"})

    shop.context.route("**/map/maps*", answer)
    with shop.page.expect_event("pageerror"):
        open_shop(dialect=2025, data_host=shop.cloud)
    shop.pass_time(15_000)
    shop.page.wait_for_function("() => kameleoonSegment.personaNames().length === 2")
    assert shop.status()["errors"] == [{"what": "remote data: no answer in 10 s; what is known stays"}]
    shop.problems.clear()


def test_there_at_the_first_evaluation_of_the_next_page(shop: Shop, open_shop: Open) -> None:
    """Before Python is up: acquisition code, and a snippet that was pasted before the bridge."""
    open_shop()
    shop.remote(**{f"COHORTS_{shop.visitor_code()}": {"vip": True}, "common": COMMON})
    forget(shop)
    open_shop()
    wait_for(shop, "Personas", ["vip"])
    note = "window.asked = (window.asked || []).concat([[!!window.kameleoonSegment, Date.now()]]);"
    acquisition = "return window.kameleoonSegment && window.kameleoonSegment.customData('Personas')"
    snippet = (
        "if (!window.k_segmentIO || !window.k_segmentIO.cohorts) return; return {value: window.k_segmentIO.cohorts}"
    )
    definitions = [
        {**DEFINITIONS[0], "scope": "PAGE", "method": "CUSTOM_CODE", "customEvalCode": note + acquisition},
        {
            **DEFINITIONS[0],
            "index": 4,
            "name": "Old",
            "scope": "PAGE",
            "method": "CUSTOM_CODE",
            "customEvalCode": snippet,
        },
    ]
    shop.context.route("**/micropython.wasm", lambda _route: None)
    shop.open(
        shop.tag().replace("async ", ""),
        shop.kameleoon(customData=definitions),
        shop.segment(),
    )
    wait_for(shop, "Personas", ["vip"])
    wait_for(shop, "Old", ["vip"])
    assert shop.page.evaluate("() => window.asked.length") == 1


def test_a_persona_that_was_left_is_cleared(shop: Shop, open_shop: Open) -> None:
    """Nobody stays in a segment that they left; a failed request changes nothing."""
    open_shop()
    code = shop.visitor_code()
    shop.remote(**{f"COHORTS_{code}": {"vip": True}, "common": COMMON})
    forget = "() => localStorage.removeItem('k_segmentio_audience')"
    shop.page.evaluate(forget)
    open_shop()
    wait_for(shop, "Personas", ["vip"])
    shop.page.evaluate(forget)
    with shop.page.expect_request("**/map/maps**"):
        shop.context.route("**/map/maps**", lambda route: route.abort())
        open_shop()
    shop.settled()
    assert shop.page.evaluate(CUSTOM_DATA)["Personas"] == ["vip"]
    shop.problems.clear()
    shop.remote(**{f"COHORTS_{code}": {"vip": False}})  # before the page that failed tries again
    shop.context.unroute("**/map/maps**")
    shop.page.evaluate(forget)
    open_shop()
    wait_for(shop, "Personas", None)


@ONLY_MICROPYTHON
def test_what_the_page_learns_counts_at_once(shop: Shop, open_shop: Open) -> None:
    """Without waiting for the cloud."""
    open_shop()
    shop.page.evaluate("() => { analytics.identify('u1', {plan: 'pro', n: 1}); analytics.group('g7') }")
    wait_for(shop, "Plan", "pro")
    wait_for(shop, "Group", "g7")


def test_after_a_reset_nobody_is_here_until_an_identify(shop: Shop, open_shop: Open) -> None:
    """The visitor code is still that of who has left: nothing of theirs is shown or read, on the next page either."""
    shop.page.clock.install()
    open_shop()
    shop.remote(**{f"COHORTS_{shop.visitor_code()}": {"vip": True}, "common": COMMON})
    forget(shop)
    open_shop()
    wait_for(shop, "Personas", ["vip"])
    asked = len(requests(shop))
    shop.page.evaluate("() => { analytics.reset() }")
    wait_for(shop, "Personas", None)
    shop.pass_time(400_000)
    shop.settled()
    open_shop()
    shop.settled()
    assert len(requests(shop)) == asked
    assert shop.page.evaluate("() => kameleoonSegment.customData('Personas')") is None
    shop.page.evaluate("() => { analytics.identify('u2') }")
    wait_for(shop, "Personas", ["vip"])


@ONLY_MICROPYTHON
def test_a_user_who_logs_out_takes_the_values_along(shop: Shop, open_shop: Open) -> None:
    """And the next one's are read."""
    shop.remote(COHORTS_u1={"vip": True}, COHORTS_u2={"new": True}, common=COMMON)
    open_shop(user_id="segment")
    shop.page.evaluate("() => { analytics.identify('u1', {plan: 'pro'}) }")
    wait_for(shop, "Personas", ["vip"])
    wait_for(shop, "Plan", "pro")
    shop.page.evaluate("() => { analytics.reset() }")
    wait_for(shop, "Personas", None)
    assert "Plan" not in shop.page.evaluate(CUSTOM_DATA)
    assert "plan" not in shop.page.evaluate("() => window.k_segmentIO")
    shop.page.evaluate("() => { analytics.identify('u2') }")
    wait_for(shop, "Personas", ["new"])
    assert "Plan" not in shop.page.evaluate(CUSTOM_DATA)


@ONLY_MICROPYTHON
def test_set_only_what_changed(shop: Shop, open_shop: Open) -> None:
    """No storm of setCustomData: one for each change."""
    shop.context.add_init_script(
        "window.sets = 0; addEventListener('Kameleoon::CustomDataSet', () => { window.sets++ })"
    )
    open_shop()
    shop.page.evaluate("() => { analytics.identify('u1', {plan: 'pro'}) }")
    wait_for(shop, "Plan", "pro")
    for _ in range(3):
        shop.settled()
    assert shop.page.evaluate("() => window.sets") == 1
    open_shop()
    shop.settled()
    shop.wait_for_lock("k_segmentio_remote")
    assert shop.page.evaluate("() => window.sets") == 0


def test_a_personalization_for_a_persona(shop: Shop, open_shop: Open) -> None:
    """Shown to those who are in it, at the next page view."""
    welcome = {**PERSONALIZATION, "targeting": {"customData": "Personas", "value": "vip"}}
    shop.page.clock.install()
    open_shop(personalizations=[welcome], experiments=[])
    assert shop.exposures() == []
    shop.remote(**{f"COHORTS_{shop.visitor_code()}": {"vip": True}, "common": COMMON})
    forget(shop)
    open_shop(personalizations=[welcome], experiments=[])
    (event,) = shop.wait_for("Experiment viewed")
    assert event["properties"]["campaign_type"] == "personalization"


@ONLY_MICROPYTHON
def test_the_code_to_paste_runs(shop: Shop, open_shop: Open) -> None:
    """As Kameleoon runs it: the body of a function."""
    open_shop()
    shop.remote(**{f"COHORTS_{shop.visitor_code()}": {"vip": True}, "common": COMMON})
    forget(shop)
    open_shop()
    wait_for(shop, "Personas", ["vip"])
    run = "(code) => new Function(code)()"
    assert shop.page.evaluate(run, acquisition_code("Personas")) == {"value": ["vip"], "overwrite": True}
    assert shop.page.evaluate(run, acquisition_code("none")) is None
    names = shop.page.evaluate(run, targeting_code(SITECODE, shop.cloud))
    assert names == [{"value": "vip", "label": "vip"}, {"value": "new", "label": "new"}]
    assert shop.page.evaluate(run, targeting_code(SITECODE, f"{shop.cloud}/missing")) == []
    shop.problems.clear()


@ONLY_MICROPYTHON
def test_a_page_without_kameleoon(shop: Shop, configured: Callable[..., str]) -> None:
    """Straight from the Data API, for the snippets' variables and whoever asks."""
    config = configured(
        custom_data=SOURCES, user_id="segment", consent="none", remote={"data_host": shop.cloud.split("//")[1]}
    )
    shop.remote(COHORTS_u1={"vip": True}, common=COMMON)
    shop.open(shop.segment("analytics.identify('u1')"), shop.tag(config=config))
    shop.page.wait_for_function("() => window.k_segmentIO?.cohorts?.[0] === 'vip'")


@ONLY_MICROPYTHON
def test_one_request_for_five_tabs(shop: Shop, open_shop: Open) -> None:
    """Within `remote.ttl` seconds."""
    open_shop(experiments=[EXPERIMENT])
    shop.page.wait_for_function("() => localStorage.getItem('k_segmentio_audience')?.includes('personas')")
    before = len(requests(shop))
    for _ in range(4):
        tab = shop.context.new_page()
        tab.goto(shop.origin + "/")
        shop.ready(tab)
        tab.evaluate("() => { analytics.track('Tab') }")
    shop.wait_for("Tab", 4)
    shop.wait_for_lock("k_segmentio_remote")
    assert len(requests(shop)) == before
