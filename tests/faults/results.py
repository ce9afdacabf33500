"""What a situation came to: counts that are zero where all is well."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bridge.shared.vocabulary import CONSOLE_PREFIX, EXPOSURE_EVENT, IDENTIFIER_EVENT
from tests.faults.situation import Situation
from tests.faults.stage import Arrived, Seen

LATE_S = 1.5  # for the page's own events: after the time without the bridge
STARTED_LATE_S = 8  # for what the bridge sends of itself: after the page was opened
HELD_MS = 200  # how much longer than without the bridge the longest task may be
#: What browsers themselves say of what the network or a policy refuses.
OF_THE_BROWSER = ("Failed to load resource", "Content Security Policy", "preload", "Access to ")


@dataclass
class Counts:
    """What became of events."""

    lost: int = 0
    twice: int = 0  # with different message ids: or more of them than there should be
    late: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.lost + other.lost, self.twice + other.twice, self.late + other.late)


@dataclass
class Row:
    """One row of the table."""

    name: str
    what: str
    own: Counts = field(default_factory=Counts)
    exposures: Counts = field(default_factory=Counts)
    identifiers: Counts = field(default_factory=Counts)
    errors: int = 0  # exceptions in the page, requests that must not be
    lines: int = 0  # in the console
    silent: int = 0  # the bridge does not run and does not say why, or not as it should
    held: int = 0  # milliseconds that the longest task is longer than it may be
    longest: int = 0  # task, in milliseconds
    longest_without: int = 0
    own_without: Counts = field(default_factory=Counts)  # what the page itself loses without the bridge
    visits: int = 1
    unheard: int = 0  # exposures that did not arrive, and of which nothing had told the bridge before the page was left
    notes: list[str] = field(default_factory=list)  # what the numbers come from

    @property
    def wrong(self) -> int:
        """Return the sum of what must be zero."""
        counts = (self.own, self.exposures, self.identifiers)
        return sum(sum(vars(one).values()) for one in counts) + self.errors + self.lines + self.silent + self.held

    @property
    def only_slow(self) -> bool:
        """Return whether nothing is wrong but times."""
        late = self.own.late + self.exposures.late + self.identifiers.late
        return 0 < self.wrong == late + self.held

    def as_json(self) -> dict[str, Any]:
        """Return the row as JSON has it."""
        return {**asdict(self), "ok": not self.wrong}


def compare(situation: Situation, seen: Seen, without: Seen) -> Row:
    """Return what the bridge did to a page, as two visits show it."""
    row = Row(situation.name, situation.what)
    row.own_without = _own(situation.own, without.events)
    arrived = Counter(event.name for event in without.events)
    expected = {name: min(count, arrived[name]) for name, count in situation.own.items()}
    row.own = _own(expected, seen.events)
    status = seen.status or {}
    state = status.get("state")
    starts = state == "on" or not situation.may_start
    row.exposures = _ours(seen.named(EXPOSURE_EVENT), situation.exposures if starts else 0)
    row.identifiers = _ours(seen.named(IDENTIFIER_EVENT), situation.identifiers if starts else 0)
    if situation.instead:
        row.exposures.late = 0  # there are as many without the bridge, and none are faster
    errors = _more(seen.errors, without.errors)
    asked = [url for url in seen.requests if situation.forbidden and situation.forbidden in url]
    said = _said(seen.lines)
    # What the page's console says without the bridge, it may say more often.
    lines = [
        line for line in seen.lines if line not in without.lines and not any(one in line for one in OF_THE_BROWSER)
    ]
    if state != "on" and said:
        lines.remove(said[0])
    row.errors, row.lines = len(errors) + len(asked), len(lines)
    why = [*map(str, status.get("errors", [])), *said]
    if situation.state:
        accepted = state == "on" or bool(why) if situation.may_start else state in situation.state
        row.silent = int(not accepted or (state != "on" and not why))
    row.longest, row.longest_without = round(seen.longest), round(without.longest)
    over = row.longest - row.longest_without - HELD_MS
    row.held = max(over, 0)
    slow = [f"{name} {late:.1f} s late" for name, late in _late(expected, seen.events, without.events)]
    row.own.late = len(slow)
    row.notes = [f"state {state}", *slow, *errors, *asked, *lines, *why]
    return row


def _own(expected: Mapping[str, int], events: Sequence[Arrived]) -> Counts:
    """Return what became of the page's own events."""
    arrived = Counter(event.name for event in events)
    differences = [arrived[name] - count for name, count in expected.items()]
    return Counts(-sum(min(one, 0) for one in differences), sum(max(one, 0) for one in differences))


def _late(
    expected: Iterable[str], events: Sequence[Arrived], without: Sequence[Arrived]
) -> Iterator[tuple[str, float]]:
    """Yield events that came later than without the bridge, and by how many seconds; of one name in their order."""
    for name in expected:
        times, before = (sorted(one.at for one in some if one.name == name) for some in (events, without))
        yield from ((name, at - best) for at, best in zip(times, before, strict=False) if at - best > LATE_S)


def _ours(events: Sequence[Arrived], expected: int) -> Counts:
    late = sum(event.at > STARTED_LATE_S for event in events)
    return Counts(max(expected - len(events), 0), max(len(events) - expected, 0), late)


def _said(lines: Iterable[str]) -> list[str]:
    return [line for line in lines if CONSOLE_PREFIX in line]


def _more(lines: Iterable[str], than: Iterable[str]) -> list[str]:
    """Return what there is more of than without the bridge."""
    return list((Counter(lines) - Counter(than)).elements())
