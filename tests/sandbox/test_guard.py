"""Which requests the sandbox answers: by their host, and by the page that they come from."""

# ruff: noqa: D103  # the tests' names are sentences

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import PlainTextResponse
from starlette.types import Message

from bridge.sandbox.guard import Guard, host_as_written, host_of

HERE = "127.0.0.1:8000"
OWN = f"http://{HERE}"
SHOP = "http://localhost:3000"  # on the same laptop, as the tests' shops are
EVIL = "https://evil.example"
CLOSED = ["/sandbox/log", "/sandbox/deliveries", "/sandbox/monitoring", "/kameleoon/segmentio/getapikey?id=1&secret=2"]
OPEN = [
    *("/map/map?siteCode=abcde12345&key=k", "/data?siteCode=abcde12345&key=k", "/v1/projects/k/settings"),
    *("/", "/bridge.js", "/analytics.js/v1/k/analytics.min.js", "/sandbox123/engine.js", "/segmentio1/engine.js"),
]
EVENT = '{"event": "E", "userId": "u", "writeKey": "k"}'
CHANGES = ("/sandbox/reset", "/sandbox/deliveries/replay", "/segmentio")
CLOUDS = {"/v1/t": EVENT, "/map/maps?siteCode=abcde12345": "{}", "/visit/events?siteCode=abcde12345": ""}


def asked(origin: str | None, site: str | None, host: str = HERE, **more: str) -> dict[str, str]:
    """Return a request's headers."""
    given = {"host": host, "origin": origin, "sec-fetch-site": site, **more}
    return {name.replace("_", "-"): value for name, value in given.items() if value is not None}


#: Who asks, and which kinds of paths answer: closed, open.
TABLE: dict[str, tuple[dict[str, str], tuple[bool, bool]]] = {
    "a program": (asked(None, None), (True, True)),
    "the person at the browser": (asked(None, "none"), (True, True)),
    "an own page": (asked(None, "same-origin"), (True, True)),
    "an own page that posts": (asked(OWN, "same-origin"), (True, True)),
    "an own page in an older browser": (asked(OWN, None), (True, True)),
    "a frame of an own page": (asked(None, "same-origin", sec_fetch_dest="iframe"), (True, True)),
    "a shop's script": (asked(SHOP, "cross-site"), (False, True)),
    "a shop's script in an older browser": (asked(SHOP, None), (False, True)),
    "a shop's script on the same host": (asked("http://127.0.0.1:3000", "same-site"), (False, True)),
    "a shop's script element": (asked(None, "cross-site", sec_fetch_dest="script"), (False, True)),
    "another port's picture": (asked(None, "same-site", sec_fetch_dest="image"), (False, True)),
    "a link": (asked(None, "cross-site", sec_fetch_dest="document"), (False, True)),
    "a foreign page's frame": (asked(None, "cross-site", sec_fetch_dest="iframe"), (False, False)),
    "a word of a later standard": (asked(None, "other-site"), (False, True)),
    "a foreign page": (asked(EVIL, "cross-site"), (False, True)),
    "a foreign page in an older browser": (asked(EVIL, None), (False, True)),
    "a foreign page on the sandbox's port": (asked("http://evil.example:8000", "cross-site"), (False, True)),
    "a page without an origin of its own": (asked("null", "cross-site"), (False, True)),
    "the same in an older browser": (asked("null", None), (False, True)),
    "a rebound name": (asked(None, "same-origin", "evil.example:8000"), (False, True)),
    "a rebound name that posts": (
        asked("http://evil.example:8000", "same-origin", "evil.example:8000"),
        (False, True),
    ),
    "a rebound name in an older browser": (asked(None, None, "evil.example:8000"), (False, True)),
    "an address that nobody named": (asked(None, "none", "192.168.1.20:8000"), (False, True)),
}


