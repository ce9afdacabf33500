"""A run's results, as the JSON file has them."""

import json
import os
import platform
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from bridge.bundle import Manifest
from bridge.bundle.build import ROOT
from tests.bench.conditions import CONDITIONS
from tests.bench.contenders import BRIDGE, IDEAL, SNIPPET
from tests.bench.numbers import Cell, Medians
from tests.bench.targets import Target, targets
from tests.bench.visits import VISITS
from tests.bundle import budget

#: What the bridge is compared with.
COMPARED = (IDEAL.name, SNIPPET.name)
#: The measures that a ratio says something of.
TIMES = ("page()", "identifier", "exposure", "custom data")
DEFAULT_ENGINE = "micropython"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class Machine(_Model):
    """What it was measured on."""

    cpu: str
    cores: int
    memory: float = Field(description="GB")
    os: str
    browser: str

    @classmethod
    def this(cls, browser: str) -> Self:
        """Return this machine, with a browser's version."""
        cpuinfo = Path("/proc/cpuinfo")
        named = re.search(r"model name\s*:\s*(.+)", cpuinfo.read_text("utf-8")) if cpuinfo.exists() else None
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
        return cls(
            cpu=named[1] if named else platform.machine(),
            cores=os.cpu_count() or 1,
            memory=round(memory, 1),
            os=_system(),
            browser=f"Chromium {browser}",
        )


class Ratio(_Model):
    """The bridge's median divided by another's."""

    condition: str
    case: str
    measure: str
    to: str
    ratio: float


class FileSize(_Model):
    """A file that a visitor of the default engine loads."""

    file: str
    brotli: int = Field(description="bytes")


class Benchmark(BaseModel):
    """All that one run measured."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    version: Literal[1] = Field(1, alias="schema")
    commit: str
    date: date
    machine: Machine
    loads: int = Field(description="visits of each kind; what grows and what is held takes a fifth of them")
    files: list[FileSize]
    cells: list[Cell]
    ratios: list[Ratio]
    targets: list[Target]

    @classmethod
    def of(cls, commit: str, cells: list[Cell], manifest: Manifest, loads: int, browser: str) -> Self:
        """Return the results of a run that just ended.

        Args:
            commit: What the tree was at when it began.
            cells: What was measured.
            manifest: Of the bundle that ran.
            loads: How often each number was measured.
            browser: The browser's version.
        """
        files = files_loaded(manifest)
        medians = Medians(cells)
        return cls(
            commit=commit,
            date=datetime.now(UTC).date(),
            machine=Machine.this(browser),
            loads=loads,
            files=files,
            cells=cells,
            ratios=list(_ratios(medians)),
            targets=targets(medians, sum(file.brotli for file in files), budget.LOADED[DEFAULT_ENGINE]),
        )

    @property
    def medians(self) -> Medians:
        """Return the numbers, to be looked up."""
        return Medians(self.cells)

    def as_json(self) -> str:
        """Return it as JSON, a line for each part of a list: so that a new run's differences can be read."""
        parts = []
        for name, value in self.model_dump(mode="json", by_alias=True).items():
            text = json.dumps(value, ensure_ascii=False)
            if isinstance(value, list):
                text = "[\n  " + ",\n  ".join(json.dumps(one, ensure_ascii=False) for one in value) + "\n]"
            parts.append(f"{json.dumps(name)}: {text}")
        return "{\n" + ",\n".join(parts) + "\n}\n"


def files_loaded(manifest: Manifest) -> list[FileSize]:
    """Return the files that a visitor of the default engine loads."""
    return [FileSize(file=name, brotli=manifest.files[name].brotli) for name in manifest.loads[DEFAULT_ENGINE]]


def _ratios(medians: Medians) -> Iterator[Ratio]:
    for condition in CONDITIONS:
        for visit in VISITS:
            for measure in TIMES:
                for other in COMPARED:
                    ratio = medians.ratio(condition, visit, measure, BRIDGE.name, other)
                    if ratio is not None:
                        yield Ratio(condition=condition, case=visit, measure=measure, to=other, ratio=round(ratio, 3))


def _system() -> str:
    """Return the operating system's name, as it calls itself."""
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()


def commit() -> str:
    """Return what the tree was at, "-dirty" where it had changes; "unknown" without git."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude=*", "--abbrev=12"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
