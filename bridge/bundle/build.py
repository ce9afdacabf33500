"""Builds a bundle: ``bridge.js``, which caches keep briefly, and the rest under content-hashed paths, kept for ever."""

import base64
import hashlib
import json
import subprocess
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from bridge.bundle import esbuild, kernel, licences, pyodide
from bridge.bundle.compression import compressed
from bridge.bundle.manifest import File, Manifest
from bridge.bundle.python import IMPORTS, brain, built
from bridge.models.settings import Settings, table
from bridge.shared.vocabulary import (
    CONSOLE_PREFIX,
    EVENT_HOLD_MS,
    HEARD_KEY,
    MAX_ERRORS,
    MAX_KEPT,
    NO_STATUS,
    ORDER_KEY,
    OURS,
    VALUES_KEY,
    VISITOR_CODE,
    VISITOR_CODE_FIELDS,
)

ROOT = Path(__file__).parents[2]
_MODULES = ROOT / "static" / "node_modules"
_POLYSCRIPT = _MODULES / "polyscript"
_MICROPYTHON = _MODULES / "@micropython" / "micropython-webassembly-pyscript"
_NAME = "kameleoon-segment-bridge"
_VERSION = version(_NAME)  # pyproject.toml says it
_START_LIMIT_MS = {"micropython": 15_000, "pyodide": 60_000}  # a start may hang without an error: Pyodide's does
_HANDS_LIMIT_MS = 15_000
_PATIENCE_MS = 500  # longer it waits for a network, and its main thread is idle
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
    source = built(settings.model_dump(mode="json", by_alias=True, exclude_unset=True), table())
    engines = {"micropython": _micropython(source), "pyodide": _pyodide(source)}
    contents = licences.carried(ROOT)
    for engine in engines.values():
        contents |= engine.files
    known = _known(settings, engines, contents)
    hands = _tag_script("hands/hands.js", "--format=iife", "--target=es2021", *_defined("BUNDLE", **known))
    known["hands"] = f"hands-{_hash(hands)}.js"
    contents[known["hands"]] = hands
    contents[EAR] = _tag_script(EAR, "--format=iife", "--target=es2021", *_defined("BUNDLE", **known))
    files = {name: _write(out / name, content) for name, content in contents.items()}
    loads = {name: [EAR, known["hands"], *engine.files] for name, engine in engines.items()}
    manifest = Manifest(version=_VERSION, files=dict(sorted(files.items())), loads=loads)
    _replace(out / "manifest.json", (manifest.model_dump_json(indent=2) + "\n").encode())
    return manifest


class _Engine(NamedTuple):
    """An interpreter and the brain that it runs: names in the bundle."""

    kernel: str  #: PyScript's, which starts the module
    module: str  #: starts the interpreter
    brain: str  #: the file with the Python that the module takes
    imports: Sequence[str]  #: Python modules that start the brain, in this order
    fetched: list[str]  #: what else the module asks for
    limit: int  #: ms until a start counts as failed
    files: dict[str, bytes]  #: contents by name, in the order in which they are loaded

    @property
    def asked(self) -> list[str]:
        """Return what a start asks for, fetched before it does."""
        return [self.kernel, self.module, *self.fetched, self.brain]

    def known_to_tag(self, contents: Mapping[str, bytes]) -> dict[str, object]:
        files = {name: len(contents[name]) for name in self.asked}
        start = {"kernel": self.kernel, "module": self.module, "brain": self.brain, "imports": self.imports}
        return {**start, "files": files, "limit": self.limit}


def _kernel(interpreter: str) -> tuple[str, bytes]:
    """Return PyScript's kernel for an interpreter: name, content."""
    try:
        content = kernel.kernel(_POLYSCRIPT, interpreter)
    except (OSError, esbuild.EsbuildError) as error:
        raise BuildError(f"polyscript cannot be joined: {error}") from error
    return f"polyscript-{_hash(content)}.js", content


def _micropython(source: str) -> _Engine:
    try:
        image = brain(ROOT, source)
    except subprocess.CalledProcessError as error:
        raise BuildError(f"MicroPython cannot compile the page code: {error.stderr.strip()}") from error
    name = f"brain-{_hash(image)}.data"
    start, content = _kernel("micropython")
    module = _tag_script(
        "engines/micropython.js",
        "--format=esm",
        "--platform=node",  # leaves alone what MicroPython imports there only,
        "--define:process=undefined",  # and lets go what asks for it
        "--define:globalThis.process=undefined",
        "--define:globalThis.WorkerGlobalScope=undefined",
        "--define:globalThis.window=true",
        f"--alias:micropython={_MICROPYTHON / 'micropython.mjs'}",
    )
    wasm = (_MICROPYTHON / "micropython.wasm").read_bytes()
    folder = f"micropython-{_hash(module, wasm)}"
    module_name, wasm_name = f"{folder}/micropython.mjs", f"{folder}/micropython.wasm"
    return _Engine(
        kernel=start,
        module=module_name,
        brain=name,
        imports=IMPORTS,
        fetched=[wasm_name],
        limit=_START_LIMIT_MS["micropython"],
        files={start: content, module_name: module, wasm_name: wasm, name: image},
    )


def _pyodide(source: str) -> _Engine:
    try:
        parts = pyodide.parts(ROOT)
    except OSError as error:
        raise BuildError(f"{error.filename} is missing: run `make demo` or `make test` once") from error
    except subprocess.CalledProcessError as error:
        raise BuildError(f"Pyodide cannot pack what it imports: {error.stderr.decode().strip()}") from error
    name = f"brain-{_hash(source.encode())}.py"
    start, content = _kernel("pyodide")
    folder = f"pyodide-{_hash(*parts.runtime.values())}/"
    packs = {f"{name}-{_hash(pack.content)}.data": pack for name, pack in parts.packs.items()}
    module = _tag_script(
        "engines/strict.js",
        "--format=esm",
        f"--alias:pyodide=./{folder}pyodide.mjs",
        f"--external:./{folder}*",
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
    module_name = f"strict-{_hash(module)}.mjs"
    wasm = folder + pyodide.WASM
    runtime = {folder + file: content for file, content in parts.runtime.items()}
    return _Engine(
        kernel=start,
        module=module_name,
        brain=name,
        imports=("bridge.strict.start",),
        fetched=[wasm],
        limit=_START_LIMIT_MS["pyodide"],
        files={
            start: content,
            module_name: module,
            wasm: runtime.pop(wasm),
            name: source.encode(),
            **runtime,
            **{file: pack.content for file, pack in packs.items()},
        },
    )


def _known(settings: Settings, engines: dict[str, _Engine], contents: Mapping[str, bytes]) -> dict[str, Any]:
    """Return what the tag's scripts need to know of this bundle."""
    return {
        "name": _NAME,
        "version": _VERSION,
        "engine": settings.engine,
        "analytics": settings.analytics,
        "consent": settings.consent,
        "enrich": settings.enrich,
        "code": VISITOR_CODE,
        "codeFields": VISITOR_CODE_FIELDS,
        "engines": {name: engine.known_to_tag(contents) for name, engine in engines.items()},
        "preload": engines[settings.engine].asked,
        "limit": _HANDS_LIMIT_MS,
        "patience": _PATIENCE_MS,
        "hold": EVENT_HOLD_MS,
        "maxErrors": MAX_ERRORS,
        "ours": OURS,
        "valuesKey": VALUES_KEY,
        "heardKey": HEARD_KEY,
        "orderKey": ORDER_KEY,
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
