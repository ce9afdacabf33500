"""The words for a mistake: the place, the value that stands there, what is accepted; never a secret."""

import json
import sys

from bridge.shared.secrets import HIDDEN, names_secret, secrets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_SHOWN_LENGTH = 60  # characters of a value, or of a name that somebody else chose
_KINDS = ((bool, "a boolean"), ((int, float), "a number"), (str, "a text"), (list, "a list"), (dict, "a map"))


def wrong(place: str, value: str, accepted: str) -> str:
    """Return the text for a wrong value, ``value`` being ``shown`` already."""
    return "%s: %s; accepted: %s" % (place, value, accepted)


def unknown(what: str, name: str, known: "list[str]") -> str:
    """Return the words for a name that does not exist, such as ``no such setting; did you mean exposures?``."""
    meant = suggestion(name, known)
    return "no such %s; %s" % (what, "did you mean %s?" % meant if meant else "accepted: " + ", ".join(sorted(known)))


def one_of(words: "list[str]") -> str:
    """Return the words as a choice."""
    return " or ".join(words)


def shown(value: "Any", place: str = "") -> str:
    """Return a value as JSON, cut short; nothing of one that is named or looks like a secret, or holds one."""
    text = _as_json(value)
    return HIDDEN if names_secret(place + text) or secrets(value) else cut(text)


def kind(value: "Any") -> str:
    """Return what kind of JSON a value is: all that is said of what visitors entrusted to a page."""
    for kinds, name in _KINDS:
        if isinstance(value, kinds):
            return name
    return "nothing"


def cut(text: str) -> str:
    """Return the text, its end left out where it is long."""
    return text if len(text) <= MAX_SHOWN_LENGTH else text[:MAX_SHOWN_LENGTH] + "…"


def one_line(text: str) -> str:
    """Return the text with its line ends and other control characters written as JSON writes them."""
    return "".join("\\u%04x" % ord(one) if _breaks_line(one) else one for one in text)


def suggestion(word: str, known: "list[str]") -> str:
    """Return the known word that ``word`` was most likely meant to be, empty for none."""
    plain = word.lower().replace("-", "_")
    distances = sorted((_distance(plain, one), one) for one in known)
    return distances[0][1] if distances and distances[0][0] <= max(1, len(plain) // 3) else ""


def _breaks_line(one: str) -> bool:
    return one < " " or "\x7f" <= one <= "\x9f" or one in "\u2028\u2029"


def _distance(one: str, other: str) -> int:
    """Return how many letters to add, drop or change to make one word of the other."""
    row = list(range(len(other) + 1))
    for letter in one:
        last, row = row, [row[0] + 1]
        for position, wanted in enumerate(other):
            row.append(min(row[-1] + 1, last[position + 1] + 1, last[position] + (letter != wanted)))
    return row[-1]


def _as_json(value: "Any") -> str:
    """Return the same text on each interpreter: letters as they are, as MicroPython writes them."""
    if sys.implementation.name == "micropython":
        return json.dumps(value)
    text = json.dumps(value, ensure_ascii=False, default=str)  # TOML has values that JSON has not: dates
    return text.encode("utf-8", "replace").decode()  # half a character could not be printed
