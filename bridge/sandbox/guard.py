"""Who may ask the sandbox at all: it runs on a laptop whose browser visits other web sites meanwhile.

Such a site has two ways to a local server:

- It lets a name of its own lead to 127.0.0.1 (DNS rebinding): to the browser, site and sandbox are one origin then. So
  the `Host` has to be a name of the sandbox's own, as with Vite (`server.allowedHosts`, GHSA-vg6x-rcgg-rjx6),
  webpack-dev-server (`allowedHosts`), Jupyter (`local_hostnames`) and Django (`ALLOWED_HOSTS`).
- Its page sends what needs no leave of the server's: a form, a picture. Browsers say so, in `Origin` and
  `Sec-Fetch-Site`, which no page can write itself. Without both, it is no browser that asks, or one that was told to by
  the person at it (Go's `http.CrossOriginProtection` reads them so).

So three kinds of paths:

- closed: the sandbox's own log and buttons, and what only servers call. For its own pages, and for programs.
- scripted: what pages call by script (the tracking API, the Data API). For all pages on hosts of the sandbox's, on any
  port: a shop that is developed on the same laptop. Requests of scripts to another origin name theirs; one that does
  not, a picture's, is refused. A foreign site can write no event and no map, and read none.
- all others: files. As scripted, but a request need not name its origin, for that of a script element does not: a
  foreign site may run the bundle and the vendors' scripts, which are no secrets. It may link to the demo, but not put
  it into a frame, where one click that is meant for something else would empty the sandbox.

Browsers send `Sec-Fetch-Site` to localhost and to https only. Under another address, in a room's network, `Origin`
alone is left: foreign pages write and read nothing, but a picture may leave a row in the log, and frames are shown.
"""

import re
from collections.abc import Collection
from ipaddress import IPv6Address

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bridge.models.violations import outlined

#: Names of this machine, wherever the sandbox listens (RFC 6761); names below `localhost` are, too.
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_BELOW_LOCAL = ".localhost"
_AUTHORITY = re.compile(
    r"(?:\[(?P<address>[0-9a-f:.]+)\]|(?P<name>[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)\.?)(?::[0-9]*)?",
    re.ASCII | re.IGNORECASE,
)
#: What `Sec-Fetch-Site` says of a page of the same origin, and of the person at the browser.
_OWN_SITES = ("same-origin", "none")
#: What `Sec-Fetch-Dest` says of a page inside of another page.
_FRAMES = ("iframe", "frame", "fencedframe", "embed", "object")


def host_of(authority: str) -> str | None:
    """Return the host of `host[:port]` in one spelling: lower case, no brackets, no last dot; None when it is none."""
    found = _AUTHORITY.fullmatch(authority)
    if not found:
        return None
    if not found["address"]:
        return found["name"].lower()
    try:
        return str(IPv6Address(found["address"]))
    except ValueError:
        return None


def host_as_written(text: str) -> str | None:
    """Return a host as `host_of` does, from what a person writes: an IPv6 address needs no brackets."""
    return host_of(text) or host_of(f"[{text}]")


def area_of(path: str) -> str:
    """Return the first step of a path, by which the sandbox's areas are told apart."""
    return path.removeprefix("/").partition("/")[0]


class Guard:
    """ASGI middleware: answers 403, with one line that says why, to what web sites have no business with."""

    def __init__(
        self, app: ASGIApp, hosts: Collection[str], closed: Collection[str], scripted: Collection[str]
    ) -> None:
        """Wrap an app.

        Args:
            app: The app.
            hosts: Names and addresses under which the sandbox is reached, besides those of the machine itself.
            closed: First steps of the paths that are for the app's own pages and for programs.
            scripted: First steps of the paths that other pages reach by script only.
        """
        self._app = app
        self._hosts = _LOCAL.union(filter(None, map(host_as_written, hosts)))
        self._closed = closed
        self._scripted = scripted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the app answer, or refuse."""
        reason = self._refusal(scope["path"], Headers(scope=scope)) if scope["type"] == "http" else None
        app = PlainTextResponse(f"{reason}\n", 403) if reason else self._app
        await app(scope, receive, send)

    def _refusal(self, path: str, headers: Headers) -> str | None:
        host, origin, site = headers.get("host", ""), headers.get("origin"), headers.get("sec-fetch-site")
        if not self._knows(host):
            return f"The sandbox has no host {outlined(host)}. {_advice(host)}"
        page = None if origin is None else origin.partition("://")[2]  # nothing, of the origin "null"
        if page is not None and not self._knows(page):
            return f"Pages of {outlined(origin)} may not use the sandbox. {_advice(page)}"
        if site in _OWN_SITES if site else page in (None, host):
            return None
        return self._refusal_to_others(area_of(path), headers)

    def _refusal_to_others(self, area: str, headers: Headers) -> str | None:
        if area in self._closed:
            return f"Only the sandbox's own pages may use /{area}."
        if area in self._scripted and "origin" not in headers:
            return f"Other pages may use /{area} by script only."
        if headers.get("sec-fetch-dest") in _FRAMES:
            return "The sandbox's pages may not be shown inside of others."
        return None

    def _knows(self, authority: str) -> bool:
        host = host_of(authority)
        return host is not None and (host in self._hosts or host.endswith(_BELOW_LOCAL))


def _advice(authority: str) -> str:
    return f"If it is yours, start serve.py with --allow-host {host_of(authority) or 'HOST'}"
