"""Builds a bundle: ``bridge.js``, which caches keep briefly, and the rest under content-hashed paths, kept for ever."""

import base64
import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, Final

from bridge.bundle import earlier
from bridge.bundle.compression import compressed
from bridge.bundle.identity import CARRIED, VERSION, short_hash
from bridge.bundle.manifest import MANIFEST, File, Manifest
from bridge.bundle.parts import Packed, Parts, place, read
from bridge.bundle.python import image, source
from bridge.bundle.trouble import BuildError
from bridge.models.settings import Settings
from bridge.templates import filled

__all__ = ["ANY_SITE", "CARRIED", "EAR", "ENGINES", "ROOT", "BuildError", "build", "parts", "prune"]

ROOT = Path(__file__).parents[2]
EAR = "bridge.js"
ENGINES: Final = ("micropython", "pyodide")
#: No setting at all: for a bundle that is told all by the page, its site code too.
ANY_SITE = Settings.model_construct()  # type: ignore[call-arg]  # a site code is what it has not


def build(
    settings: Settings,
    out: Path,
    engines: Collection[str] = ENGINES,
    begin: Callable[[str], None] = lambda _: None,
    *,
    wizard: bool = False,
) -> Manifest:
    """Write the bundle for ``settings`` into the folder ``out`` and return its manifest.

    The same input gives the same bytes. ``bridge.js`` is written last: whoever fetches it finds what it names. What
    earlier builds left there stays; the manifest names it.

    Args:
        settings: The configuration.
        out: The folder.
        engines: Which of `ENGINES` are in the bundle, the settings' own among them.
        begin: Called with what begins now, before each step that may take seconds.
        wizard: Whether the install wizard lies beside it; it needs both engines.

    Raises:
        BuildError: Something is missing or in the way; the text says what to do.
        OSError: The folder cannot be written.
    """
    if settings.engine not in engines:
        raise BuildError(f"engine: {settings.engine} is not to be in the bundle; accepted: {', '.join(engines)}")
    made = parts(engines, begin)
    files, loads = _bundle(settings, made)
    if wizard:
        files = {**made.wizard, **files}
    old = earlier.found(out, files)
    begin(f"writing {out}")
    written = {name: _write(out / name, file) for name, file in files.items()}
    manifest = Manifest(version=VERSION, files=dict(sorted(written.items())), loads=loads, earlier=old)
    _write_manifest(out, manifest)
    return manifest


def prune(out: Path, manifest: Manifest) -> Manifest:
    """Remove what earlier builds left in a bundle's folder; return the manifest that it has then. Raises OSError."""
    earlier.remove(out, manifest.earlier)
    pruned = manifest.model_copy(update={"earlier": []})
    _write_manifest(out, pruned)
    return pruned


def parts(engines: Collection[str], begin: Callable[[str], None] = lambda _: None) -> Parts:
    """Return the parts of bundles with these engines: those that the installed package carries, else made now.

    Raises BuildError.
    """
    if CARRIED.is_dir():
        return read(CARRIED, engines)
    try:
        from bridge.bundle.making import made  # noqa: PLC0415 - an installed package has not what it needs
    except ModuleNotFoundError as error:
        raise BuildError(
            f"{error.name} is missing: install a release, or run `make demo` or `make test` once in the repository"
        ) from error
    return made(ROOT, engines, begin)


def _bundle(settings: Settings, made: Parts) -> tuple[dict[str, Packed], dict[str, list[str]]]:
    """Return a bundle's files by name, ``bridge.js`` last, and the names of what each engine loads."""
    chosen = settings.model_dump(mode="json", by_alias=True, exclude_unset=True)
    files = dict(made.files)
    known: dict[str, Any] = {
        "engine": settings.engine,
        "analytics": settings.analytics,
        "consent": settings.consent,
        "enrich": settings.enrich,
        "engines": {},
    }
    loads = {}
    for name, engine in made.engines.items():
        content, ending = _brain(name, made, chosen)
        brain = f"brain-{short_hash(content)}.{ending}"
        files[brain] = _packed(content)
        asked = [engine.kernel, engine.module, *engine.fetched, brain]  # by a start, and fetched before it does
        loads[name] = [*asked, *engine.others]
        known["engines"][name] = {
            **engine.model_dump(include={"kernel", "module", "imports"}),
            "brain": brain,
            "files": {one: len(files[one].content) for one in asked},
            "limit": engine.limit,
        }
        if name == settings.engine:
            known["preload"] = asked
    known["debug"] = made.debug.script
    hands = _script(made.scripts["hands"], known)
    known["hands"] = f"hands-{short_hash(hands)}.js"
    files[known["hands"]] = _packed(hands)
    files[EAR] = _packed(_script(made.scripts["ear"], known))
    return files, {name: [EAR, known["hands"], *names] for name, names in loads.items()}


def _brain(engine: str, made: Parts, chosen: dict[str, Any]) -> tuple[bytes, str]:
    """Return what an engine takes of Python, and the ending of the file's name."""
    if engine == "micropython":
        return image(made.modules, chosen), "data"
    return source(chosen, made.table).encode(), "py"


def _script(text: str, known: Mapping[str, Any]) -> bytes:
    """Return a script of the tag with what it needs to know of its bundle."""
    values = {place(name): _javascript(value) for name, value in known.items()}
    return filled("the tag", text, {name: value for name, value in values.items() if name in text}).encode()


def _javascript(value: Any) -> str:  # noqa: ANN401 - JSON
    """Return a value as JavaScript, as short as a minifier has it."""
    if isinstance(value, bool):
        return "!0" if value else "!1"
    return json.dumps(value, separators=(",", ":"))


def _packed(content: bytes) -> Packed:
    return Packed(content, *compressed(content))


def _write(path: Path, file: Packed) -> File:
    """Write a file with its compressed neighbours, unless they are there."""
    packed = zip(earlier.NEIGHBOURS, (file.gzip, file.brotli), strict=True)
    contents = {path.with_name(path.name + ending): content for ending, content in packed} | {path: file.content}
    if not all(one.exists() and one.read_bytes() == content for one, content in contents.items()):
        path.parent.mkdir(parents=True, exist_ok=True)
        for one, content in contents.items():
            _replace(one, content)
    return File(
        bytes=len(file.content),
        gzip=len(file.gzip),
        brotli=len(file.brotli),
        integrity=_integrity(file.content),
    )


def _write_manifest(out: Path, manifest: Manifest) -> None:
    _replace(out / MANIFEST, (manifest.model_dump_json(indent=2) + "\n").encode())


def _replace(path: Path, content: bytes) -> None:
    """Write all or nothing."""
    draft = path.with_name(path.name + ".new")
    draft.write_bytes(content)
    draft.replace(path)


def _integrity(content: bytes) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()
