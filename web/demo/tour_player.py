"""Plays the tour: which chapter is on, what is to be done now, and when the next one begins. Plain Python.

Its states: ``off``; ``preparing``, until what the chapter needs is so; ``acting``, until what it does is done;
``showing``, until its condition holds and a listener has read; ``done``, after the last chapter. A pause stops nothing
but the step to the next chapter. It knows no clock: who ticks it says how long ago the last tick was.
"""

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from web.demo.tour_story import Step
    from web.demo.tour_world import World

OFF, PREPARING, ACTING, SHOWING, DONE = "off", "preparing", "acting", "showing", "done"
_KEPT = ("state", "at", "paused", "pace", "patience_ms", "tried", "todo", "since", "read_ms", "waited_ms")


class Player:
    """The tour, as far as it has come."""

    def __init__(self, steps: "list[Step]", remedies: "dict[Any, str]") -> None:
        self._steps, self._remedies = steps, remedies
        self.state, self.at, self.paused = OFF, 0, False
        self.pace = 1.0  #: how many times as fast as usual
        self.patience_ms = 15000.0  #: how long something may take before the caption says that it is late
        self.tried: list[str] = []  #: facts that this chapter has seen to
        self.todo: list[str] = []  #: what this chapter has still to do
        self.since = 0  #: the log's last row before the chapter did anything
        self.read_ms = self.waited_ms = 0.0

    # ---- what is kept over page views

    def kept(self) -> str:
        """Return what the next page view goes on with, as JSON."""
        return json.dumps({name: getattr(self, name) for name in _KEPT})

    def resume(self, text: str) -> None:
        """Go on with what an earlier page view kept; with nothing, where that is none of ours."""
        try:
            kept = json.loads(text)
            values = [kept[name] for name in _KEPT]
        except (ValueError, KeyError, TypeError):
            return
        if not isinstance(kept["at"], int) or not 0 <= kept["at"] < len(self._steps):
            return
        for name, value in zip(_KEPT, values):  # noqa: B905 - not on MicroPython
            setattr(self, name, value)

    # ---- what a presenter does

    def start(self, pace: float = 1.0, patience_ms: float = 15000.0) -> None:
        """Begin the story."""
        self.pace, self.patience_ms, self.paused = pace, patience_ms, False
        self.go(0)

    def stop(self) -> None:
        """End it."""
        self.state = OFF

    def go(self, at: int) -> None:
        """Begin a chapter: from the first to the last, nothing beyond."""
        self.at = min(max(at, 0), len(self._steps) - 1)
        self.state = PREPARING
        self.tried, self.todo = [], []
        self.read_ms = self.waited_ms = 0.0

    def back(self) -> None:
        """Begin the chapter before."""
        self.go(self.at - 1)

    def forward(self) -> None:
        """Begin the next chapter; after the last one the tour is done."""
        if self.at + 1 < len(self._steps):
            self.go(self.at + 1)
        else:
            self.state = DONE

    def turn_pause(self) -> None:
        """Pause, or go on."""
        self.paused = not self.paused

    # ---- what is so

    def step(self) -> "Step":
        """Return the chapter that is on."""
        return self._steps[self.at]

    def is_late(self) -> bool:
        """Return whether what is waited for takes longer than it should."""
        return self.state not in (OFF, DONE) and self.waited_ms > self.patience_ms

    def progress(self) -> float:
        """Return how much of the chapter has been read, from 0 to 1."""
        return 1.0 if self.state == DONE else min(self.read_ms / self._read_ms(), 1.0)

    def _read_ms(self) -> float:
        seconds: float = self.step()["read"]
        return 1000 * seconds / self.pace

    # ---- what happens by itself

    def tick(self, passed_ms: float, world: "World") -> "str | None":
        """Return what is to be done now, None for nothing; ``passed_ms`` is how long ago the last tick was."""
        tick = {PREPARING: self._prepare, ACTING: self._act, SHOWING: self._show}.get(self.state)
        return tick(passed_ms, world) if tick else None

    def _prepare(self, passed_ms: float, world: "World") -> "str | None":
        for name, value in self.step()["needs"]:
            if world.fact(name) == value:
                continue
            action = self._remedies[name, value]
            if name not in self.tried and world.can(action):
                self.tried.append(name)
                return action
            self.waited_ms += passed_ms
            return None
        self.state, self.todo, self.since = ACTING, list(self.step()["do"]), world.last
        self.waited_ms = 0.0
        return None

    def _act(self, passed_ms: float, world: "World") -> "str | None":
        if not self.todo:
            self.state, self.waited_ms = SHOWING, 0.0
            return None
        if world.can(self.todo[0]):
            self.waited_ms = 0.0
            return self.todo.pop(0)
        self.waited_ms += passed_ms
        return None

    def _show(self, passed_ms: float, world: "World") -> None:
        if not self.paused:
            self.read_ms += passed_ms
        if not world.holds(self.step()["until"], self.since):
            self.waited_ms += passed_ms
            return
        self.waited_ms = 0.0
        if not self.paused and self.read_ms >= self._read_ms():
            self.forward()
