"""Start the local sandbox: Segment's cloud, Kameleoon's cloud, the bundle and the demo in one process."""

import argparse
import contextlib
import socket
import sqlite3
import sys
from pathlib import Path

import uvicorn

from bridge.bundle import build
from bridge.models.settings import Settings
from bridge.sandbox import options
from bridge.sandbox.app import create_app
from bridge.sandbox.options import Destination
from bridge.sandbox.storage.database import SCHEMA_VERSION

ROOT = Path(__file__).resolve().parent
DEMO_SETTINGS = ROOT / "web" / "demo" / "bridge.toml"


def prepare_bundle() -> Path:
    """Build the bundle that is served, unless it is there; return its folder."""
    out = ROOT / ".cache" / "bundle"
    build(Settings.load(DEMO_SETTINGS), out)
    return out


def default_database(port: int) -> Path:
    """Return the file where a sandbox keeps what it receives: one for each port, so that two never mix."""
    folder = ROOT / ".cache" / f"sandbox-{SCHEMA_VERSION}"  # what an older sandbox left is not in the way
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{port}.sqlite3"


def main() -> None:
    """Run the sandbox until it is stopped; exit with 2 when it cannot start."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on, 0 for a free one (default: 8000)")
    parser.add_argument(
        "--database", metavar="PATH", help="SQLite file, or :memory: (default: a file below .cache/ for each port)"
    )
    arguments = parser.parse_args()
    try:
        listener = socket.create_server((arguments.host, arguments.port))
        # asyncio does so for sockets of its own only. Without it, an answer in two parts takes 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except (OSError, OverflowError) as error:
        parser.exit(2, f"error: cannot listen on {arguments.host}:{arguments.port} ({error}); try another --port\n")
    host, port = listener.getsockname()[:2]
    database = arguments.database or (default_database(port) if arguments.port else ":memory:")
    try:
        destination = Destination(Settings.load(DEMO_SETTINGS).sitecode)
        app = create_app(prepare_bundle(), database, options.Options(destination=destination))
    except (OSError, sqlite3.Error) as error:
        parser.exit(2, f"error: cannot open the database {database} ({error}); remove it, or try another --database\n")
    sys.stdout.write(f"The sandbox is at http://{host}:{port}/ (stop it with Ctrl+C)\n")
    sys.stdout.flush()
    # No access log: API credentials travel in a query.
    config = uvicorn.Config(app, access_log=False, log_level="warning", server_header=False)
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl+C is how it is meant to end
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
