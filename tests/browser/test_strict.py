"""The strict engine: the same brain on Pyodide, which says what breaks a model and breaks nothing itself."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.serving import CLIENT
from tests.browser.shop import PERSONALIZATION, Host, Shop

STRICT = pytest.mark.parametrize("engine", ["pyodide"], indirect=True)
LISTEN = """<script>
  window.seen = []
  addEventListener('kameleoonSegment:violation', ({ detail }) => {
    seen.push({ ...detail, known: kameleoonSegment.status().errors.length })
  })
</script>"""
LIMITS = """
  const limits = (parent.limits ??= [])
  AbortSignal.timeout = (milliseconds) => {
    const one = new AbortController()
    limits.push(() => one.abort(`no answer after ${milliseconds} ms`))
    return one.signal
  }
"""
NOON = "2026-11-22T12:00:00Z"
RECEIVED = ("receivedAt", "sentAt", "timestamp")  # by the sandbox's clock, which goes on
FILES = (
    "strict-*.mjs",
    "pyodide.mjs",
    "*.asm.mjs",
    "*.asm.wasm",
    "*stdlib.zip",
    "site-*.data",
    "bridge-*.data",
    "brain-*",
)


@pytest.fixture
def strict(shop: Shop) -> Iterator[Shop]:
    """Return a shop with the strict engine, which notes violations; afterwards each was one line of the console."""
    shop.open(LISTEN, shop.kameleoon(), shop.segment(), shop.tag())
    assert shop.ready()["engine"] == "pyodide"
    shop.wait_for("Experiment viewed")
    yield shop
    lines = [f"[kameleoon-segment] {one['what']}" for one in shop.page.evaluate("() => seen")]
    assert [one for one in shop.problems if "status of 400" not in one] == lines  # the sandbox refuses such events, too
    shop.problems.clear()


def violations(shop: Shop, script: str) -> list[dict[str, Any]]:
    """Run a script in the page; return the violations it made, as the page's listeners saw them."""
    known = shop.page.evaluate("() => seen.length")
    shop.page.evaluate(script)
    shop.settled()
    found: list[dict[str, Any]] = shop.page.evaluate("(known) => seen.slice(known)", known)
    return found


@STRICT
def test_a_wrong_value_is_said_three_ways_and_breaks_nothing(strict: Shop) -> None:
    """An entry of `status().errors`, a DOM event that is sent when the entry is there, one line; the page goes on."""
    report = "{experimentID: '101', experimentName: 'x', variationID: 1002, variationName: 'Calm'}"
    (found,) = violations(strict, f"() => kameleoonSegment.exposure({report})")
    assert found.pop("known") == 1
    assert found == {
        "path": "exposure.report.experimentID",
        "value": '"101"',
        "rule": "input should be a valid integer; accepted: a campaign's id, a whole number",
        "what": 'exposure.report.experimentID: "101"; input should be a valid integer; '
        "accepted: a campaign's id, a whole number",
    }
    assert strict.status()["errors"] == [found]
    assert len(strict.events("Experiment viewed")) == 2  # the brain's decision is its own


@STRICT
@pytest.mark.parametrize(
    ("script", "path", "value"),
    [
        ("() => kameleoonSegment.exposure()", "exposure.report", "nothing"),
        ("() => kameleoonSegment.exposure({experimentId: 1, variationID: 1})", "exposure.report.experimentId", "1"),
        ("() => kameleoonSegment.consent('yes')", "consent.given", '"yes"'),
        ("() => { analytics.track('x'.repeat(10), {}, {messageId: 'm'.repeat(100)}) }", "event.event.messageId", None),
        (
            "() => dispatchEvent(new CustomEvent('Kameleoon::ExperimentActivated', {detail: {experiment: {id: 'a'}}}))",
            "kameleoon.detail.experiment.id",
            '"a"',
        ),
    ],
)
def test_what_enters(strict: Shop, script: str, path: str, value: str | None) -> None:
    """Each way into the brain is checked."""
    (found,) = violations(strict, script)
    assert found["path"] == path
    assert value is None or found["value"] == value
    assert len(found["value"]) <= 61


@pytest.fixture
def held(shop: Shop) -> list[Route]:
    """Open a page that gets the brain, not yet what checks it; return the request that waits."""
    waiting = shop.hold("site-*.data")
    shop.context.add_init_script(LIMITS)
    shop.open(LISTEN, shop.kameleoon(), shop.segment(), shop.tag())
    assert shop.started()["state"] == "on"
    shop.page.evaluate("() => kameleoonSegment.consent('yes')")
    shop.wait_for("Kameleoon identifier")
    assert shop.page.evaluate("() => seen") == []
    assert "checked" not in shop.status()
    return waiting


@STRICT
def test_the_page_does_not_wait_for_the_checks(shop: Shop, held: list[Route]) -> None:
    """The identifier is sent while pydantic is on its way; what was said until then is checked afterwards."""
    shop.released(held).continue_()
    shop.page.wait_for_function("() => seen.length")
    assert [one["path"] for one in shop.page.evaluate("() => seen")] == ["consent.given"]
    assert [one["path"] for one in shop.status()["errors"]] == ["consent.given"]
    assert [problem.partition(":")[0] for problem in shop.problems] == ["[kameleoon-segment] consent.given"]
    shop.problems.clear()


