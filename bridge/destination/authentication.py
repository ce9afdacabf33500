"""The check of the settings that Segment makes when a user saves them ("testAuthentication").

Facts: Segment action-destinations destinations/kameleoon/index.ts and core/destination-kit/index.ts. None of this is
checked when an event is sent.
"""

import re
from typing import Final
from urllib.parse import quote

from bridge.destination import base64text, jsjson
from bridge.destination.actions import SETTINGS
from bridge.destination.delivery import Send, deliver
from bridge.destination.errors import DestinationError, too_deep
from bridge.destination.json_problems import describe
from bridge.destination.jsvalues import Json, code_units, entries, to_string, well_formed
from bridge.destination.request import BASE_URL, credentials_request
from bridge.destination.validation import checked

_SITECODE_LENGTH: Final = 10
_CONTROLS_AND_BLANK: Final = "".join(map(chr, range(0x21)))
_SAFE_IN_QUERY: Final = "!$%&()*+,-./:;=?@[]_~"  # WHATWG URL, and Node's url.parse, which escapes more


def authenticate(settings: Json, send: Send, base_url: str = BASE_URL) -> None:
    """Do nothing when Kameleoon accepts the settings.

    Raises:
        DestinationError: AggregateAjvError (400) when a setting is missing or of the wrong type, else an Error that
            starts with `Credentials are invalid:` and the status of the answer, if there was one.
    """
    valid = checked(settings, SETTINGS)
    try:
        _check_sitecode(valid["sitecode"])
        deliver(credentials_request(_query(valid["apiKey"]), base_url), send)
    except DestinationError as error:
        raise _invalid(error) from None
    except RecursionError:
        raise _invalid(too_deep()) from None


def _invalid(error: DestinationError) -> DestinationError:
    status = "" if error.status is None else error.status
    return DestinationError("Error", f"Credentials are invalid: {status} {error}", retried=error.retried)


def _check_sitecode(sitecode: str) -> None:
    if len(code_units(sitecode)) != _SITECODE_LENGTH:
        raise DestinationError("Error", "Invalid project sitecode. Please check your sitecode")


def _query(api_key: str) -> str:
    """Return the key's members as a query: its values are not escaped, so that a `#` cuts the rest off."""
    text = _decode(api_key)
    try:
        credentials = jsjson.parse(text)
    except ValueError as error:
        raise DestinationError("SyntaxError", describe(text, error)) from None
    if credentials is None:
        raise DestinationError("TypeError", "Cannot convert undefined or null to object")
    query = "&".join(f"{key}={to_string(value)}" for key, value in entries(credentials))
    sent = re.sub("[\t\n\r]", "", query.partition("#")[0])
    return quote(well_formed(sent).rstrip(_CONTROLS_AND_BLANK), safe=_SAFE_IN_QUERY)


def _decode(text: str) -> str:
    """Decode as `Buffer.from(text, 'base64').toString('ascii')` does: bit 8 is dropped."""
    return "".join(chr(byte & 0x7F) for byte in base64text.decode(text))
