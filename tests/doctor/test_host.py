"""The hosting of a bundle, by itself: what a page on another origin needs."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bridge.bundle.build import build
from bridge.cli import main
from bridge.doctor.host import examine_host
from bridge.models.settings import Settings
from tests.browser.serving import serving
from tests.browser.shop import SITECODE

TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".json": "application/json"}


class Cdn:
    """A static host, as a test sets it up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.headers: Callable[[str], dict[str, str]] = lambda _name: {}
        self.lost: set[str] = set()
        self.changed: set[str] = set()

    async def answer(self, request: Request) -> Response:
        """Answer with a file, compressed, and the headers that are right unless a test says otherwise."""
        name = request.path_params["path"]
        path = self.folder / name
        if not path.is_file() or any(name.endswith(end) for end in self.lost):
            return Response(status_code=404)
        packed = path.with_name(path.name + ".br")
        age = 300 if name in ("bridge.js", "manifest.json") else 31_536_000
        headers = {
            "access-control-allow-origin": "*",
            "content-type": TYPES.get(path.suffix, "application/octet-stream"),
            "cache-control": f"public, max-age={age}",
            "content-encoding": "br",
        } | self.headers(name)
        if any(name.endswith(end) for end in self.changed):
            headers.pop("content-encoding")
            return Response(path.read_bytes() + b"\n", headers=headers)
        if headers["content-encoding"] != "br" or not packed.exists():
            headers.pop("content-encoding")
            return Response(path.read_bytes(), headers=headers)
        return Response(packed.read_bytes(), headers=headers)


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a bundle; of one engine, for the strict one takes long to compress."""
    out = tmp_path_factory.mktemp("hosted")
    build(Settings(sitecode=SITECODE), out, ("micropython",))
    return out


@pytest.fixture
def cdn(hosted: Path) -> Cdn:
    """Return a host of the bundle."""
    return Cdn(hosted)


@pytest.fixture
def address(cdn: Cdn) -> Iterator[str]:
    """Return where it is."""
    with serving(Starlette(routes=[Route("/ks/{path:path}", cdn.answer)])) as port:
        yield f"http://127.0.0.1:{port}/ks"


def statuses(address: str) -> dict[str, str]:
    """Return the status of each check."""
    return {check.id: check.status for check in examine_host(address).checks}


WELL = dict.fromkeys(["files", "cors", "types", "compression", "caching", "integrity"], "pass")


@pytest.mark.parametrize("end", ["", "/", "/bridge.js"])
def test_a_good_host(address: str, end: str) -> None:
    """The folder, or the tag's own address."""
    assert statuses(address + end) == WELL


def without(header: str) -> Callable[[str], dict[str, str]]:
    """Return headers with one that is empty."""
    return lambda _name: {header: ""}


@pytest.mark.parametrize(
    ("headers", "check", "expected"),
    [
        (without("access-control-allow-origin"), "cors", "fail"),
        (lambda _name: {"access-control-allow-origin": "https://other.example"}, "cors", "fail"),
        (lambda name: {"content-type": "text/plain"} if name.endswith(".mjs") else {}, "types", "fail"),
        (lambda name: {"content-type": "text/plain"} if name.endswith(".wasm") else {}, "types", "warn"),
        (without("content-encoding"), "compression", "warn"),
        (without("cache-control"), "caching", "warn"),
        (lambda name: {"cache-control": "max-age=31536000"} if name == "bridge.js" else {}, "caching", "warn"),
    ],
)
def test_a_header_that_is_wrong_is_named(
    cdn: Cdn, address: str, headers: Callable[[str], dict[str, str]], check: str, expected: str
) -> None:
    """By its check alone; with the header as it should be all is well again."""
    cdn.headers = headers
    assert statuses(address) == {**WELL, check: expected}
    found = next(one for one in examine_host(address).checks if one.id == check)
    assert found.fix
    cdn.headers = lambda _name: {}
    assert statuses(address) == WELL


def test_files_that_are_lost_or_changed_are_named(cdn: Cdn, address: str) -> None:
    """As by an upload that left folders out, or a host that rewrites scripts."""
    cdn.lost = {".wasm"}
    assert statuses(address)["files"] == "fail"
    cdn.lost, cdn.changed = set(), {".mjs"}
    assert statuses(address)["integrity"] == "fail"


def test_the_command(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It needs no page and no browser; where there is no bundle it says what address is meant."""
    assert main(["doctor", "--host", address, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True
    assert main(["doctor", "--host", address.removesuffix("/ks")]) == 2
    assert "manifest.json" in capsys.readouterr().err


def test_a_manifest_of_something_else_is_said(
    cdn: Cdn, address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Other tools write files of that name, too."""
    cdn.folder = tmp_path
    shutil.copy(Path(__file__), tmp_path / "bridge.js")
    (tmp_path / "manifest.json").write_text("{}")
    assert main(["doctor", "--host", address]) == 2
    assert "not a bundle's" in capsys.readouterr().err
