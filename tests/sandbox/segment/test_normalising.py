"""What becomes of an event that a client sends."""

# ruff: noqa: D103  # the tests' names are sentences

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.models.segment import EVENT
from bridge.sandbox.segment.normalising import Dropped, Taken, from_batch, from_call
from tests.sandbox.segment.arbitrary import BATCHES, EVENTS, ODD, TYPES, good

TRACK = {"event": "Signed Up", "userId": "u1"}


def taken(call: str, body: dict[str, Any]) -> Taken:
    outcome = from_call(call, body)
    assert isinstance(outcome, Taken), outcome
    return outcome


@pytest.mark.parametrize(
    ("call", "body", "changed", "note"),
    [
        (
            "track",
            {"event": "E", "userId": 123},
            {"userId": "123"},
            'body.userId: must be a text, got 123; taken as "123"',
        ),
        (
            "track",
            {"event": 42, "anonymousId": 5, "messageId": 7},
            {"event": "42", "anonymousId": "5", "messageId": "7"},
            'body.event: must be a text, got 42; taken as "42"',
        ),
        ("group", {"userId": "u", "groupId": 1e21}, {"groupId": "1e+21"}, "body.groupId: must be a text, got 1e+21"),
        ("alias", {"userId": "u", "previousId": 1.0}, {"previousId": "1"}, "body.previousId: must be a text, got 1.0"),
        ("page", {"userId": "u", "name": 404}, {"name": "404"}, "body.name: must be a text, got 404"),
        (
            "track",
            {**TRACK, "userId": 157963456373623802},  # as a double: Segment's own test of "bignum" ids
            {"userId": "157963456373623800"},
            "got 157963456373623802",
        ),
        (
            "track",
            {**TRACK, "properties": []},
            {"properties": {}},
            "body.properties: must be an object, got a list; taken as {}",
        ),
        ("identify", {"userId": "u", "traits": []}, {"traits": {}}, "body.traits: must be an object, got a list"),
        (
            "track",
            {**TRACK, "context": [], "integrations": []},
            {"context": {}, "integrations": {}},
            "body.context: must",
        ),
        (
            "track",
            {**TRACK, "messageId": ""},
            {},
            'body.messageId: must be a text that is not empty, got ""; a new one',
        ),
        ("track", {**TRACK, "messageId": {"a": 1}}, {}, "body.messageId: must be a text that is not empty, got a map"),
        (
            "track",
            {**TRACK, "timestamp": 1712320751592},
            {"timestamp": "2024-04-05T12:39:11.592Z"},
            "body.timestamp: must be an ISO 8601 date and time, got 1712320751592; taken as 2024-04-05T12:39:11.592Z",
        ),
        (
            "track",
            {**TRACK, "timestamp": "17110102519"},  # no day of the year 1711
            {"timestamp": "2512-03-13T14:15:19.000Z"},
            'got "17110102519"; taken as 2512-03-13T14:15:19.000Z',
        ),
        (
            "track",
            {**TRACK, "timestamp": "yesterday"},
            {},
            'body.timestamp: must be an ISO 8601 date and time, got "yesterday"; the time of receipt counts',
        ),
        (
            "track",
            {**TRACK, "sentAt": {}},
            {},
            "body.sentAt: must be an ISO 8601 date and time, got a map; the client's clock",
        ),
        ("track", {**TRACK, "type": "page"}, {"type": "track"}, 'body.type: must be track, as the call, got "page"'),
    ],
)
def test_a_change_is_made_and_told(call: str, body: dict[str, Any], changed: dict[str, Any], note: str) -> None:
    outcome = taken(call, body)
    assert any(line.startswith(note) or note in line for line in outcome.notes), outcome.notes
    assert {name: outcome.event[name] for name in changed} == changed
    assert outcome.event.keys() - {"type"} <= body.keys()
    if not changed:
        (removed,) = body.keys() - outcome.event.keys()
        assert f"body.{removed}" in note


@pytest.mark.parametrize(
    "body",
    [
        {
            **TRACK,
            "properties": {"list": [None, ""], "n": 1},
            "userId": None,
            "anonymousId": "a",
            "other": {"kept": []},
        },
        {**TRACK, "timestamp": "2026-11-22T11:00:00.250+01:00", "sentAt": "2026-11-22T10:00:30.25Z"},
        {**TRACK, "userId": "", "anonymousId": "a", "messageId": "x" * 99},
    ],
)
def test_what_is_right_stays_as_it_was_sent(body: dict[str, Any]) -> None:
    assert taken("track", body) == Taken({**body, "type": "track"}, [])


