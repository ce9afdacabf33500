"""The command before a live page: what it prints, writes, sends and keeps."""

# ruff: noqa: D103  # the tests' names are sentences

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge.cli import main
from tests.browser.serving import CLIENT
from tests.browser.shop import Storefront
from tests.find_browser import find

pytestmark = pytest.mark.browser
TOKEN = "session-of-ada-0123456789"  # noqa: S105 - nobody has it
ASKS_FOR_A_LOGIN = """<script>
  if (!document.cookie.includes("session=")) location.replace("/login")
  console.log("ada has", document.cookie, localStorage.getItem("login"))
</script>"""


def doctor(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run the command, in a process of its own as Playwright wants it."""
    command = [sys.executable, "-m", "bridge", "doctor", *map(str, arguments), "--browser", str(find()), "--wait", "2"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def clean(shop: Storefront) -> Storefront:
    """Return a shop, of which no cloud has heard."""
    CLIENT.post(f"{shop.cloud}/sandbox/reset").raise_for_status()
    shop.write(shop.tag(), shop.kameleoon(), shop.segment())
    return shop


def test_what_it_writes_is_the_same_that_it_judges_again(
    clean: Storefront, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen, sheet = tmp_path / "seen.json", tmp_path / "report.html"
    done = doctor(clean.origin, "--json", "--save", seen, "--html", sheet)
    report = json.loads(done.stdout)
    assert (done.returncode, report["ok"]) == (0, True)
    assert clean.log() == [], "it leaves no trace"
    html = sheet.read_text("utf-8")
    assert "data:image/jpeg;base64," in html
    assert re.findall(r"(?:src|href)=\"(?!data:)([^\"]+)", html) == []
    assert all(f">{check['id']}<" in html for check in report["checks"])
    assert main(["doctor", "--from", str(seen), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == report


def test_what_is_sent_arrives(clean: Storefront) -> None:
    assert doctor(clean.origin, "--send").returncode == 0
    clean.wait_for("Kameleoon identifier")
    clean.wait_for("Experiment viewed")


def test_what_is_wrong_is_named_with_its_fix(clean: Storefront) -> None:
    clean.write(clean.kameleoon(), clean.segment())
    done = doctor(clean.origin)
    assert done.returncode == 1
    assert re.search(r"^✗ tag +The bridge's tag is not in the page$", done.stdout, re.MULTILINE)
    assert '<script async src="https://cdn.example.com/ks/bridge.js"' in done.stdout
    assert "docs/troubleshooting.md#tag" in done.stdout


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let what a test begins hear of Ctrl+C: it would not where the tests themselves run in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_whoever_stops_it_sees_no_traceback(clean: Storefront) -> None:
    command = [sys.executable, "-m", "bridge", "doctor", clean.origin, "--browser", str(find()), "--wait", "60"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as running:
        assert running.stderr
        assert running.stderr.readline().startswith("opening ")
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does: the browser hears of it, too
        assert "Traceback" not in running.stderr.read()
    assert running.returncode == 128 + signal.SIGINT


def state(folder: Path, **more: Any) -> Path:
    """Write what a login leaves in a browser, and whom Segment and Kameleoon took it for."""
    cookie = {"domain": "localhost", "path": "/", "expires": -1, "httpOnly": False, "secure": False, "sameSite": "Lax"}
    named = {"session": TOKEN, "kameleoonVisitorCode": "ofsomebodyelse00", "ajs_anonymous_id": "of-somebody-else"}
    path = folder / "login.json"
    path.write_text(
        json.dumps({"cookies": [{"name": name, "value": value, **cookie} for name, value in named.items()], **more})
    )
    return path


def test_a_page_behind_a_login(clean: Storefront, tmp_path: Path) -> None:
    """Without the login it is another page; with it, the visitor is new all the same, and nobody learns the session."""
    clean.write(ASKS_FOR_A_LOGIN, clean.tag(), clean.kameleoon(), clean.segment())
    clean.write("<title>Log in</title>", path="/login")
    assert json.loads(doctor(clean.origin, "--json").stdout)["final_url"].endswith("/login")
    kept = {"name": "login", "value": json.dumps({"token": f"kept-{TOKEN[::-1]}"})}
    file, seen = state(tmp_path, origins=[{"origin": clean.origin, "localStorage": [kept]}]), tmp_path / "seen.json"
    done = doctor(clean.origin, "--json", "--storage-state", file, "--save", seen)
    checks = {check["id"]: check for check in json.loads(done.stdout)["checks"]}
    assert [name for name, check in checks.items() if check["status"] == "fail"] == []
    assert checks["visitor"]["status"] == "pass"
    text = seen.read_text("utf-8")
    assert "ada has" in text
    for secret in (TOKEN, TOKEN[::-1], "ofsomebodyelse00"):
        assert secret not in text + done.stdout


@pytest.mark.parametrize("text", ["", "[]", '{"cookies": {}}', '{"cookies": [{"name": 1}]}'])
def test_what_is_no_state_of_a_browser_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    path = tmp_path / "login.json"
    path.write_text(text)
    assert main(["doctor", "https://shop.example", "--storage-state", str(path)]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"error: --storage-state {path}: is no storage state of Playwright's; accepted: JSON with ")
    path.unlink()
    assert main(["doctor", "https://shop.example", "--storage-state", str(path)]) == 2
    assert f"--storage-state {path}: cannot be read (No such file or directory)" in capsys.readouterr().err