@pytest.mark.parametrize("who", TABLE)
def test_who_may_ask_for_what(sandbox: Any, who: str) -> None:
    headers, answers = TABLE[who]
    for paths, answered in zip((CLOSED, OPEN), answers, strict=True):
        for path in paths:
            assert (sandbox.get(path, headers=headers).status_code != 403) == answered, path
            if "origin" in headers:
                preflight = {**headers, "access-control-request-method": "GET"}
                assert (sandbox.request("OPTIONS", path, headers=preflight).status_code != 403) == answered, path


def test_a_foreign_page_shows_the_overlay_in_a_frame(sandbox: Any) -> None:
    headers = asked(None, "cross-site", sec_fetch_dest="iframe")
    assert sandbox.get("/overlay-0123456789ab/overlay.html", headers=headers).status_code == 404


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize("headers", [asked(EVIL, "cross-site"), asked("null", "cross-site"), asked(EVIL, None)])
def test_no_foreign_page_changes_the_sandbox(sandbox: Any, path: str, headers: dict[str, str]) -> None:
    sandbox.send("t", {"event": "Kept", "userId": "u"})
    before = sandbox.log()
    # what a form sends without asking, too
    refused = sandbox.post(path, content="{}", headers={**headers, "content-type": "text/plain"})
    assert refused.status_code == 403
    assert "access-control-allow-origin" not in refused.headers
    assert sandbox.log() == before


@pytest.mark.parametrize("origin", [SHOP, "https://shop.test", "null"])
def test_a_page_uses_the_clouds_and_not_the_sandbox(sandbox: Any, origin: str) -> None:
    headers = asked(origin, "cross-site")
    for path, content in CLOUDS.items():
        assert sandbox.post(path, content=content, headers=headers).is_success, path
    rows = sandbox.log()
    assert {"track", "data_api.set"} <= {row["kind"] for row in rows}
    assert sandbox.post("/sandbox/reset", headers=headers).status_code == 403
    assert sandbox.log() == rows
    assert sandbox.post("/sandbox/reset", headers=asked(OWN, "same-origin")).status_code == 200
    assert sandbox.log() == []


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        (
            asked(None, "none", "laptop.test:80"),
            (
                'The sandbox has no host "laptop.test:80". If it is yours, '
                "start the sandbox with --allow-host laptop.test\n"
            ),
        ),
        (
            asked(None, None, "x@localhost"),
            'The sandbox has no host "x@localhost". If it is yours, start the sandbox with --allow-host HOST\n',
        ),
        (asked(SHOP, "cross-site"), "Only the sandbox's own pages may use /sandbox.\n"),
    ],
)
def test_a_refusal_is_one_line_that_says_what_to_do(sandbox: Any, headers: dict[str, str], said: str) -> None:
    refused = sandbox.get("/sandbox/log", headers=headers)
    assert (refused.status_code, refused.text) == (403, said)
    assert refused.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("host", ["192.168.1.20", "Laptop.local", "fd00::2", "[fd00:0::2]:8000"])
def test_a_host_that_is_allowed_is_as_good_as_localhost(start: Any, host: str) -> None:
    sandbox = start(hosts=(host, ""))
    authority = {"Laptop.local": "laptop.local:8000"}.get(host, "[fd00::2]:8000" if ":" in host else f"{host}:8000")
    for headers in (asked(None, "none", authority), asked(f"http://{authority}", None, authority)):
        assert sandbox.get("/sandbox/log", headers=headers).status_code == 200
    assert sandbox.get("/sandbox/log", headers=asked(None, None, f"evil.{authority}")).status_code == 403


def status(*headers: tuple[bytes, bytes]) -> int:
    """Return how a guard with no more hosts answers to headers that no HTTP client would send."""
    sent: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("it reads no body")

    async def send(message: Message) -> None:
        sent.append(message)

    guard = Guard(PlainTextResponse("ok"), (), {"sandbox"}, "overlay-")
    anyio.run(guard, {"type": "http", "method": "GET", "path": "/sandbox/log", "headers": list(headers)}, receive, send)
    code: int = sent[0]["status"]
    return code


def test_a_request_without_a_host_is_refused() -> None:
    assert (status(), status((b"host", b"")), status((b"host", b"localhost"))) == (403, 403, 200)


