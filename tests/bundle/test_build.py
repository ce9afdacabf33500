"""The bundle: self-contained, small, the same from the same input."""

import base64
import gzip
import hashlib
import re
from pathlib import Path

import brotli
import pytest

from bridge.bundle import Manifest, build
from bridge.bundle.build import ANY_SITE, BuildError, prune
from bridge.models.settings import Settings
from tests.bundle import budget

SETTINGS = Settings(sitecode="abcde12345")
#: Begins what is loaded only where somebody debugs a page.
DEBUG = ("debug-", "overlay-")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a bundle."""
    out = tmp_path_factory.mktemp("bundle")
    build(SETTINGS, out)
    return out


@pytest.fixture(scope="module")
def manifest(bundle: Path) -> Manifest:
    """Return the manifest that lies in the bundle."""
    return Manifest.model_validate_json((bundle / "manifest.json").read_text())


def test_sizes_stay_in_their_budgets(manifest: Manifest) -> None:
    """The ear below 3.65 kB, all that the default engine loads below 230 kB, the strict one 6 MB, as brotli."""
    assert manifest.files["bridge.js"].brotli < budget.EAR, manifest.table()
    for engine, most in budget.LOADED.items():
        assert sum(manifest.files[name].brotli for name in manifest.loads[engine]) < most, manifest.table()


def test_what_debugging_needs_is_in_each_bundle_and_no_page_loads_it_by_itself(
    manifest: Manifest, tmp_path: Path
) -> None:
    """The overlay below 30 kB, beside what the tag loads itself; a bundle of Pyodide alone has MicroPython for it."""
    needed = {name for name in manifest.files if name.startswith(DEBUG)}
    assert {name.rpartition(".")[2] for name in needed} == {"js", "html", "css", "data"}
    assert not any(needed & set(names) for names in manifest.loads.values())
    assert sum(manifest.files[name].brotli for name in needed) < budget.DEBUG, manifest.table()
    strict = build(Settings(sitecode="abcde12345", engine="pyodide"), tmp_path, ["pyodide"])
    assert needed | {name for name in manifest.files if name.startswith("micropython-")} <= set(strict.files)
    assert not any(name.startswith("micropython-") for name in strict.loads["pyodide"])


def test_the_kernel_is_polyscript_without_its_worker(bundle: Path, manifest: Manifest) -> None:
    """Nothing in it starts a worker, keeps packages, or fetches what reads them."""
    kernels = [name for name in manifest.files if name.startswith("polyscript-")]
    assert len(kernels) == len(manifest.loads)
    for name in kernels:
        kernel = (bundle / name).read_text(encoding="utf-8")
        assert "already registered" in kernel  # what `define` says
        assert "new Worker(" not in kernel
        assert not re.findall(r"import\(.\./", kernel)
        assert "indexedDB" not in kernel
        assert manifest.files[name].brotli < budget.KERNEL


def test_the_same_input_gives_the_same_bytes(bundle: Path, tmp_path: Path) -> None:
    """Two builds can be compared, and caches stay warm."""
    build(SETTINGS, tmp_path)
    first = {path.relative_to(bundle): path.read_bytes() for path in bundle.rglob("*") if path.is_file()}
    second = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert first == second


def test_other_settings_change_only_what_they_must(bundle: Path, tmp_path: Path) -> None:
    """Interpreters stay cached when a customer changes a setting."""
    manifest = build(Settings(sitecode="abcde12345", identifier=False), tmp_path)
    before = Manifest.model_validate_json((bundle / "manifest.json").read_text())
    changed = {name.split("-")[0] for name in manifest.files if name not in before.files}
    assert changed == {"brain", "hands"}


def test_the_manifest_tells_the_truth(bundle: Path, manifest: Manifest) -> None:
    """Sizes, hashes, and compressed neighbours that unpack to the file."""
    for name, file in manifest.files.items():
        content = (bundle / name).read_bytes()
        packed = (bundle / f"{name}.gz").read_bytes(), (bundle / f"{name}.br").read_bytes()
        assert (file.bytes, file.gzip, file.brotli) == (len(content), len(packed[0]), len(packed[1]))
        assert gzip.decompress(packed[0]) == content
        assert brotli.decompress(packed[1]) == content
        assert file.integrity == "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def test_all_but_the_ear_lies_under_a_hashed_path(manifest: Manifest) -> None:
    """So that caches may keep it for ever."""
    assert all(re.search("-[0-9a-f]{12}[./]", name) for name in manifest.files if name != "bridge.js")


def test_nothing_is_asked_of_any_other_host(bundle: Path, manifest: Manifest) -> None:
    """What a page runs names no address but those of polyscript's own defaults, which the ear never uses."""
    for name in manifest.files:
        if name.startswith(("bridge.js", "brain")):
            assert not re.search(rb"https?://\w", (bundle / name).read_bytes())


