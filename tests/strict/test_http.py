"""The bridge's HTTP module and what reads personas' names with it, against a server of this machine."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.cli import main
from bridge.http import HttpError, get_json
from bridge.personas import persona_names

SITECODE = "abcde12345"


class Server(HTTPServer):
    """Answers everything with what a test prepared, and remembers what was asked."""

    body = b"{}"
    status = 200
    asked: str = ""
    agent: str = ""

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """Gives the prepared answer."""

    server: Server

    def do_GET(self) -> None:
        """Answer."""
        self.server.asked, self.server.agent = self.path, self.headers["user-agent"]
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_: object) -> None:
        """Be quiet."""


@pytest.fixture
def server() -> Iterator[Server]:
    """Return a running server."""
    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_json_comes_back(server: Server) -> None:
    """As any client's request: Kameleoon's Data API refuses what looks like a robot."""
    server.body = '{"é": [1]}'.encode()
    assert get_json(f"{server.url}/x?a=b") == {"é": [1]}
    assert server.asked == "/x?a=b"
    assert server.agent == "kameleoon-segment-bridge"


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (404, b"{}", " answered 404"),
        (500, b"", " answered 500"),
        (200, b"<html>", " answered something else than JSON"),
        (200, b"\xff", " answered something else than JSON"),
        (200, b"[" * 100_000, " answered something else than JSON"),
    ],
)
def test_a_bad_answer_is_one_kind_of_error(server: Server, status: int, body: bytes, reason: str) -> None:
    """Its text says where and why, without the query, on one line."""
    server.status, server.body = status, body
    with pytest.raises(HttpError) as caught:
        get_json(f"{server.url}/map/map?key=private")
    assert str(caught.value) == f"{server.url}/map/map{reason}"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x", "http://[/", "file:///etc/passwd", "x"])
def test_what_cannot_be_asked_is_the_same_kind_of_error(url: str) -> None:
    """No connection, no address, no HTTP."""
    with pytest.raises(HttpError, match=r"^[^\n]+$"):
        get_json(url)


def test_whatever_carries_it_throws(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the browser that is a JsException, which is no OSError; and an answer of 500 like any other."""

    class Browser:
        status = 500

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def read(self) -> bytes:
            return b"{}"

    def throw(*_: object, **__: object) -> Browser:
        raise Exception("NetworkError: failed\n  at XMLHttpRequest")  # noqa: TRY002

    monkeypatch.setattr("urllib.request.urlopen", throw)
    with pytest.raises(HttpError, match=r"^http://x/y: NetworkError: failed$"):
        get_json("http://x/y")
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: Browser())
    with pytest.raises(HttpError, match=r"^http://x/y answered 500$"):
        get_json("http://x/y")


def test_names_are_choices(server: Server) -> None:
    """In the order of the map."""
    server.body = json.dumps({"cohorts": ["vip", "é & co"], "more": 1}).encode()
    assert persona_names(SITECODE, server.url) == [
        {"value": "vip", "label": "vip"},
        {"value": "é & co", "label": "é & co"},
    ]
    assert server.asked == f"/map/map?siteCode={SITECODE}&key=common"
    server.body = b"{}"
    assert persona_names(SITECODE, server.url) == []


@given(site_code=st.text(max_size=20))
def test_keys_are_encoded(site_code: str) -> None:
    """Whatever the site code: it is one value of the query."""
    with pytest.raises(HttpError, match=r"^http://127\.0\.0\.1:1/map/map: ") as caught:
        persona_names(site_code, "http://127.0.0.1:1")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "body", ["[]", "7", "null", '{"cohorts": "vip"}', '{"cohorts": [1]}', '{"cohorts": {"a": true}}']
)
def test_a_malformed_answer_is_named(server: Server, body: str) -> None:
    """And says what stands there, and what belongs."""
    server.body = body.encode()
    with pytest.raises(HttpError, match=r"answered something else than personas' names: common.*: "):
        persona_names(SITECODE, server.url)


def test_the_command_prints_choices(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON that a form can read."""
    server.body = '{"cohorts": ["é"]}'.encode()
    assert main(["personas", "--sitecode", SITECODE, "--data-host", server.url]) == 0
    assert capsys.readouterr().out == '[{"value": "é", "label": "é"}]\n'


def test_the_command_fails_with_one_line(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong site code is not asked for; a failure says what to check."""
    assert main(["personas", "--sitecode", "NOPE", "--data-host", server.url]) == 2
    assert capsys.readouterr().err == "error: --sitecode 'NOPE': give 10 characters a-z and 0-9\n"
    assert server.asked == ""
    server.status = 403
    assert main(["personas", "--sitecode", SITECODE, "--data-host", server.url]) == 2
    expected = f"error: {server.url}/map/map answered 403; check --sitecode and --data-host\n"
    assert capsys.readouterr().err == expected
