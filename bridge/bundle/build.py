"""Builds a bundle: ``bridge.js``, which caches keep briefly, and the rest under content-hashed paths, kept for ever."""

import base64
import hashlib
import json
import subprocess
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from bridge.bundle import esbuild, kernel, licences, pyodide
from bridge.bundle.compression import compressed
from bridge.bundle.manifest import File, Manifest
from bridge.bundle.python import brain, starter
from bridge.models.settings import Settings, table
from bridge.shared.vocabulary import (
    CONSOLE_PREFIX,
    EVENT_HOLD_MS,
    HEARD_KEY,
    MAX_ERRORS,
    MAX_KEPT,
    NO_STATUS,
    OURS,
    VALUES_KEY,
)

ROOT = Path(__file__).parents[2]
_MODULES = ROOT / "static" / "node_modules"
_POLYSCRIPT = _MODULES / "polyscript"
_MICROPYTHON = _MODULES / "@micropython" / "micropython-webassembly-pyscript"
_NAME = "kameleoon-segment-bridge"
_VERSION = version(_NAME)  # pyproject.toml says it
_START_LIMIT_MS = {"micropython": 15_000, "pyodide": 60_000}  # a start may hang without an error: Pyodide's does
_HANDS_LIMIT_MS = 15_000
EAR = "bridge.js"


class BuildError(Exception):
    """The bundle cannot be built; the text says why and what to do."""


def build(settings: Settings, out: Path) -> Manifest:
    """Write the bundle for ``settings`` into the folder ``out`` and return its manifest.

    The same input gives the same bytes. ``bridge.js`` is written last: whoever fetches it finds what it names. Raises
    BuildError.
    """
    try:
        esbuild.check_installed()
    except esbuild.EsbuildError as error:
        raise BuildError(str(error)) from error
    try:
        polyscript = kernel.kernel(_POLYSCRIPT)
    except (OSError, esbuild.EsbuildError) as error:
        raise BuildError(f"polyscript cannot be joined: {error}") from error
    built = (settings.model_dump(mode="json", by_alias=True, exclude_unset=True), table())
    start = f"polyscript-{_hash(polyscript)}.js"
    engines = {"micropython": _micropython(brain(ROOT, *built)), "pyodide": _pyodide(starter(*built))}
    contents = {start: polyscript}
    for engine in engines.values():
        contents |= engine.files
    contents |= licences.carried(ROOT)
    known = _known(settings, start, engines, contents)
    hands = _tag_script("hands/hands.js", "--format=iife", "--target=es2021", *_defined("BUNDLE", **known))
    known["hands"] = f"hands-{_hash(hands)}.js"
    contents[known["hands"]] = hands
    contents[EAR] = _tag_script(EAR, "--format=iife", "--target=es2021", *_defined("BUNDLE", **known))
    files = {name: _write(out / name, content) for name, content in contents.items()}
    loads = {name: [EAR, known["hands"], start, *engine.files] for name, engine in engines.items()}
    manifest = Manifest(version=_VERSION, files=dict(sorted(files.items())), loads=loads)
    _replace(out / "manifest.json", (manifest.model_dump_json(indent=2) + "\n").encode())
    return manifest


class _Engine(NamedTuple):
    """An interpreter and the brain that it runs: names in the bundle."""

    brain: str
    module: str  #: what PyScript imports to start the interpreter
    fetched: list[str]  #: what the module asks for
    limit: int  #: ms until a start counts as failed
    files: dict[str, bytes]  #: contents by name, in the order in which they are loaded

    def asked(self, kernel: str) -> list[str]:
        """Return what a start asks for, fetched before it does."""
        return [kernel, self.module, *self.fetched]

    def known_to_tag(self, kernel: str, contents: Mapping[str, bytes]) -> dict[str, object]:
        files = {name: len(contents[name]) for name in self.asked(kernel)}
        return {"brain": self.brain, "module": self.module, "files": files, "limit": self.limit}


def _micropython(python: bytes) -> _Engine:
    name = f"brain-{_hash(python)}.py"
    module = _tag_script(
        "engines/micropython.js",
        "--format=esm",
        "--platform=node",  # leaves alone what MicroPython imports there only
        f"--alias:micropython={_MICROPYTHON / 'micropython.mjs'}",
    )
    wasm = (_MICROPYTHON / "micropython.wasm").read_bytes()
    folder = f"micropython-{_hash(module, wasm)}"
    files = {name: python, f"{folder}/micropython.mjs": module, f"{folder}/micropython.wasm": wasm}
    return _Engine(
        brain=name,
        module=f"{folder}/micropython.mjs",
        fetched=[f"{folder}/micropython.wasm", name],
        limit=_START_LIMIT_MS["micropython"],
        files=files,
    )