LOOK_ALIKES = [
    *("evillocalhost", "localhost.evil.example", "a.localhost.evil.example", "127.0.0.1.evil.example", "127.0.0.2"),
    *("localhost..", ".localhost", "localhost:80:80", "localhost:x", "localhost/", "localhost,evil.example"),
    *("localhost@evil.example", "evil.example@localhost", "::1", "[::1", "::1]", "[::2]", "[1.2.3]", "[localhost]"),
]


@pytest.mark.parametrize("host", LOOK_ALIKES)
def test_a_host_that_looks_like_an_own_name_is_none(host: str) -> None:
    assert status((b"host", host.encode())) == 403


SPELLINGS: list[Callable[[str], str]] = [str, str.upper, str.title]
LOCAL = ["localhost", "shop.localhost", "a.b-c.localhost", "127.0.0.1", "[::1]", "[0:0:0:0:0:0:0:1]"]


@given(st.sampled_from(LOCAL), st.sampled_from(SPELLINGS), st.sampled_from(["", ":", ":80", ":65535"]), st.booleans())
def test_own_names_are_known_however_they_are_spelled(
    name: str, spelled: Callable[[str], str], port: str, dot: bool
) -> None:
    text = spelled(name) + ("." if dot and "[" not in name else "") + port
    assert status((b"host", text.encode())) == 200


ODD = [
    "[",
    "]",
    ".",
    ":",
    "@",
    "/",
    "\\",
    "#",
    "?",
    "%",
    "%2e",
    " ",
    "\t",
    "\n",
    "\0",
    ",",
    "-",
    "é",
    "\u017f",
    "\u212a",
]
OTHERS = ["::1", "::", "evil.example", "127.0.0.2", "2130706433", "8000"]
PIECES = st.sampled_from([*LOCAL, *ODD, *OTHERS])


@given(st.lists(PIECES, max_size=5).map("".join) | st.text(max_size=12))
def test_an_odd_host_is_known_only_where_a_browser_would_go_to_this_machine(text: str) -> None:
    try:
        raw = text.encode("latin-1")
    except UnicodeEncodeError:  # no header has these
        assert host_of(text) is None
        return
    if status((b"host", raw)) == 200:
        went = urlsplit(f"http://{text}/")
        assert went.username is None
        name = (went.hostname or "").removesuffix(".")
        assert name.endswith(".localhost") or host_as_written(name) in {"localhost", "127.0.0.1", "::1"}


@given(st.text(max_size=20) | st.lists(PIECES, max_size=5).map("".join))
def test_one_spelling_stays_as_it_is(text: str) -> None:
    host = host_as_written(text)
    assert host is None or host_as_written(host) == host


def reached(server: tuple[str, int], host: str, **headers: str) -> int:
    """Return what is answered to a request for the log that arrives at an address, by its `Host`."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/sandbox/log",
        "server": server,
        "headers": [(name.encode(), value.encode()) for name, value in {"host": host, **headers}.items()],
    }
    anyio.run(Guard(PlainTextResponse("the log"), (), {"sandbox"}, "overlay-"), scope, receive, send)
    status: int = sent[0]["status"]
    return status


@pytest.mark.parametrize(
    ("arrived", "host", "status"),
    [
        ("192.168.1.20", "192.168.1.20:8000", 200),
        ("192.168.1.20", "192.168.1.21:8000", 403),
        ("192.168.1.20", "evil.example:8000", 403),
        ("192.168.1.20", "", 403),
        ("fd00::1", "[FD00:0::1]:8000", 200),
        ("/run/sandbox.sock", "192.168.1.20", 403),
    ],
)
def test_the_address_at_which_a_request_arrives_is_the_sandboxs_own(arrived: str, host: str, status: int) -> None:
    assert reached((arrived, 8000), host) == status


def test_a_foreign_page_has_no_business_at_an_address_either() -> None:
    assert reached(("192.168.1.20", 8000), "192.168.1.20:8000", origin=EVIL) == 403
    assert reached(("192.168.1.20", 8000), "192.168.1.20:8000", origin="http://192.168.1.20:8000") == 200
