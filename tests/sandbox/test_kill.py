"""kill -9 at any moment: nothing that was acknowledged is lost, and Kameleoon counts nothing twice."""

# ruff: noqa: D103  # the tests' names are sentences

import json
import random
from collections import Counter
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any

import httpx
import pytest

from tests.sandbox.process import free_port, serving

pytestmark = pytest.mark.slow  # each starts the sandbox as a process of its own

EVENTS = 400
KILLS = 4
VISITORS = 20


class Sender:
    """Sends events as Segment's clients do: each again, under the same message id, until it is acknowledged."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.acknowledged: list[str] = []
        self.progress = Event()

    def run(self) -> None:
        """Send all."""
        with httpx.Client(base_url=self._url, timeout=20) as http:
            for number in range(EVENTS):
                body = {
                    "event": "A",
                    "messageId": f"m{number}",
                    "anonymousId": f"a{number % VISITORS}",
                    "writeKey": "k",
                }
                while not self._sent(http, body):
                    pass
                self.acknowledged.append(body["messageId"])
                self.progress.set()

    def _sent(self, http: httpx.Client, body: dict[str, str]) -> bool:
        try:
            return http.post("/v1/track", json=body).status_code == 200
        except httpx.TransportError:
            return False


def rows(url: str, *kinds: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in httpx.get(f"{url}/sandbox/log", timeout=20).text.splitlines()]
    return [row for row in found if row["kind"] in kinds]


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_and_nothing_counts_twice(tmp_path: Path) -> None:
    with serving(free_port(), tmp_path / "sandbox.sqlite3") as server:
        sender = Sender(server.url)
        thread = Thread(target=sender.run)
        thread.start()
        for kill in range(KILLS):
            at = random.randrange(EVENTS * kill // KILLS, EVENTS * (kill + 1) // KILLS)  # noqa: S311  # no secret
            while len(sender.acknowledged) <= at:
                assert sender.progress.wait(20)
                sender.progress.clear()
            server.kill()  # while the sender sends, and the outbox is busy
            server.start()
        thread.join(60)
        deadline = monotonic() + 60
        while (report := httpx.get(f"{server.url}/sandbox/deliveries", timeout=20).json())["counts"]["waiting"]:
            assert monotonic() < deadline, report["counts"]

        sent = [f"m{number}" for number in range(EVENTS)]
        tracks = rows(server.url, "track")
        received = [row for row in rows(server.url, "destination.received") if not row.get("duplicate")]
        assert sender.acknowledged == sent
        assert [row["event"]["messageId"] for row in tracks if not row.get("duplicate")] == sent
        assert Counter(row["body"]["messageId"] for row in received) == dict.fromkeys(sent, 1)
        assert Counter(row["messageId"] for row in rows(server.url, "destination.sent")) == dict.fromkeys(sent, 1)
        assert Counter(row["messageId"] for row in rows(server.url, "conversion")) == dict.fromkeys(sent, 1)
        assert report["counts"] == {"waiting": 0, "retrying": 0, "delivered": EVENTS, "dead": 0}
        # Each visitor's events arrived in order, whichever process sent them.
        for visitor in range(VISITORS):
            own = [row["body"]["messageId"] for row in received if row["body"]["anonymousId"] == f"a{visitor}"]
            assert own == sent[visitor::VISITORS]
