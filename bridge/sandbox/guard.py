"""Who may read and change the sandbox itself: it runs on a laptop whose browser visits other web sites meanwhile.

Such a site has two ways to a local server:

- It lets a name of its own lead to 127.0.0.1 (DNS rebinding): to the browser, site and sandbox are one origin then. So
  the `Host` has to be a name of the sandbox's own, as with Vite (`server.allowedHosts`, GHSA-vg6x-rcgg-rjx6),
  webpack-dev-server (`allowedHosts`), Jupyter (`local_hostnames`) and Django (`ALLOWED_HOSTS`).
  No name of theirs is the address itself at which a request arrives: it is this machine's own, and the page there is
  the sandbox's. So phones in the room use it, once the sandbox listens there.
- Its page sends what needs no leave of the server's: a form, a picture. Browsers say so, in `Origin` and
  `Sec-Fetch-Site`, which no page can write itself. Without both, it is no browser that asks, or one that was told to by
  the person at it (Go's `http.CrossOriginProtection` reads them so).

Closed are the sandbox's own log and buttons, and what only servers call: they are for its own pages and for programs.
What stands for the vendors' clouds is as open as these are: to pages of any origin, which may send events and read and
write remote data, all of it made up. The sandbox's pages are not shown in frames of others, where one click that is
meant for something else would empty it; but the bundle's debug overlay is made for that, and changes nothing.

Browsers send `Sec-Fetch-Site` to localhost and to https only. Under another address, in a room's network, `Origin`
alone is left: foreign pages change nothing, but a picture may ask for the log, unread, and frames are shown.
"""

import re
from collections.abc import Collection, Sequence
from ipaddress import IPv6Address, ip_address
from typing import Any

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

    def __init__(self, app: ASGIApp, hosts: Collection[str], closed: Collection[str], framed: str) -> None:
        """Wrap an app.

        Args:
            app: The app.
            hosts: Names and addresses under which the sandbox is reached, besides those of the machine itself.
            closed: First steps of the paths that are for the app's own pages and for programs.
            framed: Begins those of the only pages that others may show in a frame.
        """
        self._app = app
        self._hosts = _LOCAL.union(filter(None, map(host_as_written, hosts)))
        self._closed = closed
        self._framed = framed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the app answer, or refuse."""
        reason = self._refusal(scope, Headers(scope=scope)) if scope["type"] == "http" else None
        app = PlainTextResponse(f"{reason}\n", 403) if reason else self._app
        await app(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> str | None:
        host, area = headers.get("host", ""), area_of(scope["path"])
        own = _is_own(host, headers.get("origin"), headers.get("sec-fetch-site"))
        if area not in self._closed:
            framed = headers.get("sec-fetch-dest") in _FRAMES and not area.startswith(self._framed)
            return "The sandbox's pages may not be shown inside of others." if framed and not own else None
        if not self._knows(host) and not _is_own_address(host, scope.get("server")):
            named = host_of(host) or "HOST"
            return (
                f"The sandbox has no host {outlined(host)}. If it is yours, start the sandbox with --allow-host {named}"
            )
        return None if own else f"Only the sandbox's own pages may use /{area}."

    def _knows(self, authority: str) -> bool:
        host = host_of(authority)
        return host is not None and (host in self._hosts or host.endswith(_BELOW_LOCAL))


def _is_own_address(authority: str, server: Sequence[Any] | None) -> bool:
    """Return whether a host is the very address of this machine at which the request arrived: no name leads there."""
    host = host_of(authority)
    try:
        return host is not None and server is not None and ip_address(host) == ip_address(server[0])
    except ValueError:
        return False


def _is_own(host: str, origin: str | None, site: str | None) -> bool:
    """Return whether a page of the sandbox's own asks, the person at the browser, or no browser."""
    return site in _OWN_SITES if site else origin is None or origin.partition("://")[2] == host
