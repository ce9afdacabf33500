"""Takes out of what is kept what nobody else may read: secrets, tokens, addresses of people.

The demo and the overlay do so in a page: only what MicroPython knows, too.
"""

from bridge.shared.secrets import HIDDEN, looks_secret, names_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

MAIL = "(e-mail)"
_AT = ("@", "%40")
_TOKENS = ("token", "passw", "jwt")  # in names, in whatever case
_USER, _HOST = "._+-", "._-"  # beside letters and digits
_DEEPEST = 100


def without_mails(text: str) -> str:
    """Return a text without e-mail addresses."""
    for sign in _AT:
        at = text.find(sign)
        while at >= 0:
            begin, end = _begin(text, at), _end(text, at + len(sign))
            if begin < at and "." in text[at + len(sign) : end]:
                text = text[:begin] + MAIL + text[end:]
                at = begin + len(MAIL) - 1
            at = text.find(sign, at + 1)
    return text


def redacted(value: "Any", plain: "Callable[[str], str]" = without_mails, depth: int = 0) -> "Any":
    """Return a JSON value without what is named or looks like a secret, and without e-mail addresses.

    What is nested deeper than anybody reads is left out. ``plain`` takes out of a text what is no secret of its own.
    """
    if isinstance(value, str):
        return redacted_text(value, plain)
    if isinstance(value, (list, dict)) and depth > _DEEPEST:
        return HIDDEN
    if isinstance(value, list):
        return [redacted(one, plain, depth + 1) for one in value]
    if isinstance(value, dict):
        return {
            redacted_text(name, plain): HIDDEN
            if is_hidden(name) and value[name] is not None
            else redacted(value[name], plain, depth + 1)
            for name in value
        }
    return value


def redacted_text(text: str, plain: "Callable[[str], str]" = without_mails) -> str:
    """Return a text without e-mail addresses; nothing of one that looks like a secret."""
    if looks_secret(text):
        rest = " ".join([HIDDEN if looks_secret(word) else plain(word) for word in text.split()])
        return HIDDEN if looks_secret(rest) else rest  # a key's first line is of several words
    return plain(text)


def is_hidden(name: str) -> bool:
    """Return whether what has this name is not shown."""
    small = name.lower()
    return names_secret(name) or looks_secret(name) or any(token in small for token in _TOKENS)


def _begin(text: str, at: int) -> int:
    while at and (_is_letter_or_digit(text[at - 1]) or text[at - 1] in _USER):
        at -= 1
    return at


def _end(text: str, at: int) -> int:
    """Return where the host ends that begins there, without a dot that only ends a sentence."""
    begin = at
    while at < len(text) and (_is_letter_or_digit(text[at]) or text[at] in _HOST):
        at += 1
    while at > begin and text[at - 1] in _HOST:
        at -= 1
    return at


def _is_letter_or_digit(one: str) -> bool:
    return one.isalpha() or one.isdigit() or one > "\x7f"  # MicroPython's isalpha knows ASCII alone
