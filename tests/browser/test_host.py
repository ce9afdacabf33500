"""The customer's page stays as it was, works under its policies, and never pays for our failures."""

import json
import re
from typing import Any

import pytest

from tests.browser.shop import ONLY_MICROPYTHON, SITECODE, Shop

# What a page could miss or find: globals, prototypes, elements, form controls. Taken in the page, compared as JSON.
PICTURE = """() => {
  const own = (object) => Reflect.ownKeys(object).map(String).sort()
  const described = (object) => own(object).map((name) => {
    const { value, get, set } = Object.getOwnPropertyDescriptor(object, name) || {}
    return [name, ...[value, get, set].map((one) => typeof one === 'function' ? String(one) : typeof one)]
  })
  const builtins = [Element, Node, EventTarget, HTMLElement, HTMLFormElement, Document, Window, Storage, History,
    Promise, Function, Array, Object, String, Map, WeakMap, JSON, XMLHttpRequest, Worker, Navigator]
  return {
    globals: own(window).filter((name) => !/^[0-9]+$/.test(name)),
    builtins: builtins.map((one) => [one.name, described(one), described(one.prototype || {})]),
    functions: ['fetch', 'setTimeout', 'setInterval', 'addEventListener', 'open', 'requestAnimationFrame']
      .map((name) => String(window[name])),
    console: described(console),
    elements: customElements.get('py-script') === undefined && customElements.get('mpy-script') === undefined,
    dom: [...document.querySelectorAll('*')].map((one) => one.outerHTML.split('>')[0]),
    disabled: [...document.querySelectorAll('button, input, select')].map((one) => one.disabled),
    styles: document.styleSheets.length + document.adoptedStyleSheets.length,
    current: document.currentScript,
  }
}"""
BODY = """<h1>Shop</h1>
<form>
  <button py-2 py-click="x" mpy-click="y" type="button">Buy</button>
  <input pyodide-x micropython-y value="1">
</form>
<script>
  window.clicks = 0
  document.querySelector("button").addEventListener("click", () => { window.clicks++ })
</script>"""


def test_the_page_stays_as_it_was(shop: Shop) -> None:
    """One global and one hidden frame are all that is added."""
    shop.open(shop.segment(), shop.kameleoon(), body=BODY)
    shop.page.wait_for_function("() => window.analytics.initialized && window.Kameleoon")
    before = shop.page.evaluate(PICTURE)
    shop.page.evaluate(
        """([src, sitecode, engine]) => new Promise((loaded) => {
          const script = document.createElement('script')
          Object.assign(script, { src, async: true, id: 'tag', onload: loaded })
          Object.assign(script.dataset, { sitecode, engine })
          document.body.append(script)
        })""",
        [f"{shop.cloud}/bridge.js", SITECODE, shop.engine],
    )
    shop.wait_for("Kameleoon identifier")
    shop.wait_for("Experiment viewed")
    shop.page.evaluate("() => document.getElementById('tag').remove()")
    after = shop.page.evaluate(PICTURE)
    added = [one for one in after["dom"] if one not in before["dom"]]
    assert len(after["dom"]) == len(before["dom"]) + 1
    assert len(added) == 1
    assert added[0].startswith("<iframe hidden")
    assert [name for name in after["globals"] if name not in before["globals"]] == ["kameleoonSegment"]
    for part in ("builtins", "functions", "console", "elements", "disabled", "styles", "current"):
        assert after[part] == before[part], part
    shop.page.get_by_role("button", name="Buy").click()
    assert shop.page.evaluate("() => window.clicks") == 1
    assert not shop.page.locator("iframe").is_visible()


def test_the_frame_is_out_of_everybodys_way(shop: Shop) -> None:
    """Neither the eye nor the keyboard nor a screen reader meets it, whatever the page's styles say."""
    shop.open(
        shop.tag(),
        "<style>iframe { display: block !important; width: 300px }</style>",
        shop.kameleoon(),
        shop.segment(),
    )
    shop.ready()
    frame = shop.page.locator("iframe")
    assert frame.count() == 1
    assert frame.evaluate("(one) => getComputedStyle(one).display") == "none"
    assert frame.evaluate("(one) => one.offsetWidth") == 0


@ONLY_MICROPYTHON
def test_pasted_twice_it_runs_once(shop: Shop) -> None:
    """Tag managers do that."""
    shop.open(shop.kameleoon(), shop.segment(), shop.tag(), shop.tag())
    shop.wait_for("Experiment viewed")
    shop.settled()
    assert len(shop.events("Experiment viewed")) == 1
    assert shop.page.locator("iframe").count() == 1


