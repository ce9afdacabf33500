"""The notice of third parties' licences: up to date with the pins, and in the bundle."""

import re
from pathlib import Path

from bridge.bundle import build
from bridge.bundle.licences import NOTICE, notice
from bridge.models.settings import Settings

ROOT = Path(__file__).parents[2]


def test_the_notice_is_up_to_date() -> None:
    """Names, versions and texts are those of what is installed: after a new pin, `make licences`."""
    assert (ROOT / NOTICE).read_text(encoding="utf-8") == notice(ROOT)


def test_the_notice_names_every_pin() -> None:
    """What is pinned for the strict engine, by its version, whether or not it is installed."""
    pins = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "static" / "wheels.txt").read_text(encoding="utf-8"), re.MULTILINE)
    text = (ROOT / NOTICE).read_text(encoding="utf-8").replace("_", "-")
    assert pins
    assert not [f"{name} {version}" for name, version in pins if f"## {name} {version}\n" not in text]


def test_every_licence_has_a_name_and_a_text() -> None:
    """An empty one would be no notice."""
    sections = (ROOT / NOTICE).read_text(encoding="utf-8").split("\n## ")[1:]
    assert all(re.search(r"\n\nLicence: \S.*\n\n```text\n\S", section) for section in sections)


def test_the_bundle_carries_the_notice(tmp_path: Path) -> None:
    """Whoever hosts it passes it on."""
    manifest = build(Settings(sitecode="abcde12345"), tmp_path)
    (name,) = [name for name in manifest.files if name.startswith("licences-")]
    assert (tmp_path / name).read_bytes() == (ROOT / NOTICE).read_bytes()
    assert not [engine for engine, loaded in manifest.loads.items() if name in loaded]
