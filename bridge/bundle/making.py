"""Makes the parts of bundles, in the repository: of its sources, and of what npm and pip fetched."""

import json
import os
import subprocess
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from bridge.bundle import esbuild, kernel, licences, overlay, pyodide
from bridge.bundle.bytecode import BYTECODE, bytecode
from bridge.bundle.compression import compressed
from bridge.bundle.identity import NAME, VERSION, short_hash
from bridge.bundle.parts import Engine, Packed, Parts, place
from bridge.bundle.python import IMPORTS, TABLE, table_source
from bridge.bundle.sources import needed
from bridge.bundle.trouble import BuildError
from bridge.bundle.wizard import wizard
from bridge.models.settings import table
from bridge.shared.vocabulary import (
    CONSOLE_PREFIX,
    DEBUG_SWITCH,
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

_START_LIMIT_MS = {"micropython": 15_000, "pyodide": 60_000}  # a start may hang without an error: Pyodide's does
_SCRIPTS = {"ear": "bridge.js", "hands": "hands/hands.js"}
#: What the tag's scripts need to know of every bundle, and what they are told of the one that they are in.
_KNOWN = {
    "name": NAME,
    "version": VERSION,
    "code": VISITOR_CODE,
    "codeFields": VISITOR_CODE_FIELDS,
    "limit": 15_000,  # ms until the hands count as missing
    "patience": 500,  # ms, longer it waits for a network, and its main thread is idle
    "hold": EVENT_HOLD_MS,
    "maxErrors": MAX_ERRORS,
    "ours": OURS,
    "valuesKey": VALUES_KEY,
    "heardKey": HEARD_KEY,
    "orderKey": ORDER_KEY,
    "longest": MAX_KEPT,
    "status": NO_STATUS,
    "consolePrefix": CONSOLE_PREFIX,
    "debugKey": DEBUG_SWITCH,
}
_TOLD = ("engine", "analytics", "consent", "enrich", "engines", "preload", "hands", "debug")


def made(root: Path, engines: Collection[str], begin: Callable[[str], None]) -> Parts:
    """Return the parts of bundles with these engines.

    Args:
        root: The repository, after `make demo` or `make test`.
        engines: ``micropython``, ``pyodide``, or both.
        begin: Called with what begins now, before each step that may take seconds.

    Raises:
        BuildError: Something is missing, or cannot be made; the text says what to do.
    """
    rules = table()
    try:
        esbuild.check_installed()
        begin("joining the tag's scripts")
        scripts = _scripts(root)
        begin("compiling the page's Python")
        modules = _modules(root, table_source(rules))
        runtimes: dict[str, _Made] = {}
        for name in engines:
            begin(f"putting {name} together")
            runtimes[name] = _MAKERS[name](root)
        begin("putting the debug overlay together")
        debug = _debug(root)
        pages = _wizard(root) if "pyodide" in engines else {}
    except esbuild.EsbuildError as error:
        raise BuildError(str(error)) from error
    notice, text = licences.carried(root)
    contents = {notice: text, **debug.contents}
    for one in runtimes.values():
        contents |= one.contents
    files = _packed({**contents, **pages}, root / ".cache" / "compressed", begin)
    beside = {name: files.pop(name) for name in pages}
    chosen = {name: one.engine for name, one in runtimes.items()}
    return Parts(scripts, modules, rules, chosen, debug.debug, notice, files, beside)


def _packed(contents: Mapping[str, bytes], cache: Path, begin: Callable[[str], None]) -> dict[str, Packed]:
    """Return files with their compressed forms, made side by side, the largest first: Brotli lets other threads run."""
    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        largest_first = sorted(contents, key=lambda name: len(contents[name]), reverse=True)
        forms = {name: pool.submit(compressed, contents[name], cache) for name in largest_first}
        files = {}
        for name, content in contents.items():
            begin(f"compressing {name}")
            files[name] = Packed(content, *forms[name].result())
    finally:
        pool.shutdown(cancel_futures=True)  # whoever stops a build waits for what is under way alone
    return files


class _Made(NamedTuple):
    engine: Engine
    contents: Mapping[str, bytes]  #: by name


@cache
def _scripts(root: Path) -> dict[str, str]:
    """Return the tag's scripts."""
    known = [*_defined("BUNDLE", **_KNOWN), *(f"--define:BUNDLE.{name}={place(name)}" for name in _TOLD)]
    return {
        name: _tag_script(root, script, "--format=iife", "--target=es2021", *known).decode().rstrip()
        for name, script in _SCRIPTS.items()
    }


@cache
def _debug(root: Path) -> overlay.Made:
    """Return what is loaded to debug a page; its Python runs on MicroPython, whatever runs the brain."""

    def script(name: str, *options: str) -> bytes:
        return _tag_script(root, name, "--format=iife", "--target=es2021", *_defined("BUNDLE", **_KNOWN), *options)

    micropython = _micropython(root)
    made = overlay.made(root, micropython.engine, script, _defined)
    return overlay.Made(made.debug, {**micropython.contents, **made.contents})


@cache
def _modules(root: Path, table: str) -> dict[str, bytes]:
    try:
        return bytecode({**needed(root, IMPORTS), TABLE: table}, root / BYTECODE)
    except subprocess.CalledProcessError as error:
        raise BuildError(f"MicroPython cannot compile the page code: {error.stderr.strip()}") from error


@cache
def _micropython(root: Path) -> _Made:
    package = root / "static" / "node_modules" / "@micropython" / "micropython-webassembly-pyscript"
    kernel_name, kernel_content = _kernel(root, "micropython")
    module = _tag_script(
        root,
        "engines/micropython.js",
        "--format=esm",
        "--platform=node",  # leaves alone what MicroPython imports there only,
        "--define:process=undefined",  # and lets go what asks for it
        "--define:globalThis.process=undefined",
        "--define:globalThis.WorkerGlobalScope=undefined",
        "--define:globalThis.window=true",
        f"--alias:micropython={package / 'micropython.mjs'}",
    )
    wasm = (package / "micropython.wasm").read_bytes()
    folder = f"micropython-{short_hash(module, wasm)}"
    module_name, wasm_name = f"{folder}/micropython.mjs", f"{folder}/micropython.wasm"
    engine = Engine(
        kernel=kernel_name,
        module=module_name,
        fetched=[wasm_name],
        imports=list(IMPORTS),
        limit=_START_LIMIT_MS["micropython"],
    )
    return _Made(engine, {kernel_name: kernel_content, module_name: module, wasm_name: wasm})


class _Strict(NamedTuple):
    """The strict engine's files, by their names in a bundle."""

    lock: str
    folder: str  #: of the runtime, with a slash behind it
    runtime: Mapping[str, bytes]
    packs: Mapping[str, pyodide.Pack]


@cache
def _strict_files(root: Path) -> _Strict:
    try:
        parts = pyodide.parts(root)
    except OSError as error:
        raise BuildError(f"{error.filename} is missing: run `make demo` or `make test` once") from error
    except subprocess.CalledProcessError as error:
        raise BuildError(f"Pyodide cannot pack what it imports: {error.stderr.decode().strip()}") from error
    folder = f"pyodide-{short_hash(*parts.runtime.values())}/"
    return _Strict(
        lock=parts.lock,
        folder=folder,
        runtime={folder + file: content for file, content in parts.runtime.items()},
        packs={f"{name}-{short_hash(pack.content)}.data": pack for name, pack in parts.packs.items()},
    )


@cache
def _wizard(root: Path) -> Mapping[str, bytes]:
    strict = _strict_files(root)
    sizes = {name: len(content) for name, content in strict.runtime.items()}
    return wizard(root, sizes, {name: pack.files for name, pack in strict.packs.items()}, strict.lock)


@cache
def _pyodide(root: Path) -> _Made:
    lock, folder, runtime, packs = _strict_files(root)
    kernel_name, kernel_content = _kernel(root, "pyodide")
    module = _tag_script(
        root,
        "engines/strict.js",
        "--format=esm",
        f"--alias:pyodide=./{folder}pyodide.mjs",
        f"--external:./{folder}*",
        *_defined(
            "STRICT",
            pyodide=folder,
            packs=[{"file": file, "files": pack.files} for file, pack in packs.items()],
            lock=lock,
            imports=pyodide.IMPORTS,
            limit=_START_LIMIT_MS["pyodide"],
            consolePrefix=CONSOLE_PREFIX,
        ),
    )
    module_name = f"strict-{short_hash(module)}.mjs"
    wasm = folder + pyodide.WASM
    engine = Engine(
        kernel=kernel_name,
        module=module_name,
        fetched=[wasm],
        others=[*(name for name in runtime if name != wasm), *packs],
        imports=["bridge.strict.start"],
        limit=_START_LIMIT_MS["pyodide"],
    )
    packed = {file: pack.content for file, pack in packs.items()}
    return _Made(engine, {kernel_name: kernel_content, module_name: module, **runtime, **packed})


_MAKERS: Mapping[str, Callable[[Path], _Made]] = {"micropython": _micropython, "pyodide": _pyodide}


def _kernel(root: Path, interpreter: str) -> tuple[str, bytes]:
    """Return PyScript's kernel for an interpreter: name, content."""
    try:
        content = kernel.kernel(root / "static" / "node_modules" / "polyscript", interpreter)
    except (OSError, esbuild.EsbuildError) as error:
        raise BuildError(f"polyscript cannot be joined: {error}") from error
    return f"polyscript-{short_hash(content)}.js", content


def _tag_script(root: Path, name: str, *options: str) -> bytes:
    """Return a script of ``web/tag``, minified, with all that it imports."""
    return esbuild.run(root / "web" / "tag" / name, "--bundle", "--minify", *options)


def _defined(of: str, **values: Any) -> list[str]:  # noqa: ANN401 - JSON
    """Return esbuild's options that put each value in for ``<of>.<its key>``."""
    return [f"--define:{of}.{key}={json.dumps(value)}" for key, value in values.items()]
