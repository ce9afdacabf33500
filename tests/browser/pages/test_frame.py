"""The hidden frame disturbs nobody; when the page takes it away, it is put up again, and nothing is lost or doubled."""

import json
from html import escape

import pytest

from tests.browser.pages.rendering import React
from tests.browser.shop import EXPERIMENT, ONLY_MICROPYTHON, Shop
from tests.browser.situations import script

EXPOSURE = "Experiment viewed"
FLAG = {key: value for key, value in EXPERIMENT.items() if key != "force"} | {"id": 301, "featureFlag": True}
TRIGGER = """() => {
  kameleoonQueue.push(["Experiments.assignVariation", 301, 0, true])
  kameleoonQueue.push(["Experiments.trigger", 301, false])
}"""


@pytest.fixture(scope="module")
def react(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> React:
    """Return the programs of a shop of React's, of one mode."""
    return React(tmp_path_factory.mktemp("react"), request.param)


@ONLY_MICROPYTHON
@pytest.mark.parametrize("react", ["production", "development"], indirect=True)
@pytest.mark.parametrize("when", ["at once", "when the bridge runs", "when a bridge runs that came last"])
def test_react_takes_the_document_over(shop: Shop, react: React, when: str) -> None:
    """What the server rendered is what it finds: no error 418 or 423, nothing rendered anew, and the bridge works."""
    is_last = when.endswith("last")
    waiting = shop.hold("bridge.js") if is_last else []
    shop.page.goto(react.write(shop, at_once=when == "at once"), wait_until="commit")
    if is_last:
        shop.page.wait_for_function("() => window.hydrate")
        shop.released(waiting).continue_()
    if when != "at once":
        shop.ready()
        shop.page.evaluate("() => { hydrate() }")
    shop.page.wait_for_function("() => window.hydrated")
    shop.works()
    assert shop.page.evaluate("() => recovered") == []
    shop.page.get_by_role("button").click()
    assert shop.page.get_by_role("button").inner_text() == "Bought: 1"


REMOVED = {
    "as soon as it is there": """new MutationObserver((_, observer) => {
      const frame = document.querySelector("iframe")
      if (frame) { frame.remove(); observer.disconnect() }
    }).observe(document, { childList: true, subtree: true })""",
    "at DOMContentLoaded": """addEventListener("DOMContentLoaded", () => document.querySelector("iframe")?.remove())""",
    "at load": """addEventListener("load", () => document.querySelectorAll("iframe").forEach((one) => one.remove()))""",
    "between two tasks of its start": """{
      const look = () => {
        const { state, timings } = window.kameleoonSegment?.status() || {}
        if (state === "starting" && timings.engine) document.querySelector("iframe").remove()
        else setTimeout(look)
      }
      look()
    }""",
    "before it could note what it sent": """{
      let isSent
      const look = () => {
        if (!window.analytics?.addSourceMiddleware) return setTimeout(look)
        analytics.addSourceMiddleware(({ payload, next }) => {
          if (payload.obj.event === "Experiment viewed" && !isSent) {
            isSent = true
            document.querySelector("iframe").remove()
          }
          next(payload)
        })
      }
      look()
    }""",
    "with the body": """addEventListener("load", () => {
      const body = document.body.cloneNode(true)
      body.querySelectorAll("iframe").forEach((one) => one.remove())
      document.body = body
    })""",
}


@pytest.mark.parametrize("when", REMOVED)
def test_the_frame_is_removed_while_it_starts(shop: Shop, when: str) -> None:
    """It is noticed, and put up again: all arrives once."""
    shop.open(script(REMOVED[when]), shop.kameleoon(), shop.segment(), shop.tag())
    assert shop.works()["state"] == "on"


ANEW = {
    "frame removed": "document.querySelectorAll('iframe').forEach((one) => one.remove())",
    "body swapped": "document.body = document.createElement('body')",
    "document replaced": "document.replaceChild(document.createElement('html'), document.documentElement)",
    "document.open": "document.open(); document.write('<title>New</title><h1>New</h1>'); document.close()",
    "innerHTML": "document.documentElement.innerHTML = '<head></head><body><h1>New</h1></body>'",
}


@pytest.mark.parametrize("how", ANEW)
def test_the_page_is_made_anew_under_a_bridge_that_runs(shop: Shop, how: str) -> None:
    """What was reported is not reported again, and what comes then is, with the visitor code in the page's events."""
    shop.open(shop.kameleoon(experiments=[EXPERIMENT, FLAG]), shop.segment(), shop.tag())
    shop.works()
    shop.page.evaluate(f"() => {{ {ANEW[how]} }}")
    shop.page.evaluate(TRIGGER)
    shop.wait_for(EXPOSURE, 2)
    shop.page.wait_for_function("() => kameleoonSegment.status().state === 'on'")
    shop.settled()
    assert "kameleoonVisitorCode" in shop.settled()[-1]["properties"]
    ids = {event["properties"]["experiment_id"] for event in shop.events(EXPOSURE)}
    assert (ids, len(shop.events(EXPOSURE)), len(shop.events("Kameleoon identifier"))) == ({"101", "301"}, 2, 1)


@ONLY_MICROPYTHON
@pytest.mark.never_starts("the page removes every frame")
def test_a_page_that_suffers_no_frame(shop: Shop) -> None:
    """The bridge gives up, and says so once; the page's own events go on."""
    remove = "new MutationObserver(() => document.querySelectorAll('iframe').forEach((one) => one.remove()))"
    shop.open(
        script(f"{remove}.observe(document, {{ childList: true, subtree: true }})"),
        shop.kameleoon(),
        shop.segment(),
        shop.tag(),
    )
    status = shop.ready()
    assert status["state"] == "failed"
    assert "frame" in json.dumps(status["errors"])
    shop.settled()
    assert [problem.partition(" ")[0] for problem in shop.problems] == ["[kameleoon-segment]"]
    shop.problems.clear()


def test_a_page_that_is_a_frame_s_source(shop: Shop) -> None:
    """Previews, editors and mail tools show pages by `srcdoc`: their address is about:srcdoc."""
    inside = f"<head>{shop.kameleoon()}{shop.segment()}{shop.tag()}</head><body><h1>Inside</h1></body>"
    shop.open("<title>Outside</title>", body=f'<iframe srcdoc="{escape(inside)}"></iframe>')
    shop.wait_for("Kameleoon identifier")
    shop.wait_for(EXPOSURE)
    (frame,) = (one for one in shop.page.frames if one.url == "about:srcdoc")
    status = shop.started(frame)
    assert (status["engine"], status["state"], status["errors"]) == (shop.engine, "on", [])
