"""A whole session in lanes: who caused whom, when, and what is said of it first."""

# ruff: noqa: D103  # the tests' names are sentences

from typing import Any

import pytest

from bridge.wire.messages import LANES
from bridge.wire.timeline import Timeline
from bridge.wire.why import goals, why
from tests.wire.recorded import CODE, SESSION, chain, timeline

ALL = [lane for lane, _ in LANES]


@pytest.mark.parametrize(
    ("title", "about", "view", "steps"),
    [
        (
            "Delivered",
            "Homepage headline",
            1,
            [
                "kameleoon: Kameleoon loaded",
                "kameleoon: Kameleoon started",
                "kameleoon: Experiment activated",
                "bridge: Experiment viewed",
                "segment: Experiment viewed",
                "destination: Delivered",
            ],
        ),
        (
            "Delivered",
            "Kameleoon identifier",
            1,
            [
                "kameleoon: Kameleoon loaded",
                "kameleoon: Kameleoon started",
                "kameleoon: Visitor",
                "bridge: Kameleoon identifier",
                "segment: Kameleoon identifier",
                "destination: Delivered",
            ],
        ),
        (
            "Goal converted",
            "Add to cart",
            1,
            [
                "segment: Add to cart",
                "segment: Add to cart",
                "destination: Delivered",
                "kameleoon: Goal converted",
            ],
        ),
        ("Custom data set", "Subscribed plan: premium", 1, ["segment: Identify", "bridge: Custom data set"]),
        ("Custom data set", "Group id: studio-nord", 1, ["segment: Group", "bridge: Custom data set"]),
        (
            "Remote data written",
            "studio-nord",
            1,
            ["segment: Audience Entered", "destination: Delivered", "data-api: Remote data written"],
        ),
        (
            "Remote data heard",
            "studio-nord",
            1,
            [
                "kameleoon: Kameleoon loaded",
                "kameleoon: Kameleoon started",
                "kameleoon: Visitor",
                "bridge: Asks for remote data",
                "data-api: Remote data read",
                "bridge: Remote data heard",
            ],
        ),
        (
            "Delivered",
            "Welcome for VIPs",
            2,
            [
                "kameleoon: Kameleoon loaded",
                "kameleoon: Kameleoon started",
                "kameleoon: Personalization activated",
                "bridge: Experiment viewed",
                "segment: Experiment viewed",
                "destination: Delivered",
            ],
        ),
    ],
)
def test_each_message_leads_back_to_what_began_it(title: str, about: str, view: int, steps: list[str]) -> None:
    assert chain(timeline(), title, about, view)[-len(steps) :] == steps
    assert chain(timeline(rows_first=True), title, about, view) == chain(timeline(), title, about, view)


def test_messages_are_in_the_order_of_their_times_whenever_they_arrive() -> None:
    messages = timeline(rows_first=True).all()
    times = [(one["view"], one["at_ms"]) for one in messages]
    assert times == sorted(times)
    assert {one["lane"] for one in messages} == set(ALL)
    assert [one["n"] for one in messages] != sorted(one["n"] for one in messages)


def test_effects_are_the_other_end_of_causes() -> None:
    made = timeline()
    pairs = {(cause["n"], one["n"]) for one in made.all() if (cause := made.cause(one))}
    assert pairs == {(one["n"], effect["n"]) for one in made.all() for effect in made.effects(one)}
    assert len(pairs) > 30


def test_what_crossed_again_and_what_says_the_same_again_is_no_news() -> None:
    titles = [one["title"] for one in timeline().all() if one["view"] == 1]
    assert titles.count("Visitor") == 1
    assert "Experiment found" not in titles  # it was activated, which is the same


def test_lanes_and_words_filter() -> None:
    made = timeline()
    assert {one["lane"] for one in made.wanted(["bridge"], "")} == {"bridge"}
    found = made.wanted(ALL, "VIP  viewed")
    assert found
    assert {one["title"] for one in found} <= {"Experiment viewed", "Delivered"}
    assert made.wanted(ALL, CODE.upper())  # what is in its card alone
    assert made.wanted(ALL, "no such words") == []
    assert made.wanted([], "") == []


def test_a_page_view_has_its_address() -> None:
    made = timeline()
    assert made.address(1) == "/?kameleoonForce=214500:914502"
    assert made.url(2) == "http://127.0.0.1:8000/?kameleoonForce=214500:914502"
    assert made.address(3) == ""


