"""A site with the emulation of Kameleoon's script, on an origin that exists only in the browser under test."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qs, urlsplit

from bridge.sandbox.kameleoon.script import kameleoon_script

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Route

ORIGIN = "http://shop.test"
WEB = Path("web")
RECORDS_DELAY = 50  # ms, unless a project says another

# Notes every event, in order, with what the page could read at that moment.
RECORDER = """
window.seen = [];
const names = ["Loaded", "Aborted", "Started", "SegmentTriggered", "ExperimentTriggered", "ExperimentActivated",
  "PersonalizationTriggered", "PersonalizationActivated", "ConversionTriggered", "CustomDataSet",
  "LegalConsentUpdated"];
for (const name of names) {
  window.addEventListener("Kameleoon::" + name, (event) => {
    const visitor = window.Kameleoon?.API.Visitor;
    seen.push({ name, detail: structuredClone(event.detail), bubbles: event.bubbles, cancelable: event.cancelable,
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
UNFORCED = {name: value for name, value in EXPERIMENT.items() if name != "force"}
FLAG = {**UNFORCED, "featureFlag": True}
PERSONAS = {"index": 3, "name": "personas", "type": "LIST", "format": "string", "scope": "VISITOR"}


class Site:
    """A site with Kameleoon's script; opens its pages, and says what they saw and sent."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[tuple[str, dict[str, list[str]], str]] = []
        self.maps: dict[str, Any] = {}
        self.status = 200
        self.body: str | None = None  # instead of the maps
        self.html = ""
        self.script = ""
        page.route("**/*", self._answer)

    def _answer(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.path == "/engine.js":
            route.fulfill(body=self.script, content_type="text/javascript")
        elif address.path.startswith(("/map/", "/visit/", "/data")):
            query = parse_qs(address.query)
            self.requests.append((address.path, query, route.request.post_data or ""))
            route.fulfill(status=self.status, body=json.dumps(self._stored(query)) if self.body is None else self.body)
        else:
            route.fulfill(body=self.html, content_type="text/html")

    def _stored(self, query: dict[str, list[str]]) -> Any:
        if "key" in query:
            return self.maps.get(query["key"][0], {})
        return {key: self.maps.get(key, {}) for key in json.loads(query.get("keys", ["[]"])[0])}

    def open(
        self,
        project: dict[str, Any] | None = None,
        *,
        before: str = "",
        path: str = "/",
        until: Literal["load", "commit"] = "load",
    ) -> None:
        """Load the page: the recorder, then the script `before`, then Kameleoon's with the project given."""
        definition = {"siteCode": "abcde12345", "dataUrl": ORIGIN, **(project or {})}
        self.script = kameleoon_script(WEB, definition)
        self.html = (
            f"<!doctype html><title>Shop</title><h1>Plain</h1>"
            f"<script>{RECORDER}</script><script>{before}</script><script src=/engine.js></script>"
        )
        self.page.goto(ORIGIN + path, wait_until=until)

    def stop_clock(self) -> None:
        """Let the page's time pass only where the test says so."""
        now = time.time()
        self.page.clock.install(time=now)
        self.page.clock.pause_at(now + 1)  # else it goes on by itself

    def pass_time(self, milliseconds: int = RECORDS_DELAY) -> None:
        """Let so many milliseconds pass in the page, by default those until a round's records are written."""
        self.page.clock.run_for(milliseconds)

    def run(self, script: str) -> Any:
        """Evaluate a script in the page."""
        return self.page.evaluate(script)

    def events(self) -> list[str]:
        """Name the events seen so far, in order."""
        return [str(event["name"]) for event in self.run("seen")]

    def last(self, name: str) -> Any:
        """Return the detail of the latest event of that name."""
        return self.run(f"seen.findLast((event) => event.name === '{name}').detail")

    def wait(self, condition: str) -> None:
        """Wait until the page says so."""
        self.page.wait_for_function(f"() => {condition}", polling=20)

    def tracked(self) -> list[dict[str, str]]:
        """Read the events that Kameleoon's own tracking delivered."""
        lines = [line for path, _, body in self.requests if path == "/visit/events" for line in body.splitlines()]
        return [{key: values[0] for key, values in parse_qs(line).items()} for line in lines]


def cookies(context: BrowserContext) -> dict[str, str]:
    """Read the cookies of the site by name."""
    return {cookie["name"]: cookie["value"] for cookie in context.cookies(ORIGIN)}
