"""The benchmark's short form (`make bench`): one load. Times depend on the machine: whether they are there is asked."""

import pytest
from playwright.sync_api import Browser

from tests.bench.benchmark import DEFAULT_ENGINE, Benchmark
from tests.bench.conditions import PLAIN
from tests.bench.contenders import BRIDGE
from tests.bench.running import SHORT, run
from tests.bench.scale import IN_A_ROW
from tests.bench.stage import stage
from tests.bench.visits import VISITS, expected
from tests.bundle import budget

ALWAYS = {"blocked", "longest", "long tasks", "LCP", "memory"}


@pytest.fixture(scope="module")
def benchmark(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Benchmark:
    """Return what one load of two contenders measured."""
    with stage(browser, tmp_path_factory.mktemp("bundle")) as here:
        return run(here, SHORT)


def test_each_number_is_there(benchmark: Benchmark) -> None:
    """Of each contender and visit, and of an event on its way."""
    found = {cell.key for cell in benchmark.cells}
    wanted = {
        (PLAIN.name, visit, contender.name, measure)
        for contender in SHORT.contenders
        for visit in VISITS
        for measure in expected(contender, visit) | ALWAYS
    }
    wanted |= {(PLAIN.name, IN_A_ROW, BRIDGE.name, measure) for measure in ("event, p50", "event, p95")}
    assert found == wanted


def test_all_that_is_loaded_is_in_its_budget(benchmark: Benchmark) -> None:
    """The wire is the one cost that is the same on each machine."""
    assert 0 < sum(file.brotli for file in benchmark.files) < budget.LOADED[DEFAULT_ENGINE]
