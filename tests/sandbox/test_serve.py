"""The sandbox as a user starts it, by `serve.py` or the command: a process, a port, a file."""

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

from bridge.bundle import esbuild
from bridge.cli import main, sandbox
from bridge.sandbox.options import Options
from bridge.sandbox.storage.database import SCHEMA_VERSION
from tests.sandbox.process import SERVE, free_port, serving

pytestmark = pytest.mark.slow  # each starts the sandbox as a process of its own

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
    said = [line for line in err.splitlines() if not line.endswith(" …")]  # of a build that takes long
    assert (out, said) == ("", [])


def test_ctrl_c_ends_it_at_once_though_somebody_follows_the_log(tmp_path: Path) -> None:
    port = free_port()
    with (
        serving(port, tmp_path / "sandbox.sqlite3") as server,
        httpx.Client(base_url=server.url, timeout=20) as http,
        http.stream("GET", "/sandbox/log", headers={"accept": "text/event-stream"}) as stream,
    ):
        lines = stream.iter_lines()
        assert next(lines) == "event: clock"
        began = monotonic()
        server.process.send_signal(signal.SIGINT)
        _, err = server.process.communicate(timeout=20)
        assert monotonic() - began < 5
        assert [line for line in err.splitlines() if not line.endswith(" …")] == []
        assert list(lines)[1:] == [""]  # it ended as an answer ends


def test_too_large_a_body_is_answered_while_it_is_still_being_sent(tmp_path: Path) -> None:
    port = free_port()
    with serving(port, tmp_path / "sandbox.sqlite3"):
        answer = httpx.post(f"http://127.0.0.1:{port}/v1/b", content=b"x" * 4_000_000, timeout=20)
    assert answer.status_code == 400
    assert "at most 512000 bytes" in answer.json()["error"]


def test_hosts_that_are_allowed_are_answered_and_no_others(tmp_path: Path) -> None:
    allowed = ["--allow-host", "192.168.1.20", "--allow-host", "Laptop.local"]
    port = free_port()
    with serving(port, tmp_path / "sandbox.sqlite3", *allowed) as server:
        for host in (f"127.0.0.1:{port}", f"192.168.1.20:{port}", f"laptop.local:{port}"):
            assert httpx.get(f"{server.url}/sandbox/log", headers={"host": host}).status_code == 200
        refused = httpx.get(f"{server.url}/sandbox/log", headers={"host": f"evil.example:{port}"})
    assert (refused.status_code, "--allow-host evil.example" in refused.text) == (403, True)


def test_what_it_listens_on_is_a_host_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    known: list[str] = []

    def create_app(_bundle: Path, _database: Path | str, options: Options) -> None:
        known.extend(options.hosts)

    monkeypatch.setattr("bridge.sandbox.app.create_app", create_app)
    monkeypatch.setattr("uvicorn.Server.run", lambda _self, sockets: sockets)
    main(["sandbox", "--host", "localhost", "--port", "0", "--allow-host", "Laptop.local."])
    assert known == ["localhost", "127.0.0.1", "laptop.local"]


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return what is said of why it cannot start; an exception would be a traceback in front of the user."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr("uvicorn.Server.run")  # a start would be an error, and not wait for ever
        try:
            code: object = main(["sandbox", *arguments])
        except SystemExit as stopped:  # argparse's way
            code = stopped.code
    assert code == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--port", "99999"], "--port: 99999 is no port; give a whole number from 0 to 65535"),
        (["--port", "-1"], "--port: -1 is no port"),
        (["--port", "x"], "--port: x is no port"),
        (["--port", "²"], "--port: ² is no port"),
        (
            ["--allow-host", "http://shop.test/"],
            "--allow-host: http://shop.test/ is no host; give a name or an address",
        ),
        (["--host", "192.0.2.1", "--port", "0"], "cannot listen on 192.0.2.1:0"),
        (["--host", "x" * 70, "--port", "0"], "try another --port or --host"),
        (["--port", "0", "--database", str(SERVE)], f"cannot open the database {SERVE} (file is not a database)"),
        (["--port", "0", "--database", "/none/such/file"], "cannot open the database /none/such/file"),
    ],
)
def test_wrong_usage_is_one_clear_error(capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    assert said in refused(capsys, *arguments)


def test_a_missing_file_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert all(path.is_file() for path in sandbox.SERVED)
    missing = tmp_path / "index.html"
    monkeypatch.setattr(sandbox, "SERVED", (*sandbox.SERVED, missing))
    assert f"{missing} is missing: restore it, or fetch it with `make demo`" in refused(capsys, "--port", "0")


def test_a_wrong_demo_configuration_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wrong = tmp_path / "bridge.toml"
    monkeypatch.setattr(sandbox, "DEMO_SETTINGS", wrong)
    assert f"error: {wrong}: cannot be read" in refused(capsys, "--port", "0")
    wrong.write_text('sitecode = "x"')
    assert f"error: {wrong}: sitecode" in refused(capsys, "--port", "0")


def test_a_bundle_that_cannot_be_built_says_why(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(esbuild, "_ESBUILD", tmp_path / "esbuild")
    said = refused(capsys, "--port", "0")
    assert said == "error: static/node_modules is missing: run `make demo` or `make test` once"


def test_folders_that_cannot_be_written_are_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    cache.write_text("a file, where a folder should be")
    monkeypatch.setattr(sandbox, "CACHE", cache)
    assert f"{cache / 'bundle'} must be a folder that can be written" in refused(capsys, "--port", "0")
    said = refused(capsys, "--port", str(free_port()))
    assert f"error: {cache / f'sandbox-{SCHEMA_VERSION}'}: " in said
    assert "give --database" in said


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, str(SERVE), "--port", str(port), "--database", str(tmp_path / "unused")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert not (tmp_path / "unused").exists()
