"""A shop on one origin with the bundle and both clouds on another."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bridge.bundle import build
from bridge.models.settings import Settings
from bridge.sandbox.app import create_app
from tests.browser.serving import CLIENT, serving
from tests.browser.shop import PATIENCE_S, SITECODE, Host, Shop


def pytest_configure(config: pytest.Config) -> None:
    """Declare the tests' own marks; be as patient with what a page shows as with what arrives."""
    expect.set_options(timeout=PATIENCE_S * 1000)
    config.addinivalue_line("markers", "never_starts(reason): the page's Python does not get to run in this test")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run each test on both interpreters, but each of its further cases on MicroPython alone: Pyodide starts slowly."""
    ran_on: dict[tuple[object, ...], set[str]] = {}
    dropped = []
    for item in items:
        if not isinstance(item, pytest.Function) or not hasattr(item, "callspec"):
            continue
        params = item.callspec.params
        engines = ran_on.setdefault((item.path, item.originalname, params.get("brand")), set())
        if params.get("engine") == "pyodide" and engines == {"micropython", "pyodide"}:
            dropped.append(item)
        engines.add(str(params.get("engine")))
    config.hook.pytest_deselected(items=dropped)
    items[:] = [item for item in items if item not in dropped]


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a bundle as a customer builds it."""
    out = tmp_path_factory.mktemp("bundle")
    build(Settings(sitecode=SITECODE), out)
    return out


@pytest.fixture(scope="session")
def sandbox(bundle: Path) -> Iterator[str]:
    """Return the origin of a running sandbox: the bundle, Segment's CDN and collector, Kameleoon's script."""
    with serving(create_app(bundle)) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    """Return the shop's own web server."""
    host = Host()
    with serving(host.app()) as port:
        host.origin = f"http://localhost:{port}"
        yield host


@pytest.fixture(params=["micropython", "pyodide"])
def engine(request: pytest.FixtureRequest) -> str:
    """Return the Python that runs in the page: what a test expects of one, it expects of both."""
    name: str = request.param
    return name


@pytest.fixture
def shop(request: pytest.FixtureRequest, page: Page, sandbox: str, host: Host, engine: str) -> Iterator[Shop]:
    """Return a shop, whose visitor has just come for the first time; afterwards the test's interpreter has run."""
    CLIENT.post(f"{sandbox}/sandbox/reset").raise_for_status()
    shop = Shop(page, sandbox, host, engine)
    yield shop
    expected = set() if request.node.get_closest_marker("never_starts") else {engine}
    assert shop.interpreters() == expected, "what the test says it ran on is not what ran"
    shop.check()


@pytest.fixture
def configured(shop: Shop) -> Callable[..., str]:
    """Return a function that puts a configuration on the shop's server and returns its address."""

    def configured(**settings: Any) -> str:
        return shop.file("/bridge.json", json.dumps({"sitecode": SITECODE, **settings}))

    return configured
