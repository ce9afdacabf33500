"""Files in the folders that a sandbox serves."""

# the tests' names are sentences

import gzip
from pathlib import Path

import brotli


def put(folder: Path, path: str, content: bytes = b"x", *, packed: bool = False) -> None:
    """Write a file, with its compressed neighbours when it is to be packed."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    if packed:
        file.with_name(file.name + ".br").write_bytes(brotli.compress(content))
        file.with_name(file.name + ".gz").write_bytes(gzip.compress(content))
