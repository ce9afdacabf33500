"""What can be set about a sandbox."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx

from bridge.models.data_api import MapMode
from bridge.sandbox.clock import utc_now
from bridge.sandbox.place import STATIC, WEB

#: This sandbox's own receiving side, under a name that `guard` knows; nothing ever looks it up, see `loopback`.
OWN_ORIGIN = "http://sandbox.localhost"
_OWN_URL = f"{OWN_ORIGIN}/segmentio"
#: The API key of the client `sandbox` with the secret `sandbox`: it opens this sandbox only.
_OWN_KEY = "eyJpZCI6InNhbmRib3giLCJzZWNyZXQiOiJzYW5kYm94In0="


@dataclass(frozen=True)
class Destination:
    """A Kameleoon (Actions) destination with its four presets, as a user connects it to a Segment source."""

    sitecode: str
    #: What opens the receiving side; this sandbox's own knows the default.
    api_key: str = field(default=_OWN_KEY, repr=False)
    #: Kameleoon's receiving side: an URL that ends in /segmentio. The default is this sandbox's own, without a network.
    url: str = _OWN_URL
    #: How the URL is reached, for tests; None is the network.
    transport: httpx.BaseTransport | None = None


@dataclass(frozen=True)
class Options:
    """Where the sandbox finds its pages, and how it behaves where Kameleoon's documents leave room."""

    web: Path = WEB
    static: Path = STATIC
    #: Names and addresses under which it is reached, besides localhost, names below that, 127.0.0.1 and ::1.
    hosts: tuple[str, ...] = ()
    #: Kameleoon's documents disagree on whether POST /map/maps keeps the fields that it does not name.
    map_mode: MapMode = "merge"
    #: Kameleoon's Data API answers 403 to the user agents of bots. A test's own browser may look like one.
    reject_bots: bool = False
    #: Where Segment events are forwarded to: `Destination("abcde12345")` is the whole round trip. None keeps them here.
    destination: Destination | None = None
    #: The server's clock.
    now: Callable[[], datetime] = utc_now