@pytest.mark.parametrize("policy", ["hosts", "nonce"])
def test_strict_content_security_policy(shop: Shop, policy: str) -> None:
    """No 'unsafe-eval', no 'unsafe-inline': the hosts and 'wasm-unsafe-eval' are enough."""
    inline = shop.segment().replace("<script>", '<script nonce="n1">')
    tag = shop.tag()
    kameleoon = shop.kameleoon()
    if policy == "hosts":
        script = f"script-src {shop.cloud} 'nonce-n1' 'wasm-unsafe-eval'"
    else:
        script = "script-src 'nonce-n1' 'strict-dynamic' 'wasm-unsafe-eval'"
        tag, kameleoon = (one.replace("<script ", '<script nonce="n1" ') for one in (tag, kameleoon))
    csp = f"default-src 'none'; {script}; connect-src {shop.cloud}"
    shop.open(kameleoon, inline, tag, csp=csp)
    shop.wait_for("Kameleoon identifier")
    shop.wait_for("Experiment viewed")
    assert shop.status()["errors"] == []


TYPES = """<script nonce="n1">
  window.asked = []
  const same = (text) => text
  const url = (address) => { asked.push(address); return address.includes(%s) ? undefined : address }
  trustedTypes.createPolicy("default", {createHTML: same, createScript: same, createScriptURL: url})
</script>"""


@pytest.mark.parametrize("names", ["", "; trusted-types default"])
def test_trusted_types(shop: Shop, names: str) -> None:
    """The page's default policy, which lets Segment and Kameleoon load, is asked about our frame's script, too."""
    csp = f"script-src {shop.cloud} 'nonce-n1' 'wasm-unsafe-eval'; require-trusted-types-for 'script'{names}"
    inline = shop.segment().replace("<script>", '<script nonce="n1">')
    shop.open(TYPES % "'nothing'", shop.kameleoon(), inline, shop.tag(), csp=csp)
    shop.wait_for("Kameleoon identifier")
    shop.wait_for("Experiment viewed")
    assert shop.status()["errors"] == []
    assert any("polyscript" in address for address in shop.page.evaluate("() => asked"))


@pytest.mark.never_starts("the page's policy refuses its script")
@pytest.mark.parametrize(
    ("types", "reason"), [("", "TrustedScriptURL"), (TYPES % "'polyscript'", "polyscript-\\w+.js did not load")]
)
def test_trusted_types_that_refuse_are_reported(shop: Shop, types: str, reason: str) -> None:
    """No default policy, or one that says no: the start fails at once, and says what of."""
    csp = f"script-src {shop.cloud} 'nonce-n1' 'wasm-unsafe-eval'; require-trusted-types-for 'script'"
    shop.open(types, shop.tag(), csp=csp)
    assert shop.ready()["state"] == "failed"
    assert re.search(reason, json.dumps(shop.status()["errors"]))
    assert any("could not start" in problem for problem in shop.problems)
    shop.problems.clear()


@ONLY_MICROPYTHON
def test_names_of_policies_alone_change_nothing(shop: Shop) -> None:
    """A page may name its policies without requiring them."""
    shop.open(shop.kameleoon(), shop.segment(), shop.tag(), csp="trusted-types mine")
    shop.wait_for("Experiment viewed")
    assert shop.status()["errors"] == []


@ONLY_MICROPYTHON
@pytest.mark.never_starts("there is no frame to start in")
def test_a_frame_out_of_reach_is_as_without_us(shop: Shop) -> None:
    """As some privacy tools have it: the start fails at once, and no event waits for it."""
    closed = "Object.defineProperty(HTMLIFrameElement.prototype, 'contentDocument', {get: () => null})"
    shop.open(f"<script>{closed}</script>", shop.segment(), shop.tag())
    assert shop.ready()["state"] == "failed"
    shop.settled()
    assert any("could not start" in problem for problem in shop.problems)
    shop.problems.clear()


@pytest.mark.never_starts("the page's policy forbids its WebAssembly")
def test_a_policy_without_wasm_is_reported_and_costs_nothing(shop: Shop) -> None:
    """The page's own events go on; `status()` says what to change."""
    csp = f"default-src 'none'; script-src {shop.cloud} 'nonce-n1'; connect-src {shop.cloud}"
    shop.open(shop.kameleoon(), shop.segment().replace("<script>", '<script nonce="n1">'), shop.tag(), csp=csp)
    status = shop.ready()
    assert status["state"] == "failed"
    assert "wasm" in json.dumps(status["errors"]).lower()
    shop.settled()
    assert shop.page.locator("iframe").count() == 0
    (line,) = [problem for problem in shop.problems if problem.startswith("[kameleoon-segment]")]
    assert "could not start" in line
    shop.problems.clear()


