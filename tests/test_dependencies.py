"""What is imported is declared, and the commands that every user runs need no extra."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
EXTRAS = PROJECT["optional-dependencies"]
#: What only a browser's Python has: PyScript puts it there, or static/wheels.txt.
IN_BROWSERS = {"js", "pyodide", "pyodide_http"}
#: Runs `python -m bridge` where no module of the packages in the first argument can be imported.
WITHOUT = """\
import runpy
import sys

absent = sys.argv.pop(1).split(",")

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in absent:
            raise ModuleNotFoundError(f"{name} is of an extra", name=name)

sys.meta_path.insert(0, Absent())
runpy.run_module("bridge", run_name="__main__", alter_sys=True)
"""


def distribution(requirement: str) -> str:
    """Return the normalized name that a requirement or a distribution has."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s;<>=!~\[]", requirement)[0]).lower()


def modules(requirements: list[str]) -> set[str]:
    """Return the top-level modules that these requirements bring."""
    names = {distribution(one) for one in requirements}
    return {
        module
        for module, providers in packages_distributions().items()
        if names & {distribution(one) for one in providers}
    }


BASE = modules(PROJECT["dependencies"])
PARTS = modules(PYPROJECT["dependency-groups"]["parts"])
#: Runs in the repository only.
MAKING = ROOT / "bridge" / "bundle" / "bytecode.py"
ONLY_EXTRAS = {module for extra in EXTRAS.values() for module in modules(extra)} - BASE


def imported(path: Path) -> set[str]:
    """Return the third-party modules that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names) - {"bridge"} - IN_BROWSERS


def bridge(*arguments: str | Path, program: str = "bridge") -> "subprocess.CompletedProcess[str]":
    """Run ``python -m bridge``, or another program, without the extras."""
    command = [
        sys.executable,
        "-c",
        WITHOUT.replace('"bridge"', f'"{program}"'),
        ",".join(sorted(ONLY_EXTRAS)),
        *map(str, arguments),
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.parametrize("path", sorted((ROOT / "bridge").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_imported_is_declared(path: Path) -> None:
    """Not only brought along by something else: the sandbox's and the test kit's in their extras."""
    sending = path.relative_to(ROOT) == Path("bridge/destination/http_sender.py")  # the sandbox's way to send
    extra = "sandbox" if sending else path.relative_to(ROOT).parts[1]
    declared = BASE | modules(EXTRAS.get(extra, []))
    assert imported(path) <= (declared | PARTS if path == MAKING else declared)


def test_an_absent_package_is_noticed() -> None:
    """The instrument itself: it knows packages by their modules, and keeps them from being imported."""
    assert {"starlette", "uvicorn", "httpx", "anyio", "playwright", "pytest"} <= ONLY_EXTRAS
    command = [sys.executable, "-c", WITHOUT.replace('"bridge"', '"bridge.sandbox.app"'), ",".join(sorted(ONLY_EXTRAS))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert "is of an extra" in done.stderr


@pytest.mark.parametrize("command", ["build", "check", "schema", "personas", "destination", "doctor", "sandbox"])
def test_a_command_needs_no_extra(command: str) -> None:
    """Its help, and with it all that it imports at its start."""
    done = bridge(command, "--help")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("program", ["bridge", "serve"])
def test_the_sandbox_says_what_to_install(program: str) -> None:
    """In one line: the command, and what the repository has for it."""
    arguments = ["sandbox"] if program == "bridge" else []
    done = bridge(*arguments, "--port", "0", program=program)
    said = 'sandbox: starlette is not installed; get it with `pip install "kameleoon-segment-bridge[sandbox]"`'
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"error: {said}\n")


def test_the_repositorys_sandbox_says_what_to_do_where_nothing_is_installed() -> None:
    """As by a Python of the system's."""
    done = subprocess.run([sys.executable, "-S", "serve.py"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(
        r"error: \S+ is not installed; run `make demo`, then \.venv/bin/python serve\.py\n", done.stderr
    )


def test_the_schema_and_a_check_need_no_extra() -> None:
    """And they do their work."""
    assert '"sitecode"' in bridge("schema").stdout
    done = bridge("check", "web/demo/bridge.toml")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_build_needs_no_extra(tmp_path: Path) -> None:
    """A customer who only builds installs no web server and no browser."""
    done = bridge("build", "--config", "web/demo/bridge.toml", "--out", tmp_path)
    problems = [
        line for line in done.stderr.splitlines() if not line.endswith(" …")
    ]  # of a first build that takes long
    assert (done.returncode, problems) == (0, [])
    assert (tmp_path / "bridge.js").exists()


def test_a_dry_run_of_the_destination_needs_no_extra(tmp_path: Path) -> None:
    """It sends nothing, so it needs nothing to send with."""
    event = tmp_path / "event.json"
    event.write_text('{"type": "track", "event": "Order Completed"}', encoding="utf-8")
    done = bridge("destination", "match", "--filter", 'type = "track"', "--event", event)
    assert (done.returncode, done.stdout, done.stderr) == (0, '{"matches":true,"parse_error":null}\n', "")
