"""The strict engine's files: Pyodide with a faster standard library, pydantic, the bridge's models and page code."""

import contextlib
import hashlib
import json
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

FOLDER = "static/node_modules/pyodide"
WHEELS = "static/wheels"
WASM = "pyodide.asm.wasm"
#: What the strict engine imports when the brain is up, in pieces between which the page gets its turn.
IMPORTS = (
    "pydantic_core",
    "pydantic.main",
    "bridge.models.segment",
    "bridge.models.messages",
    "bridge.strict.observe",
)
_STARTED = (
    "bridge.brain.brain",
    "bridge.strict.watch",
    "bridge.strict.observer",
    "bridge.strict.window",
    "bridge.personas",
)
_OWN = ("*.py", "shared/*.py", "models/*.py", "brain/*.py", "strict/*.py")  # of bridge: what may be imported there
_HERE = Path(__file__).parent


class Pack(NamedTuple):
    """Files in one: their bytes one after another, and where each ends up, as (path, size in bytes)."""

    content: bytes
    files: list[tuple[str, int]]


class Parts(NamedTuple):
    """What the strict engine is made of; contents by name."""

    runtime: dict[str, bytes]  #: what Pyodide itself fetches
    packs: dict[str, Pack]  #: put beside the brain: ``bridge``, our own, and ``site``, third-party packages
    lock: str  #: names no package: all there are is packed, and no CDN is asked for another


def parts(root: Path) -> Parts:
    """Return the parts, compiled once for the same sources.

    Raises OSError where a file is missing, and subprocess.CalledProcessError where Pyodide does not run.
    """
    packed = _packed(root)
    runtime = {name: (root / FOLDER / name).read_bytes() for name in ("pyodide.mjs", "pyodide.asm.mjs", WASM)}
    runtime["python_stdlib.zip"] = (packed / "python_stdlib.zip").read_bytes()
    packs = {
        name: Pack((packed / name).read_bytes(), json.loads((packed / f"{name}.json").read_bytes()))
        for name in ("bridge", "site")
    }
    lock = json.loads((root / FOLDER / "pyodide-lock.json").read_bytes())
    return Parts(runtime, packs, json.dumps({"info": lock["info"], "packages": {}}))


def _packed(root: Path) -> Path:
    """Return the folder with the packs made of exactly these sources."""
    sources = [root / FOLDER / "package.json", *sorted((root / WHEELS).iterdir())]
    sources += [_HERE / "pack.py", _HERE / "compile.mjs"]
    sources += [path for name in _OWN for path in sorted((root / "bridge").glob(name))]
    state = hashlib.sha256()
    for path in sources:
        state.update(f"{path.relative_to(root)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    cache = root / ".cache" / "pyodide"
    packed = cache / state.hexdigest()[:16]
    if not packed.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as draft:
            out = Path(draft) / "out"
            out.mkdir()
            command: list[str | Path] = ["node", _HERE / "compile.mjs", root / FOLDER, root, out, *_STARTED]
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own script
            with contextlib.suppress(OSError):  # another build was faster
                out.rename(packed)
    return packed
