"""What a sandbox says of where it is."""

# ruff: noqa: D103  # the tests' names are sentences

import socket
from typing import Any, Self

import pytest

from bridge.cli.greeting import addresses, greeting


def test_one_address_is_one_line() -> None:
    assert greeting("192.168.1.20", 80) == "The sandbox is at http://192.168.1.20:80/ (stop it with Ctrl+C)"


def test_who_listens_everywhere_learns_what_others_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.cli.greeting.addresses", lambda: ["192.168.1.20", "10.0.0.2"])
    assert greeting("0.0.0.0", 8000).splitlines() == [  # noqa: S104  # nobody listens
        "The sandbox is at http://127.0.0.1:8000/ (stop it with Ctrl+C)",
        "Others in this network open http://192.168.1.20:8000/",
        "Others in this network open http://10.0.0.2:8000/",
    ]


def test_addresses_are_told_once_and_not_this_machines_own(monkeypatch: pytest.MonkeyPatch) -> None:
    class WayOut:
        def __init__(self, *_: Any) -> None:
            pass

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def connect(self, _: Any) -> None:
            """Find a way."""

        def getsockname(self) -> tuple[str, int]:
            """Return where it begins."""
            return ("192.168.1.20", 1)

    known = [(0, 0, 0, "", (one, 0)) for one in ("127.0.1.1", "192.168.1.20", "10.0.0.2")]
    monkeypatch.setattr(socket, "socket", WayOut)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: known)
    assert addresses() == ["192.168.1.20", "10.0.0.2"]


def test_without_a_network_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise OSError

    monkeypatch.setattr(socket, "socket", fail)
    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert addresses() == []
