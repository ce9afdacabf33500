"""Visitors who leave: how soon after an exposure, or after an event of the page's, and what arrives all the same.

A trial is a visitor who opens the first page, leaves it for the next, and stays there until nothing more arrives.
Requests do not go through Playwright, which would turn the browser's cache off.
"""

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
    own: Sequence[str] = ("page", "page", "Next")


@dataclass(frozen=True)
class Trial:
    """A visitor who left."""

    delay: int
    seen: Seen
    exposed: int  # how many exposures there were before


# After the exposure, as Kameleoon's event tells of it.
EXPOSED = f"addEventListener('Kameleoon::ExperimentActivated', () => probe.after(DELAY, () => {GO}))"
# A visitor may have left before there was an exposure.
NOTE = "<script>addEventListener('Kameleoon::ExperimentActivated', () => { sessionStorage.exposed = 1 })</script>"
# After the page's own event, called as soon as analytics.js is there.
CALLED = f"analytics.ready(() => {{ {BYE}; probe.after(DELAY, () => {GO}) }})"
# The call, then at once the way out, so long after the page has loaded.
LOADED = f"addEventListener('load', () => probe.after(DELAY, () => {{ {BYE}; {GO} }}))"
SOON_MS = (0, 10, 20, 40, 60, 100, 150, 200, 300)
LOADED_MS = (600, 1000, 1500, 2500, 3500)
WITH_BYE = ("page", "Bye", "page", "Next")

LEAVINGS = [
    Leaving("after exposure", "cold cache", EXPOSED),
    Leaving("after exposure, warm", "warm cache", EXPOSED, warm=True),
    Leaving("no record", "cold cache; Kameleoon has not written its own record", EXPOSED, records=False),
    Leaving("no record, warm", "warm cache; Kameleoon has no record", EXPOSED, records=False, warm=True),
    Leaving("after track", "0 to 300 ms after the call, cold", CALLED, delays=SOON_MS, own=WITH_BYE),
    Leaving("after track, warm", "0 to 300 ms after the call, warm", CALLED, delays=SOON_MS, own=WITH_BYE, warm=True),
    Leaving(
        "after track, alone",
        "0 to 300 ms after the call, cold, Kameleoon absent",
        CALLED,
        delays=SOON_MS,
        own=WITH_BYE,
        kameleoon=False,
    ),
    Leaving(
        "in track's task, alone",
        "0.6 to 3.5 s after load, Kameleoon absent",
        LOADED,
        delays=LOADED_MS,
        own=WITH_BYE,
        kameleoon=False,
    ),
    Leaving("link", "whose onclick tracks", body=LINK, click=True, delays=(0, 50, 150, 400, 1000), own=WITH_BYE),
    Leaving(
        "link, alone",
        "whose onclick tracks",
        body=LINK,
        click=True,
        delays=(0, 400, 2000),
        own=WITH_BYE,
        kameleoon=False,
    ),
    Leaving("form", "whose onsubmit tracks", body=FORM, click=True, delays=(0, 50, 150, 400, 1000), own=WITH_BYE),
]


def play(stage: Stage, leaving: Leaving, times: int) -> Row:
    """Leave at each of the times, once without the bridge and so often with it.

    The page's own events that are lost without the bridge, too, are not asked for.
    """
    row = Row(leaving.name, leaving.what, visits=0)
    for delay in leaving.delays:
        without = Counter(event.name for event in _left(stage, leaving, delay, bridge=False).seen.events)
        sent = Counter(leaving.own)
        row.own_without += Counts(lost=(sent - without).total())
        for _ in range(times):
            _count(row, leaving, sent & without, _left(stage, leaving, delay, bridge=True))
    return row


def _count(row: Row, leaving: Leaving, expected: Counter[str], trial: Trial) -> None:
    seen, delay, exposed = trial.seen, trial.delay, trial.exposed
    arrived = Counter(event.name for event in seen.events)
    ours = {EXPOSURE_EVENT: exposed, IDENTIFIER_EVENT: int(leaving.kameleoon)}
    lost = expected - arrived
    own = Counts(lost.total(), sum((arrived - Counter(leaving.own))[name] for name in expected))
    # An exposure happened when the variation was shown: before the next page was there.
    next_page = min((event.timestamp for event in seen.named("Next")), default="")
    late = sum(event.timestamp > next_page for event in seen.named(EXPOSURE_EVENT)) if next_page else 0
    exposures = Counts(*_difference(exposed, arrived[EXPOSURE_EVENT]), late)
    identifiers = Counts(*_difference(int(leaving.kameleoon), arrived[IDENTIFIER_EVENT]))
    row.own += own
    row.exposures += exposures
    row.identifiers += identifiers
    row.errors += len(seen.errors)
    row.lines += len(seen.lines)
    row.visits += 1
    missing = [*lost.elements(), *(Counter(ours) - arrived).elements()]
    extra = (arrived - Counter(leaving.own) - Counter(ours)).elements()
    row.notes += [f"{delay} ms: lost {name}" for name in missing] + [f"{delay} ms: twice {name}" for name in extra]
    row.notes += [f"{delay} ms: {text}" for text in (*seen.errors, *seen.lines)]


def _difference(expected: int, arrived: int) -> tuple[int, int]:
    return max(expected - arrived, 0), max(arrived - expected, 0)


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
        visit.write("/", _page(NOTE, kameleoon, segment(), tag, leave, body=leaving.body))
        visit.write("/next", _page(kameleoon, segment('analytics.page(); analytics.track("Next")'), tag))
        visit.open("/first")
        if leaving.click:
            visit.until(lambda: visit.value(INITIALIZED), START_S)
            visit.page.wait_for_timeout(delay)
            visit.page.mouse.click(100, 100)
        visit.until(lambda: visit.page.url.endswith("/next"), START_S)
        exposed = int(bool(visit.value("sessionStorage.exposed")))
        expected = len(leaving.own) + (exposed + leaving.kameleoon if bridge else 0)
        visit.until(lambda: len(visit.look().events) >= expected, ARRIVED_S)
        visit.quiet(AGAIN_S, ARRIVED_S)
        return Trial(delay, visit.seen, exposed)


def _project(visit: Visit, leaving: Leaving) -> str:
    """Return Kameleoon's tag: the experiment is one of the first page alone."""
    if not leaving.kameleoon:
        return ""
    experiment = {**EXPERIMENT, "targeting": {"urlContains": "first"}}
    return visit.shop.kameleoon(experiments=[experiment], recordsDelay=50 if leaving.records else NEVER_MS)


def _page(*head: str, body: str = "") -> str:
    return f"<!doctype html><html><head><title>Shop</title>{PROBE}{''.join(head)}</head><body>{body}</body></html>"
