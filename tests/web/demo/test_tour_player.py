"""The tour's player: chapter after chapter, in a world that a test makes up."""

# ruff: noqa: D103  # the tests' names are sentences

import json
from typing import Any

import pytest

from web.demo.tour_player import ACTING, DONE, OFF, PREPARING, SHOWING, Player
from web.demo.tour_story import REMEDIES, STEPS
from web.demo.tour_world import World

SHORT: "list[dict[str, Any]]" = [
    {"title": "One", "needs": (), "do": ("come",), "until": "here", "late": "Nobody came.", "read": 2},
    {"title": "Two", "needs": (("user", "in"),), "do": ("a", "b"), "until": "there", "late": "Late.", "read": 1},
]


class Made:
    """A world whose facts and conditions a test sets."""

    def __init__(self) -> None:
        self.facts: dict[str, Any] = {}
        self.so: set[str] = set()
        self.hindered: set[str] = set()
        self.last = 7

    def fact(self, name: str) -> Any:
        """Return what the test says of it."""
        return self.facts.get(name)

    def can(self, action: str) -> bool:
        """Return whether the test does not hinder it."""
        return action not in self.hindered

    def holds(self, condition: str, _since: int) -> bool:
        """Return whether the test lets it be."""
        return condition in self.so


def begun() -> tuple[Player, Any]:
    player = Player(SHORT, {("user", "in"): "log-in"})
    player.start()
    return player, Made()


def ticked(player: Player, world: Any, times: int, ms: float = 100) -> list[str]:
    """Return what is done in so many ticks."""
    return [action for action in (player.tick(ms, world) for _ in range(times)) if action]


def test_off_it_does_nothing() -> None:
    player = Player(SHORT, {})
    assert (player.state, ticked(player, Made(), 5)) == (OFF, [])


def test_a_chapter_acts_once_and_waits_for_its_effect_and_for_the_reader() -> None:
    player, world = begun()
    assert ticked(player, world, 3) == ["come"]
    assert (player.state, player.since) == (SHOWING, 7)
    assert ticked(player, world, 100) == []
    assert (player.at, player.progress()) == (0, 1.0), "read, but nothing has happened"
    world.so.add("here")
    ticked(player, world, 1)
    assert (player.at, player.state) == (1, PREPARING)

    player, world = begun()
    world.so.add("here")
    ticked(player, world, 3)
    ticked(player, world, 19)
    assert player.at == 0, "happened, but not read"
    ticked(player, world, 1)
    assert player.at == 1


def test_what_a_chapter_needs_is_made_so_first_and_once() -> None:
    player, world = begun()
    player.go(1)
    world.hindered.add("log-in")
    assert ticked(player, world, 3) == []
    world.hindered.clear()
    assert ticked(player, world, 5) == ["log-in"]
    assert player.state == PREPARING
    world.facts["user"] = "in"
    world.last = 9
    assert ticked(player, world, 1) == []
    assert (player.state, player.since) == (ACTING, 9)
    world.hindered.add("b")
    assert ticked(player, world, 5) == ["a"]
    world.hindered.clear()
    assert ticked(player, world, 2) == ["b"]
    assert player.state == SHOWING


def test_what_does_not_come_is_late_and_may_come_yet() -> None:
    player, world = begun()
    ticked(player, world, 3)
    ticked(player, world, 150)
    assert not player.is_late()
    ticked(player, world, 1)
    assert player.is_late()
    world.so.add("here")
    ticked(player, world, 1)
    assert (player.is_late(), player.at) == (False, 1)
    ticked(player, world, 200)
    assert player.is_late(), "nor is the customer logged in"
    player.forward()
    assert (player.state, player.is_late()) == (DONE, False)


def test_a_pause_stops_the_story_and_nothing_else() -> None:
    player, world = begun()
    player.turn_pause()
    world.so.add("here")
    assert ticked(player, world, 100) == ["come"]
    assert (player.at, player.read_ms) == (0, 0.0)
    player.go(1)
    assert ticked(player, world, 1) == ["log-in"]
    player.turn_pause()
    world.facts["user"] = "in"
    world.so.add("there")
    ticked(player, world, 20)
    assert player.state == DONE


def test_back_forward_jump_and_over() -> None:
    player, _ = begun()
    player.back()
    assert player.at == 0
    player.forward()
    assert (player.at, player.state) == (1, PREPARING)
    player.forward()
    assert (player.at, player.state) == (1, DONE)
    player.back()
    assert (player.at, player.state) == (0, PREPARING)
    player.go(99)
    assert player.at == 1
    player.stop()
    assert player.state == OFF
    player.start(pace=4, patience_ms=5)
    assert (player.at, player.pace, player.patience_ms, player.paused) == (0, 4, 5, False)


def test_a_faster_pace_reads_faster() -> None:
    player, world = begun()
    player.start(pace=10)
    world.so.add("here")
    ticked(player, world, 3)
    ticked(player, world, 2)
    assert player.at == 1


def test_it_goes_on_in_the_next_page_view() -> None:
    player, world = begun()
    player.go(1)
    world.facts["user"] = "in"
    assert ticked(player, world, 2) == ["a"]
    player.turn_pause()
    text = player.kept()
    later = Player(SHORT, {})
    later.resume(text)
    assert later.kept() == text
    assert ticked(later, world, 2) == ["b"]


@pytest.mark.parametrize("text", ["", "null", "{", "[]", "7", '{"state": "showing"}'])
def test_what_is_none_of_ours_begins_nothing(text: str) -> None:
    player = Player(SHORT, {})
    player.resume(text)
    assert player.state == OFF


@pytest.mark.parametrize("at", [-1, 2, "1", None])
def test_a_chapter_that_is_not_there_is_not_gone_on_with(at: Any) -> None:
    kept = json.loads(begun()[0].kept())
    player = Player(SHORT, {})
    player.resume(json.dumps({**kept, "at": at}))
    assert player.state == OFF


def test_the_story_asks_for_what_there_is() -> None:
    now = dict.fromkeys(("segment", "code", "started", "variation", "user", "consent", "welcome", "anonymous"))
    world = World({**now, "personas": [], "known": {}}, [])
    for step in STEPS:
        assert all(step[name] for name in ("title", "say", "late", "at"))
        world.holds(step["until"], 0)
        for need in step["needs"]:
            assert need in REMEDIES
            world.fact(need[0])
    assert len(STEPS) <= 9, "a key for each"
    assert 110 <= sum(step["read"] for step in STEPS) <= 130, "two minutes"
