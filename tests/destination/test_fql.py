"""Subscription filters: what the runtime's parser makes of them, quirks included."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.destination import fql
from bridge.destination.errors import DestinationError

EVENT: dict[str, Any] = {
    "type": "track",
    "event": "Order Completed",
    "userId": "u1",
    "name": None,
    "properties": {
        "revenue": 25.0,
        "plan": "pro",
        "flag": True,
        "zero": 0.0,
        "empty": "",
        "list": ["a"],
        "emoji": "a😀",
    },
    "traits": {"vip": False},
    "context": {"page": {"path": "/pricing"}},
}
NOTHING = "Cannot read properties of undefined (reading 'type')"


@pytest.mark.parametrize(
    "text",
    [
        'type = "track"',
        "type = track",
        'type="track"',
        'event = "Order Completed" and properties.revenue > 20',
        'type = "page" or event = "Order Completed"',
        'type = "page" or (event = "Order Completed" and properties.plan = "pro")',
        'properties.revenue >= "0x19"',
        'properties.revenue <= " 25 "',
        "properties.revenue != 24",
        "properties.flag = true",
        "traits.vip = false",
        "properties.revenue != null",
        "properties.nope = null",
        "properties.empty != null",
        'properties.list\\.0 = "a"',
        "properties.plan.length = 3",
        'context.page.path = "/pricing"',
        'contains(event, "Order")',
        '!contains(event, "x")',
        'match(event, "Order*")',
        'match(event, "*Completed")',
        '!match(event, "x*")',
        'match(properties.emoji, "*😀")',
        'contains(properties.plan = "pro"]',
        'anonymousId = "x" type = "track"',
        'userId = "u1"',
        'name != "x"',
        'properties.revenue != "25"',
        "properties.flag != true",
    ],
)
def test_filter_matches(text: str) -> None:
    """Filter matches."""
    assert fql.matches(fql.parse(text), EVENT)


@pytest.mark.parametrize(
    "text",
    [
        "type = 'track'",
        'type != "track"',
        'properties.revenue = "25"',
        "properties.plan > 1",
        "properties.empty = null",
        "properties.flag = false",
        "traits.vip = true",
        '!contains(properties.revenue, "x")',
        '!match(properties.nope, "x*")',
        'contains(properties.list, "a")',
        "properties.revenue != 25",
        'event = "A" and event = "Order Completed"',
        "properties.revenue = -",
        'event in ["Order Completed"]',
        "userId = true",
    ],
)
def test_filter_does_not_match(text: str) -> None:
    """Filter does not match."""
    assert not fql.matches(fql.parse(text), EVENT)


def test_last_conjunction_counts_for_the_whole_level() -> None:
    """Last conjunction counts for the whole level."""
    assert fql.matches(fql.parse('type = "track" and event = "A" or event = "B"'), EVENT)
    assert not fql.matches(fql.parse('type = "track" or event = "A" and event = "B"'), EVENT)


def test_capital_conjunctions_are_skipped_and_mean_and() -> None:
    """Capital conjunctions are skipped and mean and."""
    assert not fql.matches(fql.parse('type = "track" OR event = "A"'), EVENT)


def test_negated_parentheses_lose_their_negation() -> None:
    """Negated parentheses lose their negation."""
    assert fql.matches(fql.parse('!(type = "track")'), EVENT)


def test_text_with_a_word_right_behind_opens_another() -> None:
    """What looks like `or` here is a text between two texts, and is skipped."""
    alone = fql.Group("and", (fql.Condition("event", "=", "A"),))
    assert fql.parse('event = "A"or"B"') == alone


def test_end_pattern_loses_one_utf_16_unit() -> None:
    """The runtime takes the first half of an emoji for the star; the other half never matches alone."""
    pattern = fql.parse('match(event, "😀b")')
    assert fql.matches(pattern, {"event": "a😀b"})
    assert not fql.matches(pattern, {"event": "ab"})


def test_text_without_a_blank_behind_opens_another() -> None:
    """Text without a blank behind opens another."""
    with pytest.raises(fql.FilterError, match="reading 'type'"):
        fql.parse('type = "track"and event = "x')


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", NOTHING),
        ("nonsense", NOTHING),
        ("type #", NOTHING),
        ('type = "track', NOTHING),
        ("properties.a = 1.2.3", NOTHING),
        ("properties.a = 1.", NOTHING),
        ("type ! x", NOTHING),
        ('(type = "track"', NOTHING),
        ('((type = "track"))', NOTHING),
        ("()", NOTHING),
        ("\\", NOTHING),
        ("properties.a>5", NOTHING),
        ("type", "Value token is missing"),
        ("properties.an", "Value token is missing"),
        ("length(event) > 3", "Value token is missing"),
        ("contains", "contains() is missing a 1st argument"),
        ("contains(", "contains() is missing a 2nd argument"),
        ("match", "match() is missing a 1st argument"),
        ("match(event", "match() is missing a 2nd argument"),
    ],
)
def test_filter_that_cannot_be_parsed(text: str, problem: str) -> None:
    """Filter that cannot be parsed."""
    with pytest.raises(fql.FilterError) as error:
        fql.parse(text)
    assert str(error.value) == problem


def test_empty_parentheses_among_conditions_fail_when_reached() -> None:
    """Empty parentheses among conditions fail when reached."""
    either = fql.parse('type = "track" or ()')
    assert fql.matches(either, EVENT)
    with pytest.raises(DestinationError, match="reading 'type'"):
        fql.matches(either, {"type": "page"})


def test_path_of_dots_fails_as_in_the_runtime() -> None:
    """Path of dots fails as in the runtime."""
    with pytest.raises(DestinationError, match="reading 'reduce'"):
        fql.matches(fql.parse("properties.\\. = 1"), EVENT)


def test_null_event_fails_as_in_the_runtime() -> None:
    """Null event fails as in the runtime."""
    with pytest.raises(DestinationError, match=r"null \(reading 'properties'\)"):
        fql.matches(fql.parse("properties.a = 1"), None)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("properties.a\\.b = 1", {"type": "event-property", "name": "a.b", "operator": "number_equals", "value": 1}),
        ("properties = null", {"type": "event-property", "name": "properties", "operator": "not_exists"}),
        (
            'contains(propertiesX, "a")',
            {"type": "event-property", "name": "propertiesX", "operator": "contains", "value": "a"},
        ),
        ("userId = true", {"type": "userId", "operator": "is_true"}),
        ("event = null", {"type": "event", "operator": "=", "value": "null"}),
        ("name = 5", {"type": "name", "operator": "=", "value": "5"}),
        ("traits.a != false", {"type": "event-trait", "name": "a", "operator": "!=", "value": False}),
    ],
)
def test_syntax_tree(text: str, condition: dict[str, Any]) -> None:
    """Syntax tree."""
    assert fql.as_json(fql.parse(text)) == {"type": "group", "operator": "and", "children": [condition]}


FRAGMENTS = st.sampled_from(
    [
        "type",
        "event",
        "properties.a",
        "traits",
        "context.b",
        "and",
        "or",
        "null",
        "=",
        "!=",
        "<",
        ">=",
        "!",
        "(",
        ")",
        ",",
        "[",
        "]",
        '"a"',
        '"*',
        "'",
        "1",
        "-1.5",
        "1.",
        ".",
        "\\",
        "contains",
        "match",
        "true",
        " ",
        "\n",
        "#",
        "😀",
    ]
)


@given(st.lists(FRAGMENTS).map("".join) | st.lists(FRAGMENTS).map(" ".join) | st.text())
def test_any_text_is_parsed_or_refused(text: str) -> None:
    """Any text is parsed or refused."""
    try:
        conditions = fql.parse(text)
    except fql.FilterError as error:
        assert str(error)  # noqa: PT017 - both ways are right
        return
    try:
        assert fql.matches(conditions, EVENT) in (True, False)
    except DestinationError as error:
        assert error.name == "TypeError"  # noqa: PT017


@given(st.text(st.characters(exclude_characters='"\\')))
def test_a_quoted_text_matches_itself(text: str) -> None:
    """A quoted text matches itself."""
    assert fql.matches(fql.parse(f'event = "{text}"'), {"event": text})