def test_null_is_nothing_and_no_change() -> None:
    sent = {**TRACK, "properties": None, "context": None, "integrations": None, "timestamp": None, "messageId": None}
    assert taken("track", sent) == Taken({**TRACK, "type": "track", "timestamp": None, "messageId": None}, [])


@pytest.mark.parametrize(
    ("call", "body", "reason"),
    [
        ("track", {"userId": "u"}, "body.event: Field required"),
        ("track", {**TRACK, "event": ""}, 'body.event: String should have at least 1 character, got ""'),
        ("track", {**TRACK, "event": True}, "body.event: Input should be a valid string, got true"),
        ("track", {**TRACK, "event": ["a"]}, "body.event: Input should be a valid string, got a list"),
        ("track", {"event": "E"}, "body: userId or anonymousId must be a string that is not empty"),
        ("track", {"event": "E", "userId": ""}, "body: userId or anonymousId must be a string that is not empty"),
        ("track", {**TRACK, "userId": False}, "body.userId: Input should be a valid string, got false"),
        ("page", {"userId": "u", "name": {"a": 1}}, "body.name: Input should be a valid string, got a map"),
        ("group", {"userId": "u", "groupId": ""}, 'body.groupId: String should have at least 1 character, got ""'),
        ("track", {**TRACK, "messageId": "x" * 100}, "body.messageId: String should have at most 99 characters"),
        ("track", {**TRACK, "properties": [1]}, "body.properties: Input should be a valid dictionary, got a list"),
        ("identify", {"userId": "u", "traits": "pro"}, 'body.traits: Input should be a valid dictionary, got "pro"'),
        ("track", {**TRACK, "context": 1}, "body.context: Input should be a valid dictionary, got 1"),
        ("track", {**TRACK, "integrations": False}, "body.integrations: Input should be a valid dictionary, got false"),
    ],
)
def test_what_cannot_be_taken_is_dropped_with_its_reason(call: str, body: dict[str, Any], reason: str) -> None:
    outcome = from_call(call, body)
    assert isinstance(outcome, Dropped)
    assert (outcome.reason[: len(reason)], outcome.refused) == (reason, False)


def test_what_is_dropped_can_be_told_from_the_others() -> None:
    outcome = from_call("track", {"event": "E", "userId": {"id": 1}, "messageId": "m1", "properties": {"secret": 1}})
    assert isinstance(outcome, Dropped)
    assert outcome.about == {"event": "E", "userId": "a map", "messageId": "m1"}


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (
            {"event": "E", "userId": "u"},
            "body.batch[1].type: must be one of track, page, screen, identify, group, alias, got nothing",
        ),
        ({**TRACK, "type": "trak"}, 'group, alias, got "trak"'),
        ({**TRACK, "type": ["track"]}, "group, alias, got a list"),
        ({**TRACK, "type": "batch"}, 'group, alias, got "batch"'),
        ({**TRACK, "action": ["track"]}, "group, alias, got nothing"),
        ({**TRACK, "type": "track", "event": ""}, "body.batch[1].event: String should have at least 1 character"),
        ("THEKEY", "body.batch[1]: must be an object, got a text"),
        (None, "body.batch[1]: must be an object, got nothing"),
    ],
)
def test_a_bad_event_takes_no_good_one_with_it(item: Any, reason: str) -> None:
    first, bad, last = from_batch({"batch": [good("m1"), item, good("m2")]})
    assert (first, last) == (Taken(good("m1"), []), Taken(good("m2"), []))
    assert isinstance(bad, Dropped)
    assert reason in bad.reason


def test_the_old_name_of_type_is_understood() -> None:
    (outcome,) = from_batch({"batch": [{"action": "track", **TRACK}]})
    assert outcome == Taken(
        {"action": "track", **TRACK, "type": "track"},
        ['body.batch[0].type: must be there, got only action "track"; taken as track'],
    )
    both = {"action": "page", **good("m1")}
    assert from_batch({"batch": [both]}) == [Taken(both, [])]


@pytest.mark.parametrize(
    ("events", "got"),
    [([], "an empty list"), ({"type": "track"}, "a map"), (None, "nothing"), ("THEKEY", "a text"), (7, "a number")],
)
def test_a_batch_without_events_is_dropped(events: Any, got: str) -> None:
    assert from_batch({"batch": events}) == [Dropped(f"body.batch: must be a list of events, got {got}", {})]
    assert from_batch({}) == [Dropped("body.batch: must be a list of events, got nothing", {})]


