"""Takes out of what is kept what nobody else may read: secrets, tokens, addresses of people."""

import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from pydantic import JsonValue

from bridge.shared.secrets import HIDDEN, looks_secret, names_secret

MAIL = "(e-mail)"
_MAIL = re.compile(r"[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")
_TOKEN_NAME = re.compile(r"token|passw|jwt", re.IGNORECASE)
_TOKEN_PARAMETER = re.compile(r"token|passw|jwt|session|auth|signature|^(sig|sid|code|pwd)$", re.IGNORECASE)
# Segment's write key: in its snippet, and in the addresses of its script and settings.
_WRITE_KEY = re.compile(r"""(\.load\(\s*["']|_writeKey\s*=\s*["'])[^"']+|(/v1/|/projects/)[A-Za-z0-9]{20,}(?=/)""")


def redacted(value: JsonValue) -> JsonValue:
    """Return a JSON value without what is named or looks like a secret, and without e-mail addresses."""
    if isinstance(value, str):
        return redacted_text(value)
    if isinstance(value, list):
        return [redacted(one) for one in value]
    if isinstance(value, dict):
        return {
            redacted_text(name): HIDDEN if _is_hidden(name) and one is not None else redacted(one)
            for name, one in value.items()
        }
    return value


def redacted_text(text: str) -> str:
    """Return a text without e-mail addresses; nothing of one that looks like a secret."""
    if looks_secret(text):
        rest = " ".join(HIDDEN if looks_secret(word) else _plain(word) for word in text.split())
        return HIDDEN if looks_secret(rest) else rest  # a key's first line is of several words
    return _plain(text)


def redacted_url(url: str) -> str:
    """Return an address without user, password and fragment, its secret parameters not shown."""
    if not url.startswith(("http://", "https://")):
        return redacted_text(url[:100])
    address = urlsplit(url)
    host = address.netloc.rpartition("@")[2]
    asked = [
        (name, HIDDEN if _is_hidden(name, _TOKEN_PARAMETER) or looks_secret(value) else _plain(value))
        for name, value in parse_qsl(address.query, keep_blank_values=True)
    ]
    query = urlencode(asked, quote_via=quote, safe='()@:/,[]"{}')
    return urlunsplit((address.scheme, host, redacted_text(address.path), query, ""))


def _is_hidden(name: str, tokens: re.Pattern[str] = _TOKEN_NAME) -> bool:
    return names_secret(name) or looks_secret(name) or bool(tokens.search(name))


def _plain(text: str) -> str:
    return _WRITE_KEY.sub(lambda found: (found[1] or found[2]) + HIDDEN, _MAIL.sub(MAIL, text))
