"""Drives Debian's Firefox and WebKitGTK, which Playwright does not: the few commands of WebDriver that the tests need.

Firefox speaks Marionette by itself (what geckodriver talks to: the same commands, as JSON over TCP); WebKitGTK has a
driver of its own, which speaks WebDriver over HTTP.
"""

import json
import os
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any, Protocol, TypeVar

import httpx

_PATIENCE_S = 60  # for a browser's start and for one command: the machine may be busy
_POLL_S = 0.02
_TIMEOUTS = {"pageLoad": 30_000, "script": 10_000}  # less than that: the driver says what took so long

Found = TypeVar("Found")


class Refused(Exception):  # noqa: N818 - the driver's answer, which is no error where one waits for a page
    """The browser did not carry out a command: a script threw, or the page went away meanwhile."""


class Browser(Protocol):
    """One tab of a browser."""

    def open(self, url: str) -> None:
        """Open a page and wait until it is loaded."""

    def evaluate(self, expression: str) -> Any:
        """Return what a JavaScript expression gives in the open page, or in the frame that was entered."""

    def enter(self, frame: int | None) -> None:
        """Enter a frame of the page, by its number; None: leave it."""


class Firefox:
    """A Firefox that listens for Marionette's commands on a port."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._answers = connection.makefile("rb")
        self._count = 0
        self._read()  # it greets
        self._ask("NewSession", timeouts=_TIMEOUTS)

    def open(self, url: str) -> None:
        """Open a page and wait until it is loaded."""
        self._ask("Navigate", url=url)

    def evaluate(self, expression: str) -> Any:
        """Return what a JavaScript expression gives in the open page."""
        return self._ask("ExecuteScript", script=f"return {expression}", args=[])["value"]

    def enter(self, frame: int | None) -> None:
        """Enter a frame of the page, by its number; None: leave it."""
        self._ask("SwitchToFrame", id=frame)

    def close(self) -> None:
        """Hang up."""
        self._answers.close()

    def _ask(self, command: str, **parameters: Any) -> Any:
        self._count += 1
        message = json.dumps([0, self._count, f"WebDriver:{command}", parameters]).encode()
        self._connection.sendall(b"%d:%s" % (len(message), message))
        _, _, refusal, result = self._read()
        if refusal:
            raise Refused(f"{refusal['error']}: {refusal['message']}")
        return result

    def _read(self) -> Any:
        """Return a message: its length in digits, a colon, and so many bytes of JSON."""
        length = b""
        while (digit := self._answers.read(1)) != b":":
            if not digit:
                raise ConnectionError("Firefox hung up")
            length += digit
        return json.loads(self._answers.read(int(length)))


class WebKit:
    """A session of WebKitGTK's driver."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        session = self._post("/session", capabilities={"alwaysMatch": {"timeouts": _TIMEOUTS}})
        self._path = f"/session/{session['sessionId']}"

    def open(self, url: str) -> None:
        """Open a page and wait until it is loaded."""
        self._post(f"{self._path}/url", url=url)

    def evaluate(self, expression: str) -> Any:
        """Return what a JavaScript expression gives in the open page."""
        return self._post(f"{self._path}/execute/sync", script=f"return {expression}", args=[])

    def enter(self, frame: int | None) -> None:
        """Enter a frame of the page, by its number; None: leave it."""
        self._post(f"{self._path}/frame", id=frame)

    def close(self) -> None:
        """Close the browser: the driver leaves it running."""
        self._client.delete(self._path)

    def _post(self, path: str, **parameters: Any) -> Any:
        answer = self._client.post(path, json=parameters)
        value = answer.json()["value"]
        if answer.is_error:
            raise Refused(f"{value['error']}: {value['message']}")
        return value


@contextmanager
def firefox(command: Path) -> Iterator[Browser]:
    """Run Firefox without a window, on a profile that is thrown away."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        Path(profile, "user.js").write_text('user_pref("marionette.port", 0);\n')  # any that is free
        told = Path(profile, "MarionetteActivePort")
        with _running(str(command), "--headless", "--no-remote", "--marionette", "--profile", profile):
            port = _soon(lambda: told.exists() and told.read_text(), "Firefox")
            with socket.create_connection(("127.0.0.1", int(port)), timeout=_PATIENCE_S) as connection:
                browser = Firefox(connection)
                yield browser
                browser.close()


@contextmanager
def webkit(driver: Path, screen: Path) -> Iterator[Browser]:
    """Run WebKitGTK's small browser by its driver, on a screen that nobody sees: it does not run without one."""
    receiver, sender = os.pipe()
    with _running(str(screen), "-displayfd", str(sender), "-nolisten", "tcp", pass_fds=[sender]):
        os.close(sender)
        with os.fdopen(receiver) as told:
            display = f":{told.readline().strip()}"
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        with (
            _running(str(driver), f"--port={port}", env={**os.environ, "DISPLAY": display}),
            httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=_PATIENCE_S) as client,
        ):
            _soon(lambda: _answers(client), "WebKitWebDriver")
            browser = WebKit(client)
            yield browser
            browser.close()


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/status").is_success
    except httpx.TransportError:
        return False


def _soon(found: Callable[[], Found], who: str) -> Found:
    """Return what is found as soon as that is true."""
    end = monotonic() + _PATIENCE_S
    while not (value := found()):
        if monotonic() > end:
            raise TimeoutError(f"{who} has not started in {_PATIENCE_S} s")
        sleep(_POLL_S)
    return value


@contextmanager
def _running(*command: str, env: Mapping[str, str] | None = None, pass_fds: list[int] | None = None) -> Iterator[None]:
    """Run a program meanwhile."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=env, pass_fds=pass_fds or (), stdout=quiet, stderr=quiet) as process:
        try:
            yield
        finally:
            process.terminate()
