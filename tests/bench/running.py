"""A whole run: contenders in turns, so that what else the machine does meets all of them."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from tests.bench import scale
from tests.bench.benchmark import Benchmark, commit
from tests.bench.conditions import CONDITIONS, PLAIN, Condition
from tests.bench.contenders import BRIDGE, CONTENDERS, IDEAL, NONE, SNIPPET, STRICT, Contender
from tests.bench.numbers import Numbers
from tests.bench.stage import Stage
from tests.bench.visits import visited

LOADS = 15
#: What grows is measured in so many times fewer loads: it takes longest.
_RARER = 5
_OF_AN_EVENT = (NONE, BRIDGE, STRICT)
_OF_MUCH = (NONE, BRIDGE)


class Job(NamedTuple):
    """One contender's turn: what it measures, by case."""

    what: str
    condition: Condition
    contender: Contender
    measure: Callable[[Stage, Contender], Iterable[tuple[str, dict[str, float]]]]


@dataclass(frozen=True)
class Plan:
    """What is measured how often."""

    loads: int = LOADS
    conditions: Sequence[Condition] = tuple(CONDITIONS.values())
    contenders: Sequence[Contender] = tuple(CONTENDERS.values())
    much: bool = True  # what grows, too


#: One load of two contenders: whether each number is there.
SHORT = Plan(loads=1, conditions=(PLAIN,), contenders=(IDEAL, BRIDGE), much=False)


def run(stage: Stage, plan: Plan) -> Benchmark:
    """Measure all that a plan says, in turns; say on standard error how far it is.

    Raises:
        CacheError: Warm caches were none.
        playwright.sync_api.Error: Something that a page has to do did not come.
    """
    began_at, numbers = commit(), Numbers()
    if plan.loads > 1:  # the servers' first answers are slow, whoever comes first
        for _ in visited(stage, SNIPPET, PLAIN):
            pass
    for load in range(plan.loads):
        for what, condition, contender, measure in _jobs(plan, load):
            _say(f"load {load + 1} of {plan.loads}: {condition.name}, {what}, {contender.name}")
            for case, found in measure(stage, contender):
                numbers.add(condition.name, case, contender.name, found)
    sys.stderr.write("\n")
    return Benchmark.of(began_at, numbers.cells(), stage.manifest, plan.loads, stage.browser.version)


def _jobs(plan: Plan, load: int) -> Iterator[Job]:
    for condition in plan.conditions:
        for contender in _turned(plan.contenders, load):
            yield Job("visits", condition, contender, partial(visited, condition=condition))
    if PLAIN not in plan.conditions:
        return
    for contender in _turned(_OF_AN_EVENT, load):
        if contender in plan.contenders:
            yield Job("an event", PLAIN, contender, scale.per_event)
    for contender in _turned(_OF_MUCH, load):
        if contender in plan.contenders and plan.much and load % _RARER == 0:
            yield Job("much at once", PLAIN, contender, scale.scaled)
            yield Job("what is held", PLAIN, contender, scale.held)


def _turned(contenders: Sequence[Contender], load: int) -> list[Contender]:
    """Return them in an order that is another one in the next load."""
    first = load % len(contenders)
    return [*contenders[first:], *contenders[:first]]


def _say(text: str) -> None:
    sys.stderr.write(f"\r{text:<70}" if sys.stderr.isatty() else f"{text}\n")
    sys.stderr.flush()
