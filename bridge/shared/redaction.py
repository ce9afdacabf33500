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


class Redaction:
    """Takes it out of many values of one kind: what it has seen before it does not look at again."""

    def __init__(self, plain: "Callable[[str], str]" = without_mails) -> None:
        """Take what takes out of a text what is no secret of its own."""
        self._plain = plain
        self._texts: dict[str, str] = {}
        self._names: dict[str, bool] = {}

    def value(self, value: "Any", depth: int = 0) -> "Any":
        """Return a JSON value without what is named or looks like a secret, and without e-mail addresses.

        What is nested deeper than anybody reads is left out.
        """
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, (list, dict)) and depth > _DEEPEST:
            return HIDDEN
        if isinstance(value, list):
            return [self.value(one, depth + 1) for one in value]
        return self.table(value, depth) if isinstance(value, dict) else value

    def table(self, table: "dict[str, Any]", depth: int = 0) -> "dict[str, Any]":
        """Return a table in the same way."""
        return {
            self.text(name): HIDDEN
            if table[name] is not None and self._is_hidden(name)
            else self.value(table[name], depth + 1)
            for name in table
        }

    def text(self, text: str) -> str:
        """Return a text without e-mail addresses; nothing of one that looks like a secret."""
        found = self._texts.get(text)
        if found is None:
            found = self._texts[text] = self._redacted(text)
        return found

    def _redacted(self, text: str) -> str:
        if looks_secret(text):
            rest = " ".join([HIDDEN if looks_secret(word) else self._plain(word) for word in text.split()])
            return HIDDEN if looks_secret(rest) else rest  # a key's first line is of several words
        return self._plain(text)

    def _is_hidden(self, name: str) -> bool:
        found = self._names.get(name)
        if found is None:
            found = self._names[name] = is_hidden(name)
        return found


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
