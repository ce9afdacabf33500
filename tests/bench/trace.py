"""What takes a browser's main thread on one visit: ``python -m tests.bench.trace 4x-fast4g cold``.

Prints each task that is longer than any of a snippet's: when it begins, ms since the trace, and what takes most of it.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.bench.conditions import CONDITIONS
from tests.bench.contenders import CONTENDERS, Contender
from tests.bench.stage import Stage, Visitor, stage
from tests.bench.visits import VISITS, WARM, expected
from tests.find_browser import FLAGS, find

LONG_US = 25_000  # half of what counts as blocking
PART_US = 6_000
_CATEGORIES = ["toplevel", "v8.execute", "devtools.timeline", "disabled-by-default-devtools.timeline"]
_TASKS = {"RunTask", "ThreadControllerImpl::RunTask"}


def main() -> None:
    """Trace one visit, and print its long tasks."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.trace", description=__doc__)
    parser.add_argument("condition", choices=sorted(CONDITIONS))
    parser.add_argument("visit", choices=VISITS)
    parser.add_argument("--contender", choices=CONTENDERS, default="bridge")
    options = parser.parse_args()
    contender = CONTENDERS[options.contender]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        with stage(browser, Path(folder)) as here:
            events = _traced(browser, here, contender, options.condition, options.visit)
        browser.close()
    sys.stdout.writelines(line + "\n" for line in long_tasks(events))


def _traced(browser: Browser, here: Stage, contender: Contender, condition: str, visit: str) -> list[dict[str, Any]]:
    """Return the trace of the visit, after those that come before it."""
    with here.visitor(CONDITIONS[condition]) as visitor:
        for one in VISITS:
            if one == WARM:
                visitor.forget()
            if one == visit:
                browser.start_tracing(page=visitor.page, categories=_CATEGORIES)
            _make(visitor, contender, one)
            if one == visit:
                break
        events: list[dict[str, Any]] = json.loads(browser.stop_tracing())["traceEvents"]
        return events


def _make(visitor: Visitor, contender: Contender, visit: str) -> None:
    visitor.open(contender)
    visitor.wait(expected(contender, visit))
    visitor.read()


def long_tasks(events: list[dict[str, Any]]) -> Iterator[str]:
    """Yield a line for each long task of the thread that runs the page's scripts, and one for each part of it."""
    calls = Counter((one["pid"], one["tid"]) for one in events if one["name"] == "FunctionCall")
    ((main_thread, _),) = calls.most_common(1)
    mine = [one for one in events if (one["pid"], one["tid"]) == main_thread and one.get("ph") == "X"]
    mine.sort(key=lambda one: (one["ts"], -one["dur"]))
    began = min(one["ts"] for one in mine)
    until = 0
    for task in mine:
        if task["name"] not in _TASKS or task["dur"] < LONG_US or task["ts"] < until:
            continue
        until = task["ts"] + task["dur"]
        yield f"{(task['ts'] - began) / 1000:6.0f}: {task['dur'] / 1000:.0f} ms"
        for part in mine:
            inside = task["ts"] <= part["ts"] and part["ts"] + part["dur"] <= until
            if inside and part["dur"] >= PART_US and part["name"] not in _TASKS:
                data = part.get("args", {}).get("data") or {}
                where = str(data.get("url") or data.get("scriptName") or "").rpartition("/")[2]
                what = f"{part['name']} {where[:60]} {data.get('functionName', '')}".rstrip()
                yield f"{'':12}{part['dur'] / 1000:4.0f} ms {what}"


if __name__ == "__main__":
    main()