@STRICT
@pytest.mark.parametrize("how", ["missing", "silent"])
def test_checks_that_never_come_are_reported(shop: Shop, held: list[Route], how: str) -> None:
    """The brain goes on by itself, and says that nobody looks over its shoulder."""
    if how == "missing":
        shop.released(held).fulfill(status=404, headers={"access-control-allow-origin": "*"})
    else:
        shop.page.evaluate("() => limits.forEach((end) => end())")
    shop.page.wait_for_function("() => kameleoonSegment.status().errors.length")
    (error,) = shop.status()["errors"]
    reason = {"missing": "answered 404", "silent": "no answer after 60000 ms"}[how]
    assert re.fullmatch(rf"the strict engine checks nothing: site-\w+\.data: {reason}", error["what"])
    assert shop.problems[-1] == f"[kameleoon-segment] {error['what']}"
    assert shop.status()["state"] == "on"
    shop.problems.clear()


@STRICT
def test_who_asks_gets_the_whole_status_at_once(shop: Shop) -> None:
    """From the moment that the bridge is ready: a status tells what is wrong with everything that was said before."""
    brain = shop.hold("brain-*")
    shop.open(LISTEN, shop.kameleoon(), shop.segment(), shop.tag())
    fetched = "performance.getEntriesByType('resource').some(({ name }) => name.includes('/site-'))"
    shop.page.wait_for_function(f"() => frames[0].{fetched}")
    shop.released(brain).continue_()
    shop.started()
    wrong = "() => { kameleoonSegment.consent('yes'); return kameleoonSegment.status().errors }"
    assert [one["path"] for one in shop.page.evaluate(wrong)] == ["consent.given"]
    shop.page.wait_for_function("() => seen.length")
    shop.problems.clear()


@STRICT
def test_the_same_violation_is_said_once(strict: Shop) -> None:
    """A page that repeats itself does not fill the console."""
    assert len(violations(strict, "() => { for (let n = 0; n < 5; n++) kameleoonSegment.consent(1) }")) == 1


@STRICT
def test_no_secret_is_shown(strict: Shop) -> None:
    """Neither in a field of that name nor inside of another value."""
    found = violations(
        strict,
        """() => {
          kameleoonSegment.exposure({experimentID: 1, variationID: 1, apiKey: 'hunter2'})
          kameleoonSegment.exposure({experimentID: {client_secret: 'hunter2'}, variationID: 1})
          kameleoonSegment.exposure('{"writeKey": "hunter2"}')
        }""",
    )
    assert {one["value"] for one in found} == {"(not shown)"}
    assert "hunter2" not in json.dumps([found, strict.status(), strict.problems])


@STRICT
def test_a_wrong_setting_is_a_violation_too(shop: Shop) -> None:
    """One line, as on any engine, and the event for who listens."""
    shop.open(LISTEN, shop.kameleoon(), shop.segment(), shop.tag(sitecode="NOPE"))
    assert shop.ready()["state"] == "off"
    (problem,) = shop.problems
    shop.problems.clear()
    (found,) = shop.page.evaluate("() => seen")
    assert problem == f"[kameleoon-segment] {found['rule']}"
    assert (found["path"], found["value"]) == ("settings", "")


@STRICT
@pytest.mark.never_starts("a file is missing")
@pytest.mark.parametrize("missing", FILES)
def test_a_file_that_is_missing_is_reported_at_once(shop: Shop, missing: str) -> None:
    """Half a deployment costs the page nothing, and nobody waits for the start's time limit."""
    headers = {"access-control-allow-origin": "*"}
    shop.context.route(f"**/{missing}", lambda route: route.fulfill(status=404, headers=headers))
    reasons = failed_at_once(shop)
    assert "answered 404" in reasons or not missing.endswith(".data")  # who fetches the rest says it itself


@STRICT
@pytest.mark.never_starts("Pyodide does not take its WebAssembly")
def test_wasm_of_a_wrong_type_is_reported_at_once(shop: Shop) -> None:
    """Pyodide waits for ever where a server does not say application/wasm."""
    shop.context.route(
        "**/pyodide.asm.wasm",
        lambda route: route.fulfill(response=route.fetch(), headers={"access-control-allow-origin": "*"}),
    )
    assert "MIME" in failed_at_once(shop)


def failed_at_once(shop: Shop) -> str:
    """Open a page in which the strict engine cannot start; return why it says it does not."""
    shop.open()
    status = shop.ready()
    assert status["state"] == "failed"
    reasons = json.dumps(status["errors"])
    assert "no answer after" not in reasons
    shop.settled()
    assert {event["type"] for event in shop.events()} == {"page", "track"}
    assert any("could not start" in problem for problem in shop.problems)
    shop.problems.clear()
    return reasons


