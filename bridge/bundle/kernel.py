"""PyScript's kernel, polyscript, without the parts that no page with the bridge uses.

Polyscript is published as one file in which everything is joined: also its worker, which is a second copy of itself as
text, and what reads packages and archives. Here it is joined again from its own modules, but for these: half its weight
(Brotli: 10.9 kB of 22.9), and as much less to compile.
"""

import shutil
import tempfile
from pathlib import Path

from bridge.bundle import esbuild

_NO = 'throw new Error("left out of this build of polyscript")'
#: Modules that are left out, and what stands in their place: with the same exports, for they are imported.
_LEFT_OUT = {
    "worker/class.js": f"export default () => function XWorker() {{ {_NO} }}",
    "interpreter/_remote_package.js": f"export default () => {{ {_NO} }}",
    "interpreter/_nativefs.js": f"export const initializeNativeFS = () => () => {{ {_NO} }}",
    "interpreter/pyodide_graph.js": "export default {}",
    "python/mip.js": 'export default ""',
    "3rd-party.js": f"export const toml = () => {{ {_NO} }}, zip = toml",
}


def kernel(polyscript: Path) -> bytes:
    """Return the kernel as one module.

    Args:
        polyscript: The package's folder, as npm installs it.

    Raises:
        OSError: The package is not there, or has no such module any more.
        EsbuildError: It cannot be joined.
    """
    with tempfile.TemporaryDirectory(dir=polyscript) as folder:  # there, that its modules find their dependencies
        modules = Path(folder) / "esm"
        shutil.copytree(polyscript / "esm", modules)
        for name, text in _LEFT_OUT.items():
            (modules / name).stat()
            (modules / name).write_text(text + "\n", encoding="utf-8")
        return esbuild.run(modules / "index.js", "--bundle", "--minify", "--format=esm", "--target=es2022")
