"""``sandbox``: both vendors' clouds, a bundle and the demo in one process. Needs the extra ``sandbox``."""

import argparse
import contextlib
import socket
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bridge.bundle.build import ROOT
from bridge.bundle.identity import NAME
from bridge.cli.building import built
from bridge.cli.errors import UsageError
from bridge.cli.extras import from_extra
from bridge.cli.greeting import greeting
from bridge.cli.parsing import Commands, command
from bridge.cli.terminal import Progress
from bridge.models.settings import Settings
from bridge.sandbox.place import ANALYTICS, DEMO_SETTINGS, INSTALLED, MICROPYTHON, PYSCRIPT, STATIC, WEB

#: Where the repository's sandbox keeps its bundle and databases. An installed one leaves nothing behind unasked.
CACHE = ROOT / ".cache"
#: The first file of each page and script that is not in the bundle.
SERVED = (
    WEB / "demo" / "index.html",
    WEB / "looks" / "base.css",
    WEB / "sandbox" / "kameleoon" / "main.js",
    WEB / "sandbox" / "monitoring" / "index.html",
    WEB / "wire" / "log.html",
    STATIC / ANALYTICS / "standalone.js",
    STATIC / PYSCRIPT / "core.js",
    STATIC / MICROPYTHON / "micropython.mjs",
)
_MAX_PORT = 65535
_MEMORY = ":memory:"


def add_commands(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(
        commands,
        "sandbox",
        "play both vendors' clouds on this machine, with a demo",
        "",
        "--port 9000 --database sandbox.sqlite3",
        "--host 0.0.0.0 --allow-host 192.168.1.20",
    )
    parser.description = (
        "Segment's cloud, Kameleoon's cloud, a bundle and the demo in one local process, until it is stopped.\n"
        "Nothing leaves the machine. Needs the extra sandbox."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=8000, help="port to listen on, 0 for a free one (default: 8000)")
    kept = _MEMORY if INSTALLED else "a file below .cache/ for each port"
    parser.add_argument("--database", metavar="PATH", help=f"SQLite file, or :memory: (default: {kept})")
    parser.add_argument(
        "--allow-host",
        metavar="HOST",
        action="append",
        default=[],
        help="a further name or address under which the sandbox answers, with any port, and whose pages may use it; "
        "can be given again (always allowed: localhost, names below it, 127.0.0.1, ::1, and --host)",
    )
    parser.set_defaults(run=_sandbox)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= _MAX_PORT):
        raise argparse.ArgumentTypeError(f"{text} is no port; give a whole number from 0 to {_MAX_PORT}")
    return int(text)


def _sandbox(options: argparse.Namespace) -> int:
    """Run the sandbox until it is stopped. Raises UsageError where it cannot start."""
    with from_extra("sandbox", "sandbox"):
        from bridge.sandbox.app import create_app  # noqa: PLC0415 - of an extra
        from bridge.sandbox.guard import host_as_written  # noqa: PLC0415
        from bridge.sandbox.options import Destination, Options  # noqa: PLC0415
        from bridge.sandbox.serving import serve  # noqa: PLC0415
    allowed = []
    for text in options.allow_host:
        if (host := host_as_written(text)) is None:
            raise UsageError(f"--allow-host: {text} is no host; give a name or an address, such as 192.168.1.20")
        allowed.append(host)
    with _listening(options.host, options.port) as listener, _folder() as folder:
        host, port = listener.getsockname()[:2]
        database = options.database or (_default_database(port) if options.port else _MEMORY)
        sitecode = _bundle(folder).sitecode
        try:  # events go on to the sandbox's own receiving side
            hosts = (options.host, host, *allowed)
            app = create_app(folder, database, Options(hosts=hosts, destination=Destination(sitecode)))
        except sqlite3.Error as error:
            raise UsageError(
                f"cannot open the database {database} ({error}); remove it, or try another --database"
            ) from error
        print(greeting(host, port), flush=True)
        serve(app, listener)
    return 0


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except (OSError, UnicodeError) as error:  # UnicodeError: no host has such a name
        raise UsageError(f"cannot listen on {host}:{port} ({error}); try another --port or --host") from error


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """Give the folder for the bundle: the repository keeps it in its cache, an installed sandbox's goes with it."""
    if not INSTALLED:
        yield CACHE / "bundle"
        return
    with tempfile.TemporaryDirectory(prefix=f"{NAME}-") as folder:
        yield Path(folder)


def _bundle(folder: Path) -> Settings:
    """Build the demo's bundle, and return its settings, once all else that is served is there."""
    for file in SERVED:
        if not file.is_file():
            remedy = f"install {NAME} again" if INSTALLED else "restore it, or fetch it with `make demo`"
            raise UsageError(f"{file} is missing: {remedy}")
    with Progress() as progress:
        return built(DEMO_SETTINGS, folder, begin=progress.begin, wizard=True)[0]


def _default_database(port: int) -> Path | str:
    """Return where a sandbox keeps what it receives: in the repository a file for each port, so that two never mix."""
    if INSTALLED:
        return _MEMORY
    from bridge.sandbox.storage.database import SCHEMA_VERSION  # noqa: PLC0415 - of an extra

    folder = CACHE / f"sandbox-{SCHEMA_VERSION}"  # what an older sandbox left is not in the way
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{folder}: {error.strerror}; it must be a folder that can be written, or give --database"
        ) from error
    return folder / f"{port}.sqlite3"
