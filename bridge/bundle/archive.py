"""Packs what the strict engine imports. Runs on Pyodide itself, started by ``compile.mjs``: bytecode is its writer's.

Python that a start imports is packed as bytecode, which the page then does not compile at each view; the rest as
source, which packs smaller. The archives themselves are not compressed: the wire's Brotli does it better.
"""

import importlib
import importlib.util
import sys
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc  # type: ignore[attr-defined]  # nothing public writes them
from pathlib import Path

PYODIDE = Path("/pyodide")
ROOT = Path("/root")
OUT = Path("/out")
SITE = Path("/site")
# Of no use in a page: tools of developers, windows and terminals, other processes, databases, mail, XML, and Python for
# what C does as well.
USELESS = (
    "_pydatetime.py", "_pydecimal.py", "_pyio.py", "_pyrepl/", "bdb.py", "cmd.py", "code.py", "ctypes/", "curses/",
    "dbm/", "doctest.py", "ensurepip/", "idlelib/", "imaplib.py", "mailbox.py", "multiprocessing/", "optparse.py",
    "pdb.py", "pickletools.py", "poplib.py", "profile/", "profiling/", "pstats.py", "pydoc.py", "pydoc_data/",
    "smtplib.py", "sqlite3/", "statistics.py", "tabnanny.py", "tkinter/", "turtle.py", "turtledemo/", "unittest/",
    "venv/", "webbrowser.py", "wsgiref/", "xml/", "xmlrpc/",
)  # fmt: skip
# cp437 is zipfile's, iso8859_15 pyodide-http's.
ENCODINGS = ("__init__", "aliases", "ascii", "cp437", "idna", "iso8859_15", "latin_1", "punycode", "utf_16", "utf_8")
USELESS_IN_WHEELS = ("pydantic/v1/", "pydantic/mypy.py", "pydantic/_hypothesis_plugin.py")


def main(modules: list[str]) -> None:
    """Write the archives of the standard library, the wheels and the bridge; ``modules`` are what a start imports."""
    for wheel in sorted((ROOT / "static" / "wheels").glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(SITE)
    sys.path[:0] = [str(SITE), str(ROOT)]
    sys.dont_write_bytecode = True
    for module in modules:
        importlib.import_module(module)
    files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    imported = {Path(file) for file in files if file}
    own = {path for path in imported if (ROOT / "bridge") in path.parents and path.parent.name != "page"}
    with zipfile.ZipFile(PYODIDE / "python_stdlib.zip") as library:
        stdlib = {name: library.read(name) for name in library.namelist() if not name.endswith("/")}
    inside = Path(importlib.__file__).parents[1]  # the archive that this interpreter imports from
    pack("python_stdlib.zip", inside, {inside / name: stdlib[name] for name in stdlib if _useful(name)}, imported)
    pack("site.zip", SITE, {path: path.read_bytes() for path in SITE.rglob("*") if _wanted(path)}, imported)
    pack("bridge.zip", ROOT, {path: path.read_bytes() for path in own}, own)


def pack(name: str, base: Path, contents: dict[Path, bytes], compiled: set[Path]) -> None:
    """Write the archive ``name`` of the files below ``base``: the same bytes for the same input."""
    with zipfile.ZipFile(OUT / name, "w", zipfile.ZIP_STORED) as archive:
        for path, content in sorted(contents.items()):
            inside = str(path.relative_to(base))
            if path in compiled and path.suffix == ".py":
                code = compile(content, inside, "exec", dont_inherit=True, optimize=2)
                bytecode = _code_to_hash_pyc(code, importlib.util.source_hash(content), checked=False)
                archive.writestr(zipfile.ZipInfo(inside + "c"), bytecode)
            else:
                archive.writestr(zipfile.ZipInfo(inside), content)


def _useful(name: str) -> bool:
    if name.startswith("encodings/"):
        return name.removeprefix("encodings/").removesuffix(".py") in ENCODINGS
    return not name.startswith(USELESS)


def _wanted(path: Path) -> bool:
    inside = str(path.relative_to(SITE))
    return path.is_file() and ".dist-info/" not in inside and not inside.startswith(USELESS_IN_WHEELS)


main(sys.argv[1:])
