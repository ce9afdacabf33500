"""Whole visits: pages with and without the tag, events with late records, records that are never written, hybrids."""

from datetime import datetime
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from tests.brain.portable.fake import ACTIVE_EXPERIMENTS, EXPERIMENT_RECORDS, NOW, Ear, FakePage, campaign, record


class PageView(NamedTuple):
    """A page of a visit, on which Kameleoon activates the campaign."""

    has_tag: bool
    tag_is_late: bool  # it comes when Kameleoon has started and activated
    fires_event: bool
    recorded_after: int  # ms after the activation; the page may be left before
    stays: int  # ms after the activation
    pause: int  # ms until the next page


PAGE_VIEWS = st.builds(
    PageView,
    has_tag=st.booleans(),
    tag_is_late=st.booleans(),
    fires_event=st.booleans(),
    recorded_after=st.integers(0, 5000),
    stays=st.integers(1, 20_000),
    pause=st.integers(150, 120_000),
)


def visit(views: list[PageView]) -> list[tuple[PageView, int]]:
    """Run a visit; return each page view with how many exposures say that they happened on it."""
    storage: dict[str, str] = {}
    recorded: list[int] = []
    windows: list[tuple[int, int]] = []
    sent: list[str] = []
    now = NOW
    for view in views:
        page = FakePage()
        page.storage, page.now = storage, now
        activated, left = now + 100, now + 100 + view.stays
        windows.append((activated, left))
        is_recorded = view.recorded_after < view.stays
        page.kameleoon = {EXPERIMENT_RECORDS: [record(*recorded)] if recorded else []}
        page.kameleoon["kameleoonEndLoadTime"] = now
        if view.has_tag:
            ear = Ear(page, identifier=False)
            ear.world()
            if not view.tag_is_late:
                for name in ("Loaded", "Started"):
                    ear.kameleoon(name, time=now)
                ear.scan()
                ear.wait(100)
                if view.fires_event:
                    ear.kameleoon("ExperimentActivated", time=activated, experiment=campaign())
            page.now = activated
            page.kameleoon[ACTIVE_EXPERIMENTS] = [campaign()]
            ear.scan()
            if is_recorded:
                ear.wait(view.recorded_after)
                page.kameleoon[EXPERIMENT_RECORDS] = [record(*recorded, activated + view.recorded_after)]
            ear.wait(left - page.now)
            sent += [track["options"]["timestamp"] for track in ear.sent()]
        if is_recorded:
            recorded.append(activated + view.recorded_after)
        now = left + view.pause
    stamps = [stamp_ms(text) for text in sent]
    return [
        (view, sum(start <= stamp <= end for stamp in stamps))
        for view, (start, end) in zip(views, windows, strict=True)
    ]


def stamp_ms(text: str) -> int:
    """Return an event's time in ms since 1970."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


@given(st.lists(PAGE_VIEWS, min_size=1, max_size=6))
def test_each_view_with_the_tag_is_one_exposure_and_no_view_is_two(views: list[PageView]) -> None:
    """However pages with and without the tag follow each other, and whether the record came before one was left."""
    for view, count in visit(views):
        assert count == 1 if view.has_tag else count <= 1, view
