"""Compresses what the wire carries, each content once: Brotli takes half a minute for Pyodide."""

import gzip
import hashlib
from pathlib import Path

import brotli

from bridge.bundle.once import once

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
        once(cache / f"{name}.gz", lambda: _gzip(content)),
        once(cache / f"{name}.br", lambda: _brotli(content, brotli.MODE_GENERIC)),
    )


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


def _brotli(content: bytes, mode: int) -> bytes:
    packed: bytes = brotli.compress(content, mode=mode, quality=11)
    return packed
