"""Clean virtual environments: what pip makes of a wheel there, without a network, Node, or this repository."""

import os
import signal
import subprocess
import sys
import tomllib
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXECUTABLES = "Scripts" if os.name == "nt" else "bin"


def release(out: Path) -> dict[str, Path]:
    """Write a release into a folder, as `make dist` does; return its files by their endings."""
    command = [sys.executable, "release.py", "--out", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=300)
    return {path.name.rpartition(".")[2]: path for path in out.iterdir()}


class Environment:
    """A virtual environment with a wheel, and with what the wheel says that it and some of its extras need."""

    def __init__(self, folder: Path, wheel: Path, *extras: str) -> None:
        self.folder = folder
        venv.create(folder / "venv", with_pip=False)
        self._bin = folder / "venv" / EXECUTABLES
        pip = [sys.executable, "-m", "pip", "--python", str(self._bin / "python"), "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", "--no-index", "--no-deps", "--no-compile", str(wheel)], check=True)
        self._environment = {"PATH": str(self._bin), "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
        (self.site,) = (folder / "venv").rglob("site-packages")
        (self.site / "needed.pth").write_text(f"{needed(folder, *extras)}\n", encoding="utf-8")

    def run(self, *arguments: str, command: str = "kameleoon-segment") -> "subprocess.CompletedProcess[str]":
        """Run a command of the environment, where nothing else can be found."""
        return subprocess.run(
            [str(self._bin / command), *arguments],
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def done(self, *arguments: str) -> None:
        """Run a command that has nothing to complain of: on standard error it says at most what takes long."""
        done = self.run(*arguments)
        problems = [line for line in done.stderr.splitlines() if not line.endswith(" …")]
        assert (done.returncode, problems) == (0, [])

    @contextmanager
    def started(self, *arguments: str, command: str = "kameleoon-segment") -> Iterator[str]:
        """Start a command that goes on until it is stopped, as by Ctrl+C; give the first line that it prints."""
        (self.folder / "tmp").mkdir()
        environment = self._environment | {"TMPDIR": str(self.folder / "tmp")}
        line = [str(self._bin / command), *arguments]
        with subprocess.Popen(line, cwd=self.folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            yield process.stdout.readline()
            process.send_signal(signal.SIGINT)

    def packages(self) -> dict[str, int]:
        """Return what lies in the environment's packages: paths with their times of change."""
        return {str(path): path.stat().st_mtime_ns for path in self.site.rglob("*")}


def needed(folder: Path, *extras: str) -> Path:
    """Make a folder below this one with the packages that the project and some of its extras need; return it."""
    out = folder / "needed"
    out.mkdir()
    for entry in _dependencies(*extras):
        (out / entry.name).symlink_to(entry)
    return out


def _dependencies(*extras: str) -> set[Path]:
    """Return the packages that pyproject.toml asks for, and theirs, as they lie in this environment."""
    wanted = [Requirement(one) for one in PROJECT["dependencies"]]
    wanted += [Requirement(one) for extra in extras for one in PROJECT["optional-dependencies"][extra]]
    seen: set[str] = set()
    entries: set[Path] = set()
    while wanted:
        one = wanted.pop()
        if one.name in seen or (one.marker and not one.marker.evaluate({"extra": ""})):
            continue
        seen.add(one.name)
        found = distribution(one.name)
        entries |= {Path(str(found.locate_file(file.parts[0]))) for file in found.files or () if ".." not in file.parts}
        wanted += [Requirement(more) for more in found.requires or ()]
    return {entry for entry in entries if entry.name != "__pycache__"}
