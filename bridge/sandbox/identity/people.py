"""Who is who, and what is known of whom: plain functions on plain values, no database.

A visitor's browser is a device: the Kameleoon visitor codes and Segment anonymous ids that belong together. A device is
used by a user, the last one who was seen there. A person is a user with all devices that he uses, or a device that
nobody has logged in on; whatever is known of one part of a person is known of the person. Devices that turn out to be
one are joined; two users never become one, else the next customer at a shared computer would see the last one's data.

Everything that is known is a fact with the moment when it was said. Of two facts of one name the later one holds,
wherever and in whatever order they arrive: joining is the same in any order, and once is as good as twice.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

#: What facts are named: `trait:plan`, `cohort:vip`, `group`.
_TRAIT, _COHORT, GROUP = "trait:", "cohort:", "group"


class Fact(NamedTuple):
    """A value, when it was said, and the number under which that arrived."""

    at: float
    arrival: int
    value: Any

    @property
    def age(self) -> tuple[float, int]:
        """What the order of facts goes by: only of two that were said at the same moment, the order of arrival."""
        return self.at, self.arrival


Facts = Mapping[str, Fact]


def trait(name: str) -> str:
    """Return the name of the fact that is a trait."""
    return _TRAIT + name


def cohort(persona: str) -> str:
    """Return the name of the fact that is membership in a persona."""
    return _COHORT + persona


def merged(*many: Facts) -> Facts:
    """Return the latest fact of each name."""
    result: dict[str, Fact] = {}
    for facts in many:
        for name, fact in facts.items():
            if name not in result or result[name].age < fact.age:
                result[name] = fact
    return result


@dataclass(frozen=True)
class Device:
    """What is known of a device, and who uses it: a fact whose value is a user id."""

    facts: Facts = field(default_factory=dict)
    user: Fact | None = None


def joined(devices: Iterable[Device]) -> Device:
    """Return the device that several ones are."""
    devices = list(devices)
    users = [device.user for device in devices if device.user]
    return Device(merged(*(device.facts for device in devices)), max(users, key=lambda user: user.age, default=None))


def cohorts_map(facts: Facts, personas: Collection[str]) -> dict[str, bool]:
    """Return the map `COHORTS_<id>`: membership by persona.

    Args:
        facts: What is known of the person.
        personas: The site's personas: a boolean trait of that name is membership too, see `audiences`.
    """
    traits = {
        cohort(name.removeprefix(_TRAIT)): fact
        for name, fact in facts.items()
        if name.startswith(_TRAIT) and isinstance(fact.value, bool) and name.removeprefix(_TRAIT) in personas
    }
    own = {name: fact for name, fact in facts.items() if name.startswith(_COHORT)}
    return {name.removeprefix(_COHORT): fact.value for name, fact in sorted(merged(traits, own).items())}


def identify_map(facts: Facts) -> dict[str, Any]:
    """Return the map `IDENTIFY_<id>`: traits, without those that were set to null, and the group id."""
    traits = {
        name.removeprefix(_TRAIT): fact.value
        for name, fact in sorted(facts.items())
        if name.startswith(_TRAIT) and fact.value is not None
    }
    result: dict[str, Any] = {"traits": traits} if traits else {}
    return {**result, "groupId": facts[GROUP].value} if GROUP in facts else result
