"""Packs what the strict engine imports. Runs on Pyodide itself, started by ``compile.mjs``: bytecode is its writer's.

Python that a start imports is packed as bytecode, which the page then does not compile at each view; the rest as
source, which packs smaller. Nothing is compressed in itself: the wire's Brotli does it better. The standard library is
the zip that Pyodide asks for. All else is a pack: the bytes of its files, one after another, beside a table of their
paths and sizes, so that the page puts them in their places without an unpacker.
"""

import importlib
import importlib.util
import json
import sys
import zipfile
from collections.abc import Iterable, Iterator
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
USELESS_IN_WHEELS = (
    "annotated_types/test_cases.py",
    "pydantic/_hypothesis_plugin.py",
    "pydantic/mypy.py",
    "pydantic/v1/",
)


def main(modules: list[str]) -> None:
    """Write the standard library, and packs of the wheels and the bridge; ``modules`` are what a start imports."""
    for wheel in sorted((ROOT / "static" / "wheels").glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(SITE)
    sys.path[:0] = [str(SITE), str(ROOT)]
    sys.dont_write_bytecode = True
    for module in modules:
        importlib.import_module(module)
    files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    imported = {Path(file) for file in files if file}
    own = {path for path in imported if (ROOT / "bridge") in path.parents}
    own |= {path for folder in ("shared", "brain", "strict") for path in (ROOT / "bridge" / folder).glob("*.py")}
    with zipfile.ZipFile(PYODIDE / "python_stdlib.zip") as library:
        stdlib = {name: library.read(name) for name in library.namelist() if not name.endswith("/")}
    inside = Path(importlib.__file__).parents[1]  # the archive that this interpreter imports from
    useful = {inside / name: content for name, content in stdlib.items() if _useful(name)}
    with zipfile.ZipFile(OUT / "python_stdlib.zip", "w", zipfile.ZIP_STORED) as library:
        for name, content in compiled(inside, useful, imported):
            library.writestr(zipfile.ZipInfo(name), content)
    pack("site", compiled(SITE, {path: path.read_bytes() for path in SITE.rglob("*") if _wanted(path)}, imported))
    pack("bridge", compiled(ROOT, {path: path.read_bytes() for path in own}, own))


def compiled(base: Path, contents: dict[Path, bytes], wanted: set[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield the files by their path below ``base``, in order, ``wanted`` ones as bytecode: the same for the same."""
    for path, content in sorted(contents.items()):
        name = str(path.relative_to(base))
        if path in wanted and path.suffix == ".py":
            code = compile(content, name, "exec", dont_inherit=True, optimize=2)
            yield name + "c", _code_to_hash_pyc(code, importlib.util.source_hash(content), checked=False)
        else:
            yield name, content


def pack(name: str, files: Iterable[tuple[str, bytes]]) -> None:
    """Write the pack ``name``, and its table."""
    with (OUT / name).open("wb") as file:
        table = [(path, file.write(content)) for path, content in files]
    (OUT / f"{name}.json").write_text(json.dumps(table))


def _useful(name: str) -> bool:
    if name.startswith("encodings/"):
        return name.removeprefix("encodings/").removesuffix(".py") in ENCODINGS
    return not name.startswith(USELESS)


def _wanted(path: Path) -> bool:
    inside = str(path.relative_to(SITE))
    return path.suffix in {".py", ".so"} and not inside.startswith(USELESS_IN_WHEELS)


main(sys.argv[1:])
