"""The Python of a page as one file that MicroPython runs where it lies.

The file is an image of a read-only file system (MicroPython documentation, "ROMFS"), which the interpreter takes as it
is: bytecode, of which nothing is compiled in the page and nothing copied, and a few lines of source with the settings.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from mpremote.romfs import VfsRomWriter

#: What starts the brain when it is imported in this order: pieces, a task each, that are short on a slow phone, too.
IMPORTS = (
    "bridge.brain.consent",
    "bridge.brain.remote",
    "bridge.brain.audience",
    "bridge.brain.witnesses",
    "bridge.brain.precedence",
    "bridge.brain.pending",
    "bridge.brain.brain",
    "bridge.brain.start",
)
#: The module with the models' table, which is bytecode as the others are, and the one with the settings.
TABLE = "bridge/brain/table.py"
_BUILT = "bridge/brain/built.py"


def image(modules: Mapping[str, bytes], settings: dict[str, Any]) -> bytes:
    """Return the image with the page code's ``modules``, bytecode by path, and the build's ``settings``."""
    source = f"from bridge.brain.table import TABLE\n{_built(settings)}"
    return file_system({**modules, _BUILT: source.encode()})


def file_system(contents: Mapping[str, bytes]) -> bytes:
    """Return the image with these files, by path."""
    writer = VfsRomWriter()
    _write(writer, {PurePosixPath(name): content for name, content in contents.items()}, PurePosixPath())
    return bytes(writer.finalise())


def _write(writer: VfsRomWriter, contents: Mapping[PurePosixPath, bytes], folder: PurePosixPath) -> None:
    """Write what lies in a folder: its files, then its folders, the last first: compressed, that is smaller."""
    depth = len(folder.parts)
    inside = {path: content for path, content in contents.items() if path.parts[:depth] == folder.parts}
    for path in sorted(path for path in inside if path.parent == folder):
        writer.mkfile(path.name, inside[path])
    for name in sorted({path.parts[depth] for path in inside if path.parent != folder}, reverse=True):
        writer.opendir(name)
        _write(writer, inside, folder / name)
        writer.closedir()


def source(settings: dict[str, Any], table: dict[str, Any]) -> str:
    """Return the module with the build's ``settings`` and the models' ``table``, as source: all in one."""
    return table_source(table) + _built(settings)


def table_source(table: dict[str, Any]) -> str:
    """Return the module with the models' ``table``, as source."""
    return f"TABLE = {table!r}\n"


def _built(settings: dict[str, Any]) -> str:
    return f"BUILT = {{'settings': {settings!r}, 'table': TABLE}}\n"
