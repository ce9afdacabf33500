"""Compresses what the wire carries, each content once: Brotli takes half a minute for Pyodide."""

import gzip
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import brotli

#: The second is meant for fonts, and better for a few kilobytes of minified JavaScript, too.
_MODES = (brotli.MODE_GENERIC, brotli.MODE_FONT)


def compressed(content: bytes, cache: Path | None = None) -> tuple[bytes, bytes]:
    """Return ``content`` as gzip and as Brotli, at their best.

    With a folder ``cache``, for what is large: taken from there where it was compressed before. Without, for what is
    small: as the shortest that Brotli's modes give.
    """
    if cache is None:
        return _gzip(content), min((_brotli(content, mode) for mode in _MODES), key=len)
    name = hashlib.sha256(content).hexdigest()
    return (
        _once(cache / f"{name}.gz", lambda: _gzip(content)),
        _once(cache / f"{name}.br", lambda: _brotli(content, brotli.MODE_GENERIC)),
    )


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


def _brotli(content: bytes, mode: int) -> bytes:
    packed: bytes = brotli.compress(content, mode=mode, quality=11)
    return packed


def _once(path: Path, make: Callable[[], bytes]) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")  # another build may be at the same
        draft.write_bytes(make())
        draft.replace(path)
    return path.read_bytes()
