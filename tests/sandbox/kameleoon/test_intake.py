"""What Kameleoon makes of messages: linked in any order, and nobody sees what is another's."""

# ruff: noqa: D103  # the tests' names are sentences

import random
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bridge.models.segment import Forwarded
from bridge.sandbox.kameleoon.intake import Received, take_in
from bridge.sandbox.storage import Tables, opened_tables

SITE = "abcde12345"

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

USERS, CODES, ANONYMOUS = ("u1", "u2", "shared"), ("code1", "code2", "shared"), ("a1", "a2", "a3")

NAMES = ("vip", "plan", "is_admin")

ids = st.fixed_dictionaries({}, optional={"userId": st.sampled_from(USERS), "anonymousId": st.sampled_from(ANONYMOUS)})

code = st.fixed_dictionaries({}, optional={"kameleoonVisitorCode": st.sampled_from(CODES)})

values = st.sampled_from([True, False, "pro", 0, "", None])

traits = st.dictionaries(st.sampled_from(NAMES), values, max_size=3)

membership = st.tuples(st.sampled_from(["Audience Entered", "Audience Exited"]), st.sampled_from(NAMES)).map(
    lambda chosen: {"type": "track", "event": chosen[0], "properties": {"audience_key": chosen[1]}}
)

what = st.one_of(
    st.builds(lambda own, more: {"type": "identify", "properties": {**own, **more}}, traits, code),
    st.builds(lambda more: {"type": "page", "name": "Home", "properties": more}, code),
    st.sampled_from(["g1", "g2"]).map(lambda group: {"type": "group", "groupId": group}),
    st.sampled_from(CODES).map(
        lambda one: {"type": "track", "event": "Kameleoon identifier", "properties": {"k_visitorCode": one}}
    ),
    membership,
)

MESSAGES = st.lists(st.builds(lambda who, does: {**who, **does}, ids, what), max_size=8).map(
    lambda drawn: [
        {**message, "messageId": f"m{place}", "timestamp": f"2026-11-22T12:00:{place:02}Z"}
        for place, message in enumerate(drawn)
    ]
)


def kameleoon(messages: Iterable[dict[str, Any]]) -> Tables:
    tables = opened_tables(":memory:", lambda: NOW)
    for body in messages:
        take_in(tables, Received(SITE, body, Forwarded.model_validate(body), NOW), set)
    return tables


def remote_data(tables: Tables) -> dict[str, Any]:
    """Return all maps that somebody could ask for."""
    everybody = {*USERS, *CODES, *ANONYMOUS}
    keys = ["common", *(f"{kind}_{one}" for kind in ("COHORTS", "IDENTIFY") for one in sorted(everybody))]
    return {key: fields for key, fields in tables.maps.read(SITE, keys).items() if fields}


def said(*bodies: dict[str, Any]) -> dict[str, Any]:
    stamped = [
        {"messageId": f"m{place}", "timestamp": f"2026-11-22T12:00:{place:02}Z", **body}
        for place, body in enumerate(bodies)
    ]
    return remote_data(kameleoon(stamped))


@given(messages=MESSAGES, chance=st.randoms(use_true_random=False))
@examples(max_examples=300, deadline=None)
def test_remote_data_does_not_depend_on_the_order_of_arrival(
    messages: list[dict[str, Any]], chance: random.Random
) -> None:
    shuffled = chance.sample(messages, len(messages))
    repeated = shuffled + messages[:3]
    assert remote_data(kameleoon(repeated)) == remote_data(kameleoon(messages))


@given(messages=MESSAGES)
@examples(deadline=None)
def test_the_visitor_code_is_never_a_trait(messages: list[dict[str, Any]]) -> None:
    for key, fields in remote_data(kameleoon(messages)).items():
        assert "kameleoonVisitorCode" not in fields
        if key.startswith("IDENTIFY_"):
            assert set(fields) <= {"traits", "groupId"}
            assert set(fields.get("traits", {})) <= set(NAMES)