@ONLY_MICROPYTHON
@pytest.mark.never_starts("a file is missing")
@pytest.mark.parametrize("missing", ["polyscript-*.js", "micropython.mjs", "micropython.wasm", "brain-*"])
def test_a_file_that_is_missing_is_reported_and_costs_nothing(shop: Shop, missing: str) -> None:
    """Half a deployment."""
    shop.context.route(
        f"**/{missing}", lambda route: route.fulfill(status=404, headers={"access-control-allow-origin": "*"})
    )
    shop.open()
    status = shop.ready()
    assert status["state"] == "failed"
    assert status["errors"]
    shop.settled()
    assert {event["type"] for event in shop.events()} == {"page", "track"}
    assert any("could not start" in problem for problem in shop.problems)
    shop.problems.clear()


@pytest.mark.never_starts("its WebAssembly never comes")
def test_a_start_that_hangs_is_noticed(shop: Shop) -> None:
    """Within fifteen seconds, or sixty for Pyodide, without holding anything of the page's."""
    limit_s = {"micropython": 15, "pyodide": 60}[shop.engine]
    shop.context.route("**/*.wasm", lambda _route: None)
    shop.page.clock.install()
    shop.open()
    begun = "() => document.querySelector('iframe')?.contentDocument.querySelector('script[type=module]')"
    shop.page.wait_for_function(begun)  # the time that an engine has begins here: what starts it has its own
    shop.page.clock.fast_forward((limit_s - 5) * 1000)
    assert shop.status()["state"] == "starting"
    shop.page.clock.fast_forward(5000)
    status = shop.ready()
    assert status["state"] == "failed"
    assert f"no answer after {limit_s} s" in json.dumps(status["errors"])
    shop.settled()
    shop.problems.clear()


@ONLY_MICROPYTHON
def test_analytics_from_npm(shop: Shop) -> None:
    """A page that bundles analytics.js has an AnalyticsBrowser in `window.analytics`; its methods are asynchronous."""
    load = f"""<script src="{shop.cloud}/analytics-next/bundles/index.js"></script>
    <script>
      window.analytics = AnalyticsNext.AnalyticsBrowser.load({{ writeKey: "shop", cdnURL: "{shop.cloud}" }})
    </script>"""
    shop.open(shop.kameleoon(), load, shop.tag())
    shop.wait_for("Kameleoon identifier")
    shop.wait_for("Experiment viewed")
    shop.page.evaluate("() => { analytics.page() }")
    assert all("kameleoonVisitorCode" in event["properties"] for event in shop.settled())


def test_without_web_locks(shop: Shop) -> None:
    """Pages on plain http have none."""
    shop.context.add_init_script("delete Navigator.prototype.locks")
    shop.open()
    shop.wait_for("Kameleoon identifier")
    shop.wait_for("Experiment viewed")
    assert shop.status()["errors"] == []


@ONLY_MICROPYTHON
def test_without_kameleoon(shop: Shop) -> None:
    """Blocked: the page's events go on without a code; when it comes after all, everything starts."""
    shop.open(shop.segment(), shop.tag())
    assert shop.ready()["state"] == "on"
    events = shop.settled()
    assert all("kameleoonVisitorCode" not in event["properties"] for event in events)
    assert shop.events("Kameleoon identifier") == []
    shop.add(shop.kameleoon())
    shop.wait_for("Kameleoon identifier")
    shop.wait_for("Experiment viewed")
    assert "kameleoonVisitorCode" in shop.settled()[-1]["properties"]


def test_without_analytics(shop: Shop) -> None:
    """Blocked: nothing happens; when it comes after all, what was held is sent."""
    shop.open(shop.kameleoon(), shop.tag())
    assert shop.ready()["state"] == "on"
    shop.page.wait_for_function("() => window.kameleoonSegment.status().held === 1")
    shop.add(shop.segment())
    shop.wait_for("Kameleoon identifier")
    shop.wait_for("Experiment viewed")
    (page,) = [event for event in shop.settled() if event["type"] == "page"]
    assert "kameleoonVisitorCode" in page["properties"]


