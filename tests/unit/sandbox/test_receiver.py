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


def test_good_credentials_are_good(sandbox: Any) -> None:
    assert sandbox.get("/segmentio/getapikey?id=a&secret=b").status_code == 200


def test_a_forwarded_event_is_taken_in_and_logged(sandbox: Any) -> None:
    body = {"type": "track", "event": "A", "properties": {"kameleoonVisitorCode": "v1"}}
    assert sandbox.post("/segmentio", json=body, headers=HEADERS).status_code == 200
    (row,) = sandbox.log()
    assert (row["kind"], row["siteCode"], row["body"]) == ("destination.received", "abcde12345", body)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"authorization": ""}, 401),
        ({"authorization": f"Bearer {KEY}"}, 401),
        ({"authorization": "Basic !"}, 401),
        ({"authorization": "Basic " + base64.b64encode(b"CLIENT_ID:CLIENT_SECRET").decode()}, 401),
        ({"authorization": "Basic " + base64.b64encode(b'{"id":"CLIENT_ID","secret":""}').decode()}, 401),
        ({"x-segment-settings": ""}, 400),
        ({"x-segment-settings": "too-short"}, 400),
    ],
)
def test_wrong_headers_are_refused(sandbox: Any, headers: dict[str, str], status: int) -> None:
    assert sandbox.post("/segmentio", json={}, headers=HEADERS | headers).status_code == status
    assert [row["kind"] for row in sandbox.log()] == ["rejected"]


def test_a_forwarded_event_must_be_an_object(sandbox: Any) -> None:
    assert sandbox.post("/segmentio", json=[], headers=HEADERS).status_code == 400


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
