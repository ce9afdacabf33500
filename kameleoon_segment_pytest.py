"""The pytest plugin of the Kameleoon x Segment bridge: the fixture ``kameleoon_segment`` for tests of pages with it.

pytest imports this module at its start, so it is small, and has a name of its own: a project that is tested may have a
package ``bridge`` itself. Ours is imported when a test asks for the fixture, by its place beside this file.
"""

import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from bridge.testing.kit import KameleoonSegment

_PACKAGE = "bridge"
_HOME = Path(__file__).resolve().parent / _PACKAGE
_OFFLINE = "kameleoon_segment_offline"  # the mark, and the option in pytest's settings
_ASYNCHRONOUS = (
    "kameleoon_segment: the page is one of Playwright's asynchronous API (pytest-playwright-asyncio), which is not "
    "supported; use the page of pytest-playwright, in a test that is no coroutine"
)
_NO_PAGE = (
    "kameleoon_segment: there is no fixture `page`. It is pytest-playwright's, which is not installed, or is switched "
    "off (-p no:playwright, PYTEST_DISABLE_PLUGIN_AUTOLOAD). Get it with pip install "
    '"kameleoon-segment-bridge[testing]", or define a fixture `page` that gives a page of Playwright\'s synchronous API'
)
#: Our modules, where `bridge` is the name of somebody else's.
_kept: dict[str, ModuleType] = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the setting that lets no test reach Segment or Kameleoon."""
    text = "true: kameleoon_segment answers both clouds inside the browser, in each test that asks for it"
    parser.addini(_OFFLINE, text, type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark that does the same for one test."""
    text = "kameleoon_segment answers both clouds inside the browser, with the files that are named"
    config.addinivalue_line("markers", f"{_OFFLINE}(analytics_js=None, engine_js=None): {text}")


@pytest.fixture
def kameleoon_segment(page: "Page", request: pytest.FixtureRequest) -> "Iterator[KameleoonSegment]":
    """Return what a test sees of the page's bridge and events; ask for it before the page is opened."""
    if type(page).__module__.startswith("playwright.async_api"):
        _fail(_ASYNCHRONOUS)
    with _ours():
        from bridge.testing.kit import KameleoonSegment  # noqa: PLC0415 - not before a test asks for it
    kit = KameleoonSegment(page, _ours, _context_args(request))
    mark = request.node.get_closest_marker(_OFFLINE)
    try:
        if mark or request.config.getini(_OFFLINE):
            kit.offline(*(mark.args if mark else ()), **(mark.kwargs if mark else {}))
    except (TypeError, FileNotFoundError) as error:
        _fail(f"{_OFFLINE}: {error}; accepted: analytics_js=FILE, engine_js=FILE")
    yield kit
    kit.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    """Say what is missing where nobody gives the page: pytest would only name the fixtures that there are."""
    __tracebackhide__ = True
    try:
        return (yield)
    except pytest.FixtureLookupError as error:
        if error.argname != "page" or "kameleoon_segment" not in getattr(item, "fixturenames", ()):
            raise
    _fail(_NO_PAGE)


def _fail(text: str) -> NoReturn:
    """End the test with a text alone."""
    pytest.fail(text, pytrace=False)


def _context_args(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return what pytest-playwright makes the page's context with; nothing where a project makes its own."""
    name = "browser_context_args"
    if name not in request.fixturenames:
        return {}
    mark = request.node.get_closest_marker(name)
    return {**request.getfixturevalue(name), **(mark.kwargs if mark else {})}


@contextmanager
def _ours() -> Iterator[None]:
    """Let ``bridge`` mean the package beside this file meanwhile, whatever else has that name."""
    if _is_ours():
        yield
        return
    theirs = _taken_out()
    sys.modules.update(_kept)
    if _PACKAGE not in _kept:
        _load()
    try:
        yield
    finally:
        _kept.update(_taken_out())
        sys.modules.update(theirs)


def _is_ours() -> bool:
    try:
        spec = find_spec(_PACKAGE)
    except ValueError:  # a module that was made by hand
        return False
    return spec is not None and spec.origin is not None and Path(spec.origin).resolve().parent == _HOME


def _taken_out() -> dict[str, ModuleType]:
    """Take the package and all below it out of the modules that are imported; return them."""
    names = [name for name in sys.modules if name.partition(".")[0] == _PACKAGE]
    return {name: sys.modules.pop(name) for name in names}


def _load() -> None:
    """Import our package by its place; what lies below it is found from there."""
    spec = spec_from_file_location(_PACKAGE, _HOME / "__init__.py", submodule_search_locations=[str(_HOME)])
    if spec is None or spec.loader is None:
        raise ImportError(f"{_HOME} is no package: install kameleoon-segment-bridge again")
    module = module_from_spec(spec)
    sys.modules[_PACKAGE] = module
    spec.loader.exec_module(module)
