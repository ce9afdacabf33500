"""Which events make a persona, and which booleans are only traits."""

# ruff: noqa: D103  # the tests' names are sentences

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.models.segment import Forwarded
from bridge.sandbox.identity.audiences import membership, personas_among


def track(event: str, properties: Any = None, context: Any = None) -> Forwarded:
    return Forwarded.model_validate(
        {"type": "track", "event": event, "properties": properties, "context": context, "userId": "u"}
    )


@pytest.mark.parametrize(
    ("message", "about"),
    [
        (track("Audience Entered", {"audience_key": "vip", "vip": True}), ("vip", True)),
        (track("Audience Exited", {"audience_key": "vip", "vip": False}), ("vip", False)),
        (track("Audience exited", {"audience_key": "vip"}), ("vip", False)),  # as Kameleoon's help writes it
        # journeys repeat the value as the text "true"
        (
            track("Audience Entered", {"audience_key": "j_o_first__step", "j_o_first__step": "true"}),
            ("j_o_first__step", True),
        ),
        (track("Audience Entered", {}, {"personas": {"computation_key": "vip"}}), ("vip", True)),
        (track("Audience Entered", {"audience_key": 3}), None),
        (track("Audience Entered", {}, {"personas": "vip"}), None),
        (track("Audience Entered"), None),
        (track("Signup", {"audience_key": "vip"}), None),
        (Forwarded(type="page", event="Audience Entered", properties={"audience_key": "vip"}), None),
    ],
)
def test_audience_events(message: Forwarded, about: tuple[str, bool] | None) -> None:
    assert membership(message) == about


@pytest.mark.parametrize(
    ("traits", "message_id", "personas"),
    [
        ({"order_completed_last_30days": True}, "m", {"order_completed_last_30days"}),
        ({"order_completed_last_30days": False, "email": "a@example.com"}, "m", {"order_completed_last_30days"}),
        ({"vip": True}, "ajs-next-1712320751592-x", set()),  # a browser's: Engage does not send from there
        ({"vip": True, "plan": "pro"}, "m", set()),
        ({"vip": True, "plan": "pro"}, "personas_2fyFNSKX4MjAbsNJF5ZnNzCq0OV", {"vip"}),
        ({"isAdmin": True}, "m", set()),  # not as Engage writes names
        ({"vip": "true"}, "m", set()),
        ({"vip": 1}, "m", set()),
        ({"total_revenue_180_days": 450.0}, "personas_x", set()),
        ({"email": True}, "m", set()),
        ({}, "m", set()),
    ],
)
def test_booleans_of_an_identify(traits: dict[str, Any], message_id: str, personas: set[str]) -> None:
    assert personas_among(traits, message_id) == personas


@given(
    st.dictionaries(st.text(max_size=4), st.booleans() | st.text(max_size=3) | st.none()),
    st.sampled_from(["personas_", "ajs-", ""]),
)
def test_only_booleans_become_personas(traits: dict[str, Any], start: str) -> None:
    assert all(isinstance(traits[name], bool) for name in personas_among(traits, start + "1"))
