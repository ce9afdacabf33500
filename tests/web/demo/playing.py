"""Plays the whole story in a world in which everything goes well: the same on CPython and on MicroPython."""

from web.demo.tour_place import place
from web.demo.tour_player import DONE, Player
from web.demo.tour_story import REMEDIES, STEPS
from web.demo.tour_world import World


class Kind:
    """A world that becomes what is done in it."""

    last = 1

    def __init__(self) -> None:
        self.facts: dict[str, object] = {
            "consent": "yes",
            "variation": "914502",
            "user": "out",
            "audience": False,
            "vip": False,
        }
        self.real = World({"started": True, "segment": True}, [])

    def fact(self, name: str) -> object:
        """Return what is so."""
        return self.facts.get(name)

    def can(self, action: str) -> bool:
        """Return what a page that has started can do."""
        return self.real.can(action)

    def holds(self, _condition: str, _since: int) -> bool:
        """Return that it is so."""
        return True

    def do(self, action: str) -> None:
        """Let a remedy be one."""
        for (name, value), remedy in REMEDIES.items():
            if remedy == action:
                self.facts[name] = value


def played() -> "list[str]":
    """Return what the tour does from its first chapter to its last, over a page view after each."""
    player, world = Player(STEPS, REMEDIES), Kind()
    player.start(2.0)
    done: list[str] = []
    for _ in range(2000):
        action = player.tick(100.0, world)  # type: ignore[arg-type]
        if action:
            done.append(action)
            world.do(action)
            text = player.kept()
            player = Player(STEPS, REMEDIES)
            player.resume(text)
        if player.state == DONE:
            done.append(f"{player.at} {place((10, 20, 300, 40), (400, 200), (1280, 800))}")
            break
    return done
