"""What the bridge costs a page: `python -m tests.bench`, or `make bench`.

Measures the same page without a bridge, with Kameleoon's own snippets, with an ideal one, and with the bridge on both
engines; prints a table and writes all numbers as JSON. Exits with 1 if the bundle is too large, never for a time.
"""

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import sync_playwright

from tests.bench import readme
from tests.bench.benchmark import DEFAULT_ENGINE, Benchmark
from tests.bench.conditions import CONDITIONS
from tests.bench.contenders import CONTENDERS
from tests.bench.report import report
from tests.bench.running import LOADS, SHORT, Plan, run
from tests.bench.stage import stage
from tests.bundle import budget
from tests.find_browser import FLAGS, find

One = TypeVar("One")


def main() -> int:
    """Do what the command line says; return the exit code."""
    options = _options()
    if options.show or options.write_readme:
        benchmark = Benchmark.model_validate_json(options.json.read_text("utf-8"))
        if options.write_readme:
            readme.write(benchmark)
        else:
            sys.stdout.write(report(benchmark))
        return 0
    plan = SHORT if options.short else Plan(options.loads, options.conditions, options.contenders, options.much)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        with stage(browser, Path(folder)) as here:
            benchmark = run(here, plan)
        browser.close()
    if not options.short:
        options.json.write_text(benchmark.as_json(), "utf-8")
    sys.stdout.write(report(benchmark))
    return int(sum(file.brotli for file in benchmark.files) >= budget.LOADED[DEFAULT_ENGINE])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--loads", type=int, default=LOADS, help="visits of each kind (default: %(default)s)")
    parser.add_argument(
        "--conditions",
        type=lambda text: _named(CONDITIONS, text),
        default=list(CONDITIONS.values()),
        help=f"some of {','.join(CONDITIONS)} (default: all)",
    )
    parser.add_argument(
        "--contenders",
        type=lambda text: _named(CONTENDERS, text),
        default=list(CONTENDERS.values()),
        help=f"some of {','.join(CONTENDERS)} (default: all)",
    )
    parser.add_argument("--json", type=Path, default=readme.RESULTS, help="file of all numbers (docs/benchmark.json)")
    parser.add_argument("--no-scale", dest="much", action="store_false", help="leave out what comes in great numbers")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--short", action="store_true", help="one load of two contenders; writes no file")
    what.add_argument("--show", action="store_true", help="measure nothing, print the table of the file")
    what.add_argument(
        "--write-readme", action="store_true", help="measure nothing, put the file's figures in README.md"
    )
    return parser.parse_args()


def _named(known: Mapping[str, One], text: str) -> list[One]:
    if unknown := set(text.split(",")) - set(known):
        raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: one of {', '.join(known)}")
    return [known[name] for name in text.split(",")]


if __name__ == "__main__":
    sys.exit(main())
