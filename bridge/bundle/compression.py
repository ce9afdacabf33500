"""Compresses what the wire carries, each content once: Brotli takes half a minute for Pyodide."""

import gzip
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import brotli


def compressed(content: bytes, cache: Path) -> tuple[bytes, bytes]:
    """Return ``content`` as gzip and as Brotli, at their best; taken from the folder ``cache`` where that has it."""
    name = hashlib.sha256(content).hexdigest()
    return (
        _once(cache / f"{name}.gz", lambda: gzip.compress(content, 9, mtime=0)),
        _once(cache / f"{name}.br", lambda: brotli.compress(content, quality=11)),
    )


def _once(path: Path, make: Callable[[], bytes]) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")  # another build may be at the same
        draft.write_bytes(make())
        draft.replace(path)
    return path.read_bytes()