def test_only_the_last_messages_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Timeline, "MOST", 10)
    made = timeline()
    assert len(made.all()) == 10
    assert made.all() == timeline().all()[-10:]
    first = made.all()[0]
    assert made.cause(first) is None
    made.clear()
    assert made.all() == []
    assert timeline().cause(first) is None or first["causes"]


EXPERIMENT: dict[str, Any] = {
    "type": "experiment",
    "id": 214500,
    "name": "Homepage headline",
    "variation": "B: new arrivals",
    "is_assigned": True,
    "is_shown": True,
}
VIPS = {
    "type": "personalization",
    "id": 320100,
    "name": "Welcome for VIPs",
    "variation": "",
    "is_assigned": False,
    "is_shown": False,
}


def test_of_each_campaign_one_line_says_how_far_it_came() -> None:
    lines = why([EXPERIMENT, VIPS], SESSION["status"], timeline(), 1)
    assert [(line["name"], line["done"], line["word"]) for line in lines] == [
        ("Homepage headline", 5, "delivered"),
        ("Welcome for VIPs", 5, "delivered"),
    ]


def test_messages_alone_tell_of_campaigns_too() -> None:
    lines = why([], {}, timeline(), 2)
    assert [(line["name"], line["variation"], line["done"]) for line in lines] == [
        ("Homepage headline", "B: new arrivals", 5),
        ("Welcome for VIPs", "Banner", 5),
    ]


ON = {"state": "on", "consent": {"experiment": True}, "segment": {"ready": True}}


@pytest.mark.parametrize(
    ("more", "status", "done", "word"),
    [
        ({"is_assigned": False}, ON, 0, "left out by targeting"),
        ({"is_assigned": False}, {**ON, "consent": {"experiment": False}}, 0, "consent is refused"),
        ({"is_shown": False}, ON, 1, "not shown yet"),
        ({}, {}, 2, "the bridge is not in the page"),
        ({}, {**ON, "consent": {"experiment": None}}, 2, "waits for consent"),
        ({}, {**ON, "consent": {"experiment": False}}, 2, "consent is refused"),
        ({}, {**ON, "state": "failed"}, 3, "the bridge is failed"),
        ({}, {"state": "starting", "consent": {"experiment": None}}, 2, "the bridge is starting"),
        ({}, {**ON, "segment": {"ready": False}}, 3, "waits for analytics.js"),
        ({}, ON, 3, "not reported yet"),
        ({}, {**ON, "consent": "?"}, 2, "waits for consent"),
    ],
)
def test_a_line_says_what_stands_in_the_way(more: dict[str, bool], status: Any, done: int, word: str) -> None:
    (line,) = why([{**EXPERIMENT, **more}], status, Timeline(), 1)
    assert (line["done"], word in line["word"]) == (done, True), line


def test_what_arrives_in_the_next_page_view_was_reported_in_its_own() -> None:
    shown, sent = (
        next(one for one in timeline().all() if (one["lane"], one["title"]) == (lane, "Experiment viewed"))
        for lane in ("bridge", "segment")
    )
    made = Timeline()
    made.add([{**shown, "view": 1}, {**sent, "view": 2}])
    assert [why([EXPERIMENT], ON, made, view)[0]["done"] for view in (1, 2)] == [4, 3]


def test_a_report_that_is_on_its_way_or_failed_says_so() -> None:
    whole = timeline().all()
    sent = next(one for one in whole if one["lane"] == "segment" and one["title"] == "Experiment viewed")
    made = Timeline()
    made.add([sent])
    assert why([EXPERIMENT], ON, made, 1)[0]["word"] == "reported, on its way"
    made.add([{**sent, "lane": "destination", "state": "failed", "about": "500", "ids": [], "causes": sent["ids"]}])
    assert why([EXPERIMENT], ON, made, 1)[0]["word"] == "reported, not delivered: 500"


def test_goals_that_somebody_made_are_told_with_their_delivery() -> None:
    (line,) = goals(timeline())
    assert line.startswith("Goal Add to cart converted ")
    assert line.endswith(" ms after the click")
    assert 0 < int(line.split()[-5]) < 1000
    alone = Timeline()
    alone.add([one for one in timeline().all() if one["title"] == "Goal converted"])
    assert goals(alone) == ["Goal Add to cart converted"]
