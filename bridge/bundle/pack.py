"""Packs what the strict engine imports. Runs on Pyodide itself, started by ``compile.mjs``: bytecode is its writer's.

Python that a start imports is packed as bytecode, which the page then does not compile at each view; the rest as
source, which packs smaller. A pack is the files' bytes, one after another, beside a table of their paths and sizes: the
page puts them where they belong without an unpacker, and the wire's Brotli compresses them.
"""

import importlib
import importlib.util
import json
import sys
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc  # type: ignore[attr-defined]  # nothing public writes them
from pathlib import Path

PYODIDE = Path("/pyodide")
ROOT = Path("/root")
OUT = Path("/out")
SITE = Path("/site")
# Of no use in a page: tools of developers, windows and terminals, other processes, servers, databases, mail, XML, and
# Python for what C does as well.
USELESS = (
    "_pydatetime.py", "_pydecimal.py", "_pyio.py", "_pyrepl/", "__hello__.py", "__phello__/", "antigravity.py",
    "argparse.py", "asyncio/proactor_events.py", "asyncio/tools.py", "asyncio/windows_", "bdb.py", "cProfile.py",
    "cmd.py", "code.py", "colorsys.py", "compileall.py", "concurrent/futures/process.py", "concurrent/interpreters/",
    "configparser.py", "csv.py", "ctypes/", "curses/", "dbm/", "difflib.py", "doctest.py", "ensurepip/", "filecmp.py",
    "fileinput.py", "ftplib.py", "getopt.py", "getpass.py", "gettext.py", "graphlib.py", "html/", "http/cookiejar.py",
    "http/cookies.py", "http/server.py", "idlelib/", "imaplib.py", "json/tool.py", "logging/config.py",
    "logging/handlers.py", "mailbox.py", "modulefinder.py", "multiprocessing/", "netrc.py", "nturl2path.py",
    "optparse.py", "pdb.py", "pickletools.py", "plistlib.py", "poplib.py", "profile", "profiling/", "pstats.py",
    "pty.py", "py_compile.py", "pyclbr.py", "pydoc.py", "pydoc_data/", "pyodide/console.py", "rlcompleter.py",
    "runpy.py", "sched.py", "shelve.py", "shlex.py", "smtplib.py", "socketserver.py", "sqlite3/", "statistics.py",
    "symtable.py", "sysconfig/__main__.py", "tabnanny.py", "tarfile.py", "this.py", "timeit.py", "tkinter/", "trace.py",
    "tty.py", "turtle.py", "turtledemo/", "unittest/", "urllib/robotparser.py", "venv/", "wave.py", "webbrowser.py",
    "wsgiref/", "xml/", "xmlrpc/", "zipapp.py", "zipfile/__main__.py",
)  # fmt: skip
# cp437 is zipfile's, iso8859_15 pyodide-http's.
ENCODINGS = ("__init__", "aliases", "ascii", "cp437", "idna", "iso8859_15", "latin_1", "punycode", "utf_16", "utf_8")
USELESS_IN_WHEELS = ("annotated_types/test_cases.py", "pydantic/_hypothesis_plugin.py", "pydantic/mypy.py", "pydantic/v1/")


def main(modules: list[str]) -> None:
    """Write the packs of the standard library, the wheels and the bridge; ``modules`` are what a start imports."""
    for wheel in sorted((ROOT / "static" / "wheels").glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(SITE)
    sys.path[:0] = [str(SITE), str(ROOT)]
    sys.dont_write_bytecode = True
    for module in modules:
        importlib.import_module(module)
    files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    imported = {Path(file) for file in files if file}
    own = {path for path in imported if (ROOT / "bridge") in path.parents} | {*(ROOT / "bridge" / "page").glob("*.py")}
    with zipfile.ZipFile(PYODIDE / "python_stdlib.zip") as library:
        stdlib = {name: library.read(name) for name in library.namelist() if not name.endswith("/")}
    inside = Path(importlib.__file__).parents[1]  # the archive that this interpreter imports from
    pack("library", inside, {inside / name: stdlib[name] for name in stdlib if _useful(name)}, imported)
    pack("site", SITE, {path: path.read_bytes() for path in SITE.rglob("*") if _wanted(path)}, imported)
    pack("bridge", ROOT, {path: path.read_bytes() for path in own}, own)


def pack(name: str, base: Path, contents: dict[Path, bytes], compiled: set[Path]) -> None:
    """Write the pack ``name`` of the files below ``base``, and its table: the same bytes for the same input."""
    table: list[tuple[str, int]] = []
    with (OUT / name).open("wb") as file:
        for path, content in sorted(contents.items()):
            inside = str(path.relative_to(base))
            if path in compiled and path.suffix == ".py":
                code = compile(content, inside, "exec", dont_inherit=True, optimize=2)
                inside += "c"
                content = _code_to_hash_pyc(code, importlib.util.source_hash(content), checked=False)  # noqa: PLW2901
            table.append((inside, file.write(content)))
    (OUT / f"{name}.json").write_text(json.dumps(table))


def _useful(name: str) -> bool:
    if name.startswith("encodings/"):
        return name.removeprefix("encodings/").removesuffix(".py") in ENCODINGS
    return not name.startswith(USELESS)


def _wanted(path: Path) -> bool:
    inside = str(path.relative_to(SITE))
    return path.suffix in {".py", ".so"} and not inside.startswith(USELESS_IN_WHEELS)


main(sys.argv[1:])
