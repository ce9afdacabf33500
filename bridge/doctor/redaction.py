"""Takes out of what is kept what nobody else may read: as ``bridge.shared.redaction``, and what stands in addresses."""

import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from pydantic import JsonValue

from bridge.shared import redaction
from bridge.shared.secrets import HIDDEN, looks_secret

_TOKEN_PARAMETER = re.compile(r"session|auth|signature|^(sig|sid|code|pwd)$", re.IGNORECASE)
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
    address = urlsplit(url)
    host = address.netloc.rpartition("@")[2]
    asked = [
        (name, HIDDEN if _is_token(name) or looks_secret(value) else _plain(value))
        for name, value in parse_qsl(address.query, keep_blank_values=True)
    ]
    query = urlencode(asked, quote_via=quote, safe='()@:/,[]"{}')
    return urlunsplit((address.scheme, host, redacted_text(address.path), query, ""))


def _is_token(name: str) -> bool:
    return redaction.is_hidden(name) or bool(_TOKEN_PARAMETER.search(name))


def _plain(text: str) -> str:
    return _WRITE_KEY.sub(lambda found: (found[1] or found[2]) + HIDDEN, redaction.without_mails(text))
