"""The HTTP requests that the destination makes.

Facts: Segment action-destinations destinations/kameleoon (every action's `perform`), core/create-request-client.ts, and
recorded requests of the real destination.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bridge.destination import jsjson
from bridge.destination.errors import DestinationError
from bridge.destination.jsvalues import UNDEFINED, Json
from bridge.shared.vocabulary import VISITOR_CODE

BASE_URL: Final = "https://integrations.kameleoon.com/segmentio"

_ILLEGAL_IN_HEADER: Final = re.compile("[^\t\x20-\x7e\x80-\xff]")
_AROUND_A_VALUE: Final = " \t"
_CLIENT: Final = {"user-agent": "Segment (Actions)"}
_ACCEPTS: Final = {"accept": "*/*", "accept-encoding": "gzip,deflate"}


@dataclass(frozen=True)
class Request:
    """A request to send; `body` is the JSON value of which `body_raw` is the exact text, None for a GET."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: Json = None
    body_raw: str | None = None


def event_request(payload: dict[str, Json], settings: dict[str, str], base_url: str = BASE_URL) -> Request:
    """Return the request that sends a checked payload, with checked settings.

    The visitor code moves from the payload into its properties. When there is none, an empty one that the properties
    had disappears.

    Blanks and tabs around a header's value do not arrive: HTTP takes them off (RFC 9110, section 5.5). Line ends are
    refused: the runtime's client is node-fetch 2 (core/fetch.ts, by cross-fetch), which does not trim as browsers do.

    Raises:
        DestinationError: TypeError, a setting has a character that no header may have (the key itself is not shown).
    """
    properties = {**payload.get("properties", {}), VISITOR_CODE: payload.get(VISITOR_CODE, UNDEFINED)}
    body = {key: value for key, value in payload.items() if key != VISITOR_CODE}
    body["properties"] = {key: value for key, value in properties.items() if value is not UNDEFINED}
    headers = {"authorization": f"Basic {settings['apiKey']}", "x-segment-settings": settings["sitecode"]}
    for shown, value in (("Basic [API key]", headers["authorization"]), (settings["sitecode"], settings["sitecode"])):
        if _ILLEGAL_IN_HEADER.search(value):
            raise DestinationError("TypeError", f"{shown} is not a legal HTTP header value")
    raw = jsjson.stringify(body) or ""
    return Request(
        "POST",
        base_url,
        {
            **_CLIENT,
            # core/request-client.ts takes the text "undefined" for a header that is not there
            **{name: value.strip(_AROUND_A_VALUE) for name, value in headers.items() if value != "undefined"},
            "content-type": "application/json",
            "content-length": str(len(raw.encode())),
            **_ACCEPTS,
        },
        body,
        raw,
    )


def credentials_request(query: str, base_url: str = BASE_URL) -> Request:
    """Return the request that asks Kameleoon whether credentials are valid."""
    return Request("GET", f"{base_url}/getapikey?{query}", {**_CLIENT, **_ACCEPTS})
