"""MicroPython makes of any data what CPython makes of it."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis.strategies import SearchStrategy

from bridge.models.settings import table
from tests.brain import answers
from tests.brain.strategies import CONFIG, REMOTE, REPORTS, VALUES

ROOT = Path(__file__).parents[2]
BUILT = {"settings": {"sitecode": "abcde12345"}, "table": table()}
CASES = {
    "values": VALUES,
    "remote": REMOTE,
    "exposures": REPORTS,
    "settings": CONFIG.map(lambda config: {"config": config, "built": BUILT}),
}


def some(strategy: SearchStrategy[Any], count: int) -> list[Any]:
    """Return examples, the same ones each time."""
    found: list[Any] = []

    @settings(derandomize=True, max_examples=count, database=None, deadline=None)
    @given(strategy)
    def collect(example: Any) -> None:
        found.append(example)

    collect()
    return found


@pytest.mark.parametrize("which", CASES)
def test_the_same_on_micropython(which: str) -> None:
    """One process for all cases, which reach it as browsers write them."""
    cases = [[which, data] for data in some(CASES[which], 300)]
    text = json.dumps(cases, ensure_ascii=False)
    command = ["node", str(Path(__file__).with_name("answers.mjs")), str(ROOT)]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True, timeout=120)
    there, here = json.loads(done.stdout), json.loads(answers.report(text))
    assert len(here) == len(cases) >= 200
    for case, on_micropython, on_cpython in zip(cases, there, here, strict=True):
        assert on_micropython == on_cpython, case
        assert "thrown" not in on_cpython, case
