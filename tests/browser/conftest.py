"""A shop on one origin with the bundle and both clouds on another."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page

from bridge.bundle import build
from bridge.models.settings import Settings
from bridge.sandbox.app import create_app
from tests.browser.serving import serving
from tests.browser.shop import SITECODE, Host, Shop


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
def shop(context: BrowserContext, page: Page, sandbox: str, host: Host, engine: str) -> Iterator[Shop]:
    """Return a shop, whose visitor has just come for the first time."""
    httpx.post(f"{sandbox}/sandbox/reset", timeout=5).raise_for_status()
    shop = Shop(context, page, sandbox, host, engine)
    yield shop
    shop.check()


@pytest.fixture
def configured(shop: Shop) -> Callable[..., str]:
    """Return a function that puts a configuration on the shop's server and returns its address."""

    def configured(**settings: Any) -> str:
        return shop.file("/bridge.json", json.dumps({"sitecode": SITECODE, **settings}))

    return configured
