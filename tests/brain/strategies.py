"""What may reach page code: any JSON, and JSON that is nearly right, which gets further."""

import math
from typing import Any

from hypothesis import strategies as st

from tests.brain.portable.fake import CODE, NOW

_SPECIAL = ["", "true", "false", "{}", "null", "__proto__", "vip", "0", "é", "🦄", "a\0b", "x" * 1000, "x" * 1001]
TEXTS = st.one_of(st.sampled_from(_SPECIAL), st.text(max_size=20))
NUMBERS = st.one_of(
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda number: 0.0 if number == 0 else number),  # JS has no -0
)
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)
ANY: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=12,
)


def or_any(right: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return what is right, or anything."""
    return st.one_of(right, right, ANY)


def map_of(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return maps that may have these names."""
    return st.fixed_dictionaries({}, optional=values)


COHORTS = or_any(st.dictionaries(TEXTS, or_any(st.booleans()), max_size=5))
TRAITS = or_any(map_of(plan=ANY, a=ANY, address=or_any(map_of(city=ANY))))
IDENTIFY = or_any(map_of(traits=TRAITS, groupId=ANY))
COMMON = or_any(map_of(cohorts=or_any(st.lists(or_any(TEXTS), max_size=4))))
VALUES = st.one_of(COHORTS, IDENTIFY, COMMON)
REMOTE = or_any(map_of(**{"COHORTS_" + CODE: COHORTS, "IDENTIFY_" + CODE: IDENTIFY, "common": COMMON}))

IDS = st.one_of(st.none(), st.integers(0, 1200), TEXTS)
NAMES = st.one_of(st.none(), TEXTS)
TIMES = st.one_of(st.integers(NOW - 10_000, NOW), ANY.filter(lambda time: not _is_beyond_time(time)))
VARIATION = or_any(st.fixed_dictionaries({"id": IDS, "name": NAMES}))
CAMPAIGN = or_any(st.fixed_dictionaries({"id": IDS, "name": NAMES, "associatedVariation": VARIATION}))
TOLD = or_any(
    map_of(
        experimentID=IDS,
        experimentName=NAMES,
        personalizationID=IDS,
        personalizationName=NAMES,
        variationID=IDS,
        variationName=NAMES,
    )
)
HEARD = st.fixed_dictionaries({"experiment": CAMPAIGN, "personalization": CAMPAIGN, "time": TIMES})
REPORTS = st.lists(
    st.one_of(
        st.tuples(st.just("told"), TOLD),
        st.tuples(st.sampled_from(["ExperimentActivated", "PersonalizationActivated"]), HEARD),
    ).map(list),
    max_size=4,
)


def _is_beyond_time(time: Any) -> bool:
    """Return whether a number is no moment that can be written: not between the years 1 and 9999."""
    return isinstance(time, int | float) and not -62_135_596_800_000 <= time < 253_402_300_800_000


SECRETS = st.sampled_from(["sk_live_51HabcDEF4567890", "eyJhbGci.eyJzdWIi.c2lnbmF0", "user:hunter2@data.example"])
SOURCE = or_any(
    st.one_of(
        map_of(name=or_any(SECRETS), source=or_any(st.sampled_from(["personas", "group", "trait"])), trait=TEXTS),
        st.fixed_dictionaries({"name": st.just("Plan"), "source": st.just("trait"), "trait": TEXTS}),
        st.fixed_dictionaries({"name": TEXTS, "source": st.just("personas")}),
    )
)
HOSTS = st.sampled_from(
    ["data.example.com", "http://127.0.0.1:8000/", "a.example/proxy/data", "a b", "[", "a.example:"]
)
CONFIG = or_any(
    map_of(
        sitecode=or_any(st.just("abcde12345")),
        engine=or_any(st.sampled_from(["micropython", "pyodide"])),
        identifier=or_any(st.booleans()),
        analytics=or_any(TEXTS | st.sampled_from(["shop.analytics", "$a_1.b.c", "a..b", ".a", "a.", "x" * 100_000])),
        consent=or_any(st.sampled_from(["kameleoon", "manual", "none"])),
        **{"$schema": or_any(TEXTS)},
        custom_data=or_any(st.lists(SOURCE, max_size=3)),
        remote=or_any(
            map_of(ttl=or_any(st.integers(-1, 400) | st.just(10**12)), data_host=or_any(TEXTS | SECRETS | HOSTS))
        ),
        exposures=or_any(
            map_of(
                event=TEXTS,
                dialect=or_any(st.sampled_from(["segment", "template"])),
                only=or_any(st.lists(st.integers(0, 9), max_size=3)),
                **{"except": or_any(st.lists(st.integers(0, 9), max_size=3))},
            )
        ),
    )
)


def is_value(value: Any) -> bool:
    """Return whether Kameleoon takes this as a custom-data value: a text, number, boolean, or a list of those."""
    if isinstance(value, list):
        return all(not isinstance(one, list) and is_value(one) for one in value)
    if isinstance(value, str):
        return len(value) <= 1000
    return isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value))
