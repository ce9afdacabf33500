"""The story from its first chapter to its last, on both interpreters."""

# ruff: noqa: D103  # the tests' names are sentences

import json
import subprocess
from pathlib import Path

from tests.web.demo.playing import played

ROOT = Path(__file__).parents[3]
STORY = ["stranger", "log-in", "enter", "view-with", "cart", "refuse", "view", "cart-again"]


def test_the_story_is_played_in_order_over_page_views() -> None:
    assert played() == [*STORY, f"8 {(10, 76)}"]


def test_micropython_plays_it_as_cpython_does() -> None:
    command = ["node", str(Path(__file__).with_name("micropython.mjs")), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout) == played()
