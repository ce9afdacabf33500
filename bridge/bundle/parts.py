"""What bundles are made of, whatever their configuration says.

In the repository `making.py` makes the parts; an installed package carries them as files, which `write` wrote and
`read` reads. `build.py` makes a bundle of parts and settings, the same of either.
"""

import gzip
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

_INDEX = "parts.json"
#: Begins the name of the folder with the overlay's page: the only page of a bundle, which other pages show in a frame.
OVERLAY = "overlay-"
_SCRIPTS = {"ear": "ear.js", "hands": "hands.js"}
_MODULES = "modules"
_FILES = "files"


class Packed(NamedTuple):
    """A file of a bundle as it lies there, and as its compressed neighbours."""

    content: bytes
    gzip: bytes
    brotli: bytes


class Engine(BaseModel):
    """An interpreter: names of files in a bundle, and what the tag needs to know of its start."""

    model_config = ConfigDict(frozen=True)

    kernel: str  #: PyScript's, which starts the module
    module: str  #: starts the interpreter
    fetched: list[str]  #: what the module asks for at once, besides the brain
    others: list[str] = []  #: what it asks for later
    imports: list[str]  #: Python modules that start the brain, in this order
    limit: int  #: ms until a start counts as failed

    @property
    def files(self) -> list[str]:
        """Return all of them, in the order in which they are loaded."""
        return [self.kernel, self.module, *self.fetched, *self.others]


class Debug(BaseModel):
    """What is loaded only where somebody debugs a page: names of files in a bundle."""

    model_config = ConfigDict(frozen=True)

    script: str  #: comes first, into the hidden frame
    others: list[str] = []  #: what it asks for

    @property
    def files(self) -> list[str]:
        """Return all of them."""
        return [self.script, *self.others]


class Parts(NamedTuple):
    """The parts of bundles with certain engines."""

    scripts: Mapping[str, str]  #: ``ear`` and ``hands``, with a `place` for each thing that one bundle alone knows
    modules: Mapping[str, bytes]  #: the brain's Python as MicroPython's bytecode, by path
    table: dict[str, Any]  #: the models' rules, as page code reads them
    engines: Mapping[str, Engine]
    debug: Debug
    licences: str  #: name of the file with the notice
    files: Mapping[str, Packed]  #: of the engines, to debug, and the notice, by their names in a bundle
    wizard: Mapping[str, Packed]  #: of the install wizard, which runs on the strict engine's, likewise


class _Index(BaseModel):
    table: dict[str, Any]
    engines: dict[str, Engine]
    debug: Debug
    licences: str
    wizard: list[str]


def place(name: str) -> str:
    """Return what stands in a script for what its bundle knows by a name: an identifier, which esbuild leaves alone."""
    return f"__{name}__"


def write(parts: Parts, folder: Path) -> None:
    """Write the parts into a folder, which is not there yet: the same files for the same parts. Raises OSError."""
    index = _Index(
        table=parts.table,
        engines=dict(parts.engines),
        debug=parts.debug,
        licences=parts.licences,
        wizard=list(parts.wizard),
    )
    contents = {_INDEX: index.model_dump_json(indent=1).encode()}
    contents |= {_SCRIPTS[name]: script.encode() for name, script in parts.scripts.items()}
    contents |= {f"{_MODULES}/{name}": module for name, module in parts.modules.items()}
    for name, file in {**parts.files, **parts.wizard}.items():
        contents |= {f"{_FILES}/{name}.gz": file.gzip, f"{_FILES}/{name}.br": file.brotli}
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def read(folder: Path, engines: Collection[str]) -> Parts:
    """Return the parts that `write` wrote, as far as these engines need them. Raises OSError."""
    index = _Index.model_validate_json((folder / _INDEX).read_bytes())
    wanted = {name: engine for name, engine in index.engines.items() if name in engines}
    names = [index.licences, *index.debug.files, *(file for engine in wanted.values() for file in engine.files)]
    modules = folder / _MODULES
    return Parts(
        scripts={name: (folder / file).read_text(encoding="utf-8") for name, file in _SCRIPTS.items()},
        modules={path.relative_to(modules).as_posix(): path.read_bytes() for path in sorted(modules.rglob("*.mpy"))},
        table=index.table,
        engines=wanted,
        debug=index.debug,
        licences=index.licences,
        files={name: _packed(folder / _FILES / name) for name in names},
        wizard={name: _packed(folder / _FILES / name) for name in index.wizard if "pyodide" in wanted},
    )


def _packed(path: Path) -> Packed:
    packed = path.with_name(path.name + ".gz").read_bytes()
    return Packed(gzip.decompress(packed), packed, path.with_name(path.name + ".br").read_bytes())
