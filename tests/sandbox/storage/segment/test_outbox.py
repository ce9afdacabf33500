"""Events on their way: none overtakes another of the same visitor."""

# ruff: noqa: D103  # the tests' names are sentences

import random
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bridge.sandbox.storage import opened_tables

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


EVENTS = st.lists(st.sets(st.sampled_from("abcd"), min_size=1, max_size=2), max_size=12)


@given(events=EVENTS, chance=st.randoms(use_true_random=False))
@examples(deadline=None)
def test_whatever_ends_first_no_event_overtakes_one_of_the_same_visitor(
    events: list[set[str]], chance: random.Random
) -> None:
    tables = opened_tables(":memory:", lambda: NOW)
    lanes_of, done, under_way = {}, [], set()
    for event in events:
        n = tables.log.append("track", {"event": {}})
        lanes_of[n] = event
        tables.outbox.add(n, event, NOW)
    while ready := tables.outbox.next(100):
        under_way |= {delivery.n for delivery in ready}
        assert sum(len(lanes_of[n]) for n in under_way) == len(set().union(*(lanes_of[n] for n in under_way)))
        ended = chance.choice(sorted(under_way))
        assert all(n in done for n in lanes_of if n < ended and lanes_of[n] & lanes_of[ended])
        tables.outbox.deliver(ended, NOW)
        under_way.remove(ended)
        done.append(ended)
    assert sorted(done) == list(lanes_of)
