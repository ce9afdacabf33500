"""The documents' way from an empty folder to an event in the collector, with a release's wheel and nothing else.

Commands, files and addresses are those of the documents, as they stand there, but for the ports, which may be taken.
"""

# ruff: noqa: D103  # the tests' names are sentences

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page

from tests.documents.markdown import ROOT, Block, blocks
from tests.find_browser import FLAGS, find
from tests.release.clean import EXECUTABLES, PROJECT, needed
from tests.sandbox.process import free_port

pytestmark = [pytest.mark.slow, pytest.mark.browser]

README, INSTALL, TESTING = ROOT / "README.md", ROOT / "docs" / "install.md", ROOT / "docs" / "testing.md"
PORTS = ("8000", "8080")
PATIENCE_S = 120
#: What a test of somebody's needs on this machine: its browser, whoever runs it. A reader has Playwright's own.
BROWSER = f"""
import pytest

@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {{**browser_type_launch_args, "executable_path": {str(find())!r}, "args": {FLAGS!r}}}
"""


class Reader:
    """Somebody with a terminal in an empty folder, with Python, the wheel, and neither Node, make, git nor an index."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder = folder / "shop"
        self.folder.mkdir()
        (self.folder / wheel.name).write_bytes(wheel.read_bytes())
        tools = folder / "tools"
        tools.mkdir()
        commands = dict.fromkeys(("node", "npm", "npx", "make", "git"), "exit 127")
        commands["python3"] = f'exec "{Path(sys.base_prefix, EXECUTABLES, "python3")}" "$@"'
        for name, command in commands.items():
            (tools / name).write_text(f"#!/bin/sh\n{command}\n", "utf-8")
            (tools / name).chmod(0o755)
        self._ports = {port: str(free_port()) for port in PORTS}
        self._environment = {
            "HOME": str(folder),
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "PIP_NO_INDEX": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PYTHONPATH": str(needed(folder, "sandbox", "doctor", "testing")),  # in place of an index
            "PYTHONUNBUFFERED": "1",  # as in a terminal
        }

    def reads(self, text: str) -> str:
        """Return a text of the documents with this reader's ports and release in it."""
        for theirs, ours in self._ports.items():
            text = text.replace(f":{theirs}", f":{ours}").replace(f" {theirs}", f" {ours}")
        return text.replace("<version>", PROJECT["version"])

    def writes(self, block: Block) -> None:
        """Put a block of the documents into the folder, as the file that its title names."""
        (self.folder / block.title).write_text(self.reads(block.text), "utf-8")

    def types(self, commands: str) -> str:
        """Type commands, which have nothing to complain of; return what is printed."""
        done = subprocess.run(self._line(commands), **self._terminal, check=False, timeout=PATIENCE_S)
        assert done.returncode == 0, f"{commands}\n{done.stdout}"
        return str(done.stdout)

    @contextmanager
    def serves(self, commands: str) -> Iterator[None]:
        """Type commands of which the last one serves, wait until it says where, and stop it in the end."""
        with subprocess.Popen(self._line(commands), **self._terminal, process_group=0) as process:
            assert process.stdout
            try:
                printed = ""
                while "http://" not in printed.rpartition("\n")[2]:
                    more = process.stdout.read(1)
                    assert more, printed
                    printed += more
                yield
            finally:
                os.killpg(process.pid, signal.SIGTERM)  # SIGINT is nothing to what was begun in the background

    def _line(self, commands: str) -> list[str]:
        active = ". venv/bin/activate\n" if (self.folder / "venv").is_dir() else ""
        return ["sh", "-ec", active + self.reads(commands)]

    @property
    def _terminal(self) -> dict[str, Any]:
        return {
            "cwd": self.folder,
            "env": self._environment,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.STDOUT,
            "text": True,
        }


@pytest.fixture(scope="module")
def reader(released: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Return a reader who has come as far as a build: by the README, and once more by the page on installing."""
    reader = Reader(tmp_path_factory.mktemp("walk"), released["whl"])
    environment, build = typed(INSTALL)[:2]
    assert "-m venv" in environment.text
    reader.types(environment.text)
    for document, commands in ((README, typed(README)[-1]), (INSTALL, build)):
        reader.writes(next(one for one in blocks(document) if one.title == "bridge.toml"))
        assert "kameleoon-segment build" in commands.text
        assert next(one for one in blocks(README) if one.language == "html").text in reader.types(commands.text)
    return reader


@pytest.fixture(scope="module")
def address(reader: Reader) -> Iterator[str]:
    """Return the address of the documented page: it is served, and so is the sandbox, by the wheel."""
    sandbox, server = typed(INSTALL)[2:4]
    (page,) = [one for one in blocks(INSTALL) if one.title == "index.html"]
    reader.writes(page)
    with reader.serves(sandbox.text), reader.serves(server.text):
        (opened,) = re.findall(r"^Open `(.+?)`", INSTALL.read_text("utf-8"), re.MULTILINE)
        yield reader.reads(opened)


def typed(document: Path) -> list[Block]:
    """Return what a document has to type."""
    return [one for one in blocks(document) if one.language == "sh"]


def test_an_event_arrives_in_the_collector(reader: Reader, address: str, page: Page) -> None:
    problems: list[str] = []
    page.on("console", lambda line: problems.append(line.text) if line.type in ("error", "warning") else None)
    page.goto(address)
    (collector,) = [one.text.strip() for one in blocks(INSTALL) if one.title == "collector"]
    (row,) = [json.loads(one) for one in httpx.get(reader.reads(collector), timeout=PATIENCE_S).text.splitlines()]
    (cookie,) = [one for one in page.context.cookies() if one.get("name") == "kameleoonVisitorCode"]
    assert row["event"]["properties"]["k_visitorCode"] == cookie.get("value")
    assert problems == []


@pytest.mark.usefixtures("address")
def test_the_doctor_finds_nothing_wrong(reader: Reader) -> None:
    (doctor,) = typed(INSTALL)[4:]
    assert "doctor" in doctor.text
    said = reader.types(doctor.text)
    for check in ("tag", "runtime", "segment", "kameleoon", "project", "visitor", "exposures", "events", "consent"):
        assert re.search(rf"^✓ {check} ", said, re.MULTILINE), said


@pytest.mark.usefixtures("address")
def test_the_test_of_the_documents_passes(reader: Reader) -> None:
    (reader.folder / "conftest.py").write_text(BROWSER, "utf-8")
    (example,) = [one for one in blocks(TESTING) if one.title == "test_shop.py"]
    reader.writes(example)
    (run,) = [one for one in typed(TESTING) if "pytest test_shop.py" in one.text]
    assert "1 passed" in reader.types(run.text)
