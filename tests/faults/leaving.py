"""Visitors who leave: how soon after an exposure, or after an event of the page's, and what arrives all the same.

A trial is a visitor who opens the first page, leaves it for the next, and stays there until nothing more arrives.
Requests do not go through Playwright, which would turn the browser's cache off.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bridge.shared.vocabulary import EXPOSURE_EVENT, IDENTIFIER_EVENT
from tests.browser.shop import EXPERIMENT
from tests.faults.results import Counts, Row
from tests.faults.stage import PROBE, Seen, Stage, Visit

GRID_MS = (10, 20, 30, 50, 75, 100, 150, 200, 300, 400, 600, 800)
START_S = 20
ARRIVED_S = 6  # after the next page has begun
AGAIN_S = 0.4  # what comes twice comes soon
NEVER_MS = 1_000_000
NEXT = ("page", "Next")  # the next page's own events
GO = "location.assign('/next')"
BYE = "analytics.track('Bye')"
INITIALIZED = "window.analytics && analytics.initialized"
# Fills the window, so that any click is one on it.
LINK = """<a id="out" href="/next" style="position:fixed;inset:0" onclick="analytics.track('Bye')">Out</a>"""
FORM = """<form action="/next" onsubmit="analytics.track('Bye')">
  <button id="out" style="position:fixed;inset:0;width:100%">Out</button></form>"""


@dataclass(frozen=True)
class Leaving:
    """A way to leave, tried at several times."""

    name: str
    what: str
    leave: str = ""  # script of the first page; `DELAY` in it is the time
    body: str = "<h1>Shop</h1>"
    click: bool = False  # the visitor clicks, so long after analytics.js was there
    kameleoon: bool = True
    records: bool = True  # Kameleoon has written its own record by then, or never does
    warm: bool = False
    delays: Sequence[int] = GRID_MS


@dataclass(frozen=True)
class Trial:
    """A visitor who left."""

    delay: int
    seen: Seen
    happened: Counter[str]  # events of the page's own that analytics.js had taken up before, and exposures


# After the exposure, as Kameleoon's event tells of it.
EXPOSED = f"addEventListener('Kameleoon::ExperimentActivated', () => probe.after(DELAY, () => {GO}))"
UNHEARD = "unheard"
# What happened before the visitor left. Without the bridge, too, analytics.js may not be there in time. And of an
# exposure that Kameleoon tells of before the tag is there, only Kameleoon's own records tell the bridge.
NOTE = f"""<script>{{
  sessionStorage.happened = ""
  const note = (name) => {{ sessionStorage.happened += name + "\\n" }}
  addEventListener("Kameleoon::ExperimentActivated", () => {{
    const recorded = () => Kameleoon.API.CurrentVisit.activatedExperiments.length
    if (window.kameleoonSegment) note({json.dumps(EXPOSURE_EVENT)})
    else addEventListener("pagehide", () => note(recorded() ? {json.dumps(EXPOSURE_EVENT)} : "{UNHEARD}"))
  }})
  analytics.on("dispatch_start", ({{ event }}) => {{
    if (event.type === "page" || event.event === "Bye") note(event.event || event.type)
  }})
}}</script>"""
# After the page's own event, called as soon as analytics.js is there.
CALLED = f"analytics.ready(() => {{ {BYE}; probe.after(DELAY, () => {GO}) }})"
# The call, then at once the way out, so long after the page has loaded.
LOADED = f"addEventListener('load', () => probe.after(DELAY, () => {{ {BYE}; {GO} }}))"
SOON_MS = (0, 10, 20, 40, 60, 100, 150, 200, 300)
LOADED_MS = (600, 1000, 1500, 2500, 3500)

LEAVINGS = [
    Leaving("after exposure", "cold cache", EXPOSED),
    Leaving("after exposure, warm", "warm cache", EXPOSED, warm=True),
    # The tag stands first here: of what it does not hear, nothing else would tell.
    Leaving("no record", "cold cache; Kameleoon has not written its own record", EXPOSED, records=False),
    Leaving("no record, warm", "warm cache; Kameleoon has no record", EXPOSED, records=False, warm=True),
    Leaving("after track", "0 to 300 ms after the call, cold", CALLED, delays=SOON_MS),
    Leaving("after track, warm", "0 to 300 ms after the call, warm", CALLED, delays=SOON_MS, warm=True),
    Leaving(
        "after track, alone",
        "0 to 300 ms after the call, cold, Kameleoon absent",
        CALLED,
        delays=SOON_MS,
        kameleoon=False,
    ),
    Leaving(
        "in track's task, alone",
        "0.6 to 3.5 s after load, Kameleoon absent",
        LOADED,
        delays=LOADED_MS,
        kameleoon=False,
    ),
    Leaving("link", "whose onclick tracks", body=LINK, click=True, delays=(0, 50, 150, 400, 1000)),
    Leaving(
        "link, alone",
        "whose onclick tracks",
        body=LINK,
        click=True,
        delays=(0, 400, 2000),
        kameleoon=False,
    ),
    Leaving("form", "whose onsubmit tracks", body=FORM, click=True, delays=(0, 50, 150, 400, 1000)),
]


def play(stage: Stage, leaving: Leaving, times: int) -> Row:
    """Leave at each of the times, so often with the bridge and once without it."""
    row = tried(stage, leaving, times)
    for delay in leaving.delays:
        trial = _left(stage, leaving, delay, bridge=False)
        row.own_without += Counts(lost=(_own(trial) - _arrived(trial)).total())
    return row


def tried(stage: Stage, leaving: Leaving, times: int = 1) -> Row:
    """Leave at each of the times, so often."""
    row = Row(leaving.name, leaving.what, visits=0)
    for delay in (*leaving.delays,) * times:
        _count(row, leaving, _left(stage, leaving, delay, bridge=True))
    return row


def _own(trial: Trial) -> Counter[str]:
    """Return the page's own events that Segment should have: those of the next page, too."""
    happened = Counter(trial.happened)
    del happened[EXPOSURE_EVENT], happened[UNHEARD]
    return happened + Counter(NEXT)


