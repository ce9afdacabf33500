"""The command line as a whole: versions, help, usage errors, extras, and what a terminal shows."""

import importlib
import io
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from bridge.cli import main
from bridge.cli.errors import UsageError
from bridge.cli.extras import from_extra
from bridge.cli.terminal import Progress, painted

ROOT = Path(__file__).parents[2]
COMMANDS = [
    ["build"], ["check"], ["schema"], ["personas"],
    ["destination"], ["destination", "run"], ["destination", "match"], ["destination", "map"], ["doctor"], ["sandbox"],
]  # fmt: skip


class Terminal(io.StringIO):
    """A text stream that is a terminal."""

    def isatty(self) -> bool:
        """Return that it is."""
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Return a terminal that shows colours."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    return Terminal()


def ended(arguments: list[str]) -> Any:
    """Run what argparse ends itself; return the exit code."""
    with pytest.raises(SystemExit) as end:
        main(arguments)
    return end.value.code


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """The command's name and the package's version."""
    assert ended(["--version"]) == 0
    assert capsys.readouterr().out == f"kameleoon-segment {version('kameleoon-segment-bridge')}\n"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_has_examples(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each begins with the command as one types it, and a terminal of 80 columns has room for all of it."""
    monkeypatch.setenv("COLUMNS", "80")
    assert ended([*command, "--help"]) == 0
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 80
    _, found, examples = printed.replace(" \\\n", "").partition("\nexample")
    assert found
    lines = examples.split("\n")[1:]
    assert all(line.startswith(f"  kameleoon-segment {' '.join(command)}") for line in lines if line)


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["build"], ["build", "--conf", "x", "--out", "y"]])
def test_wrong_usage_is_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """It says where help is; exit code 2."""
    assert ended(arguments) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    assert line.endswith(" --help")


def test_a_path_that_cannot_be_read_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder, where a file should be."""
    assert main(["build", "--config", str(tmp_path), "--out", str(tmp_path / "dist")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"error: {tmp_path}: cannot be read")


def test_whoever_reads_may_have_enough() -> None:
    """As `kameleoon-segment schema | head -1`: no traceback."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "bridge", "schema"]
    done = subprocess.run(command, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, check=False, timeout=60)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_what_cannot_be_shown_is_written_otherwise() -> None:
    """As into a Windows pipe, which has not all letters: no traceback."""
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "bridge", "destination", "run", "--help"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b'{"apiKey": \\u2026, ' in done.stdout


@pytest.mark.parametrize(
    ("problem", "code", "text"),
    [
        (
            PermissionError(13, "Permission denied", "/a/b"),
            2,
            "error: /a/b: Permission denied; give a place that can be read",
        ),
        (OSError(28, "No space left on device"), 2, "error: No space left on device; give a place that can be read"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_no_traceback(
    problem: BaseException, code: int, text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of what goes wrong outside, and of Ctrl+C."""

    def fails(_options: object) -> int:
        raise problem

    monkeypatch.setattr("bridge.cli.configuration._schema", fails)
    assert main(["schema"]) == code
    said = capsys.readouterr().err
    assert said.startswith(text)
    assert said.count("\n") == (1 if text else 0)


def test_an_extra_that_is_not_installed_is_named() -> None:
    """With what to type; what is missing of our own is another thing."""
    told = r'doctor: absent is not installed; get it with `pip install "kameleoon-segment-bridge\[doctor\]"`'
    with pytest.raises(UsageError, match=told), from_extra("doctor", "doctor"):
        importlib.import_module("absent.part")
    with pytest.raises(ModuleNotFoundError), from_extra("doctor", "doctor"):
        importlib.import_module("bridge.absent")


def test_colours_are_for_terminals(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """And for those who have not asked for none."""
    assert painted("error:", "red", terminal) == "\x1b[1;31merror:\x1b[0m"
    assert painted("error:", "red", io.StringIO()) == "error:"
    monkeypatch.setenv("TERM", "dumb")
    assert painted("error:", "red", terminal) == "error:"
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert painted("error:", "red", terminal) == "error:"


def test_an_error_is_red_on_a_terminal(terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The word, not all of the line."""
    monkeypatch.setattr(sys, "stderr", terminal)
    assert main(["check", str(tmp_path / "none.toml")]) == 2
    assert terminal.getvalue().startswith("\x1b[1;31merror:\x1b[0m ")


def said(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what a progress says of two things, of which only the second takes long."""
    monkeypatch.setattr(sys, "stderr", stream)
    clock = [0.0]
    monkeypatch.setattr("bridge.cli.terminal.monotonic", lambda: clock[0])
    with Progress() as progress:
        progress.begin("a short thing")
        clock[0] += 0.9
        progress.look()
        progress.begin("a long thing")
        clock[0] += 1.1
        progress.look()
        clock[0] += 1
        progress.look()
    return stream.getvalue()


def test_what_takes_long_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line for it, where no terminal is."""
    assert said(io.StringIO(), monkeypatch) == "a long thing …\n"


def test_a_terminal_shows_how_long_it_takes(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line, which goes away."""
    monkeypatch.setenv("NO_COLOR", "1")
    shown = said(terminal, monkeypatch).split("\r\x1b[K")
    assert shown[0] == ""
    assert [shown[1], shown[-2], shown[-1]] == ["a long thing … 1 s", "a long thing … 2 s", ""]
