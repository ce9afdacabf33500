"""Takes out of what is kept what nobody else may read: as ``bridge.shared.redaction``, and what stands in addresses."""

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from pydantic import JsonValue

from bridge.shared import redaction
from bridge.shared.secrets import HIDDEN, looks_secret

# A parameter of an address, as it stands in texts too, and within another address.
_PARAMETER = re.compile(r"((?:[?&#]|%3F|%26|%23)([\w.\-\[\]]+)(?:=|%3D))((?:(?!%26|%23)[^&#\s\"'<>])+)", re.IGNORECASE)
_BEARER = re.compile(r"\b(Bearer|Basic) (?=[^\s\"']*\d)[\w.~+/=-]{12,}", re.IGNORECASE)
# What code gives a name to that opens something.
_ASSIGNED = re.compile(
    r"""([\w-]*(?:secret|api_?key|access_?token|passw)\w*["']?\s*[:=]\s*["'`])([^"'`\s]{8,})""", re.IGNORECASE
)
_TOKEN_PARAMETER = re.compile(r"session|auth|signature|^(sig|sid|code|pwd)$", re.IGNORECASE)
_LONG = 16  # characters of what may be a secret
_PUBLIC = re.compile("api_?key", re.IGNORECASE)  # many a vendor's key is meant for pages
# Segment's write key: in its snippet, and in the addresses of its script and settings.
_WRITE_KEY = re.compile(r"""(\.load\(\s*["']|_writeKey\s*=\s*["'])[^"']+|(/v1/|/projects/)[A-Za-z0-9]{20,}(?=/)""")


def redacted(value: JsonValue) -> JsonValue:
    """Return a JSON value without what is named or looks like a secret, and without e-mail addresses."""
    hidden: JsonValue = redaction.Redaction(_plain).value(value)
    return hidden


def redacted_text(text: str) -> str:
    """Return a text without e-mail addresses; nothing of one that looks like a secret."""
    return redaction.Redaction(_plain).text(text)


def redacted_url(url: str) -> str:
    """Return an address without user, password and fragment, its secret parameters not shown."""
    if not url.startswith(("http://", "https://")):
        return redacted_text(url[:100])
    try:
        address = urlsplit(url)
    except ValueError:  # what a page calls an address is not always one
        return f"(no address) {redacted_text(url[:100])}"
    host = address.netloc.rpartition("@")[2]
    asked = [
        (name, HIDDEN if _is_token(name) or looks_secret(value) else _plain(value))
        for name, value in parse_qsl(address.query, keep_blank_values=True)
    ]
    query = urlencode(asked, quote_via=quote, safe='()@:/,[]"{}')
    return urlunsplit((address.scheme, host, redacted_text(address.path), query, ""))


def _is_token(name: str) -> bool:
    return redaction.is_hidden(name) or bool(_TOKEN_PARAMETER.search(name))


def names_a_secret(code: str) -> bool:
    """Return whether code names what may be a secret: long, with a digit. Many an API's key is meant for pages."""
    return any(
        len(found[2]) >= _LONG and any(one.isdigit() for one in found[2]) and not _PUBLIC.search(found[1])
        for found in _ASSIGNED.finditer(code)
    )


def _parameter(found: re.Match[str]) -> str:
    opens = _is_token(found[2]) or looks_secret(unquote(found[3]))
    return found[1] + (HIDDEN if opens else _PARAMETER.sub(_parameter, found[3]))  # one may be an address itself


def _plain(text: str) -> str:
    text = _ASSIGNED.sub(rf"\g<1>{HIDDEN}", _BEARER.sub(rf"\g<1> {HIDDEN}", _PARAMETER.sub(_parameter, text)))
    return _WRITE_KEY.sub(lambda found: (found[1] or found[2]) + HIDDEN, redaction.without_mails(text))
