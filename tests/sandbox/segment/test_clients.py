"""Segment's own libraries send to the sandbox as they would to Segment: all arrives once."""

# ruff: noqa: D103  # the tests' names are sentences

import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

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


def node(script: str, *arguments: str) -> str:
    """Run a script where Segment's library is; return what it prints."""
    command = ["node", "--input-type=module", "--eval", script, *arguments]
    done = subprocess.run(command, cwd=SERVE.parent / "static", check=True, timeout=60, capture_output=True, text=True)
    return done.stdout


def with_node(url: str) -> None:
    node(NODE, url, str(EVENTS))


def log(url: str, *kinds: str) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in httpx.get(f"{url}/sandbox/log", timeout=20).text.splitlines()]
    return [row for row in rows if row["kind"] in kinds]


@pytest.mark.slow
@pytest.mark.parametrize("send", [with_python, with_node])
def test_a_thousand_events_arrive_once(url: str, send: Callable[[str], None]) -> None:
    send(url)
    httpx.get(f"{url}/sandbox/log?kind=destination.sent&count={EVENTS}&wait=60", timeout=70)
    report = httpx.get(f"{url}/sandbox/deliveries").json()
    assert report["counts"] == {"waiting": 0, "retrying": 0, "delivered": EVENTS, "dead": 0}
    names = sorted(f"Event {place}" for place in range(EVENTS))
    assert sorted(row["event"]["event"] for row in log(url, "track")) == names
    for kind in ("destination.sent", "destination.received"):
        assert sorted(row["body"]["event"] for row in log(url, kind)) == names
    conversions = report["receiver"]["conversions"]
    assert sorted(conversions) == sorted(f"SegmentIO track – {name}" for name in names)  # noqa: RUF001
    assert set(conversions.values()) == {1}


@pytest.fixture
def python(url: str) -> Iterator[Client]:
    """Segment's Python client; in the end it has sent all, at the first attempt, and nothing was refused."""
    problems: list[object] = []
    client = Client("THEKEY", host=url, on_error=lambda error, _items: problems.append(error), max_retries=0)
    yield client
    client.shutdown()
    assert problems == []


def test_nine_good_events_of_a_flush_arrive_and_the_tenth_is_in_the_log(url: str, python: Client) -> None:
    for _ in range(9):
        python.track("user", "E")
    python.track("user", "")
    python.flush()
    assert [row["event"]["event"] for row in log(url, "track")] == ["E"] * 9
    (row,) = log(url, "dropped")
    assert row["reason"].endswith('.event: String should have at least 1 character, got ""')
    assert row["about"]["userId"] == "user"
    assert "THEKEY" not in httpx.get(f"{url}/sandbox/log").text


def test_what_pythons_client_lets_pass_arrives(url: str, python: Client) -> None:
    when = datetime(2024, 4, 5, 12, 39, 11, 600_000, UTC)
    python.track(123, "numbers", {"price": Decimal("9.5"), "when": when, "day": when.date(), "tuple": (1, 2)})
    python.track(Decimal("1.50"), "decimal", timestamp=when.replace(tzinfo=None), message_id=7)
    python.track(anonymous_id=1e21, event="aware", timestamp=when)
    python.identify("u", {"age": 30})
    python.group("u", 7, {"name": "Acme"})  # a group id goes out as the number that it is
    python.alias(5, "u")  # a previous id, too
    python.page("u", "Docs", "Home")
    python.screen("u", name="Home")
    python.flush()
    rows = log(url, "track", "identify", "group", "alias", "page", "screen", "dropped")
    assert [row["kind"] for row in rows] == ["track"] * 3 + ["identify", "group", "alias", "page", "screen"]
    numbers, decimal, aware, _, group, alias, page, _ = (row["event"] for row in rows)
    assert (numbers["userId"], decimal["userId"], aware["anonymousId"]) == ("123", "1.50", "1e+21")
    assert numbers["properties"] == {"price": 9.5, "when": when.isoformat(), "day": "2024-04-05", "tuple": [1, 2]}
    assert decimal["messageId"] == "7"
    assert (decimal["originalTimestamp"], aware["originalTimestamp"]) == ("2024-04-05T12:39:11.600+00:00",) * 2
    assert (group["groupId"], alias["previousId"], page["category"]) == ("7", "5", "Docs")
    notes = [note.split("].")[1] for row in rows for note in row.get("notes", [])]
    assert notes == ['groupId: must be a text, got 7; taken as "7"', 'previousId: must be a text, got 5; taken as "5"']


def test_a_batch_that_is_too_large_for_one_request_arrives_in_parts(url: str) -> None:
    problems: list[object] = []
    client = Client("k", host=url, on_error=lambda error, _items: problems.append(error), gzip=True, upload_size=100)
    for place in range(40):
        client.track("u", f"Event {place}", {"text": "x" * 30_000})
    client.shutdown()
    assert problems == []
    assert [row["event"]["event"] for row in log(url, "track")] == [f"Event {place}" for place in range(40)]


ODD = """
import { Analytics } from "@segment/analytics-node";
const [url] = process.argv.slice(1);
const requests = [];
const httpClient = async (address, options) => {
  const answer = await fetch(address, options);
  requests.push(answer.status);
  return answer;
};
const analytics = new Analytics({ writeKey: "THEKEY", host: url, flushAt: 100, httpClient });
const problems = [];
analytics.on("error", (error) => problems.push(error));
const when = new Date("2024-04-05T12:39:11.600Z");
analytics.track({ event: "date", userId: "u", timestamp: when });
analytics.track({ event: "number", userId: "u", anonymousId: 5, timestamp: when.getTime() });
analytics.track({ event: "mail", userId: "u", timestamp: when.toUTCString() });
analytics.track({ event: "no time", userId: "u", timestamp: "yesterday" });
analytics.track({ event: "", userId: "u" });
analytics.group({ userId: "u", groupId: 7 });
analytics.group({ groupId: "nobody" });
analytics.page({ userId: "u", name: 404, properties: [] });
analytics.alias({ userId: "u", previousId: 5 });
analytics.track({ event: "context", userId: "u", context: { n: true }, integrations: null });
await analytics.closeAndFlush();
console.log(JSON.stringify({ requests, problems }));
"""


def test_what_nodes_client_lets_pass_arrives_and_it_tries_nothing_again(url: str) -> None:
    assert json.loads(node(ODD, url)) == {"requests": [200], "problems": []}
    rows = log(url, "track", "group", "page", "alias")
    tracks = [row["event"] for row in rows if row["kind"] == "track"]
    assert [event["event"] for event in tracks] == ["date", "number", "mail", "no time", "context"]
    original = [event["originalTimestamp"] for event in tracks[:3]]
    assert original == ["2024-04-05T12:39:11.600Z", "2024-04-05T12:39:11.600Z", "2024-04-05T12:39:11.000Z"]
    assert tracks[3]["timestamp"] == tracks[3]["receivedAt"]
    assert tracks[1]["anonymousId"] == "5"
    others = [row["event"] for row in rows if row["kind"] != "track"]
    assert [event.get("groupId") or event.get("name") or event.get("previousId") for event in others] == [
        "7",
        "404",
        "5",
    ]
    reasons = [row["reason"] for row in log(url, "dropped")]
    assert [reason.split(": ", 1)[1][:26] for reason in reasons] == [
        "String should have at leas",
        "userId or anonymousId must",
    ]
