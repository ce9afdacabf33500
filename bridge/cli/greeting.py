"""Where a sandbox is that has just started: for the person at it, and for others in the room."""

import contextlib
import socket

_HERE, _EVERYWHERE = "127.0.0.1", "0.0.0.0"  # noqa: S104  # only where somebody asks for it
#: An address of documents (RFC 5737), which nobody has: the way there is the way to others.
_FAR_AWAY = ("192.0.2.1", 9)


def greeting(host: str, port: int) -> str:
    """Return in lines where the sandbox is that listens on an address: on all of them, those of the networks, too."""
    here = _HERE if host == _EVERYWHERE else host
    lines = [f"The sandbox is at http://{here}:{port}/ (stop it with Ctrl+C)"]
    if host == _EVERYWHERE:
        lines += [f"Others in this network open http://{address}:{port}/" for address in addresses()]
    return "\n".join(lines)


def addresses() -> list[str]:
    """Return this machine's addresses in its networks, that of the usual way out first; none without a network."""
    found: list[str] = []
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way_out:
        way_out.connect(_FAR_AWAY)  # of a datagram's socket: nothing is sent
        found.append(way_out.getsockname()[0])
    with contextlib.suppress(OSError):
        found += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    return [address for address in dict.fromkeys(found) if not address.startswith("127.")]
