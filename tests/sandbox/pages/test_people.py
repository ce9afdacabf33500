"""The sandbox forgets one person, and nobody else."""

# ruff: noqa: D103  # the tests' names are sentences

from typing import Any

import pytest

from bridge.sandbox.options import Destination

SITE = "abcde12345"
# By names that no random id spells: their digits end with f.
CODES = {"kim": "kimkimkimkimkim1", "bob": "bobbobbobbobbob1"}


@pytest.fixture
def room(start: Any) -> Any:
    """Return a sandbox that has seen two people, each linked, logged in and in an audience."""
    room = start(destination=Destination(SITE))
    for name, code in CODES.items():
        track(room, name, "Kameleoon identifier", {"k_visitorCode": code})
        send(
            room, "identify", {"userId": f"user-{name}", "anonymousId": f"anonymous-{name}", "traits": {"plan": "pro"}}
        )
        entered = {"audience_key": "vip", "kameleoonVisitorCode": code}
        track(room, name, "Audience Entered", entered, userId=f"user-{name}")
        track(room, name, "Add to cart", {"kameleoonVisitorCode": code})
    room.wait_for("destination.sent", count=8)
    return room


def send(room: Any, call: str, message: dict[str, Any]) -> None:
    assert room.send(call, {"writeKey": "k", **message}).status_code == 200


def track(room: Any, name: str, event: str, properties: dict[str, Any], **more: str) -> None:
    message = {"event": event, "anonymousId": f"anonymous-{name}", "properties": properties, **more}
    send(room, "track", message)


def forget(room: Any, *ids: str) -> dict[str, Any]:
    answer = room.post("/sandbox/forget", json={"ids": ids})
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def maps_of(room: Any, one: str) -> list[Any]:
    keys = [f"COHORTS_{one}", f"IDENTIFY_{one}"]
    return [room.get("/map/map", params={"siteCode": SITE, "key": key}).json() for key in keys]


@pytest.mark.parametrize("one", [CODES["kim"], "anonymous-kim", "user-kim"])
def test_a_person_is_forgotten_whichever_id_is_given(room: Any, one: str) -> None:
    of_bob = [row for row in room.log() if "bob" in str(row)]
    others = [row for row in room.log() if "kim" not in str(row)]
    answer = forget(room, one)
    assert answer["ids"] == sorted([CODES["kim"], "anonymous-kim", "user-kim"])
    assert answer["rows"] > 10
    left = room.log()
    assert "kim" not in str(left)
    assert left == others
    assert of_bob
    assert maps_of(room, CODES["kim"]) == [{}, {}] == maps_of(room, "user-kim")
    assert maps_of(room, CODES["bob"]) == [{"vip": True}, {"traits": {"plan": "pro"}}]


def test_who_comes_back_under_the_same_name_is_a_stranger(room: Any) -> None:
    forget(room, "user-kim")
    track(room, "kim", "Kameleoon identifier", {"k_visitorCode": CODES["kim"]}, userId="user-kim")
    room.wait_for("destination.sent", count=5)
    assert maps_of(room, CODES["kim"]) == [{}, {}]


def test_what_is_on_its_way_is_not_delivered(start: Any) -> None:
    room = start(destination=Destination(SITE, api_key="d3Jvbmc="))  # refused: each event is a dead letter
    track(room, "kim", "Add to cart", {"kameleoonVisitorCode": CODES["kim"]})
    track(room, "bob", "Add to cart", {"kameleoonVisitorCode": CODES["bob"]})
    room.wait_for("destination.dead", count=2)
    forget(room, "anonymous-kim")
    assert len(room.log("destination.dead")) == 1
    report = room.get("/sandbox/deliveries").json()
    assert (report["counts"]["dead"], len(report["dead"])) == (1, 1)


def test_counts_and_audiences_stay(room: Any) -> None:
    before = room.get("/sandbox/deliveries").json()["receiver"]
    forget(room, "user-kim")
    assert room.get("/sandbox/deliveries").json()["receiver"] == before
    assert room.get("/map/map", params={"siteCode": SITE, "key": "common"}).json() == {"cohorts": ["vip"]}


def test_nobody_is_forgotten_for_an_id_that_nobody_has(room: Any) -> None:
    before = room.log()
    assert forget(room, "nobody") == {"success": True, "ids": ["nobody"], "rows": 0}
    assert room.log() == before


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{", "body: must be JSON"),
        ("[]", "body: "),
        ("{}", "ids"),
        ('{"ids": []}', "ids"),
        ('{"ids": [""]}', "ids[0]"),
        ('{"ids": [1]}', "ids[0]"),
        ('{"ids": ["a"], "all": true}', "all"),
    ],
)
def test_a_body_that_names_nobody_is_refused(sandbox: Any, body: str, said: str) -> None:
    answer = sandbox.post("/sandbox/forget", content=body)
    assert answer.status_code == 400
    assert said in answer.json()["error"]
