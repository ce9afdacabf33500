"""Start the local sandbox: Segment's cloud, Kameleoon's cloud, the bundle and the demo in one process."""

import argparse
import contextlib
import socket
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

from starlette.applications import Starlette

from bridge.cli.building import built
from bridge.cli.errors import UsageError
from bridge.cli.greeting import greeting
from bridge.cli.terminal import Progress
from bridge.sandbox.app import create_app
from bridge.sandbox.guard import host_as_written
from bridge.sandbox.options import Destination, Options
from bridge.sandbox.server import Server
from bridge.sandbox.storage.database import SCHEMA_VERSION

ROOT = Path(__file__).resolve().parent
CACHE = ROOT / ".cache"
DEMO_SETTINGS = ROOT / "web" / "demo" / "bridge.toml"
#: The first file of each page and script that is not in the bundle, below ROOT.
SERVED = (
    "web/demo/index.html",
    "web/looks/base.css",
    "web/sandbox/kameleoon/main.js",
    "web/sandbox/monitoring/index.html",
    "web/wire/log.html",
    "static/node_modules/@segment/analytics-next/dist/umd/standalone.js",
    "static/node_modules/@pyscript/core/dist/core.js",
    "static/node_modules/@micropython/micropython-webassembly-pyscript/micropython.mjs",
)
MAX_PORT = 65535


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the sandbox until it is stopped; exit with 2, and one line that says what to do, when it cannot start."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=8000, help="port to listen on, 0 for a free one (default: 8000)")
    parser.add_argument(
        "--database", metavar="PATH", help="SQLite file, or :memory: (default: a file below .cache/ for each port)"
    )
    parser.add_argument(
        "--allow-host",
        metavar="HOST",
        type=_host,
        action="append",
        default=[],
        help="a further name or address under which the sandbox answers, with any port, and whose pages may use it; "
        "can be given again (always allowed: localhost, names below it, 127.0.0.1, ::1, and --host)",
    )
    options = parser.parse_args(arguments)
    try:
        with _listening(options.host, options.port) as listener:
            host, port = listener.getsockname()[:2]
            database = options.database or (_default_database(port) if options.port else ":memory:")
            app = _sandbox(database, (options.host, host, *options.allow_host))
            sys.stdout.write(f"{greeting(host, port)}\n")
            sys.stdout.flush()
            with contextlib.suppress(KeyboardInterrupt):  # Ctrl+C is how it is meant to end
                Server(app).run(sockets=[listener])
    except UsageError as error:
        parser.exit(2, f"error: {error}\n")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= MAX_PORT):
        raise argparse.ArgumentTypeError(f"{text} is no port; give a whole number from 0 to {MAX_PORT}")
    return int(text)


def _host(text: str) -> str:
    host = host_as_written(text)
    if host is None:
        raise argparse.ArgumentTypeError(f"{text} is no host; give a name or an address, such as 192.168.1.20")
    return host


def _listening(host: str, port: int) -> socket.socket:
    try:
        listener = socket.create_server((host, port))
    except (OSError, UnicodeError) as error:  # UnicodeError: no host has such a name
        raise UsageError(f"cannot listen on {host}:{port} ({error}); try another --port or --host") from error
    # asyncio does so for sockets of its own only. Without it, an answer in two parts takes 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _sandbox(database: Path | str, hosts: tuple[str, ...]) -> Starlette:
    """Return the sandbox with the demo's bundle, its destination connected to its own receiving side."""
    for file in SERVED:
        if not (ROOT / file).is_file():
            raise UsageError(f"{ROOT / file} is missing: restore it, or fetch it with `make demo`")
    with Progress() as progress:
        settings, _ = built(DEMO_SETTINGS, CACHE / "bundle", begin=progress.begin)
    try:
        options = Options(destination=Destination(settings.sitecode), hosts=hosts)
        return create_app(CACHE / "bundle", database, options)
    except sqlite3.Error as error:
        raise UsageError(
            f"cannot open the database {database} ({error}); remove it, or try another --database"
        ) from error


def _default_database(port: int) -> Path:
    """Return the file where a sandbox keeps what it receives: one for each port, so that two never mix."""
    folder = CACHE / f"sandbox-{SCHEMA_VERSION}"  # what an older sandbox left is not in the way
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{folder}: {error.strerror}; it must be a folder that can be written, or give --database"
        ) from error
    return folder / f"{port}.sqlite3"


if __name__ == "__main__":
    main()
