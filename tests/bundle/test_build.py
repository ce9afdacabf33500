"""The bundle: self-contained, small, the same from the same input."""

import base64
import gzip
import hashlib
import re
from pathlib import Path

import brotli
import pytest

from bridge.bundle import Manifest, build
from bridge.models.settings import Settings
from tests.bundle import budget

SETTINGS = Settings(sitecode="abcde12345")


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
