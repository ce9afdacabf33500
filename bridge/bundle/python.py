"""The Python of a page as one file: every module of page code, minified.

One request instead of ten. The file writes the modules into the interpreter's file system and imports the last.
"""

from pathlib import Path
from typing import Any

import python_minifier

#: What page code is made of, each folder after the one that it lies in.
PACKAGES = ("bridge", "bridge/shared", "bridge/brain")

_LOADER = """\
import os
for path in {folders!r}:
    try:
        os.mkdir(path)
    except OSError:
        pass
for path, source in {sources!r}.items():
    with open(path, "w") as file:
        file.write(source)
import {start}
"""


def brain(root: Path, settings: dict[str, Any], table: dict[str, Any]) -> bytes:
    """Return the file: the page code below ``root``, with the build's ``settings`` and the models' ``table``."""
    paths = [path for package in PACKAGES[1:] for path in sorted((root / package).glob("*.py"))]
    sources = {str(path.relative_to(root)): minified(path.read_text(encoding="utf-8")) for path in paths}
    return _loader({"bridge/__init__.py": "", **sources, **_built(settings, table)}, "bridge.brain.start")


def starter(settings: dict[str, Any], table: dict[str, Any]) -> bytes:
    """Return the same file without the page code, for the strict engine: it has that compiled."""
    return _loader(_built(settings, table), "bridge.strict.start")


def _built(settings: dict[str, Any], table: dict[str, Any]) -> dict[str, str]:
    built = {"settings": settings, "table": table}
    return {"bridge/brain/built.py": minified(f"BUILT = {built!r}\n")}


def _loader(sources: dict[str, str], start: str) -> bytes:
    return _LOADER.format(folders=PACKAGES, sources=sources, start=start).encode()


def minified(source: str) -> str:
    """Return the same module without comments, docstrings, annotations and long local names."""
    text: str = python_minifier.minify(
        source,
        remove_literal_statements=True,
        remove_annotations=True,
        rename_locals=True,
        rename_globals=False,
        hoist_literals=False,
        combine_imports=True,
        remove_object_base=False,
        convert_posargs_to_args=False,
    )
    return text
