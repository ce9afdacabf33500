"""`serve.py` as a user starts it: a process, a port, a file."""

# ruff: noqa: D103  # the tests' names are sentences

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest

from bridge.sandbox.storage.database import SCHEMA_VERSION
from tests.sandbox.process import SERVE, free_port, serving

EVENT = {"event": "A", "userId": "u", "writeKey": "k"}


def log(http: httpx.Client, kind: str) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in http.get("/sandbox/log").text.splitlines()]
    return [row for row in rows if row["kind"] == kind]


def test_it_serves_and_what_it_answered_survives_its_sudden_end(tmp_path: Path) -> None:
    port, database = free_port(), tmp_path / "sandbox.sqlite3"
    with serving(port, database), httpx.Client(base_url=f"http://127.0.0.1:{port}") as http:
        assert http.get("/healthz").status_code == 200
        for number in range(20):
            assert http.post("/v1/t", json={**EVENT, "event": str(number)}).status_code == 200
    with serving(port, database), httpx.Client(base_url=f"http://127.0.0.1:{port}") as http:
        names = [str(number) for number in range(20)]
        assert [row["event"]["event"] for row in log(http, "track")] == names
        # What was still on its way to Kameleoon arrives, and no event is lost.
        deadline = monotonic() + 10
        while len(sent := log(http, "destination.sent")) < len(names):
            assert monotonic() < deadline
        assert [row["body"]["event"] for row in sent] == names
        assert set(names) == {row["body"]["event"] for row in log(http, "destination.received")}


def test_without_a_database_it_keeps_one_for_its_port() -> None:
    port = free_port()
    database = SERVE.parent / ".cache" / f"sandbox-{SCHEMA_VERSION}" / f"{port}.sqlite3"
    database.unlink(missing_ok=True)
    try:
        for times in (1, 2):
            with serving(port), httpx.Client(base_url=f"http://127.0.0.1:{port}") as http:
                assert http.post("/v1/t", json=EVENT).status_code == 200
                assert len(log(http, "track")) == times
    finally:
        for file in database.parent.glob(f"{database.name}*"):
            file.unlink()


def test_ctrl_c_ends_it_without_a_word(tmp_path: Path) -> None:
    port = free_port()
    with serving(port, tmp_path / "sandbox.sqlite3") as server:
        assert httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
        server.process.send_signal(signal.SIGINT)
        out, err = server.process.communicate(timeout=20)
    assert (out, err) == ("", "")


def test_too_large_a_body_is_answered_while_it_is_still_being_sent(tmp_path: Path) -> None:
    port = free_port()
    with serving(port, tmp_path / "sandbox.sqlite3"):
        answer = httpx.post(f"http://127.0.0.1:{port}/v1/b", content=b"x" * 4_000_000, timeout=20)
    assert answer.status_code == 400
    assert "at most 512000 bytes" in answer.json()["error"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--port", "99999"], "cannot listen on 127.0.0.1:99999"),
        (["--port", "x"], "invalid int value: 'x'"),
        (["--host", "192.0.2.1", "--port", "0"], "cannot listen on 192.0.2.1:0"),
        (["--port", "0", "--database", str(SERVE)], "cannot open the database"),
        (["--port", "0", "--database", "/none/such/file"], "cannot open the database"),
    ],
)
def test_wrong_usage_is_one_clear_error(arguments: list[str], said: str) -> None:
    done = subprocess.run([sys.executable, SERVE, *arguments], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert said in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, str(SERVE), "--port", str(port), "--database", str(tmp_path / "unused")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert not (tmp_path / "unused").exists()