@ONLY_MICROPYTHON
def test_with_neither(shop: Shop) -> None:
    """No error, and no busy waiting: a timer a second at the most."""
    count = """<script>
      window.timers = 0
      const plain = window.setTimeout
      window.setTimeout = (...args) => { window.timers++; return plain(...args) }
    </script>"""
    shop.page.clock.install()
    shop.open(count, shop.tag())
    assert shop.ready()["state"] == "on"
    shop.page.clock.fast_forward(3000)
    shop.page.clock.run_for(3000)
    before = shop.page.evaluate("() => window.timers")
    shop.page.clock.run_for(3000)
    assert shop.page.evaluate("() => window.timers") - before <= 4
    assert shop.status()["errors"] == []


@pytest.mark.parametrize(
    ("attributes", "line"),
    [
        ({"sitecode": "NOPE"}, 'data-sitecode: "NOPE"; accepted: the Kameleoon project'),
        ({"config": "/missing.json"}, "data-config: "),
    ],
)
def test_a_wrong_setting_is_one_line_and_off(shop: Shop, attributes: dict[str, str], line: str) -> None:
    """The line names the setting, the value and what is accepted; the page goes on."""
    if "config" in attributes:
        attributes = {"config": shop.file("/bridge.json", "<html>")}
    is_off_with_one_line(shop, attributes, line)


@ONLY_MICROPYTHON
def test_an_engine_that_does_not_exist_is_one_line_and_off(shop: Shop) -> None:
    """The first one of the bundle says so."""
    is_off_with_one_line(shop, {"engine": "cobol"}, 'data-engine: "cobol"; accepted: "micropython" or "pyodide"')


def is_off_with_one_line(shop: Shop, attributes: dict[str, str], line: str) -> None:
    """Open a page whose tag has these attributes; check what it says, and that the page goes on without us."""
    shop.open(shop.kameleoon(), shop.segment(), shop.tag(**attributes))
    assert shop.ready()["state"] == "off"
    (problem,) = shop.problems
    assert problem.startswith(f"[kameleoon-segment] {line}")
    shop.problems.clear()
    shop.settled()
    assert shop.events("Kameleoon identifier") == []
    assert shop.events("Experiment viewed") == []


@ONLY_MICROPYTHON
def test_what_editors_put_into_a_configuration_is_accepted(shop: Shop) -> None:
    """A byte order mark before it, and where its schema is."""
    config = json.dumps({"$schema": "bridge.schema.json", "sitecode": "abcde12345"})
    shop.open(shop.kameleoon(), shop.segment(), shop.tag(config=shop.file("/bridge.json", "\ufeff" + config)))
    assert shop.ready()["state"] == "on"


@ONLY_MICROPYTHON
def test_each_wrong_setting_is_a_line(shop: Shop, configured: Any) -> None:
    """Of the console and of the status; a line end in a name breaks none."""
    wrong: dict[str, Any] = {"a\nb": 1, "exposures": {"only": [1], "except": [1]}}
    shop.open(shop.kameleoon(), shop.segment(), shop.tag(config=configured(**wrong)))
    status = shop.ready()
    assert status["state"] == "off"
    places = ["a\\u000ab", "exposures.except[0]"]
    assert [problem.split(": ")[0] for problem in shop.problems] == [f"[kameleoon-segment] {place}" for place in places]
    assert {error["what"].split(": ")[0] for error in status["errors"]} >= set(places)
    shop.problems.clear()


@ONLY_MICROPYTHON
def test_a_secret_in_the_configuration_is_refused_unseen(shop: Shop, configured: Any) -> None:
    """An API key does not belong into a page, nor into its console."""
    shop.open(shop.kameleoon(), shop.segment(), shop.tag(config=configured(apiKey="hunter2")))
    status = shop.ready()
    assert status["state"] == "off"
    (problem,) = shop.problems
    assert "apiKey" in problem
    assert "hunter2" not in problem + json.dumps(status)
    shop.problems.clear()


@ONLY_MICROPYTHON  # whose memory has an end
def test_many_events_leave_the_bridge_well(shop: Shop) -> None:
    """Three thousand events: none waits, no memory lost, no error."""
    shop.open()
    shop.wait_for("Kameleoon identifier")
    held = shop.page.evaluate(
        """async () => {
          let held = 0
          const frame = document.querySelector('iframe').contentWindow
          for (let n = 0; n < 3000; n++) {
            const properties = { n, text: 'x'.repeat(200) }
            const event = { type: 'track', event: 'n', messageId: 'm' + n, anonymousId: 'a', properties }
            const message = { kind: 'event', at: Date.now(), up: performance.now(), event }
            const answer = frame.ear.brain(JSON.stringify(message))
            if (JSON.parse(answer).hold !== false) held++
          }
          return held
        }"""
    )
    assert held == 0
    assert shop.status()["errors"] == []
