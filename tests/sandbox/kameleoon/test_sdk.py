"""Kameleoon's own JavaScript SDK reads the audience data that the sandbox keeps, as it would from Kameleoon."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bridge.brain.values import identify_values, persona_names
from bridge.sandbox.app import create_app
from bridge.sandbox.options import Destination, Options
from tests.browser.serving import serving

ROOT = Path(__file__).parents[3]
SITECODE = "abcde12345"
CODE = "0123456789abcdef"


@pytest.fixture
def cloud() -> Iterator[httpx.Client]:
    """Return a client of a running sandbox that forwards Segment's events to Kameleoon."""
    app = create_app(Path("none"), options=Options(destination=Destination(SITECODE)))
    with serving(app) as port, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=5) as client:
        yield client


def store(cloud: httpx.Client, maps: dict[str, Any]) -> None:
    """Store maps through the Data API."""
    cloud.post("/map/maps", params={"siteCode": SITECODE}, json=maps).raise_for_status()


def remote_data(cloud: httpx.Client, *keys: str) -> dict[str, list[Any]]:
    """Return what the SDK's getRemoteData gives for each key: [True, data], or [False, type, message]."""
    command = ["node", Path(__file__).with_name("sdk.mjs"), ROOT, cloud.base_url, SITECODE, json.dumps(keys)]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True, timeout=60)
    found: dict[str, list[Any]] = json.loads(done.stdout)
    return found


def test_what_is_stored_is_what_the_sdk_reads(cloud: httpx.Client) -> None:
    """Any JSON, under keys with letters of any language; nothing stored is an empty map."""
    maps = {
        f"COHORTS_{CODE}": {"vip": True, "left": False, "émile ☕": True, "__proto__": True},
        "COHORTS_Zoë 12/ü": {"vip": True},
        f"IDENTIFY_{CODE}": {
            "traits": {"plan": "pro", "age": 0, "address": {"city": "Rome"}, "no": None},
            "groupId": 7,
        },
        "common": {"cohorts": ["vip", "left"]},
    }
    store(cloud, maps)
    expected = {key: [True, fields] for key, fields in maps.items()} | {"COHORTS_nobody": [True, {}]}
    assert remote_data(cloud, *expected) == expected


def test_what_the_api_refuses_is_an_error_of_the_sdk(cloud: httpx.Client) -> None:
    """A refusal is never mistaken for data."""
    key = "COHORTS_" + "x" * 200
    assert remote_data(cloud, key)[key][:2] == [False, "RemoteData"]


def test_what_segment_sends_reaches_the_sdk(cloud: httpx.Client) -> None:
    """The whole way: Segment's source, the destination, Kameleoon's maps, the SDK, and the bridge's reading of them."""
    who = {"anonymousId": "anonymous-1", "userId": "u1"}
    code = {"kameleoonVisitorCode": CODE}
    messages: list[tuple[str, dict[str, Any]]] = [
        ("identify", {"traits": {"plan": "premium", "newsletter": False, **code}}),
        ("group", {"groupId": "g1", "traits": code}),
        ("track", {"event": "Audience Entered", "properties": {"audience_key": "vip", "vip": True, **code}}),
        ("track", {"event": "Audience Entered", "properties": {"audience_key": "new", "new": True, **code}}),
        ("track", {"event": "Audience Exited", "properties": {"audience_key": "new", "new": False, **code}}),
    ]
    for second, (call, body) in enumerate(messages):
        # In the past and in order, whatever order they arrive in.
        sent = {"messageId": f"m{second}", "timestamp": f"2026-01-01T00:00:0{second}.000Z", **who, **body}
        cloud.post(f"/v1/{call}", json=sent, auth=("sandbox-web", "")).raise_for_status()
    wait_for_deliveries(cloud, len(messages))

    found = remote_data(cloud, f"COHORTS_{CODE}", f"IDENTIFY_{CODE}", "COHORTS_u1", "common")
    assert persona_names(found[f"COHORTS_{CODE}"][1]) == ["vip"]
    assert identify_values(found[f"IDENTIFY_{CODE}"][1], ["plan", "newsletter"]) == {
        "plan": "premium",
        "newsletter": False,
        "": "g1",
    }
    assert found["COHORTS_u1"] == found[f"COHORTS_{CODE}"]
    assert sorted(found["common"][1]["cohorts"]) == ["new", "vip"]


def wait_for_deliveries(cloud: httpx.Client, count: int) -> None:
    """Wait until Kameleoon has taken in so many messages; each is one transaction with its maps."""
    asked: dict[str, str | int] = {"kind": "destination.received", "count": count, "wait": 30}
    taken = cloud.get("/sandbox/log", params=asked, timeout=40).text.splitlines()
    assert len(taken) >= count, cloud.get("/sandbox/log").text
