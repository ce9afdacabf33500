"""The benchmark's short form (`make bench`): one load. Times depend on the machine: whether they are there is asked."""

from pathlib import Path

from playwright.sync_api import Browser

from tests.bench.benchmark import DEFAULT_ENGINE
from tests.bench.conditions import PLAIN
from tests.bench.contenders import BRIDGE
from tests.bench.running import SHORT, run
from tests.bench.scale import IN_A_ROW
from tests.bench.stage import stage
from tests.bench.visits import VISITS, expected
from tests.bundle import budget

ALWAYS = {"blocked", "longest", "long tasks", "LCP", "memory"}


def test_one_load(browser: Browser, tmp_path: Path) -> None:
    """Each number is there, and what a page loads is in its budget: the one cost that is the same on each machine."""
    with stage(browser, tmp_path) as here:
        benchmark = run(here, SHORT)
    found = {cell.key for cell in benchmark.cells}
    wanted = {
        (PLAIN.name, visit, contender.name, measure)
        for contender in SHORT.contenders
        for visit in VISITS
        for measure in expected(contender, visit) | ALWAYS
    }
    wanted |= {(PLAIN.name, IN_A_ROW, BRIDGE.name, measure) for measure in ("event, p50", "event, p95")}
    assert found == wanted
    assert 0 < sum(file.brotli for file in benchmark.files) < budget.LOADED[DEFAULT_ENGINE]