@STRICT
@pytest.mark.never_starts("the page is left before")
def test_a_page_that_is_left_while_the_engine_starts_says_nothing(shop: Shop) -> None:
    """Firefox fails the requests of such a page; that is no failure of ours."""
    pack = shop.hold("bridge-*.data")
    shop.page.clock.install()
    shop.open()
    waiting = shop.released(pack)
    shop.stop_clock()  # the visitor does not stay after all
    shop.page.evaluate("() => dispatchEvent(new Event('beforeunload'))")
    waiting.abort()
    assert shop.ready()["state"] == "failed"
    shop.page.clock.resume()
    shop.settled()
    assert not [problem for problem in shop.problems if problem.startswith("[kameleoon-segment]")]
    shop.problems.clear()


@STRICT
def test_nothing_but_the_bundle_is_asked(shop: Shop) -> None:
    """No package index, no CDN, no lock file of other packages: each file once, of those that the manifest names."""
    shop.open()
    shop.ready()
    manifest = CLIENT.get(f"{shop.cloud}/manifest.json").json()
    asked = [url.removeprefix(f"{shop.cloud}/") for url in shop.requests]
    assert sorted(set(asked) & set(manifest["files"])) == sorted(manifest["loads"]["pyodide"])
    assert not [one for one in asked if one.endswith((".whl", "lock.json"))]


@STRICT
def test_persona_names_come_by_the_bridges_own_http(shop: Shop, configured: Callable[..., str]) -> None:
    """Asked before the call returns, where nothing is known yet."""
    shop.remote(common={"cohorts": ["vip", "Ünïcode & co"]})
    assert persona_names(shop, configured) == [{"value": name, "label": name} for name in ("vip", "Ünïcode & co")]


@STRICT
def test_a_data_host_that_fails_is_said(shop: Shop, configured: Callable[..., str]) -> None:
    """And answers no name."""
    headers = {"access-control-allow-origin": "*"}
    shop.context.route("**/map/map*", lambda route: route.fulfill(status=500, headers=headers))
    assert persona_names(shop, configured) == []
    (error,) = shop.status()["errors"]
    assert error["what"] == f"remote: {shop.cloud}/map/map answered 500"
    assert shop.violations == [f"[kameleoon-segment] {error['what']}"]
    shop.problems.clear()  # the browser's own line on a request that failed


def persona_names(shop: Shop, configured: Callable[..., str]) -> list[dict[str, str]]:
    """Return what the page's `personaNames()` returns, with the sandbox as the Data API."""
    host = shop.cloud.removeprefix("http://")
    shop.open(shop.kameleoon(), shop.segment(), shop.tag(config=configured(remote={"data_host": host})))
    shop.ready()
    names: list[dict[str, str]] = shop.page.evaluate("() => kameleoonSegment.personaNames()")
    return names


def test_the_same_visit_sends_the_same_on_both_engines(browser: Browser, sandbox: str, host: Host) -> None:
    """The strict engine observes; byte by byte it decides as MicroPython does."""
    micropython, pyodide = (visit(browser, sandbox, host, name) for name in ("micropython", "pyodide"))
    assert [json.loads(line).get("event") for line in micropython].count("Experiment viewed") == 4
    assert micropython == pyodide


def visit(browser: Browser, sandbox: str, host: Host, engine: str) -> list[str]:
    """Make one scripted visit, at a clock that stands still; return what Segment received, one JSON text each."""
    CLIENT.post(f"{sandbox}/sandbox/reset").raise_for_status()
    context = browser.new_context()
    page = context.new_page()
    shop = Shop(page, sandbox, host, engine)
    known = {"kameleoonVisitorCode": "0123456789abcdef", "ajs_anonymous_id": "11111111-1111-4111-8111-111111111111"}
    context.add_cookies([{"name": name, "value": value, "url": shop.origin} for name, value in known.items()])
    page.clock.set_fixed_time(NOON)
    body = "kameleoonSegment.exposure({experimentID, experimentName, variationID, variationName})"
    wanted = shop.kameleoon(
        personalizations=[PERSONALIZATION], customIntegrations=[body], singlePage=True, runtimeDelay=300
    )
    shop.open(shop.segment(""), shop.tag(), wanted)
    assert shop.ready()["state"] == "on", shop.status()["errors"]
    shop.wait_for("Kameleoon identifier")
    shop.wait_for("Experiment viewed", 2)
    page.evaluate(
        """() => {
          analytics.page('Home')
          analytics.track('Added', { text: 'é 🧪', nothing: null, big: 2 ** 53, list: [1, { a: 0.5 }] })
          analytics.identify('u1', { plan: 'pro' })
          analytics.group('g1', { seats: 12 })
          analytics.alias('u2')
        }"""
    )
    shop.settled()
    page.evaluate("() => history.pushState({}, '', '/next')")
    shop.wait_for("Experiment viewed", 4)
    events = [event for event in shop.settled() if not str(event.get("event")).startswith("Mark")]  # they are numbered
    assert shop.interpreters() == {engine}
    shop.check()
    context.close()
    texts = [json.dumps({key: event[key] for key in sorted(event) if key not in RECEIVED}) for event in events]
    return sorted(re.sub("ajs-next-[0-9a-f-]+", "by analytics.js", text) for text in texts)
