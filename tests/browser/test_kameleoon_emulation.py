"""The emulation of Kameleoon's script behaves like the real one, where a bridge can tell."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bridge.sandbox.kameleoon.script import kameleoon_script

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Route

ORIGIN = "http://shop.test"
WEB = Path("web")

# Notes every event, in order, with what the page could read at that moment.
RECORDER = """
window.seen = [];
const names = ["Loaded", "Aborted", "Started", "SegmentTriggered", "ExperimentTriggered", "ExperimentActivated",
  "PersonalizationTriggered", "PersonalizationActivated", "ConversionTriggered", "CustomDataSet",
  "LegalConsentUpdated"];
for (const name of names) {
  window.addEventListener("Kameleoon::" + name, (event) => {
    const visitor = window.Kameleoon?.API.Visitor;
    seen.push({ name, detail: event.detail, bubbles: event.bubbles, cancelable: event.cancelable,
      code: visitor && visitor.code, snapshot: visitor && Object.keys(visitor) });
  });
}
"""

EXPERIMENT = {
    "id": 101,
    "name": "Headline",
    "force": 1001,
    "variations": [
        {"id": 1001, "name": "Bold", "apply": {"h1": "Bold!"}},
        {"id": 1002, "name": "It's calm", "apply": {"h1": "Calm."}},
    ],
}
PERSONALIZATION = {"id": 202, "name": "Welcome", "variations": [{"id": 2001, "name": "Hello"}]}
PERSONAS = {"index": 3, "name": "personas", "type": "LIST", "format": "string", "scope": "VISITOR"}


class Site:
    """A site with Kameleoon's script, on an origin that exists only in the browser under test."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[tuple[str, dict[str, list[str]], str]] = []
        self.maps: dict[str, Any] = {}
        self.status = 200
        self.html = ""
        self.script = ""
        page.route("**/*", self._answer)

    def _answer(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.path == "/engine.js":
            route.fulfill(body=self.script, content_type="text/javascript")
        elif address.path.startswith(("/map/", "/visit/")):
            query = parse_qs(address.query)
            self.requests.append((address.path, query, route.request.post_data or ""))
            route.fulfill(status=self.status, body=json.dumps(self._stored(query)))
        else:
            route.fulfill(body=self.html, content_type="text/html")

    def _stored(self, query: dict[str, list[str]]) -> Any:
        if "key" in query:
            return self.maps.get(query["key"][0], {})
        return {key: self.maps.get(key, {}) for key in json.loads(query.get("keys", ["[]"])[0])}

    def open(self, project: dict[str, Any] | None = None, *, before: str = "", path: str = "/") -> None:
        """Load the page: the recorder, then the script `before`, then Kameleoon's with the project given."""
        definition = {"siteCode": "abcde12345", "dataUrl": ORIGIN, **(project or {})}
        self.script = kameleoon_script(WEB, definition)
        self.html = (
            f"<!doctype html><title>Shop</title><h1>Plain</h1>"
            f"<script>{RECORDER}</script><script>{before}</script><script src=/engine.js></script>"
        )
        self.page.goto(ORIGIN + path)

    def stop_clock(self) -> None:
        """Let the page's time pass only where the test says so."""
        now = time.time()
        self.page.clock.install(time=now)
        self.page.clock.pause_at(now + 1)  # else it goes on by itself

    def run(self, script: str) -> Any:
        """Evaluate a script in the page."""
        return self.page.evaluate(script)

    def events(self) -> list[str]:
        """Name the events seen so far, in order."""
        return [str(event["name"]) for event in self.run("seen")]

    def wait(self, condition: str) -> None:
        """Wait until the page says so."""
        self.page.wait_for_function(f"() => {condition}", polling=20)

    def tracked(self) -> list[dict[str, str]]:
        """Read the events that Kameleoon's own tracking delivered."""
        lines = [line for path, _, body in self.requests if path == "/visit/events" for line in body.splitlines()]
        return [{key: values[0] for key, values in parse_qs(line).items()} for line in lines]


@pytest.fixture
def site(page: Page) -> Site:
    """Give each test a site of its own, with no visitor in it yet."""
    return Site(page)


def cookies(context: BrowserContext) -> dict[str, str]:
    """Read the cookies of the site by name."""
    return {cookie["name"]: cookie["value"] for cookie in context.cookies(ORIGIN)}


# ---------------------------------------------------------------------------------------------------- boot


def test_boot_order(site: Site) -> None:
    """Custom data, global script and queue all run before Started, and Started before any exposure."""
    code = {**PERSONAS, "customEvalCode": "order.push('custom data'); return {value: null};"}
    site.open(
        {"experiments": [EXPERIMENT], "customData": [code], "globalScript": "order.push('global script')"},
        before="""
          window.order = [];
          for (const name of ["Loaded", "Started", "SegmentTriggered", "ExperimentTriggered", "ExperimentActivated"])
            window.addEventListener("Kameleoon::" + name, () => order.push(name));
          window.kameleoonQueue = [];
          kameleoonQueue.push(() => order.push("queue"));
          kameleoonQueue.push({level: "IMMEDIATE", command: () => order.push("immediate")});
        """,
    )

    assert site.run("order") == [
        "immediate",
        "Loaded",
        "custom data",
        "global script",
        "queue",
        "Started",
        "SegmentTriggered",
        "ExperimentTriggered",
        "ExperimentActivated",
    ]


def test_second_script_does_nothing(site: Site) -> None:
    """A script that finds window.Kameleoon leaves the page alone."""
    site.open(before="window.Kameleoon = {mine: true, API: {}}")

    assert site.run("Object.keys(Kameleoon)") == ["mine", "API"]
    assert site.events() == []


def test_events_are_plain_window_events(site: Site) -> None:
    """Events neither bubble nor can be cancelled, and say when they happened."""
    site.open({"experiments": [EXPERIMENT]})

    for event in site.run("seen"):
        assert not event["bubbles"]
        assert not event["cancelable"]
        assert event["detail"]["time"] > 0


@pytest.mark.parametrize(
    ("path", "before", "reason"),
    [
        ("/?kameleoonDisabled", "", "PARAMETER"),
        ("/", "kameleoonStartLoadTime = Date.now() - 2000; kameleoonLoadingTimeout = 750", "TIMEOUT"),
        ("/", "Storage.prototype.setItem = () => { throw new Error('no') }", "STORAGE"),
    ],
)
def test_aborted(site: Site, path: str, before: str, reason: str) -> None:
    """An aborted script says why, and never gets a visitor nor drains the queue."""
    site.open({"experiments": [EXPERIMENT]}, before=f"{before}; window.kameleoonQueue = [() => 0]", path=path)

    assert site.events() == ["Loaded", "Aborted"]
    assert site.run("seen[1].detail.reason") == reason
    assert site.run("[kameleoonQueue.length, Object.keys(Kameleoon.API.Visitor)]") == [1, ["setVisitorCode"]]


def test_anti_flicker_is_released(site: Site) -> None:
    """The page is shown as soon as the script is there."""
    site.open(before="window.kameleoonDisplayPage = (now) => { window.shown = now }")

    assert site.run("[shown, kameleoonDisplayPage, kameleoonEndLoadTime > 0]") == [True, None, True]


# ---------------------------------------------------------------------------------------------------- visitor


def test_visitor_phases(site: Site) -> None:
    """Visitor offers only a setter, then reads null, then is a fresh snapshot at each access."""
    site.stop_clock()
    site.open({"runtimeDelay": 100, "visitorDelay": 100})

    assert site.run("Object.keys(Kameleoon.API.Visitor)") == ["setVisitorCode"]
    site.page.clock.run_for(150)
    assert site.run("Kameleoon.API.Visitor") is None
    site.page.clock.run_for(100)
    assert site.run("Kameleoon.API.Visitor.code.length") == 16
    assert site.run("Kameleoon.API.Visitor !== Kameleoon.API.Visitor")


def test_visitor_code_and_cookie(site: Site, context: BrowserContext) -> None:
    """A new visitor gets 16 characters in the cookie, and keeps them at the next page load."""
    site.open()
    code = site.run("Kameleoon.API.Visitor.code")

    assert site.run("/^[a-z0-9]{16}$/.test(Kameleoon.API.Visitor.code)")
    assert cookies(context)["kameleoonVisitorCode"] == code
    assert site.run("seen.at(-1).detail.newVisitorCode") is True

    site.open()
    assert site.run("Kameleoon.API.Visitor.code") == code
    assert site.run("Kameleoon.API.CurrentVisit.pageViews") == 2


def test_old_cookie_is_left_as_it_is(site: Site, context: BrowserContext) -> None:
    """The prefix of Kameleoon's scripts before 2023 is part of the code today."""
    context.add_cookies([{"name": "kameleoonVisitorCode", "value": "_js_abcdefgh12345678", "url": ORIGIN}])
    site.open()

    assert site.run("Kameleoon.API.Visitor.code") == "_js_abcdefgh12345678"
    assert cookies(context)["kameleoonVisitorCode"] == "_js_abcdefgh12345678"


def test_set_visitor_code(site: Site, context: BrowserContext) -> None:
    """A new code replaces the cookie and buckets again: the same visitor gets the same variation everywhere."""
    experiment = {key: value for key, value in EXPERIMENT.items() if key != "force"}
    site.open({"experiments": [experiment]})
    read = """() => ["one", "two", "three", "four", "five", "six", "one"].map((code) => {
      Kameleoon.API.Visitor.setVisitorCode(code);
      return localStorage["kameleoonExperiment-101"].split("/")[0];
    })"""
    variations = site.run(read)

    assert len(set(variations)) > 1
    assert variations[0] == variations[-1]
    assert cookies(context)["kameleoonVisitorCode"] == "one"
    assert site.run("Kameleoon.API.Visitor.code") == "one"


def test_visitor_code_set_before_the_run(site: Site) -> None:
    """A code given by an immediate command is the visitor's from the start."""
    command = """{level: "IMMEDIATE", command: () => {
      window.early = [Kameleoon.API.Visitor.code, Kameleoon.API.CurrentVisit];
      Kameleoon.API.Visitor.setVisitorCode("mine");
    }}"""
    site.open(before=f"window.kameleoonQueue = [{command}]")

    assert site.run("early") == [None, None]
    assert site.run("Kameleoon.API.Visitor.code") == "mine"


def test_new_visit_after_half_an_hour(site: Site) -> None:
    """A visit ends after 30 idle minutes: its values go, the visitor's stay."""
    plan = {"index": 4, "name": "plan", "type": "UNIQUE", "format": "string", "scope": "VISIT"}
    site.stop_clock()
    site.open({"customData": [PERSONAS, plan]})
    site.run("Kameleoon.API.Data.setCustomData('personas', ['vip']), Kameleoon.API.Data.setCustomData('plan', 'pro')")
    site.page.clock.fast_forward("31:00")
    site.open({"customData": [PERSONAS, plan]})

    assert site.run("Kameleoon.API.Visitor.numberOfVisits") == 2
    assert site.run("Kameleoon.API.CurrentVisit.customData") == {"personas": ["vip"]}
    assert site.run("Kameleoon.API.Visitor.previousVisit.customData") == {"plan": "pro"}
    assert site.run("seen.find((event) => event.name === 'Started').detail.newVisitorCode") is False


# ---------------------------------------------------------------------------------------------------- experiments


def test_exposure(site: Site) -> None:
    """Triggered comes before the assignment; Activated after the page has changed."""
    listener = (
        "window.addEventListener('Kameleoon::ExperimentActivated', () => { window.shown = title().textContent });"
    )
    site.open({"experiments": [EXPERIMENT]}, before=f"const title = () => document.querySelector('h1'); {listener}")

    activated = site.run("seen.at(-1).detail.experiment")
    assert activated["id"] == 101
    assert activated["associatedVariation"]["name"] == "Bold"
    assert [variation["id"] for variation in activated["variations"]] == [0, 1001, 1002]
    assert site.run("shown") == "Bold!"
    visit = site.run("Kameleoon.API.CurrentVisit.activatedExperiments")
    assert [(each["experimentID"], each["associatedVariationID"], len(each["times"])) for each in visit] == [
        (101, 1001, 1)
    ]


def test_unassigned_looks_like_excluded(site: Site) -> None:
    """Before anything is assigned, the variation reads as the excluded one."""
    experiment = {**EXPERIMENT, "targeting": {"event": "never"}}
    del experiment["force"]
    site.open({"experiments": [experiment]})

    variation = site.run("Kameleoon.API.Experiments.getById(101).associatedVariation")
    assert (variation["id"], variation["name"]) == (None, "Excluded")
    assert site.run("Kameleoon.API.Experiments.getActive()") == []


def test_control_is_exposed_and_excluded_is_not(site: Site) -> None:
    """The control has id 0 and is an exposure; an excluded visitor is neither reported nor tracked."""
    integration = "(window.calls ||= []).push([experimentID, variationID, variationName])"
    project = {"experiments": [EXPERIMENT], "customIntegrations": [integration]}
    site.open(project, path="/?kameleoonForce=101:0")
    assert site.run("seen.at(-1).detail.experiment.associatedVariation.name") == "Reference"
    assert site.run("calls") == [[101, 0, "Reference"]]
    assert site.run("Kameleoon.API.Experiments.getActive().length") == 1

    site.open(project, path="/?kameleoonForce=7:1,101:null")
    assert site.events()[-1] == "ExperimentTriggered"
    assert site.run("[window.calls, Kameleoon.API.Experiments.getActive()]") == [None, []]


def test_bucketing_is_kept(site: Site, context: BrowserContext) -> None:
    """Bucketing follows the visitor's code, and the result is kept for a month."""
    experiment = {**EXPERIMENT, "deviation": {"0": 0, "1001": 0, "1002": 100}}
    del experiment["force"]
    site.open({"experiments": [experiment]})
    assert site.run("localStorage['kameleoonExperiment-101']").startswith("1002/")

    nobody = {**experiment, "deviation": {}}
    site.open({"experiments": [nobody]})
    assert site.run("Kameleoon.API.Experiments.getById(101).associatedVariation.id") == 1002

    site.run("localStorage.clear()")
    site.open({"experiments": [nobody]})
    assert site.run("localStorage['kameleoonExperiment-101']").startswith("null/")
    assert "kameleoonVisitorCode" in cookies(context)


def test_personalization(site: Site) -> None:
    """Personalizations have events and arguments of their own."""
    names = "experimentID, experimentName, personalizationID, personalizationName, variationID, variationName"
    integration = f"window.call = [{names}]"
    site.open({"personalizations": [PERSONALIZATION], "customIntegrations": [integration]})

    assert site.events()[-3:] == ["SegmentTriggered", "PersonalizationTriggered", "PersonalizationActivated"]
    assert site.run("call") == [None, None, 202, "Welcome", 2001, "Hello"]
    assert site.run("Kameleoon.API.Personalizations.getActive()[0].associatedVariation.id") == 2001


def test_hybrid_trigger(site: Site) -> None:
    """Tracking only means no DOM event: integrations, tracking and getActive still see the exposure."""
    flag = {**EXPERIMENT, "featureFlag": True}
    del flag["force"]
    queue = "[['Experiments.assignVariation', 101, 1002, true], ['Experiments.trigger', 101, true]]"
    project = {
        "experiments": [flag],
        "escapeVariationNames": True,
        "customIntegrations": ["window.call = [experimentID, variationID, variationName]"],
    }
    site.open(project, before=f"window.kameleoonQueue = {queue}")

    assert site.events() == ["Loaded", "Started"]
    assert site.run("call") == [101, 1002, "It's calm"]
    assert site.run("Kameleoon.API.Experiments.getActive()[0].associatedVariation.id") == 1002

    site.run("Kameleoon.API.Experiments.trigger(101)")
    assert site.events()[-1] == "ExperimentActivated"


def test_hybrid_trigger_of_an_unknown_experiment(site: Site) -> None:
    """An experiment newer than the script reaches Kameleoon's tracking, and nothing else."""
    site.stop_clock()
    site.open({"customIntegrations": ["window.called = true"]})
    site.run("kameleoonQueue.push(['Experiments.assignVariation', 9, 90, true], ['Experiments.trigger', 9, true])")
    with site.page.expect_response("**/visit/events*"):
        site.page.clock.run_for(600)

    assert {"eventType": "experiment", "id": "9", "variationId": "90"}.items() <= site.tracked()[-1].items()
    assert site.run("[window.called, Kameleoon.API.Experiments.getById(9)]") == [None, None]
    assert site.events() == ["Loaded", "Started"]


def test_targeting_follows_custom_data(site: Site) -> None:
    """An experiment waits for its custom data, and runs as soon as it has the value, once."""
    experiment = {**EXPERIMENT, "targeting": {"customData": "personas", "value": "vip"}}
    site.open({"experiments": [experiment], "customData": [PERSONAS]})
    assert "ExperimentActivated" not in site.events()

    site.run("Kameleoon.API.Data.setCustomData('personas', ['guest', 'vip'], true)")
    site.run("Kameleoon.API.Data.setCustomData('personas', ['vip', 'late'], true)")
    assert site.events().count("ExperimentActivated") == 1


def test_triggered_event_is_for_targeting_only(site: Site) -> None:
    """Events.trigger makes no DOM event, but lets a campaign run."""
    site.open({"experiments": [{**EXPERIMENT, "targeting": {"event": "cart"}}]})
    site.run("Kameleoon.API.Events.trigger('cart')")

    assert site.events()[-1] == "ExperimentActivated"


# ---------------------------------------------------------------------------------------------------- integrations


def test_apostrophe_defect(site: Site) -> None:
    """An apostrophe in a variation's name loses the exposure, unless the project says otherwise."""
    project = {
        "experiments": [{**EXPERIMENT, "name": 'Bob\'s "test"'}],
        "customIntegrations": ["throw new Error('mine')", "window.call = [experimentName, variationName]"],
    }
    site.open(project)
    assert site.run("call") == ['Bob\'s "test"', "Bold"]

    messages: list[str] = []
    site.page.on("console", lambda message: messages.append(message.text))
    site.open(project, path="/?kameleoonForce=101:1002")
    assert site.run("window.call") is None
    assert sum("SyntaxError" in message for message in messages) == 2

    site.open({**project, "escapeVariationNames": True}, path="/?kameleoonForce=101:1002")
    assert site.run("call") == ['Bob\'s "test"', "It's calm"]


# ---------------------------------------------------------------------------------------------------- command queue


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


# ---------------------------------------------------------------------------------------------------- consent


def test_unknown_consent_shows_but_holds(site: Site, context: BrowserContext) -> None:
    """Before an answer the page changes, but nothing is stored, tracked or given to integrations."""
    project = {
        "consent": "required",
        "experiments": [EXPERIMENT],
        "customIntegrations": ["(window.calls ||= []).push(experimentID)"],
    }
    site.stop_clock()
    site.open(project)
    site.page.clock.run_for(2000)
    code = site.run("Kameleoon.API.Visitor.code")
    assert site.events()[-1] == "ExperimentActivated"
    assert site.run("Kameleoon.API.Visitor.experimentLegalConsent") is None
    assert site.run("[window.calls, document.cookie, localStorage.length, sessionStorage.length]") == [None, "", 0, 0]
    assert site.requests == []

    with site.page.expect_response("**/visit/events*"):
        site.run("Kameleoon.API.Core.enableLegalConsent()")
    assert site.run("seen.at(-1).detail.legalConsentUpdate") == {"AB_TESTING": True, "PERSONALIZATION": True}
    assert site.events().count("ExperimentActivated") == 2
    assert site.run("calls") == [101]
    assert cookies(context)["kameleoonVisitorCode"] == code
    assert [event["eventType"] for event in site.tracked()] == ["page", "experiment"]

    site.open(project)
    assert site.run("Kameleoon.API.Visitor.experimentLegalConsent") is True


def test_refused_consent_drops(site: Site) -> None:
    """A refusal is remembered, and what was held is gone for good."""
    project = {
        "consent": "required",
        "experiments": [EXPERIMENT],
        "personalizations": [PERSONALIZATION],
        "customIntegrations": ["(window.calls ||= []).push(variationID)"],
    }
    site.open(project)
    site.run("Kameleoon.API.Core.disableLegalConsent('AB_TESTING')")
    site.run("Kameleoon.API.Core.enableLegalConsent('PERSONALIZATION')")
    site.run("Kameleoon.API.Core.enableLegalConsent('AB_TESTING')")
    assert site.run("calls") == [2001]

    site.run("Kameleoon.API.Core.disableLegalConsent()")
    site.open(project)
    read = "[Kameleoon.API.Visitor.experimentLegalConsent, Kameleoon.API.Visitor.personalizationLegalConsent]"
    assert site.run(read) == [False, False]
    assert site.run("window.calls") is None


def test_blocked_until_consent(site: Site) -> None:
    """With blocking, campaigns run only after the answer."""
    site.open({"consent": "required", "beforeConsent": "block", "experiments": [EXPERIMENT]})
    assert site.events() == ["Loaded", "Started"]

    site.run("kameleoonQueue.push(['Core.enableLegalConsent'])")
    assert site.events()[-2:] == ["ExperimentActivated", "LegalConsentUpdated"]


# ---------------------------------------------------------------------------------------------------- single page


def test_single_page_load(site: Site) -> None:
    """A new address runs everything again: timers are gone, events return, page values are forgotten."""
    basket = {"index": 1, "name": "basket", "type": "UNIQUE", "format": "number", "scope": "PAGE"}
    site.stop_clock()
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

    site.run("document.querySelector('h1').textContent = 'New'; history.pushState({}, '', '/next')")
    site.page.clock.run_for(150)
    site.run("window.ready = true; document.dispatchEvent(new Event('ping'))")
    site.page.clock.run_for(1000)

    assert [site.events().count(name) for name in ("Loaded", "Started", "ExperimentActivated")] == [2, 2, 2]
    assert site.run("[runs, window.late, window.pinged]") == [2, None, None]
    assert site.run("Kameleoon.API.CurrentVisit.customData") == {}
    assert len(site.run("Kameleoon.API.CurrentVisit.activatedExperiments[0].times")) == 2


def test_run_when_condition_true(site: Site) -> None:
    """A true condition runs the callback before the call returns; a false one is asked again."""
    site.stop_clock()
    site.open()
    site.run("Kameleoon.API.Core.runWhenConditionTrue(() => true, () => { window.now = true })")
    assert site.run("now") is True

    site.run("Kameleoon.API.Core.runWhenConditionTrue(() => window.go, () => { window.done = true }, 150)")
    site.run("window.go = true")
    assert site.run("window.done") is None
    site.page.clock.run_for(200)
    assert site.run("window.done") is True


# ---------------------------------------------------------------------------------------------------- custom data


@pytest.mark.parametrize(
    ("kind", "form", "calls", "expected"),
    [
        ("UNIQUE", "string", [["a"], ["b"]], "b"),
        ("UNIQUE", "number", [[12.5]], 12.5),
        ("UNIQUE", "boolean", [[True]], True),
        ("UNIQUE", "boolean", [[False]], False),
        ("LIST", "string", [["a"], [["b", "a"]]], ["a", "b"]),
        ("LIST", "string", [["a"], [["b"], True]], ["b"]),
        ("LIST", "string", [["a"], [[], True]], []),
        ("LIST", "string", [["a"], [None, True]], ["a"]),
        ("LIST", "string", [["a"], ["x" * 1001]], ["a"]),
        ("COUNT_LIST", "string", [["a"], ["b"], ["a"]], [{"value": "a", "count": 2}, {"value": "b", "count": 1}]),
    ],
)
def test_custom_data_types(site: Site, kind: str, form: str, calls: list[list[Any]], expected: Any) -> None:
    """Values are kept and read back by type and format."""
    site.open({"customData": [{"index": 7, "name": "it", "type": kind, "format": form, "scope": "VISIT"}]})
    for arguments in calls:
        site.run(f"Kameleoon.API.Data.setCustomData('it', ...{json.dumps(arguments)})")

    assert site.run("Kameleoon.API.CurrentVisit.customData.it") == expected


def test_custom_data_by_index_and_reset(site: Site) -> None:
    """Name and index both work, unknown names are ignored, and a reset empties."""
    site.open({"customData": [PERSONAS]})
    site.run("Kameleoon.API.Data.setCustomData(3, 'vip'), Kameleoon.API.Data.setCustomData('nobody', 1)")
    assert site.run("Kameleoon.API.Visitor.customData") == {"personas": ["vip"]}
    assert site.run("seen.at(-1).detail.name") == "personas"

    site.run("Kameleoon.API.Data.resetCustomData('personas')")
    assert site.run("Kameleoon.API.Visitor.customData") == {"personas": []}


def test_custom_data_before_its_time(site: Site) -> None:
    """Values set before the custom data codes had their turn are silently lost."""
    command = "{level: 'IMMEDIATE', command: ['Data.setCustomData', 'personas', 'vip']}"
    site.open({"customData": [PERSONAS]}, before=f"window.kameleoonQueue = [{command}]")

    assert site.run("Kameleoon.API.Visitor.customData") == {}


def test_custom_code_polling(site: Site) -> None:
    """Code is asked at once, each 200 ms for 3 s, then each 3 s, until it answers."""
    code = "(window.asked ||= []).push(performance.now() | 0); return window.answer;"
    site.stop_clock()
    site.open({"customData": [{**PERSONAS, "customEvalCode": code}]})
    site.page.clock.run_for(9100)
    asked = site.run("asked")
    assert [time - asked[0] for time in asked] == [*range(0, 3001, 200), 6000, 9000]

    site.run("window.answer = {value: ['vip'], overwrite: true}")
    site.page.clock.run_for(10_000)
    assert site.run("asked.length") == len(asked) + 1
    assert site.run("Kameleoon.API.Visitor.customData.personas") == ["vip"]


def test_custom_code_that_cannot_be_read(site: Site) -> None:
    """A SyntaxError is a line in the console, again and again, and no one else's trouble."""
    messages: list[str] = []
    site.page.on("console", lambda message: messages.append(message.text))
    site.stop_clock()
    broken = {**PERSONAS, "customEvalCode": "const id = 1; const id = 2; return {value: 'vip'};"}
    site.open({"customData": [broken], "experiments": [EXPERIMENT]})
    site.page.clock.run_for(900)

    assert site.events()[-1] == "ExperimentActivated"
    assert sum("SyntaxError" in message for message in messages) == 5


def test_custom_code_with_an_unchanged_value(site: Site) -> None:
    """A single value that is known already is not set again."""
    plan = {"index": 4, "name": "plan", "type": "UNIQUE", "format": "string", "scope": "VISITOR"}
    project = {"customData": [{**plan, "customEvalCode": "return {value: 'pro', overwrite: true}"}]}
    site.open(project)
    assert "CustomDataSet" in site.events()

    site.open(project)
    assert "CustomDataSet" not in site.events()
    assert site.run("Kameleoon.API.Visitor.customData") == {"plan": "pro"}


# ---------------------------------------------------------------------------------------------------- remote data


def test_remote_data(site: Site) -> None:
    """One key gives its object, a list of keys gives an object of objects, in requests of 100 keys."""
    site.maps = {"COHORTS_é&1": {"vip": True}}
    site.open()
    read = "(key) => new Promise((done) => Kameleoon.API.Data.retrieveDataFromRemoteSource(key, done))"
    keys = ["COHORTS_é&1", *(f"k{number}" for number in range(150))]

    assert site.page.evaluate(read, "COHORTS_é&1") == {"vip": True}
    answer = site.page.evaluate(read, keys)
    assert (len(answer), answer["COHORTS_é&1"], answer["k149"]) == (151, {"vip": True}, {})
    assert site.page.evaluate(read, []) == {}
    assert [path for path, _, _ in site.requests if path.startswith("/map")] == ["/map/map", "/map/maps", "/map/maps"]
    assert site.requests[0][1]["siteCode"] == ["abcde12345"]


@pytest.mark.parametrize(("status", "stored"), [(500, {"vip": True}), (404, {}), (200, "text"), (200, None)])
def test_remote_data_failure(site: Site, status: int, stored: Any) -> None:
    """Whatever goes wrong, the callback gets an empty object."""
    site.status = status
    site.maps = {"key": stored}
    site.open()
    read = "() => new Promise((done) => Kameleoon.API.Data.retrieveDataFromRemoteSource('key', done))"

    assert site.run(read) == {}


def test_local_data(site: Site) -> None:
    """Local data lasts an hour, persistent data a month."""
    site.stop_clock()
    site.open()
    site.run("Kameleoon.API.Data.writeLocalData('a', {b: 1}), Kameleoon.API.Data.writeLocalData('c', 2, true)")
    read = "['a', 'c', 'd'].map(Kameleoon.API.Data.readLocalData)"
    assert site.run(read) == [{"b": 1}, 2, None]
    site.page.clock.fast_forward("02:00:00")
    assert site.run(read) == [None, 2, None]


# ---------------------------------------------------------------------------------------------------- tracking


def test_own_tracking(site: Site) -> None:
    """Kameleoon's script tells its own Data API what happened, each half second."""
    site.stop_clock()
    site.open({"experiments": [EXPERIMENT], "customData": [PERSONAS]})
    site.run("Kameleoon.API.Data.setCustomData('personas', ['vip'], true)")
    with site.page.expect_response("**/visit/events*"):
        site.page.clock.run_for(600)

    _, query, _ = site.requests[0]
    assert (query["engine"], query["visitorCode"]) == (["true"], [site.run("Kameleoon.API.Visitor.code")])
    page, experiment, data = site.tracked()
    assert page["eventType"] == "page"
    assert (experiment["id"], experiment["variationId"], len(experiment["nonce"])) == ("101", "1001", 16)
    assert (data["index"], data["overwrite"], data["valuesCountMap"]) == ("3", "true", '{"vip":1}')
