"""Builds a bundle: ``bridge.js``, which caches keep briefly, and the rest under content-hashed paths, kept for ever."""

import base64
import hashlib
import json
import subprocess
from importlib.metadata import version
from pathlib import Path

from bridge.bundle import esbuild, pyodide
from bridge.bundle.compression import compressed
from bridge.bundle.manifest import File, Manifest
from bridge.bundle.python import brain, starter
from bridge.models.settings import Settings, table

ROOT = Path(__file__).parents[2]
_MODULES = ROOT / "static" / "node_modules"
_POLYSCRIPT = _MODULES / "polyscript" / "dist" / "index.js"
_MICROPYTHON = _MODULES / "@micropython" / "micropython-webassembly-pyscript"
_VERSION = version("kameleoon-segment-bridge")  # pyproject.toml says it
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
    polyscript = _without_source_map(_POLYSCRIPT.read_bytes())
    known = (settings.model_dump(mode="json", by_alias=True, exclude_unset=True), table())
    kernel = f"polyscript-{_hash(polyscript)}.js"
    brains = {"micropython": brain(ROOT, *known), "pyodide": starter(*known)}
    names = {engine: f"brain-{_hash(python)}.py" for engine, python in brains.items()}
    engines = {"micropython": _micropython(), "pyodide": _pyodide()}  # the module that starts it first, then its wasm
    contents = {kernel: polyscript}
    for engine, parts in engines.items():
        contents |= {names[engine]: brains[engine], **parts}
    contents[EAR] = _ear(
        {
            "version": _VERSION,
            "engine": settings.engine,
            "polyscript": kernel,
            "engines": {  # brain, module, and what else to preload: the brain, too, where it is wanted at once
                "micropython": [names["micropython"], *engines["micropython"], names["micropython"]],
                "pyodide": [names["pyodide"], *list(engines["pyodide"])[:2]],
            },
        }
    )
    files = {name: _write(out / name, content) for name, content in contents.items()}
    loads = {name: [EAR, kernel, names[name], *engine] for name, engine in engines.items()}
    manifest = Manifest(version=_VERSION, files=dict(sorted(files.items())), loads=loads)
    _replace(out / "manifest.json", (manifest.model_dump_json(indent=2) + "\n").encode())
    return manifest


def _micropython() -> dict[str, bytes]:
    files = {
        "micropython.mjs": _minified(
            ROOT / "web" / "tag" / "micropython.js",
            "--bundle",
            "--format=esm",
            "--platform=node",  # leaves alone what MicroPython imports there only
            f"--alias:micropython={_MICROPYTHON / 'micropython.mjs'}",
        ),
        "micropython.wasm": (_MICROPYTHON / "micropython.wasm").read_bytes(),
    }
    folder = f"micropython-{_hash(*files.values())}"
    return {f"{folder}/{name}": content for name, content in files.items()}


def _pyodide() -> dict[str, bytes]:
    try:
        parts = pyodide.parts(ROOT)
    except OSError as error:
        raise BuildError(f"{error.filename} is missing: run `make demo` or `make test` once") from error
    except subprocess.CalledProcessError as error:
        raise BuildError(f"Pyodide cannot pack what it imports: {error.stderr.decode().strip()}") from error
    folder = f"pyodide-{_hash(*parts.runtime.values())}/"
    packs = {f"{name}-{_hash(pack.content)}.data": pack for name, pack in parts.packs.items()}
    places = {
        "pyodide": folder,
        "packs": [{"file": file, "files": pack.files} for file, pack in packs.items()],
        "lock": parts.lock,
        "imports": pyodide.IMPORTS,
    }
    start = _minified(
        ROOT / "web" / "tag" / "strict.js",
        "--bundle",
        "--format=esm",
        f"--alias:pyodide=./{folder}pyodide.mjs",
        "--external:./*",
        f"--define:FILES={json.dumps(places)}",
    )
    runtime = {folder + name: content for name, content in parts.runtime.items()}
    wasm = folder + pyodide.WASM
    runtime |= {file: pack.content for file, pack in packs.items()}
    return {f"strict-{_hash(start)}.mjs": start, wasm: runtime.pop(wasm), **runtime}


def _ear(bundle: dict[str, object]) -> bytes:
    """Return ``web/tag/bridge.js`` with what it needs to know of this bundle."""
    return _minified(
        ROOT / "web" / "tag" / EAR, "--format=iife", "--target=es2020", f"--define:BUNDLE={json.dumps(bundle)}"
    )


def _minified(script: Path, *options: str) -> bytes:
    try:
        return esbuild.run(script, "--minify", *options)
    except esbuild.EsbuildError as error:
        raise BuildError(str(error)) from error


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


def _without_source_map(script: bytes) -> bytes:
    """Drop the pointer to a source map that is not in the bundle."""
    return script.partition(b"\n//# sourceMappingURL=")[0] + b"\n"


def _hash(*contents: bytes) -> str:
    return hashlib.sha256(b"".join(contents)).hexdigest()[:12]


def _integrity(content: bytes) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()
