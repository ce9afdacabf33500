"""What the tour takes for true: by the page, and by the sandbox's log."""

# ruff: noqa: D103  # the tests' names are sentences

from typing import Any

import pytest

from web.demo.tour_place import place
from web.demo.tour_world import World

NOW: "dict[str, Any]" = {
    **dict.fromkeys(("segment", "started", "consent"), True),
    "code": "code",
    "anonymous": "anonymous",
    "user": "ada",
    "variation": "914502",
    "welcome": "",
    "personas": [],
    "known": {},
}


def track(n: int, event: str, anonymous: str = "anonymous", **properties: Any) -> "dict[str, Any]":
    message = {"event": event, "anonymousId": anonymous, "messageId": f"m{n}", "properties": properties}
    return {"n": n, "kind": "track", "event": message}


def received(n: int, of: int) -> "dict[str, Any]":
    return {"n": n, "kind": "destination.received", "body": {"messageId": f"m{of}"}}


def world(*rows: "dict[str, Any]", **changes: Any) -> World:
    return World({**NOW, **changes}, list(rows))


EXPOSED = track(1, "Experiment viewed", variation_id="914502", campaign_type="experiment")
WELCOMED = track(2, "Experiment viewed", variation_id="930101", campaign_type="personalization")
IDENTIFIER = track(3, "Kameleoon identifier", k_visitorCode="code")
ENTERED, EXITED = track(4, "Audience Entered"), track(5, "Audience Exited")
CONVERTED = {"n": 6, "kind": "conversion", "goal": "Add to cart", "ids": ["code", "other"]}
OWN = track(7, "Add to cart")


def test_the_last_row() -> None:
    assert (world().last, world(EXPOSED, OWN).last) == (0, 7)


@pytest.mark.parametrize(
    ("name", "changes", "value"),
    [
        ("consent", {}, "yes"),
        ("consent", {"consent": False}, "no"),
        ("consent", {"consent": None}, "unknown"),
        ("consent", {"consent": None, "started": False}, None),
        ("user", {}, "in"),
        ("user", {"user": None}, "out"),
        ("user", {"user": None, "segment": False}, None),
        ("variation", {}, "914502"),
        ("vip", {}, False),
        ("vip", {"personas": ["vip"]}, True),
        ("vip", {"started": False}, None),
    ],
)
def test_facts(name: str, changes: "dict[str, Any]", value: Any) -> None:
    assert world(**changes).fact(name) == value


def test_membership_is_what_segment_said_last() -> None:
    assert not world().fact("audience")
    assert world(ENTERED).fact("audience")
    assert not world(ENTERED, EXITED).fact("audience")
    assert not world(track(4, "Audience Entered", anonymous="somebody else")).fact("audience")


@pytest.mark.parametrize(
    ("condition", "rows", "changes"),
    [
        ("arrived", (), {}),
        ("sees-b", (), {}),
        ("exposed", (EXPOSED,), {}),
        ("linked", (IDENTIFIER, received(4, of=3)), {}),
        ("known", (), {"known": {"Subscribed plan": "premium"}}),
        ("entered", (ENTERED, received(5, of=4)), {}),
        ("welcomed", (WELCOMED,), {"welcome": "Welcome"}),
        ("converted", (CONVERTED,), {}),
        ("quiet", (OWN,), {"consent": False}),
    ],
)
def test_conditions(condition: str, rows: "tuple[dict[str, Any], ...]", changes: "dict[str, Any]") -> None:
    assert world(*rows, **changes).holds(condition, 0)
    nobody: dict[str, Any] = {"code": None, "anonymous": None, "user": None, "variation": None, "known": {}}
    assert not world(*rows, **{**changes, **nobody}).holds(condition, 0), "of somebody else"
    if rows:
        assert not world(**changes).holds(condition, 0), "it is in the log or nowhere"


@pytest.mark.parametrize(
    ("condition", "rows", "changes"),
    [
        ("exposed", (WELCOMED,), {}),
        ("exposed", ({**EXPOSED, "duplicate": True},), {}),
        ("linked", (IDENTIFIER,), {}),
        ("linked", (IDENTIFIER, received(4, of=1)), {}),
        ("entered", (ENTERED,), {}),
        ("welcomed", (WELCOMED,), {}),
        ("welcomed", (EXPOSED,), {"welcome": "Welcome"}),
        ("converted", ({**CONVERTED, "goal": "Other"},), {}),
        ("quiet", (OWN,), {}),
        ("quiet", (EXPOSED, OWN), {"consent": False}),
        ("quiet", (track(7, "Add to cart", kameleoonVisitorCode="code"),), {"consent": False}),
    ],
)
def test_what_is_not_enough(condition: str, rows: "tuple[dict[str, Any], ...]", changes: "dict[str, Any]") -> None:
    assert not world(*rows, **changes).holds(condition, 0)


def test_what_was_before_the_chapter_does_not_count() -> None:
    assert not world(CONVERTED).holds("converted", 6)
    assert world(EXPOSED, OWN, consent=False).holds("quiet", 1), "nothing since"


def test_an_action_waits_for_what_it_speaks_to() -> None:
    nothing = world(segment=False, started=False)
    assert nothing.can("stranger")
    assert not nothing.can("log-in")
    assert not world(segment=False).can("enter")
    assert not world(started=False).can("refuse")
    assert world(segment=False).can("view")
    assert world().can("cart")


@pytest.mark.parametrize(
    ("target", "where"),
    [
        ((32, 100, 700, 300), (332, 416)),  # below, on its right
        ((60, 100, 380, 90), (60, 206)),  # below what is narrower
        ((790, 120, 480, 50), (374, 120)),  # left of the wire
        ((790, 700, 480, 60), (374, 570)),  # as low as it may be
        ((32, 400, 400, 380), (448, 400)),  # on the right
        ((32, 300, 900, 490), (532, 64)),  # above
    ],
)
def test_the_card_stands_beside_its_target(target: Any, where: "tuple[float, float]") -> None:
    assert place(target, (400, 220), (1280, 800)) == where


def test_on_a_phone_the_card_is_at_the_other_end() -> None:
    assert place((10, 60, 370, 700), (370, 220), (390, 844)) == (10, 614)
    assert place((10, 200, 370, 640), (370, 220), (390, 844)) == (10, 10)
