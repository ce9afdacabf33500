"""A load on the whole round trip: events at a steady rate against a real serve.py, which is killed in between.

`python -m tests.bench.round_trip [--seconds 60] [--rate 1000]` prints what the collector's answers took, the server's
memory, and whether what was sent, delivered, received and converted is the same in the end; exits with 1 when not.
"""

import argparse
import asyncio
import json
import re
import sys
import tempfile
from pathlib import Path
from statistics import quantiles
from time import monotonic
from typing import Any

from tests.sandbox.process import Server, free_port, serving

CONNECTIONS = 64
KILLS = 3
VISITORS = 500
PATIENCE = 600  # seconds for what waits to arrive


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def memory_of(server: Server) -> float:
    """Return the megabytes that the process holds now."""
    status = Path(f"/proc/{server.process.pid}/status").read_text("utf-8")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found
    return int(found[1]) / 1024


class Client:
    """Keeps connections to the server, and repeats what was not answered, as Segment's clients do."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.taken: list[float] = []
        self.repeated = 0

    async def work(self, events: "asyncio.Queue[dict[str, Any]]") -> None:
        """Send events, one after the other, each until it is answered."""
        reader, writer = None, None
        while True:
            request = _request("/v1/track", await events.get())
            while True:
                try:
                    if reader is None or writer is None:
                        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
                    began = monotonic()
                    writer.write(request)
                    await _answered(reader)
                    self.taken.append(monotonic() - began)
                    break
                except (OSError, asyncio.IncompleteReadError):
                    reader = writer = None
                    self.repeated += 1
                    await asyncio.sleep(0.1)
            events.task_done()


async def _answered(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    found = re.search(rb"content-length: (\d+)", head.lower())
    body = await reader.readexactly(int(found[1]) if found else 0)
    assert head.startswith(b"HTTP/1.1 200"), head + body
    return body


def _request(path: str, body: object = None) -> bytes:
    content = json.dumps(body).encode()
    kind = "host: localhost\r\ncontent-type: application/json"
    head = f"POST {path} HTTP/1.1\r\n{kind}\r\ncontent-length: {len(content)}"
    return f"{head}\r\n\r\n".encode() + content


def _event(number: int) -> dict[str, Any]:
    visitor = number % VISITORS
    return {
        "writeKey": "load",
        "type": "track",
        "event": "Load",
        "messageId": f"load-{number}",
        "anonymousId": f"anonymous-{visitor}",
        "properties": {"price": 9.5, "kameleoonVisitorCode": f"visitor{visitor:09}"},
        "context": {"page": {"path": "/", "url": "https://shop.example/"}, "userAgent": "load"},
    }


async def deliveries(port: int) -> dict[str, Any]:
    """Return what the sandbox says about its deliveries."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /sandbox/deliveries HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
    report: dict[str, Any] = json.loads(await _answered(reader))
    writer.close()
    return report


async def load(server: Server, rate: int, seconds: int) -> bool:
    """Run the load; return whether nothing was lost and nothing doubled."""
    client, events = Client(server.port), asyncio.Queue[dict[str, Any]]()
    workers = [asyncio.create_task(client.work(events)) for _ in range(CONNECTIONS)]
    total, began, sent = rate * seconds, monotonic(), 0
    # In the first half, so that the second one shows whether memory grows.
    kills = [seconds * (place + 1) / (2 * KILLS + 2) for place in range(KILLS)]
    memory: list[tuple[float, float]] = []
    while sent < total:
        now = monotonic() - began
        for number in range(sent, min(total, int(now * rate) + 1)):
            events.put_nowait(_event(number))
            sent = number + 1
        if kills and now > kills[0]:
            kills.pop(0)
            server.kill()
            await asyncio.to_thread(server.start)
            memory.clear()
        if not memory or now > memory[-1][0] + seconds / 20:
            memory.append((now, memory_of(server)))
        await asyncio.sleep(0.005)
    await events.join()
    answered = monotonic() - began
    memory.append((answered, memory_of(server)))
    _print_answers(client, total, answered)
    report = await deliveries(server.port)
    while report["counts"]["waiting"] + report["counts"]["retrying"] and monotonic() - began < answered + PATIENCE:
        await asyncio.sleep(1)
        report = await deliveries(server.port)
    arrived = monotonic() - began
    say(f"all delivered after  {arrived:.1f} s: {total / arrived:.0f} events a second through the whole round trip")
    memory.append((arrived, memory_of(server)))
    say("memory of the last process, MB: " + ", ".join(f"{size:.1f} at {at:.0f} s" for at, size in memory))
    for worker in workers:
        worker.cancel()
    counts = {
        "sent": total,
        "delivered": report["counts"]["delivered"],
        "received": report["receiver"]["events"],
        "converted": sum(report["receiver"]["conversions"].values()),
    }
    say("counts: " + ", ".join(f"{name} {count}" for name, count in counts.items()))
    return set(counts.values()) == {total}


def _print_answers(client: Client, total: int, seconds: float) -> None:
    cuts = quantiles(client.taken, n=1000)
    say(f"{total} events answered in {seconds:.1f} s; {client.repeated} repeated around {KILLS} kills")
    p50, p99, p999, worst = (1000 * taken for taken in (cuts[499], cuts[989], cuts[998], max(client.taken)))
    say(f"answer of the collector, ms: p50 {p50:.1f}, p99 {p99:.1f}, p99.9 {p999:.1f}, max {worst:.1f}")


def main() -> None:
    """Run the benchmark; exit with 1 when something was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=int, default=1000, help="events a second (default: %(default)s)")
    parser.add_argument("--seconds", type=int, default=60, help="for how long (default: %(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, serving(free_port(), Path(folder) / "load.sqlite3") as server:
        fine = asyncio.run(load(server, options.rate, options.seconds))
    if not fine:
        parser.exit(1, "error: the counts are not the same: something was lost, or doubled\n")


if __name__ == "__main__":
    main()
