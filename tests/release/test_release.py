"""A release: the same bytes from the same sources, and all that belongs into it."""

import hashlib
import json
import re
import tarfile
import zipfile
from html import escape
from pathlib import Path

import pytest

from bridge.bundle import build
from bridge.cli.sandbox import SERVED
from bridge.models.settings import Settings
from bridge.sandbox.place import PLACE
from static import flit_with_plugin
from tests.documents.markdown import blocks
from tests.release.clean import PROJECT, ROOT, Environment, release

pytestmark = pytest.mark.slow

VERSION = PROJECT["version"]
ZIP_BYTES = 24_000_000  # both engines, each file three times: as it is, for gzip and for Brotli


@pytest.fixture(scope="module")
def environment(released: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Return a clean environment with the release's wheel."""
    return Environment(tmp_path_factory.mktemp("clean"), released["whl"])


def contents(archive: Path) -> dict[str, bytes]:
    """Return the files of a wheel or zip by path."""
    with zipfile.ZipFile(archive) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_there_are_a_wheel_an_sdist_and_a_bundle(released: dict[str, Path]) -> None:
    """By the names that pip and people look for."""
    assert sorted(path.name for path in released.values()) == [
        f"kameleoon-segment-bundle-{VERSION}.zip",
        f"kameleoon_segment_bridge-{VERSION}-py3-none-any.whl",
        f"kameleoon_segment_bridge-{VERSION}.tar.gz",
    ]


def test_the_same_sources_give_the_same_bytes(released: dict[str, Path], tmp_path: Path) -> None:
    """Whoever has the sources can see that a release is made of them."""
    again = release(tmp_path)
    first, second = (
        {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
        for files in (released, again)
    )
    assert first == second


def test_nothing_of_this_machine_is_in_it(released: dict[str, Path]) -> None:
    """No path of the folder that it was made in."""
    with tarfile.open(released["gz"]) as archive:
        members = [one for one in archive.getmembers() if one.isfile()]
        sources = {one.name: file.read() for one in members if (file := archive.extractfile(one))}
        assert {(one.uid, one.gid, one.uname, one.gname) for one in members} == {(0, 0, "", "")}
    for content in (contents(released["whl"]), contents(released["zip"]), sources):
        assert content
        assert [name for name, text in content.items() if str(ROOT).encode() in text] == []


def test_the_sdist_makes_the_same_wheel(
    released: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without npm and Node: what they make is in it."""
    with tarfile.open(released["gz"]) as archive:
        archive.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.iterdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", "")
    wheel = tmp_path / flit_with_plugin.build_wheel(str(tmp_path))
    ours, theirs = contents(released["whl"]), contents(wheel)
    assert ours == theirs


def test_the_wheel_has_the_licences_of_what_it_carries(released: dict[str, Path]) -> None:
    """The project's own, and the notice of third parties."""
    wheel = contents(released["whl"])
    for name in ("LICENSE", "THIRD-PARTY-LICENSES.md"):
        (found,) = [path for path in wheel if path.endswith(f".dist-info/licenses/{name}")]
        assert wheel[found] == (ROOT / name).read_bytes()


def test_the_bundle_is_ready_to_host(released: dict[str, Path]) -> None:
    """All that the manifest names, with its neighbours and no site code; how to host it; the licences."""
    top = f"kameleoon-segment-bundle-{VERSION}/"
    bundle = {name.removeprefix(top): content for name, content in contents(released["zip"]).items()}
    manifest = json.loads(bundle["manifest.json"])
    named = {name + ending for name in manifest["files"] for ending in ("", ".gz", ".br")}
    assert bundle.keys() == named | {"manifest.json", "HOSTING.html", "LICENSE"}
    assert set(manifest["loads"]) == {"micropython", "pyodide"}
    assert any(name.startswith("licences-") for name in manifest["files"])
    assert VERSION in bundle["HOSTING.html"].decode()
    (brain,) = [content for name, content in bundle.items() if re.fullmatch(r"brain-\w+\.py", name)]
    assert b"BUILT = {'settings': {}," in brain


def test_the_wizard_lies_beside_the_bundle(released: dict[str, Path]) -> None:
    """It names files of the zip alone, and adds less than half a megabyte: the bundle has what it runs on."""
    top = f"kameleoon-segment-bundle-{VERSION}/"
    bundle = {name.removeprefix(top): content for name, content in contents(released["zip"]).items()}
    page = bundle["install.html"].decode()
    (start,) = [content.decode() for name, content in bundle.items() if re.fullmatch(r"install-\w+/start\.js", name)]
    named = [one for one in re.findall(r' (?:src|href)="([^"#]+)"', page) if not one.startswith("#")]
    loaded = [one.removeprefix("../") for one in re.findall(r'"(\.\./[\w/.-]+\.(?:data|wasm|zip))":', start)]
    assert len(named) > 5
    assert len(loaded) == 4
    assert [one for one in [*named, *loaded] if one not in bundle] == []
    own = {name: len(content) for name, content in bundle.items() if re.match(r"install[-.]", name)}
    assert sum(size for name, size in own.items() if not name.endswith((".gz", ".br"))) < 500_000
    assert released["zip"].stat().st_size < ZIP_BYTES


def test_what_the_page_on_hosting_shows_can_be_pasted(released: dict[str, Path]) -> None:
    """The settings for `data-config` are accepted, and the recipe for nginx is the one that was tried."""
    (page,) = [text.decode() for name, text in contents(released["zip"]).items() if name.endswith("/HOSTING.html")]
    (example,) = re.findall(r"<pre\b[^>]*><code>(\{.*?\})</code></pre>", page, re.DOTALL)
    Settings.model_validate({"sitecode": "abcde12345", **json.loads(example)})
    (nginx,) = [one.text for one in blocks(ROOT / "docs" / "hosting.md") if one.language == "nginx"]
    assert f"<code>{escape(nginx.rstrip(), quote=False)}</code>" in page


def test_the_command_is_that_of_the_module(environment: Environment) -> None:
    """`kameleoon-segment` and `python -m bridge` are one, and say which release they are."""
    script = environment.run("--version")
    assert (script.returncode, script.stdout) == (0, f"kameleoon-segment {VERSION}\n")
    assert environment.run("-m", "bridge", "--version", command="python").stdout == script.stdout


def test_without_its_extra_the_sandbox_says_what_to_install(environment: Environment) -> None:
    """In one line."""
    done = environment.run("sandbox", "--port", "0")
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(
        r'error: sandbox: \S+ is not installed; get it with `pip install ".+\[sandbox\]"`\n', done.stderr
    )


def test_the_sandbox_of_the_wheel_has_what_pages_load(released: dict[str, Path]) -> None:
    """All of `web` that the sandbox serves, and the folders of npm's packages, without what no page asks for."""
    carried = {name for name in contents(released["whl"]) if name.startswith("bridge/sandbox/carried/")}
    assert {f"bridge/sandbox/carried/{file.relative_to(PLACE).as_posix()}" for file in SERVED} <= carried
    assert "bridge/sandbox/carried/web/sandbox/kameleoon/engine.js" in carried
    assert [name for name in carried if re.search(r"\.map|codemirror|xterm|/web/tag/|__pycache__", name)] == []


def test_a_build_of_the_wheel_is_that_of_the_repository(environment: Environment, tmp_path: Path) -> None:
    """Byte for byte, and nothing is written among the packages."""
    config = tmp_path / "bridge.toml"
    config.write_text('sitecode = "abcde12345"\n[[custom_data]]\nname = "É"\nsource = "group"\n', encoding="utf-8")
    before = environment.packages()
    environment.done("build", "--config", str(config), "--out", str(tmp_path / "theirs"))
    assert environment.packages() == before
    build(Settings.load(config), tmp_path / "ours")
    theirs, ours = (
        {path.relative_to(tmp_path / of): path.read_bytes() for path in (tmp_path / of).rglob("*") if path.is_file()}
        for of in ("theirs", "ours")
    )
    assert theirs == ours
