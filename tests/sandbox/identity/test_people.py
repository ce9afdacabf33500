"""Facts and devices: joined in any order, and once is as good as twice."""

# ruff: noqa: D103  # the tests' names are sentences

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bridge.sandbox.identity.people import Device, Fact, joined, merged

# One moment and one arrival is one message, which says one thing of a kind.
FACT = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda age: Fact(float(age[0]), age[1], f"said {age}"))
FACTS = st.dictionaries(st.sampled_from(["trait:plan", "cohort:vip", "group"]), FACT)
DEVICES = st.builds(Device, FACTS, st.none() | FACT)


@given(first=FACTS, second=FACTS, third=FACTS)
def test_facts_merge_in_any_order_and_any_number_of_times(first: Any, second: Any, third: Any) -> None:
    assert merged(first, second) == merged(second, first)
    assert merged(merged(first, second), third) == merged(first, merged(second, third))
    assert merged(first, first) == merged(first) == first


@given(st.lists(DEVICES, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_devices_join_in_any_order(devices: list[Device], chance: random.Random) -> None:
    shuffled = chance.sample(devices, len(devices))
    assert joined(devices) == joined(shuffled) == joined([joined(devices), *shuffled])
