"""`serve.py` as a process, that can be killed and started again on the same port and database."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVE = Path(__file__).parents[2] / "serve.py"


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


class Server:
    """A running serve.py."""

    process: "subprocess.Popen[str]"

    def __init__(self, port: int, database: Path | None = None, *more: str) -> None:
        where = ["--database", str(database)] if database else []
        self._command = [sys.executable, str(SERVE), "--port", str(port), *where, *more]
        self.url = f"http://127.0.0.1:{port}"
        self.port = port
        self.start()

    def start(self) -> None:
        """Start it, and wait until it listens: from then on a request waits in line until it is answered."""
        self.process = subprocess.Popen(self._command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout
        assert f"{self.url}/" in self.process.stdout.readline()

    def kill(self) -> None:
        """End it at once, as kill -9 does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()


@contextmanager
def serving(port: int, database: Path | None = None, *more: str) -> Iterator[Server]:
    """Serve, with more options of the command's, and stop in the end."""
    server = Server(port, database, *more)
    try:
        yield server
    finally:
        server.kill()