def test_what_a_batch_says_of_all_is_read_as_leniently() -> None:
    batch = {"sentAt": 1712320751592, "context": [], "integrations": None, "batch": [good("m1"), good("m2")]}
    first, second = from_batch(batch)
    assert isinstance(first, Taken)
    assert first.event == {**good("m1"), "sentAt": "2024-04-05T12:39:11.592Z", "context": {}}
    assert [note.split(":")[0] for note in first.notes] == ["body.context", "body.sentAt"]
    assert isinstance(second, Taken)
    assert second.notes == first.notes


@pytest.mark.parametrize("own", [{}, {"context": {"ip": "1.2.3.4"}}])
def test_a_batchs_context_that_is_none_drops_its_events(own: dict[str, Any]) -> None:
    (outcome,) = from_batch({"context": "x", "batch": [{**good("m1"), **own}]})
    assert isinstance(outcome, Dropped)
    assert outcome.reason == 'body.batch[0].context: Input should be a valid dictionary, got "x"'


def test_an_events_own_words_win() -> None:
    own = {"sentAt": "2024-01-01", "context": {"a": 1}, "integrations": []}
    common = {"sentAt": "2025-01-01", "context": {"a": 2, "b": 2}, "integrations": {"All": False}}
    (outcome,) = from_batch({**common, "batch": [{**good("m1"), **own}]})
    assert isinstance(outcome, Taken)
    assert outcome.event["sentAt"] == "2024-01-01"
    assert (outcome.event["context"], outcome.event["integrations"]) == ({"a": 1, "b": 2}, {"All": False})
    (outcome,) = from_batch({**common, "batch": [{**good("m1"), "context": [1]}]})
    assert isinstance(outcome, Dropped)


def test_what_is_nested_too_deep_is_dropped_for_itself() -> None:
    deep: dict[str, Any] = {}
    for _ in range(2000):
        deep = {"a": deep}
    first, bad = from_batch({"batch": [good("m1"), {**good("m2"), "properties": deep}]})
    assert first == Taken(good("m1"), [])
    assert isinstance(bad, Dropped)
    assert (bad.reason, bad.refused) == ("body.batch[1]: is nested too deep", True)


def test_after_2500_events_the_rest_is_dropped() -> None:
    outcomes = from_batch({"batch": [good(str(place)) for place in range(2502)]})
    assert outcomes[:2500] == [Taken(good(str(place)), []) for place in range(2500)]
    (rest,) = outcomes[2500:]
    assert isinstance(rest, Dropped)
    assert rest.reason == "body.batch: must be at most 2500 events, got 2502; those after them are dropped"


@given(call=st.sampled_from(TYPES), body=EVENTS)
@settings(deadline=None)
def test_what_is_taken_is_valid_and_is_taken_again_unchanged(call: str, body: dict[str, Any]) -> None:
    outcome = from_call(call, body)
    if isinstance(outcome, Taken):
        EVENT.validate_python(outcome.event)
        assert from_call(call, outcome.event) == Taken(outcome.event, [])
        assert from_batch({"batch": [outcome.event]}) == [Taken(outcome.event, [])]
    else:
        assert outcome.reason


@given(body=BATCHES)
@settings(deadline=None)
def test_of_a_batch_too(body: dict[str, Any]) -> None:
    outcomes = from_batch(body)
    assert len(outcomes) == max(1, len(body["batch"]) if isinstance(body["batch"], list) else 0)
    events = [outcome.event for outcome in outcomes if isinstance(outcome, Taken)]
    for event in events:
        EVENT.validate_python(event)
    if events:
        assert from_batch({"batch": events}) == [Taken(event, []) for event in events]


@given(company=st.lists(EVENTS | ODD, max_size=6), places=st.lists(st.integers(0, 6), min_size=1, max_size=4))
@settings(deadline=None)
def test_good_events_are_taken_in_any_company(company: list[Any], places: list[int]) -> None:
    batch = [*company]
    for n, place in enumerate(places):
        batch.insert(place, good(f"good {n}"))
    events = [outcome.event for outcome in from_batch({"batch": batch}) if isinstance(outcome, Taken)]
    for n in range(len(places)):
        assert good(f"good {n}") in events
