"""Segment's own libraries send to the sandbox as they would to Segment: all arrives once."""

# ruff: noqa: D103  # the tests' names are sentences

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import httpx
import pytest
from segment.analytics.client import Client  # type: ignore[import-untyped]  # it has no types

from tests.sandbox.process import SERVE, free_port, serving

pytestmark = pytest.mark.slow  # each starts the sandbox as a process of its own

EVENTS = 1000
NODE = """
import { Analytics } from "@segment/analytics-node";
const [url, count] = process.argv.slice(1);
const analytics = new Analytics({ writeKey: "node", host: url, maxRetries: 3 });
const problems = [];
analytics.on("error", (error) => problems.push(error));
for (let place = 0; place < Number(count); place += 1) {
  analytics.track({ event: `Event ${place}`, anonymousId: `a${place % 50}`, properties: { place } });
}
await analytics.closeAndFlush();
if (problems.length > 0) throw new Error(JSON.stringify(problems));
"""


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """The address of a sandbox of one's own."""
    with serving(free_port(), tmp_path / "sandbox.sqlite3") as server:
        yield server.url


def with_python(url: str) -> None:
    problems: list[object] = []
    client = Client("python", host=url, on_error=lambda error, _items: problems.append(error), gzip=True)
    for place in range(EVENTS):
        client.track(anonymous_id=f"a{place % 50}", event=f"Event {place}", properties={"place": place})
    client.shutdown()  # sends what is left, and ends its threads
    assert problems == []


def with_node(url: str) -> None:
    command = ["node", "--input-type=module", "--eval", NODE, url, str(EVENTS)]
    subprocess.run(command, cwd=SERVE.parent / "static", check=True, timeout=60)


@pytest.mark.slow
@pytest.mark.parametrize("send", [with_python, with_node])
def test_a_thousand_events_arrive_once(url: str, send: Callable[[str], None]) -> None:
    send(url)
    deadline = monotonic() + 60
    while (report := httpx.get(f"{url}/sandbox/deliveries").json())["counts"]["waiting"]:
        assert monotonic() < deadline, report["counts"]
    assert report["counts"] == {"waiting": 0, "retrying": 0, "delivered": EVENTS, "dead": 0}
    log = [json.loads(line) for line in httpx.get(f"{url}/sandbox/log", timeout=20).text.splitlines()]
    names = sorted(f"Event {place}" for place in range(EVENTS))
    assert sorted(row["event"]["event"] for row in log if row["kind"] == "track") == names
    for kind in ("destination.sent", "destination.received"):
        assert sorted(row["body"]["event"] for row in log if row["kind"] == kind) == names
    conversions = report["receiver"]["conversions"]
    assert sorted(conversions) == sorted(f"SegmentIO track – {name}" for name in names)  # noqa: RUF001
    assert set(conversions.values()) == {1}
