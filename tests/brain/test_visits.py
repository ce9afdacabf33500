"""Whole visits: pages with and without the tag, events with late records, records that are never written, hybrids.

A page may be left at any moment, its middleware may drop what is ours, and it may lose the frame that the brain is in.
"""

from datetime import datetime
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.brain.portable.fake import (
    ACTIVE_EXPERIMENTS,
    EXPERIMENT_RECORDS,
    NOW,
    TAKEN_AFTER,
    Ear,
    FakePage,
    campaign,
    record,
)


class PageView(NamedTuple):
    """A page of a visit, on which Kameleoon activates the campaign."""

    has_tag: bool
    tag_is_late: bool  # it comes when Kameleoon has started and activated
    fires_event: bool
    recorded_after: int  # ms after the activation; the page may be left before
    stays: int  # ms after the activation
    pause: int  # ms until the next page
    is_ready: bool  # analytics.js comes before the page is left
    drops: bool  # a middleware of the page's drops what is ours
    opts_in: bool  # … until the visitor opts in, in the middle of the stay; then the page sends an event of its own
    loses_frame: bool  # in the middle of the stay
    keeps_rest: bool  # what is in analytics.js's pipeline when the page is left gets to Segment

    @property
    def is_heard(self) -> bool:
        """Whether the tag hears Kameleoon's event."""
        return self.has_tag and self.fires_event and not self.tag_is_late

    @property
    def is_quiet(self) -> bool:
        """Whether nothing comes between the activation and Segment."""
        return self.is_ready and not self.drops and self.stays > 2 * TAKEN_AFTER


ALWAYS = st.just(True)
NEVER = st.just(False)
QUIET = {"is_ready": ALWAYS, "drops": NEVER, "opts_in": NEVER, "loses_frame": NEVER, "keeps_rest": ALWAYS}


def page_views(**more: st.SearchStrategy[bool]) -> st.SearchStrategy[PageView]:
    """Return pages; what is not named in ``more`` may be as it likes."""
    flags = {name: more.get(name, st.booleans()) for name, kind in PageView.__annotations__.items() if kind is bool}
    return st.builds(
        PageView,
        **flags,
        recorded_after=st.integers(0, 5000),
        stays=st.integers(1, 100) | st.integers(1, 40_000),
        pause=st.integers(150, 120_000),
    )


class Visit:
    """Runs a visit: what Kameleoon recorded, what is in storage, and what Segment has got."""

    def __init__(self) -> None:
        self.now = NOW
        self.storage: dict[str, str] = {}
        self.recorded: list[int] = []
        self.times: dict[str, int] = {}  # of what Segment has got, by message id

    def see(self, view: PageView) -> tuple[int, int]:
        """See a page; return from when to when the campaign was shown on it."""
        page = self.page()
        activated, left = self.now + 100, self.now + 100 + view.stays
        is_recorded = view.recorded_after < view.stays
        if view.has_tag:
            page.drops = view.drops
            ear = Ear(page, identifier=False)
            ear.world(ready=view.is_ready)
            if not view.tag_is_late:
                for name in ("Loaded", "Started"):
                    ear.kameleoon(name, time=self.now)
                ear.scan()
                ear.wait(100)
                if view.fires_event:
                    ear.kameleoon("ExperimentActivated", time=activated, experiment=campaign())
            page.now = activated
            page.kameleoon[ACTIVE_EXPERIMENTS] = [campaign()]
            ear.scan()
            middle = activated + view.stays // 2
            for moment in sorted({middle, activated + view.recorded_after}):
                ear.wait(max(0, min(moment, left) - page.now))
                if moment == middle:
                    self.halfway(view, ear)
                if is_recorded and page.now >= activated + view.recorded_after:
                    page.kameleoon[EXPERIMENT_RECORDS] = [record(*self.recorded, activated + view.recorded_after)]
            ear.wait(left - page.now)
            self.leave(ear, keeps_rest=view.keeps_rest)
        if is_recorded:
            self.recorded.append(activated + view.recorded_after)
        self.now = left + view.pause
        return activated, left

    def page(self) -> FakePage:
        """Return the next page."""
        page = FakePage()
        page.storage, page.now, page.began = self.storage, self.now, self.now
        page.kameleoon = {EXPERIMENT_RECORDS: [record(*self.recorded)] if self.recorded else []}
        page.kameleoon["kameleoonEndLoadTime"] = self.now
        return page

    def halfway(self, view: PageView, ear: Ear) -> None:
        """Let happen what happens in the middle of a stay."""
        if view.loses_frame and view.stays > 10 * TAKEN_AFTER:
            ear.start()
            ear.world(ready=view.is_ready)
        if view.opts_in:
            ear.page.drops = False
            ear.event()

    def leave(self, ear: Ear, *, keeps_rest: bool) -> None:
        """Leave a page."""
        ear.leave()
        ids = ear.page.accepted + [one["id"] for one in ear.page.arriving if keeps_rest]
        for track in ear.sent():
            if track["options"]["messageId"] in ids:
                self.times[track["options"]["messageId"]] = stamp_ms(track["options"]["timestamp"])

    def end(self) -> None:
        """See a last page on which nothing is shown, and stay until all has arrived."""
        ear = Ear(self.page(), identifier=False)
        ear.world()
        ear.wait(5000)
        self.leave(ear, keeps_rest=True)


def stamp_ms(text: str) -> int:
    """Return an event's time in ms since 1970."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def visit(views: list[PageView]) -> list[tuple[PageView, int]]:
    """Run a visit; return each page view with how many exposures that Segment has got say that they happened on it."""
    run = Visit()
    windows = [run.see(view) for view in views]
    run.end()
    return [
        (view, sum(start <= time <= end for time in run.times.values()))
        for view, (start, end) in zip(views, windows, strict=True)
    ]


@settings(deadline=None)
@given(st.lists(page_views(**QUIET).filter(lambda view: view.is_quiet), min_size=1, max_size=6))
def test_each_view_with_the_tag_is_one_exposure_and_no_view_is_two(views: list[PageView]) -> None:
    """However pages with and without the tag follow each other, and whether the record came before one was left."""
    for view, count in visit(views):
        assert count == 1 if view.has_tag else count <= 1, view


@settings(deadline=None)
@given(st.lists(page_views(), min_size=1, max_size=6))
def test_what_was_heard_arrives_once_however_the_page_is_left(views: list[PageView]) -> None:
    """At any moment, whatever the page drops until the visitor opts in, and even if it loses the brain."""
    for view, count in visit(views):
        if view.is_heard:
            assert count == 1, view