def _arrived(trial: Trial) -> Counter[str]:
    return Counter(event.name for event in trial.seen.events)


def _count(row: Row, leaving: Leaving, trial: Trial) -> None:
    seen, arrived, own = trial.seen, _arrived(trial), _own(trial)
    ours = Counter({EXPOSURE_EVENT: trial.happened[EXPOSURE_EVENT], IDENTIFIER_EVENT: int(leaving.kameleoon)})
    unheard = Counter({EXPOSURE_EVENT: trial.happened[UNHEARD]})  # Kameleoon's getters may tell of it later
    lost, twice = own + ours - arrived, arrived - own - ours - unheard
    # An exposure happened when the variation was shown: before the next page was there.
    next_page = min((event.timestamp for event in seen.named("Next")), default="~")
    late = [event for event in seen.named(EXPOSURE_EVENT) if event.timestamp > next_page]
    notes = [*(f"lost {name}" for name in lost.elements()), *(f"twice {name}" for name in twice.elements())]
    row.notes += [f"{trial.delay} ms: {text}" for text in (*notes, *seen.errors, *seen.lines)]
    row.exposures += Counts(lost.pop(EXPOSURE_EVENT, 0), twice.pop(EXPOSURE_EVENT, 0), len(late))
    row.identifiers += Counts(lost.pop(IDENTIFIER_EVENT, 0), twice.pop(IDENTIFIER_EVENT, 0))
    row.own += Counts(lost.total(), twice.total())
    row.errors += len(seen.errors)
    row.lines += len(seen.lines)
    row.visits += 1
    row.unheard += (own + ours + unheard - arrived)[EXPOSURE_EVENT]


def _left(stage: Stage, leaving: Leaving, delay: int, *, bridge: bool) -> Trial:
    """Return what was seen of a visitor who left."""
    with stage.visit() as visit:
        segment, tag = visit.shop.segment, visit.shop.tag() if bridge else ""
        if leaving.warm:
            visit.write("/", _page(segment(""), tag))
            visit.open()
            visit.until(lambda: visit.value(f"{INITIALIZED} && document.readyState === 'complete'"), START_S)
            if bridge:
                visit.until(lambda: visit.value("window.kameleoonSegment?.status().state !== 'starting'"), START_S)
        leave = f"<script>{leaving.leave.replace('DELAY', str(delay))}</script>"
        kameleoon = _project(visit, leaving)
        parts = (kameleoon, segment(), NOTE, tag) if leaving.records else (tag, segment(), NOTE, kameleoon)
        visit.write("/", _page(*parts, leave, body=leaving.body))
        visit.write("/next", _page(kameleoon, segment('analytics.page(); analytics.track("Next")'), tag))
        visit.open("/first")
        if leaving.click:
            visit.until(lambda: visit.value(INITIALIZED), START_S)
            visit.page.wait_for_timeout(delay)
            visit.page.mouse.click(100, 100)
        visit.until(lambda: visit.page.url.endswith("/next"), START_S)
        happened = Counter(str(visit.value("sessionStorage.happened") or "").split("\n")[:-1])
        trial = Trial(delay, visit.seen, happened)
        ours = happened[EXPOSURE_EVENT] + leaving.kameleoon if bridge else 0
        visit.until(lambda: len(visit.look().events) >= _own(trial).total() + ours, ARRIVED_S)
        visit.quiet(AGAIN_S, ARRIVED_S)
        return trial


def _project(visit: Visit, leaving: Leaving) -> str:
    """Return Kameleoon's tag: the experiment is one of the first page alone."""
    if not leaving.kameleoon:
        return ""
    experiment = {**EXPERIMENT, "targeting": {"urlContains": "first"}}
    return visit.shop.kameleoon(experiments=[experiment], recordsDelay=50 if leaving.records else NEVER_MS)


def _page(*head: str, body: str = "") -> str:
    return f"<!doctype html><html><head><title>Shop</title>{PROBE}{''.join(head)}</head><body>{body}</body></html>"
