"""The parts of bundles: what is carried in an installed package makes the same as what was made just now."""

import sys
from pathlib import Path

import pytest

from bridge.bundle.build import ENGINES, BuildError, build, parts
from bridge.bundle.parts import read, write
from bridge.models.settings import Settings

SETTINGS = Settings(sitecode="abcde12345", analytics="shop.analytics", enrich=False)


def files(folder: Path) -> dict[Path, bytes]:
    """Return the files below a folder."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    """Nothing is lost on the way; the same parts are the same files."""
    made = parts(ENGINES)
    write(made, tmp_path / "one")
    assert read(tmp_path / "one", ENGINES) == made
    write(made, tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")


@pytest.mark.parametrize("engines", [ENGINES, ["micropython"]])
def test_carried_parts_make_the_same_bundle(
    engines: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bundle of an installed package is that of the repository; of one engine, too."""
    build(SETTINGS, tmp_path / "made", engines)
    write(parts(ENGINES), tmp_path / "carried")
    monkeypatch.setattr(sys.modules["bridge.bundle.build"], "CARRIED", tmp_path / "carried")  # build() hides it
    build(SETTINGS, tmp_path / "read", engines)
    assert files(tmp_path / "read") == files(tmp_path / "made")


def test_a_package_without_its_parts_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """As pip makes it of the sources alone: there is nothing to build with."""
    monkeypatch.setitem(sys.modules, "bridge.bundle.making", None)
    with pytest.raises(BuildError, match="is missing: install a release, or run `make demo`"):
        parts(ENGINES)
