"""The README's figures, as the JSON file has them."""

import re
import textwrap
from pathlib import Path

from bridge.bundle.build import ROOT
from tests.bench.benchmark import COMPARED, Benchmark
from tests.bench.conditions import CONDITIONS, PLAIN
from tests.bench.contenders import BRIDGE, NONE
from tests.bench.visits import VISITS

RESULTS = ROOT / "docs" / "benchmark.json"
README = ROOT / "README.md"
_BLOCK = re.compile(r"(?<=<!-- benchmark -->\n).*?(?=\n<!-- /benchmark -->)", re.DOTALL)
_ROWS = {
    "page()": "the page's own `page()` leaves",
    "identifier": "the Kameleoon identifier leaves",
    "exposure": "the first exposure leaves",
}
_NONE = "-"


def read() -> Benchmark:
    """Return the results that are kept in the tree."""
    return Benchmark.model_validate_json(RESULTS.read_text("utf-8"))


def block(text: str) -> str:
    """Return what stands in a README's marked block."""
    found = _BLOCK.search(text)
    assert found, "the README has no block <!-- benchmark -->"
    return found[0]


def write(benchmark: Benchmark, readme: Path = README) -> None:
    """Put the figures into the README's block."""
    text = readme.read_text("utf-8")
    block(text)
    readme.write_text(_BLOCK.sub(lambda _: figures(benchmark), text), "utf-8")


def figures(benchmark: Benchmark) -> str:
    """Return the figures as Markdown: a sentence and a small table."""
    medians, machine = benchmark.medians, benchmark.machine
    lines = [f"| | {' | '.join(VISITS)} |", f"| --- |{' --: |' * len(VISITS)}"]
    for measure, label in _ROWS.items():
        cells = []
        for visit in VISITS:
            mine = medians.median(PLAIN.name, visit, BRIDGE.name, measure)
            ratios = [medians.ratio(PLAIN.name, visit, measure, BRIDGE.name, other) for other in COMPARED]
            texts = [f"{ratio:.1f}" if ratio else _NONE for ratio in ratios]
            cells.append(_NONE if mine is None else f"{mine:.0f} ms ({', '.join(texts)})")
        lines.append(f"| {label} | {' | '.join(cells)} |")
    for condition in CONDITIONS.values():
        if condition.network:
            continue
        added = [medians.added(condition.name, visit, "blocked", BRIDGE.name, NONE.name) for visit in VISITS]
        texts = [_NONE if one is None else f"{one:.0f} ms" for one in added]
        slow = f", processor {condition.cpu} times slower" if condition.cpu > 1 else ""
        lines.append(f"| main thread blocked longer{slow} | {' | '.join(texts)} |")
    browser, _, _ = machine.browser.partition(".")
    said = (
        "`make bench` measures what that costs. Behind each time: how many times that of an ideal snippet, written by"
        " hand, and how many times that of Kameleoon's own snippets and Segment tool; cold and warm are a new visitor's"
        f" caches (medians of {benchmark.loads} loads, {machine.cores} cores, {browser}; [all"
        " numbers](docs/benchmark.json))."
    )
    return "\n".join([*textwrap.wrap(said, 120, break_on_hyphens=False), "", *lines])
