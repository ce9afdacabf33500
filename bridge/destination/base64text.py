"""Base64 as Node's `Buffer` reads and writes it."""

import base64
import re
from typing import Final

_NOT_BASE64: Final = re.compile("[^A-Za-z0-9+/]")


def decode(text: str) -> bytes:
    """Return the bytes: strangers are skipped, both alphabets are understood, and an equals sign ends it.

    Of a character beyond U+00FF the lower byte counts, in UTF-16.
    """
    text = text.encode("utf-16-le", "surrogatepass")[::2].decode("latin-1")
    digits = _NOT_BASE64.sub("", text.partition("=")[0].translate({ord("-"): "+", ord("_"): "/"}))
    digits = digits[: len(digits) - 1] if len(digits) % 4 == 1 else digits
    return base64.b64decode(digits + "=" * (-len(digits) % 4))


def encode(data: bytes) -> str:
    """Return the bytes as base64, padded."""
    return base64.b64encode(data).decode()
