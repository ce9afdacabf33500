"""Whose a row of the log is, where others in the room use the same sandbox."""

# ruff: noqa: D103  # the tests' names are sentences

from typing import Any

import pytest

from web.demo.own import Own

MINE = {"kameleoonVisitorCode": "my-code"}


def call(n: int, **event: Any) -> "dict[str, Any]":
    return {"n": n, "kind": "track", "event": {"event": "Buy", "messageId": f"m{n}", **event}}


IDENTIFIED = call(1, anonymousId="my-anonymous", properties={"k_visitorCode": "my-code"})
THEIRS = call(2, anonymousId="their-anonymous", userId="their-user", properties={"k_visitorCode": "their-code"})


def numbers(*rows: "dict[str, Any]", ids: "tuple[str, ...]" = ("my-code",)) -> "list[int]":
    return [row["n"] for row in Own().take(list(rows), ids)]


@pytest.mark.parametrize(
    "row",
    [
        call(3, anonymousId="my-anonymous"),
        call(3, userId="me", properties=MINE),
        call(3, userId="me", traits=MINE),
        {"n": 3, "kind": "visit", "visitorCode": "my-code"},
        {"n": 3, "kind": "data_api.get", "keys": ["COHORTS_my-code", "common"], "maps": {}},
        {"n": 3, "kind": "data_api.set", "maps": {"IDENTIFY_my-code": {}}},
        {"n": 3, "kind": "destination.received", "body": {"anonymousId": "my-anonymous"}},
        {"n": 3, "kind": "destination.failed", "messageId": "m1", "error": "no"},
        {"n": 3, "kind": "conversion", "ids": ["my-code", "x"], "messageId": "m0"},
        {"n": 3, "kind": "rejected", "path": "/v1/t", "reason": "no"},
        {"n": 3, "kind": "data_api.set", "maps": {"common": {"cohorts": []}}},
    ],
)
def test_what_names_the_visitor_or_nobody_is_theirs(row: "dict[str, Any]") -> None:
    assert numbers(IDENTIFIED, THEIRS, row) == [1, 3]


@pytest.mark.parametrize(
    "row",
    [
        call(3, anonymousId="their-anonymous"),
        call(3, userId="their-user"),
        {"n": 3, "kind": "visit", "visitorCode": "their-code"},
        {"n": 3, "kind": "data_api.get", "keys": ["COHORTS_their-code", "common"], "maps": {}},
        {"n": 3, "kind": "destination.dead", "messageId": "m2", "error": "no"},
        {"n": 3, "kind": "conversion", "ids": ["their-code"], "messageId": "m2"},
    ],
)
def test_what_names_somebody_else_is_not(row: "dict[str, Any]") -> None:
    assert numbers(IDENTIFIED, THEIRS, row) == [1]


def test_a_row_may_come_before_it_is_known_whose_it_is() -> None:
    own = Own()
    assert own.take([call(1, anonymousId="my-anonymous"), THEIRS], ()) == []
    assert own.take([], ()) == []
    taken = own.take([call(3, anonymousId="my-anonymous", properties=MINE)], ("my-code",))
    assert [row["n"] for row in taken] == [1, 3]
    assert own.take([], ("my-code",)) == []
    assert [row["n"] for row in own.take([], ("my-code", "their-code"))] == [2]
