"""The command queue, conditions and single-page apps in the emulation of Kameleoon's script."""

import pytest
from playwright.sync_api import Route

from tests.browser.kameleoon.emulation import EXPERIMENT, Site


def test_queue_forms(site: Site) -> None:
    """Functions, full and short paths all work, in order; a throwing command harms nobody."""
    goals = [{"id": 5, "name": "order", "type": "CUSTOM"}]
    site.open(
        {"goals": goals},
        before="""
          window.kameleoonQueue = [];
          kameleoonQueue.push(() => { throw new Error("mine") });
          kameleoonQueue.push(["Kameleoon.API.Goals.processConversion", "order", 12.5]);
          kameleoonQueue.push(["Goals.processConversion", 5]);
          kameleoonQueue.push(["Nowhere.nothing"]);
          window.dead = kameleoonQueue.push;
        """,
    )

    assert site.events() == ["Loaded", "ConversionTriggered", "ConversionTriggered", "Started"]
    assert site.run("Kameleoon.API.CurrentVisit.conversions") == {"5": {"count": 2, "revenue": 12.5}}
    assert site.run("dead !== kameleoonQueue.push")
    site.run(
        "kameleoonQueue.push(() => { window.live = true }); dead.call(kameleoonQueue, () => { window.lost = true })"
    )
    assert site.run("[window.live, window.lost]") == [True, None]


def test_single_page_load(site: Site) -> None:
    """A new address runs everything again: timers are gone, events return, page values are forgotten."""
    basket = {"index": 1, "name": "basket", "type": "UNIQUE", "format": "number", "scope": "PAGE"}
    site.open(
        {
            "singlePage": True,
            "experiments": [EXPERIMENT],
            "customData": [basket],
            "globalScript": "window.runs = -~runs",
        },
        before="window.runs = 0",
    )
    site.run("Kameleoon.API.Data.setCustomData('basket', '3.5')")
    site.run("Kameleoon.API.Core.runWhenConditionTrue(() => window.ready, () => { window.late = true })")
    site.run("Kameleoon.API.Utils.addEventListener(document, 'ping', () => { window.pinged = true })")
    assert site.run("Kameleoon.API.CurrentVisit.customData") == {"basket": 3.5}

    site.pass_time()
    site.run("document.querySelector('h1').textContent = 'New'; history.pushState({}, '', '/next')")
    site.pass_time(150)
    site.run("window.ready = true; document.dispatchEvent(new Event('ping'))")
    site.pass_time(1000)

    assert [site.events().count(name) for name in ("Loaded", "Started", "ExperimentActivated")] == [2, 2, 2]
    assert site.run("[runs, window.late, window.pinged]") == [2, None, None]
    assert site.run("Kameleoon.API.CurrentVisit.customData") == {}
    assert len(site.run("Kameleoon.API.CurrentVisit.activatedExperiments[0].times")) == 2


def test_run_when_condition_true(site: Site) -> None:
    """A true condition runs the callback before the call returns; a false one is asked again."""
    site.open()
    site.run("Kameleoon.API.Core.runWhenConditionTrue(() => true, () => { window.now = true })")
    assert site.run("now") is True

    site.run("Kameleoon.API.Core.runWhenConditionTrue(() => window.go, () => { window.done = true }, 150)")
    site.run("window.go = true")
    assert site.run("window.done") is None
    site.pass_time(200)
    assert site.run("window.done") is True


def test_queue_runs_one_item_of_a_push(site: Site) -> None:
    """Section 9.11: of several the first alone, and the answer is none."""
    site.open()
    pushed = site.run(
        "[kameleoonQueue.push(() => (window.first = true), () => (window.second = true)) === undefined,"
        " window.first, window.second]"
    )

    assert pushed == [True, True, None]


def test_immediate_items_run_in_reverse_order(site: Site) -> None:
    """Section 9.11: the last one first; ordinary items in order."""
    items = "{level: 'IMMEDIATE', command: () => order.push(1)}, {level: 'IMMEDIATE', command: () => order.push(2)}"
    site.open(before=f"order = []; kameleoonQueue = [() => order.push(3), {items}, () => order.push(4)]")

    assert site.run("order") == [2, 1, 3, 4]


@pytest.mark.parametrize(("setting", "again", "runs"), [(False, False, 2), (False, True, 3), (True, False, 3)])
def test_single_page_support_ends_with_its_run(site: Site, setting: bool, again: bool, runs: int) -> None:
    """Section 9.10: without the site's setting or another call, only the first route change is seen."""
    site.open({"singlePage": setting})
    call = "Kameleoon.API.Core.enableSinglePageSupport()"
    site.run(call)
    site.run("history.pushState({}, '', '/one')")
    site.pass_time(200)
    if again:
        site.run(call)
    assert site.run("Kameleoon.API.Core.getConfiguration().singlePageSupport") is (setting or again)
    site.run("history.pushState({}, '', '/two')")
    site.pass_time(200)

    assert site.events().count("Started") == runs


@pytest.mark.parametrize(("dialect", "done"), [(2022, None), (2025, True), (2026, True)])
def test_conditions_after_the_page_has_loaded(site: Site, dialect: int, done: bool | None) -> None:
    """Sections 1.2 and 9.3: the script of 2022 asks no more then; what is true at once still runs."""
    wait = "Kameleoon.API.Core.runWhenConditionTrue(() => window.go, () => { window.done = true })"
    site.open({"dialect": dialect, "globalScript": wait})
    site.page.wait_for_load_state("load")
    site.pass_time(200)
    site.run("window.go = true")
    site.pass_time(400)
    assert site.run("window.done") is done

    site.run("Kameleoon.API.Core.runWhenConditionTrue(() => true, () => { window.now = true })")
    assert site.run("now") is True


def test_conditions_while_the_page_loads(site: Site) -> None:
    """Section 1.2: in 2022, a condition that comes true before the page has loaded is seen."""
    waits = "Kameleoon.API.Core.runWhenConditionTrue(() => window.go, () => { window.done = true })"
    slow = "document.write('<img src=/slow.png>')"
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    site.page.route("**/slow.png", hold)
    site.open({"dialect": 2022, "globalScript": waits}, before=slow, until="commit")
    site.wait("window.Kameleoon?.API.Visitor?.code")
    site.run("window.go = true")
    site.pass_time(200)

    assert site.run("[document.readyState === 'complete', window.done]") == [False, True]
    held[0].abort()
