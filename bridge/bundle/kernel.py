"""PyScript's kernel, polyscript, with the parts that a page with the bridge uses.

Polyscript is published as one file with everything: all interpreters, its worker, which is a second copy of itself as
text, what reads packages and archives, handlers in HTML attributes. Here it is joined again from its own modules, for
one interpreter, but for those that only an application needs: what is left is ``define``, the interpreter's start, and
its hooks.
"""

import shutil
import tempfile
from pathlib import Path

from bridge.bundle import esbuild

_NO = 'throw new Error("left out of this build of polyscript")'
#: Modules that are left out, below polyscript's own and beside them, and what stands in their place: with the same
#: exports, for they are imported.
_LEFT_OUT = {
    "esm/3rd-party.js": f"export const toml = () => {{ {_NO} }}, zip = toml",
    "esm/interpreter/_nativefs.js": f"export const initializeNativeFS = () => () => {{ {_NO} }}",
    "esm/interpreter/_remote_package.js": f"export default () => {{ {_NO} }}",
    "esm/interpreter/_utils.js": (
        "export const createProgress = () => () => {}, writeFile = () => {}, "
        f"fetchFiles = () => {{ {_NO} }}, fetchPaths = fetchFiles, fetchJSModules = fetchFiles"
    ),
    "esm/interpreter/pyodide_graph.js": "export default {}",
    "esm/listeners.js": "export const env = {}, listener = () => {}, addAllListeners = listener",
    "esm/python/mip.js": 'export default ""',
    "esm/worker/class.js": f"export default () => function XWorker() {{ {_NO} }}",
    "esm/worker/hook.js": "export default class Hook {}",
    "esm/worker/url.js": 'export default () => ""',
    "esm/workers.js": "export const workers = {}, workersHandler = {}",
    "node_modules/@webreflection/fetch/index.js": f"export default () => {{ {_NO} }}",
    "node_modules/@webreflection/idb-map/index.js": f"export default class {{ constructor() {{ {_NO} }} }}",
    # Where packages are kept in the browser: there are none, and nothing is to be left there.
    "node_modules/@webreflection/idb-map/sync.js": (
        "export default class extends Map { constructor() { super() } sync() {} close() {} }"
    ),
    "node_modules/html-escaper/index.js": "export const escape = (text) => text, unescape = escape",
    "node_modules/reflected-ffi/direct.js": f"export const encode = () => {{ {_NO} }}, decode = encode",
}
# In place of polyscript's index, which watches the document for scripts and elements of its types.
_ENTRY = """
import { define } from "./esm/custom.js";
globalThis[Symbol.for("polyscript")] = { define };
"""
_INTERPRETERS = ("micropython", "pyodide")


def kernel(polyscript: Path, interpreter: str) -> bytes:
    """Return the kernel as one module.

    Args:
        polyscript: The package's folder, as npm installs it.
        interpreter: The one that it can start: ``micropython`` or ``pyodide``.

    Raises:
        OSError: The package is not there, or has no such module any more.
        EsbuildError: It cannot be joined.
    """
    others = {f"esm/interpreter/{one}.js": "export default { type: [] }" for one in _INTERPRETERS if one != interpreter}
    with tempfile.TemporaryDirectory(dir=polyscript) as folder:  # there, that its modules find their dependencies
        draft = Path(folder)
        shutil.copytree(polyscript / "esm", draft / "esm")
        for name, text in {**_LEFT_OUT, **others}.items():
            path = draft / name
            if path.is_relative_to(draft / "esm"):
                path.stat()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n", encoding="utf-8")
        entry = draft / "entry.js"
        entry.write_text(_ENTRY, encoding="utf-8")
        return esbuild.run(entry, "--bundle", "--minify", "--format=esm", "--target=es2022")
