"""The brain's tests pass on the interpreters that browsers run, too."""

import importlib
import json
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("engine", ["micropython", "pyodide"])
def test_brain(engine: str) -> None:
    """Every test of tests/brain that CPython runs passes on this interpreter, none is left out."""
    command = ["node", str(ROOT / "tests" / "brain" / "interpreter.mjs"), str(ROOT), engine]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    report = json.loads(done.stdout)
    assert report["failures"] == {}
    here = [
        f"{path.stem}.{name}"
        for path in (ROOT / "tests" / "brain" / "portable").glob("test_*.py")
        for name in dir(importlib.import_module(f"tests.brain.portable.{path.stem}"))
        if name.startswith("test_")
    ]
    assert sorted(report["tests"]) == sorted(here)
