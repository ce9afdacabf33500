"""The Python of a page as one file that MicroPython runs where it lies.

The file is an image of a read-only file system (MicroPython documentation, "ROMFS"), which the interpreter takes as it
is: bytecode, of which nothing is compiled in the page and nothing copied, and a few lines of source with the settings.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from mpremote.romfs import VfsRomWriter

#: What page code is made of, each folder after the one that it lies in.
PACKAGES = ("bridge", "bridge/shared", "bridge/brain")
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
    contents = {**modules, _BUILT: source.encode()}
    writer = VfsRomWriter()
    for package in PACKAGES:
        writer.opendir(PurePosixPath(package).name)
        for name in sorted(contents):
            path = PurePosixPath(name)
            if path.parent == PurePosixPath(package):
                writer.mkfile(path.name, contents[name])
        if package != PACKAGES[0]:
            writer.closedir()
    writer.closedir()
    return bytes(writer.finalise())


def source(settings: dict[str, Any], table: dict[str, Any]) -> str:
    """Return the module with the build's ``settings`` and the models' ``table``, as source: all in one."""
    return table_source(table) + _built(settings)


def table_source(table: dict[str, Any]) -> str:
    """Return the module with the models' ``table``, as source."""
    return f"TABLE = {table!r}\n"


def _built(settings: dict[str, Any]) -> str:
    return f"BUILT = {{'settings': {settings!r}, 'table': TABLE}}\n"
