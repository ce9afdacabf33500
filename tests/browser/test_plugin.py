"""The pytest plugin in projects of somebody else's: installed from a wheel, run by a pytest of theirs."""

# ruff: noqa: D103  # the tests' names are sentences

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import Distribution
from pathlib import Path

import pytest

from tests.browser.shop import Host, Storefront
from tests.find_browser import FLAGS, find

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
#: What a project on this machine needs, whatever it tests.
BROWSER = """
import pytest

@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {{**browser_type_launch_args, "executable_path": {browser!r}, "args": {flags!r}}}
"""
TEST = """
def test_the_calm_headline_is_seen(page, kameleoon_segment):
    kameleoon_segment.force_variation(101, 1002)
    page.goto({shop!r})
    event = kameleoon_segment.wait_for_exposure(experiment_id=101, variation_id=1002)
    assert event["properties"]["variation_name"] == "Calm"
    assert kameleoon_segment.wait_for_identifier()["properties"]["k_visitorCode"]
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the distribution, as pip installs it."""
    folder = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"]
    command += ["--no-deps", "--no-build-isolation", "--target", str(folder), str(ROOT)]
    subprocess.run(command, check=True, timeout=120)
    return folder


@pytest.fixture
def shop(sandbox: str, host: Host) -> str:
    """Return the address of a page with everything in it."""
    shop = Storefront(sandbox, host, "micropython")
    variations = [{"id": 1001, "name": "Bold"}, {"id": 1002, "name": "Calm"}]
    experiment = {
        "id": 101,
        "name": "Headline",
        "variations": variations,
        "deviation": {"0": 0, "1001": 50, "1002": 50},
    }
    shop.write(shop.kameleoon(experiments=[experiment]), shop.segment(), shop.tag())
    return shop.origin


def ran(
    folder: Path, installed: Path, test: str, files: Mapping[str, str], *options: str
) -> tuple[dict[str, int], str]:
    """Run pytest in a project of one test and other files; return how many had which outcome, and what was printed."""
    browser = BROWSER.format(browser=str(find()), flags=FLAGS)
    for name, text in {**files, "test_shop.py": browser + test}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV", "CI"))}
    # As `python -m pytest` does: the project's own folder comes before what is installed.
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    last = done.stdout.splitlines()[-1] if done.stdout else ""
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)s?", last)}
    return counts, done.stdout + done.stderr


def test_a_wheel_has_the_plugin_and_all_it_needs(installed: Path) -> None:
    (info,) = installed.glob("*.dist-info")
    (point,) = Distribution.at(info).entry_points.select(group="pytest11")
    assert (point.name, point.value) == ("kameleoon_segment_pytest", "kameleoon_segment_pytest")
    assert (installed / "kameleoon_segment_pytest.py").is_file()
    assert (installed / "bridge" / "testing" / "kit.py").is_file()


def test_a_project_of_its_own(tmp_path: Path, installed: Path, shop: str) -> None:
    """It has nothing but a test."""
    outcome, said = ran(tmp_path, installed, TEST.format(shop=shop), {})
    assert outcome == {"passed": 1}, said


def test_pytest_starts_without_anything_of_ours(tmp_path: Path, installed: Path) -> None:
    test = """
import sys

def test_without_the_fixture():
    assert "kameleoon_segment_pytest" in sys.modules
    assert not [name for name in sys.modules if name.partition(".")[0] in ("bridge", "pydantic")]
"""
    outcome, said = ran(tmp_path, installed, test, {})
    assert outcome == {"passed": 1}, said


def test_a_project_that_has_a_bridge_itself(tmp_path: Path, installed: Path, shop: str) -> None:
    """Its own is its own before, while and after ours is used, what it imports late included."""
    own = """
import bridge

def test_theirs(page, kameleoon_segment):
    import bridge.arches
    assert (bridge.NAME, bridge.arches.COUNT) == ("of stone", 3)
    kameleoon_segment.remote(personas=["vip"])
    page.goto({shop!r})
    kameleoon_segment.wait_for_exposure()
    from bridge import towers
    assert towers.bridge is bridge
"""
    theirs = {
        "bridge/__init__.py": "NAME = 'of stone'",
        "bridge/arches.py": "COUNT = 3",
        "bridge/towers.py": "import bridge",
    }
    outcome, said = ran(tmp_path, installed, TEST.format(shop=shop) + own.format(shop=shop), theirs)
    assert outcome == {"passed": 2}, said


