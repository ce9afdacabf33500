"""Kameleoon's receiving side: where API keys are made, and where the destination sends."""

# ruff: noqa: D103  # the tests' names are sentences

import base64
import json
from typing import Any

import pytest

KEY = base64.b64encode(b'{"id":"CLIENT_ID","secret":"CLIENT_SECRET"}').decode()
HEADERS = {"authorization": f"Basic {KEY}", "x-segment-settings": "abcde12345"}


def test_the_page_makes_the_key_that_the_destination_sends(sandbox: Any) -> None:
    answer = sandbox.get("/kameleoon/segmentio/getapikey?id=CLIENT_ID&secret=CLIENT_SECRET")
    assert (answer.status_code, answer.text) == (200, KEY)
    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers


def test_any_credentials_survive_in_the_key(sandbox: Any) -> None:
    client = {"id": 'é"\\', "secret": "a&b=c #+"}
    key = sandbox.get("/kameleoon/segmentio/getapikey", params=client).text
    # The destination reads the key as ASCII (Buffer.toString('ascii')).
    assert json.loads(base64.b64decode(key).decode("ascii")) == client


@pytest.mark.parametrize("query", ["", "id=a", "secret=b", "id=&secret=b"])
def test_half_credentials_make_no_key_and_are_not_good(sandbox: Any, query: str) -> None:
    assert sandbox.get(f"/kameleoon/segmentio/getapikey?{query}").status_code == 400
    assert sandbox.get(f"/segmentio/getapikey?{query}").status_code == 401


def test_credentials_are_good_once_a_key_was_made_of_them(sandbox: Any) -> None:
    assert sandbox.get("/segmentio/getapikey?id=a&secret=b").status_code == 401
    sandbox.get("/kameleoon/segmentio/getapikey?id=a&secret=b")
    assert sandbox.get("/segmentio/getapikey?id=a&secret=b").status_code == 200


@pytest.fixture
def kameleoon(sandbox: Any) -> Any:
    """A sandbox where the key was made."""
    sandbox.get("/kameleoon/segmentio/getapikey?id=CLIENT_ID&secret=CLIENT_SECRET")
    return sandbox


def test_a_forwarded_event_is_taken_in_and_logged(kameleoon: Any) -> None:
    body = {"type": "track", "event": "A", "properties": {"kameleoonVisitorCode": "v1"}}
    assert kameleoon.post("/segmentio", json=body, headers=HEADERS).status_code == 200
    (row,) = kameleoon.log("destination.received")
    assert (row["kind"], row["siteCode"], row["body"]) == ("destination.received", "abcde12345", body)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"authorization": ""}, 401),
        ({"authorization": f"Bearer {KEY}"}, 401),
        ({"authorization": "Basic !"}, 401),
        ({"authorization": "Basic " + base64.b64encode(b"CLIENT_ID:CLIENT_SECRET").decode()}, 401),
        ({"authorization": "Basic " + base64.b64encode(b'{"id":"CLIENT_ID","secret":""}').decode()}, 401),
        ({"authorization": "Basic " + base64.b64encode(b'{"id":"CLIENT_ID","secret":"other"}').decode()}, 401),
        ({"x-segment-settings": ""}, 400),
        ({"x-segment-settings": "too-short"}, 400),
    ],
)
def test_wrong_headers_are_refused(kameleoon: Any, headers: dict[str, str], status: int) -> None:
    answer = kameleoon.post("/segmentio", json={"type": "track", "event": "A"}, headers=HEADERS | headers)
    assert answer.status_code == status
    assert [row["kind"] for row in kameleoon.log()] == ["apikey.made", "rejected"]


@pytest.mark.parametrize("body", [[], {}, {"type": 1}, {"type": "track", "properties": []}])
def test_a_forwarded_event_must_be_one(kameleoon: Any, body: object) -> None:
    assert kameleoon.post("/segmentio", json=body, headers=HEADERS).status_code == 400


def test_no_credential_reaches_the_log(sandbox: Any) -> None:
    for path in ("/kameleoon/segmentio/getapikey", "/segmentio/getapikey"):
        sandbox.get(f"{path}?id=CLIENT_ID&secret=CLIENT_SECRET")
        sandbox.get(f"{path}?id=&secret=CLIENT_SECRET")
    sandbox.post("/segmentio", json={}, headers=HEADERS)
    sandbox.post("/segmentio", json={}, headers={"authorization": f"Bearer {KEY}"})
    log = sandbox.get("/sandbox/log").text
    assert len(log.splitlines()) == 6
    for secret in ("CLIENT_ID", "CLIENT_SECRET", KEY):
        assert secret not in log