def test_a_second_build_into_the_same_folder_compresses_nothing(bundle: Path) -> None:
    """`make demo` is fast the second time."""
    before = {path: path.stat().st_mtime_ns for path in bundle.rglob("*.br")}
    build(SETTINGS, bundle)
    assert {path: path.stat().st_mtime_ns for path in bundle.rglob("*.br")} == before
    assert not list(bundle.rglob("*.new"))


def test_one_engine_alone(tmp_path: Path) -> None:
    """Nothing of the other is in it; settings that want the other are refused."""
    manifest = build(SETTINGS, tmp_path, ["micropython"])
    assert list(manifest.loads) == ["micropython"]
    carried = {name for name in manifest.files if not name.startswith(("licences-", *DEBUG))}
    assert carried == set(manifest.loads["micropython"])
    with pytest.raises(BuildError, match="pyodide is not to be in the bundle; accepted: micropython"):
        build(Settings(sitecode="abcde12345", engine="pyodide"), tmp_path / "none", ["micropython"])
    assert not (tmp_path / "none").exists()


def test_a_bundle_for_any_site_knows_no_site_code(tmp_path: Path) -> None:
    """Its settings are the page's business, all of them."""
    manifest = build(ANY_SITE, tmp_path)
    (brain,) = [name for name in manifest.files if re.fullmatch(r"brain-\w+\.py", name)]
    assert "BUILT = {'settings': {}," in (tmp_path / brain).read_text(encoding="utf-8")


@pytest.fixture
def rebuilt(tmp_path: Path) -> Manifest:
    """Return the manifest of a second bundle, with other settings, in the folder of a first one."""
    build(SETTINGS, tmp_path)
    (tmp_path / "notes-0123456789ab.txt").write_text("of somebody else, by a name like ours")
    return build(Settings(sitecode="abcde12345", identifier=False), tmp_path, ["micropython"])


def test_what_earlier_builds_left_is_listed_and_stays(rebuilt: Manifest, tmp_path: Path) -> None:
    """Pages with the old bridge.js in their cache still find it; a third build still knows of it."""
    left = {name.split("-")[0] for name in rebuilt.earlier}
    assert {"brain", "hands", "pyodide", "site", "strict"} <= left
    assert all((tmp_path / name).is_file() for name in rebuilt.earlier)
    third = build(Settings(sitecode="abcde12345", enrich=False), tmp_path, ["micropython"])
    assert set(rebuilt.earlier) < set(third.earlier)
    first = build(SETTINGS, tmp_path)
    assert not set(first.files) & set(first.earlier)


def test_pruning_removes_nothing_else(rebuilt: Manifest, tmp_path: Path) -> None:
    """What is of this build, or of somebody else, stays."""
    now = prune(tmp_path, rebuilt)
    assert now.earlier == []
    named = {name + ending for name in now.files for ending in ("", ".gz", ".br")}
    there = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert there == named | {"manifest.json", "notes-0123456789ab.txt"}
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {
        name.split("/")[0] for name in now.files if "/" in name
    }
    assert Manifest.model_validate_json((tmp_path / "manifest.json").read_text()) == now


@pytest.mark.parametrize(
    "name", ["../other-0123456789ab.js", "/other-0123456789ab.js", "link-0123456789ab/file.js", "other.js", "bridge.js"]
)
def test_a_manifest_that_names_other_files_is_not_believed(name: str, tmp_path: Path) -> None:
    """Outside of the folder, behind a link, or by a name that no build gives."""
    out, other = tmp_path / "out", tmp_path / "elsewhere"
    manifest = build(SETTINGS, out, ["micropython"])
    other.mkdir()
    (out / "link-0123456789ab").symlink_to(other)
    name = str(tmp_path) + name if name.startswith("/") else name
    place = out / name
    place.write_text("precious")
    lying = manifest.model_copy(update={"earlier": [name]})
    (out / "manifest.json").write_text(lying.model_dump_json())
    assert build(SETTINGS, out, ["micropython"]).earlier == []


def test_a_manifest_of_somebody_else_is_not_overwritten(tmp_path: Path) -> None:
    """A web app's, say: the folder is not for the bundle alone."""
    (tmp_path / "manifest.json").write_text('{"name": "Shop", "icons": []}')
    with pytest.raises(BuildError, match="is not a bundle's manifest"):
        build(SETTINGS, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]