def _pyodide(python: bytes) -> _Engine:
    try:
        parts = pyodide.parts(ROOT)
    except OSError as error:
        raise BuildError(f"{error.filename} is missing: run `make demo` or `make test` once") from error
    except subprocess.CalledProcessError as error:
        raise BuildError(f"Pyodide cannot pack what it imports: {error.stderr.decode().strip()}") from error
    name = f"brain-{_hash(python)}.py"
    folder = f"pyodide-{_hash(*parts.runtime.values())}/"
    packs = {f"{name}-{_hash(pack.content)}.data": pack for name, pack in parts.packs.items()}
    module = _tag_script(
        "engines/strict.js",
        "--format=esm",
        f"--alias:pyodide=./{folder}pyodide.mjs",
        "--external:./*",
        *_defined(
            "STRICT",
            pyodide=folder,
            packs=[{"file": file, "files": pack.files} for file, pack in packs.items()],
            lock=parts.lock,
            imports=pyodide.IMPORTS,
            limit=_START_LIMIT_MS["pyodide"],
            consolePrefix=CONSOLE_PREFIX,
        ),
    )
    start = f"strict-{_hash(module)}.mjs"
    runtime = {folder + file: content for file, content in parts.runtime.items()}
    wasm = folder + pyodide.WASM
    files = {name: python, start: module, wasm: runtime.pop(wasm), **runtime}
    files |= {file: pack.content for file, pack in packs.items()}
    return _Engine(brain=name, module=start, fetched=[wasm], limit=_START_LIMIT_MS["pyodide"], files=files)


def _known(
    settings: Settings, kernel: str, engines: dict[str, _Engine], contents: Mapping[str, bytes]
) -> dict[str, Any]:
    """Return what the tag's scripts need to know of this bundle."""
    return {
        "name": _NAME,
        "version": _VERSION,
        "engine": settings.engine,
        "analytics": settings.analytics,
        "consent": settings.consent,
        "polyscript": kernel,
        "engines": {name: engine.known_to_tag(kernel, contents) for name, engine in engines.items()},
        "preload": engines[settings.engine].asked(kernel),
        "limit": _HANDS_LIMIT_MS,
        "hold": EVENT_HOLD_MS,
        "maxErrors": MAX_ERRORS,
        "ours": OURS,
        "valuesKey": VALUES_KEY,
        "heardKey": HEARD_KEY,
        "longest": MAX_KEPT,
        "status": NO_STATUS,
        "consolePrefix": CONSOLE_PREFIX,
    }


def _tag_script(name: str, *options: str) -> bytes:
    """Return a script of ``web/tag``, minified, with all that it imports."""
    try:
        return esbuild.run(ROOT / "web" / "tag" / name, "--bundle", "--minify", *options)
    except esbuild.EsbuildError as error:
        raise BuildError(str(error)) from error


def _defined(of: str, **values: object) -> list[str]:
    """Return esbuild's options that put each value in for ``<of>.<its key>``."""
    return [f"--define:{of}.{key}={json.dumps(value)}" for key, value in values.items()]


def _write(path: Path, content: bytes) -> File:
    """Write a file with its compressed neighbours, unless they are there."""
    if not (path.exists() and path.read_bytes() == content and all(one.exists() for one in _neighbours(path))):
        path.parent.mkdir(parents=True, exist_ok=True)
        for neighbour, packed in zip(
            _neighbours(path), compressed(content, ROOT / ".cache" / "compressed"), strict=True
        ):
            _replace(neighbour, packed)
        _replace(path, content)
    packed_gzip, packed_brotli = (one.stat().st_size for one in _neighbours(path))
    return File(
        bytes=len(content),
        gzip=packed_gzip,
        brotli=packed_brotli,
        integrity=_integrity(content),
    )


def _neighbours(path: Path) -> tuple[Path, Path]:
    return path.with_name(path.name + ".gz"), path.with_name(path.name + ".br")


def _replace(path: Path, content: bytes) -> None:
    """Write all or nothing."""
    draft = path.with_name(path.name + ".new")
    draft.write_bytes(content)
    draft.replace(path)


def _hash(*contents: bytes) -> str:
    return hashlib.sha256(b"".join(contents)).hexdigest()[:12]


def _integrity(content: bytes) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()