def test_a_trait_is_there_under_each_id_once_they_are_linked() -> None:
    data = said(
        {"type": "identify", "userId": "u1", "anonymousId": "a1", "properties": {"plan": "pro"}},
        {
            "type": "track",
            "event": "Kameleoon identifier",
            "anonymousId": "a1",
            "properties": {"k_visitorCode": "code1"},
        },
    )
    assert data == {f"IDENTIFY_{one}": {"traits": {"plan": "pro"}} for one in ("u1", "a1", "code1")}


def test_the_visitor_code_of_any_event_links_too_with_or_without_its_old_prefix() -> None:
    data = said(
        {"type": "group", "userId": "u1", "groupId": "g1"},
        {"type": "page", "userId": "u1", "anonymousId": "a1", "properties": {"kameleoonVisitorCode": "_js_code1"}},
    )
    assert data == {f"IDENTIFY_{one}": {"groupId": "g1"} for one in ("u1", "a1", "code1")}


def test_the_next_customer_at_a_shared_computer_is_somebody_else() -> None:
    here = {"anonymousId": "a1", "properties": {"kameleoonVisitorCode": "code1"}}
    first: list[dict[str, Any]] = [
        {"type": "track", "event": "Audience Entered", "userId": "u1", "properties": {"audience_key": "vip"}},
        {"type": "page", "userId": "u1", **here},
        {"type": "group", "userId": "u2", "groupId": "g2"},
    ]
    assert said(*first)["COHORTS_code1"] == {"vip": True}
    data = said(*first, {"type": "page", "userId": "u2", **here})
    # The browser is the second customer's now, without a trace of the first one.
    assert data["IDENTIFY_code1"] == data["IDENTIFY_a1"] == data["IDENTIFY_u2"] == {"groupId": "g2"}
    assert "COHORTS_code1" not in data
    assert data["COHORTS_u1"] == {"vip": True}
    assert "IDENTIFY_u1" not in data


def test_a_user_id_that_is_the_visitor_code_names_the_browser() -> None:
    data = said(
        {"type": "identify", "userId": "shared", "anonymousId": "a1", "properties": {"plan": "pro"}},
        {"type": "page", "anonymousId": "a2", "properties": {"kameleoonVisitorCode": "shared"}},
    )
    assert data["IDENTIFY_shared"] == {"traits": {"plan": "pro"}}


def test_a_trait_that_is_set_to_null_is_gone_and_other_falsy_ones_stay() -> None:
    data = said(
        {"type": "identify", "userId": "u1", "properties": {"plan": "pro", "name": "Ada", "visits": 0, "note": ""}},
        {"type": "identify", "userId": "u1", "properties": {"plan": None}},
    )
    assert data["IDENTIFY_u1"] == {"traits": {"name": "Ada", "visits": 0, "note": ""}}


def test_an_older_value_that_arrives_late_changes_nothing() -> None:
    data = said(
        {"type": "identify", "userId": "u1", "properties": {"plan": "pro"}},
        {"type": "identify", "userId": "u1", "properties": {"plan": "old"}, "timestamp": "2026-11-21T12:00:00Z"},
    )
    assert data["IDENTIFY_u1"] == {"traits": {"plan": "pro"}}


def test_of_two_values_of_one_moment_the_one_that_arrives_last_holds() -> None:
    moment = {"timestamp": "2026-11-22T12:00:00Z"}
    for plans in (("free", "pro"), ("pro", "free")):
        data = said(*({"type": "identify", "userId": "u1", "properties": {"plan": plan}, **moment} for plan in plans))
        assert data["IDENTIFY_u1"] == {"traits": {"plan": plans[1]}}


def test_ids_too_long_for_a_key_keep_nobody_elses_data_back() -> None:
    data = said({"type": "identify", "userId": "u" * 99, "anonymousId": "a1", "properties": {"plan": "pro"}})
    assert data == {"IDENTIFY_a1": {"traits": {"plan": "pro"}}}


def test_sites_know_nothing_of_each_other() -> None:
    tables = opened_tables(":memory:", lambda: NOW)
    for site in (SITE, "zzzzz99999"):
        body = {"type": "identify", "userId": "u1", "messageId": "m", "properties": {site: 1}}
        take_in(tables, Received(site, body, Forwarded.model_validate(body), NOW), set)
    assert remote_data(tables) == {"IDENTIFY_u1": {"traits": {SITE: 1}}}
