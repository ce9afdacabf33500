"""A release as strangers use it: installed where no Node is, built, served by a plain static server, in a page."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.shop import ONLY_MICROPYTHON, SITECODE, Shop
from tests.release.clean import Environment

pytestmark = pytest.mark.slow


class Plain(SimpleHTTPRequestHandler):
    """Python's own file server, for pages of any origin."""

    def end_headers(self) -> None:
        """Allow any origin."""
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Say nothing."""


class Plainer(Plain):
    """A file server that has not heard of WebAssembly."""

    extensions_map = {**Plain.extensions_map, ".wasm": "application/octet-stream"}  # noqa: RUF012 - as there


@contextmanager
def served(folder: Path, handler: type[Plain] = Plain) -> Iterator[str]:
    """Serve a folder; give its origin."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def sees_an_identifier(shop: Shop, tag: str) -> None:
    """Open a page with a tag; all arrives that a page of the shop brings."""
    shop.open(shop.kameleoon(), shop.segment(), tag)
    assert shop.ready()["state"] == "on"
    (identifier,) = shop.wait_for("Kameleoon identifier")
    assert identifier["properties"]["k_visitorCode"] == shop.visitor_code()
    assert shop.works()["sitecode"] == SITECODE


@ONLY_MICROPYTHON
def test_the_wheel_builds_what_a_page_runs(shop: Shop, released: dict[str, Path], tmp_path: Path) -> None:
    """From `pip install` to the identifier in Segment."""
    environment = Environment(tmp_path, released["whl"])
    (tmp_path / "bridge.toml").write_text(f'sitecode = "{SITECODE}"\n', encoding="utf-8")
    environment.done("build", "--config", "bridge.toml", "--out", "dist")
    with served(tmp_path / "dist") as origin:
        shop.allowed.append(origin)
        sees_an_identifier(shop, f'<script async src="{origin}/bridge.js"></script>')


@pytest.fixture(scope="module")
def demo(released: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the origin of the wheel's sandbox, where nothing else is."""
    environment = Environment(tmp_path_factory.mktemp("sandbox"), released["whl"], "sandbox")
    before = environment.packages()
    with environment.started("sandbox", "--port", "0") as said:
        yield re.findall(r"http://\S+(?=/ )", said)[0]
    assert environment.packages() == before
    assert list((environment.folder / "tmp").iterdir()) == [], "it leaves something behind"


@pytest.mark.parametrize("engine", ["MicroPython", "Pyodide"])
def test_the_demo_of_the_wheel_shows_an_identifier(demo: str, page: Page, engine: str) -> None:
    """Without Node, the repository, or a network."""
    strangers: list[str] = []
    page.on("request", lambda asked: None if asked.url.startswith(demo) else strangers.append(asked.url))
    if engine == "Pyodide":
        page.context.add_cookies([{"name": "demo-engine", "value": "pyodide", "url": demo}])
    page.goto(demo)
    for event in ("Kameleoon identifier", "Experiment viewed"):
        expect(page.get_by_role("button", name=f"Segment: {event}")).to_be_visible()
    expect(page.locator("#status")).to_contain_text(f"Bridge on · {engine}")
    page.goto(f"{demo}/sandbox/monitoring")
    expect(page.locator("h1")).to_be_visible()
    assert strangers == []


@pytest.fixture(scope="module")
def hosted(released: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that the zip has."""
    out = tmp_path_factory.mktemp("zip")
    with zipfile.ZipFile(released["zip"]) as archive:
        archive.extractall(out)
    (folder,) = out.iterdir()
    return folder


def test_the_zip_is_told_all_by_the_page(shop: Shop, hosted: Path) -> None:
    """On both engines: the site code by an attribute, the rest by a file of the page's."""
    shop.file("/settings.json", '{"exposures": {"dialect": "template"}}')
    with served(hosted) as origin:
        shop.allowed.append(origin)
        sees_an_identifier(shop, shop.tag(config="/settings.json").replace(f"{shop.cloud}/", f"{origin}/"))
        (exposure,) = shop.events("Experiment viewed")
        assert exposure["properties"]["experimentID"] == 101


@pytest.mark.parametrize("handler", [Plain, Plainer])
def test_the_wizard_runs_from_any_static_host(page: Page, hosted: Path, handler: type[Plain]) -> None:
    """Under a sub-folder, of a server that need not know WebAssembly; nobody else is asked, and nothing is red."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if line.type in ("error", "warning") else None)
    with served(hosted.parent, handler) as origin:
        page.on(
            "request", lambda one: None if one.url.startswith(f"{origin}/{hosted.name}/") else problems.append(one.url)
        )
        page.goto(f"{origin}/{hosted.name}/install.html")
        expect(page.locator("#loading")).to_contain_text("Checked as you type")
        page.get_by_label("Site code", exact=True).fill(SITECODE)
        expect(page.locator("#text-tag")).to_contain_text(SITECODE)
    assert problems == []


@ONLY_MICROPYTHON
def test_the_usual_engine_starts_with_any_type_of_wasm(shop: Shop, hosted: Path) -> None:
    """As the page on hosting says."""
    with served(hosted, Plainer) as origin:
        shop.allowed.append(origin)
        sees_an_identifier(shop, shop.tag().replace(f"{shop.cloud}/", f"{origin}/"))