def test_a_project_whose_bridge_cannot_be_imported(tmp_path: Path, installed: Path, shop: str) -> None:
    """Not even where nobody can import what it calls `bridge` does pytest's start, or the fixture, fall over it."""
    files = {"bridge/__init__.py": "raise RuntimeError('only in production')", "bridge/testing.py": ""}
    outcome, said = ran(tmp_path, installed, TEST.format(shop=shop), files)
    assert outcome == {"passed": 1}, said


@pytest.mark.parametrize("by", ["mark", "setting"])
def test_offline_by_a_mark_or_a_setting(tmp_path: Path, installed: Path, shop: str, by: str) -> None:
    """Who answers then is no server."""
    test = """
{mark}
def test_offline(page, kameleoon_segment):
    with page.expect_response(lambda answer: answer.url.endswith("/v1/t")) as answer:
        page.goto({shop!r})
    assert "server" not in answer.value.headers
    assert kameleoon_segment.wait_for_identifier()
"""
    mark = "@pytest.mark.kameleoon_segment_offline" if by == "mark" else ""
    files = {"pytest.ini": "[pytest]\nkameleoon_segment_offline = true\n"} if by == "setting" else {}
    strict = ("--strict-markers", "--strict-config")
    outcome, said = ran(tmp_path, installed, test.format(mark=mark, shop=shop), files, *strict)
    assert outcome == {"passed": 1}, said


def test_a_project_without_pytest_playwright_is_told_what_is_missing(tmp_path: Path, installed: Path) -> None:
    """What fails for another reason says what it said."""
    test = """
@pytest.fixture
def theirs(nowhere):
    pass

def test_ours(kameleoon_segment):
    pass

def test_theirs(theirs):
    pass
"""
    outcome, said = ran(tmp_path, installed, test, {}, "-p", "no:playwright")
    assert outcome == {"error": 2}, said
    assert "kameleoon_segment: there is no fixture `page`" in said
    assert "fixture 'nowhere' not found" in said
    assert "fixture 'page' not found" not in said
    assert "hidden" not in said


def test_a_mark_that_cannot_be_followed_is_told(tmp_path: Path, installed: Path) -> None:
    test = """
@pytest.mark.kameleoon_segment_offline(engine="engine.js")
def test_no_such_name(kameleoon_segment):
    pass

@pytest.mark.kameleoon_segment_offline("engine.js")
def test_no_name(kameleoon_segment):
    pass

@pytest.mark.kameleoon_segment_offline(engine_js="engine.js")
def test_no_file(kameleoon_segment):
    pass
"""
    outcome, said = ran(tmp_path, installed, test, {})
    assert outcome == {"error": 3}, said
    assert said.count("; accepted: analytics_js=FILE, engine_js=FILE\n") == 3
    assert "kameleoon_segment_offline: engine.js: is no file" in said
    assert "answers.py" not in said


def test_an_asynchronous_page_is_said_not_to_be_supported(tmp_path: Path, installed: Path) -> None:
    test = """
from playwright.async_api import Page

@pytest.fixture
def page():
    return object.__new__(Page)

def test_it(kameleoon_segment):
    pass
"""
    outcome, said = ran(tmp_path, installed, test, {})
    assert outcome == {"error": 1}, said
    assert "kameleoon_segment: the page is one of Playwright's asynchronous API (pytest-playwright-asyncio)" in said
    assert "Traceback" not in said


def test_a_failure_says_why_without_showing_our_own_lines(tmp_path: Path, installed: Path, shop: str) -> None:
    test = """
def test_the_wrong_one(page, kameleoon_segment):
    page.goto({shop!r})
    kameleoon_segment.wait_for_exposure()
    kameleoon_segment.wait_for_exposure(experiment_id=999, timeout=200)
"""
    outcome, said = ran(tmp_path, installed, test.format(shop=shop), {})
    assert outcome == {"failed": 1}, said
    assert "no exposure of campaign 999 left the page in 0.2 s" in said
    assert "experiment 101 (Headline)" in said
    assert "test_shop.py:" in said
    assert "kit.py" not in said
