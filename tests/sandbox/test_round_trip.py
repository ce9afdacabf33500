"""From Segment's tracking API to Kameleoon's remote data and goals, through the destination."""

# ruff: noqa: D103  # the tests' names are sentences

import json
from typing import Any

import pytest

from bridge.sandbox.options import Destination

SITE = "abcde12345"
PROJECT = {"goals": [{"id": 331, "name": "Add to cart", "type": "CUSTOM"}]}


@pytest.fixture
def round_trip(start: Any) -> Any:
    """A sandbox that delivers to itself."""
    return start(destination=Destination(SITE))


def remote(sandbox: Any, key: str) -> Any:
    return sandbox.get("/map/map", params={"siteCode": SITE, "key": key}).json()


def test_a_persona_reaches_the_page_under_the_visitor_code(round_trip: Any) -> None:
    round_trip.send(
        "t", {"event": "Kameleoon identifier", "anonymousId": "a1", "properties": {"k_visitorCode": "code1"}}
    )
    round_trip.send("i", {"userId": "u1", "anonymousId": "a1", "traits": {"plan": "pro", "visits": 0}})
    round_trip.send("g", {"userId": "u1", "anonymousId": "a1", "groupId": "g1", "traits": {"name": "Acme"}})
    audience = {"audience_key": "first_time_shopper", "first_time_shopper": True}
    round_trip.send("t", {"event": "Audience Entered", "userId": "u1", "properties": audience})
    round_trip.wait_for("destination.sent", count=4)
    for one in ("code1", "u1", "a1"):
        assert remote(round_trip, f"COHORTS_{one}") == {"first_time_shopper": True}
        assert remote(round_trip, f"IDENTIFY_{one}") == {"traits": {"plan": "pro", "visits": 0}, "groupId": "g1"}
    assert remote(round_trip, "common") == {"cohorts": ["first_time_shopper"]}
    assert round_trip.log("conversion") == []


def test_engages_identify_form_makes_a_persona_that_comes_and_goes(round_trip: Any) -> None:
    engage = {"userId": "u1", "integrations": {"All": False, "Kameleoon (Actions)": True}}
    round_trip.send("i", {**engage, "traits": {"order_completed_last_30days": True}})
    round_trip.send("i", {**engage, "traits": {"order_completed_last_30days": False}})
    round_trip.wait_for("destination.sent", count=2)
    written = [row["maps"] for row in round_trip.log("data_api.set")]
    assert [maps["COHORTS_u1"] for maps in written if "COHORTS_u1" in maps] == [
        {"order_completed_last_30days": True},
        {"order_completed_last_30days": False},
    ]
    assert remote(round_trip, "common") == {"cohorts": ["order_completed_last_30days"]}


def test_a_boolean_trait_is_a_persona_as_soon_as_an_audience_has_its_name(round_trip: Any) -> None:
    round_trip.send("i", {"userId": "u1", "traits": {"vip": True, "plan": "pro"}})
    round_trip.wait_for("destination.sent")
    assert remote(round_trip, "COHORTS_u1") == {}
    round_trip.send("t", {"event": "Audience Exited", "userId": "u2", "properties": {"audience_key": "vip"}})
    round_trip.wait_for("destination.sent", count=2)
    assert remote(round_trip, "COHORTS_u1") == {"vip": True}
    assert remote(round_trip, "IDENTIFY_u1") == {"traits": {"plan": "pro", "vip": True}}


def test_events_are_conversions_of_the_goal_of_their_name_or_of_a_new_one(start: Any) -> None:
    sandbox = start(destination=Destination(SITE))
    (sandbox.web / "demo").mkdir()
    (sandbox.web / "demo" / "project.json").write_text(json.dumps(PROJECT), "utf-8")
    for event in ("Add to cart", "add to cart", "Signup", "Signup"):
        sandbox.send("t", {"event": event, "userId": "u1", "anonymousId": "a1"})
    sandbox.send("p", {"name": "Home", "userId": "u1", "properties": {"kameleoonVisitorCode": "code1"}})
    sandbox.send("p", {"userId": "u1"})
    sandbox.wait_for("destination.sent", count=6)
    rows = sandbox.log("conversion")
    assert [row["goal"] for row in rows] == [
        "Add to cart",
        "SegmentIO track – add to cart",  # noqa: RUF001
        "SegmentIO track – Signup",  # noqa: RUF001
        "SegmentIO track – Signup",  # noqa: RUF001
        "SegmentIO page – Home",  # noqa: RUF001
        "SegmentIO page – page",  # noqa: RUF001
    ]
    assert (rows[0]["ids"], rows[4]["ids"]) == (["a1", "u1"], ["code1", "u1"])
    conversions = sandbox.get("/sandbox/deliveries").json()["receiver"]["conversions"]
    assert conversions["SegmentIO track – Signup"] == 2  # noqa: RUF001


def test_what_comes_twice_counts_once(round_trip: Any) -> None:
    key = Destination(SITE).api_key
    headers = {"authorization": f"Basic {key}", "x-segment-settings": SITE}
    body = {"type": "track", "event": "Signup", "messageId": "m1", "userId": "u1"}
    for _ in range(2):
        assert round_trip.post("/segmentio", json=body, headers=headers).status_code == 200
    assert [row.get("duplicate") for row in round_trip.log("destination.received")] == [None, True]
    assert len(round_trip.log("conversion")) == 1


def test_a_reset_forgets_people_but_not_the_api_key(round_trip: Any) -> None:
    key = round_trip.get("/kameleoon/segmentio/getapikey?id=a&secret=b").text
    round_trip.send("i", {"userId": "u1", "messageId": "m1", "traits": {"vip": True}})
    round_trip.wait_for("destination.sent")
    round_trip.post("/sandbox/reset")
    assert (remote(round_trip, "COHORTS_u1"), remote(round_trip, "common")) == ({}, {})
    headers = {"authorization": f"Basic {key}", "x-segment-settings": SITE}
    body = {"type": "group", "userId": "u1", "groupId": "g", "messageId": "m1"}
    assert round_trip.post("/segmentio", json=body, headers=headers).status_code == 200
    assert remote(round_trip, "IDENTIFY_u1") == {"groupId": "g"}
    assert remote(round_trip, "COHORTS_u1") == {}
