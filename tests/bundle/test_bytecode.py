"""What MicroPython runs is compiled once."""

import subprocess
from pathlib import Path

import pytest

from bridge.bundle.bytecode import bytecode

SOURCES = {"bridge/shop.py": 'def price(cents: int) -> str:\n    """Say it."""\n    return "%d" % cents\n'}


def test_what_was_compiled_is_kept_and_taken_again(tmp_path: Path) -> None:
    """By what it was made of: another source is another file."""
    made = bytecode(SOURCES, tmp_path / "kept")
    assert list(made) == ["bridge/shop.mpy"]
    assert made["bridge/shop.mpy"].startswith(b"M")
    (kept,) = (tmp_path / "kept").iterdir()
    kept.write_bytes(b"as it was kept")
    assert bytecode(SOURCES, tmp_path / "kept") == {"bridge/shop.mpy": b"as it was kept"}
    assert bytecode({"bridge/shop.py": "PRICE = 7\n"}, tmp_path / "kept")["bridge/shop.mpy"].startswith(b"M")


def test_what_cannot_be_compiled_is_not_kept(tmp_path: Path) -> None:
    """It is an error each time."""
    for _ in range(2):
        with pytest.raises(subprocess.CalledProcessError):
            bytecode(
                {"bridge/shop.py": "async def f():\n    yield 1\n    return 2\n\n\nclass A:\n    yield 1\n"}, tmp_path
            )
