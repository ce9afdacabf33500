"""What counts as a secret, by its name or by its looks: a page is read by everybody, so none may stand in it.

Only ASCII is looked at, and no regular expression: MicroPython's know no ``{16}``, and its texts no other letters.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HIDDEN = "(not shown)"
# Names, without case and punctuation.
_NAMES = ("apikey", "secret", "writekey", "password", "accesstoken")
# How tokens begin that open something, and how many letters, digits and "-" follow at least: fewer than in real ones
# (Stripe 24, GitHub 36, Slack 40), but more than a name in which words are set apart by "_" is likely to have.
_TOKENS = {
    "sk_live_": 10,  # Stripe
    "rk_live_": 10,
    "ghp_": 10,  # GitHub
    "gho_": 10,
    "ghs_": 10,
    "github_pat_": 10,
    "xoxb-": 10,  # Slack
    "xoxp-": 10,
    "AKIA": 16,  # AWS
    "sgp_": 40,  # Segment's Public API, 64: Singapore's short name begins other names, too
}
# Base64 of a JSON object: JSON Web Tokens, and the API key that Kameleoon gives to its destination in Segment.
_JSON, _JSON_LENGTH = "eyJ", 16
_PEM = "-----BEGIN "
_MAIL = ("mailto", "sip", "sips", "xmpp", "acct")  # schemes of addresses: what follows is no password


def secrets(value: "Any", path: str = "") -> "list[str]":
    """Return the places inside ``value`` that are named or look like a secret, sorted."""
    found = []
    waiting = [(path, value)]
    while waiting:
        place, one = waiting.pop()
        if isinstance(one, str) and looks_secret(one):
            found.append(place)
        elif isinstance(one, list):
            waiting += [("%s[%d]" % (place, number), item) for number, item in enumerate(one)]
        elif isinstance(one, dict):
            for name in one:
                if names_secret(name) or looks_secret(name):
                    found.append(inside(place, name))
                else:
                    waiting.append((inside(place, name), one[name]))
    return sorted(found)


def inside(path: str, name: str) -> str:
    """Return the place of a name inside another place; a name that looks like a secret is not shown."""
    shown = HIDDEN if looks_secret(name) else name
    return path + "." + shown if path else shown


def names_secret(text: str) -> bool:
    """Return whether something in the text is named like a secret, however it is spelled."""
    letters = "".join(letter for letter in text if _is_letter(letter)).lower()
    return any(name in letters for name in _NAMES)


def looks_secret(text: str) -> bool:
    """Return whether something in the text has the form of a secret."""
    if _PEM in text or _holds_password(text):
        return True
    if any(len(run) >= _JSON_LENGTH for run in _runs(text, _JSON, "-_.")):
        return True
    return any(
        len(run) >= _TOKENS[start] and any(_is_digit(one) for one in run)  # which words rarely have
        for start in _TOKENS
        for run in _runs(text, start, "-")
    )


def _runs(text: str, start: str, others: str) -> "list[str]":
    """Return the letters, digits and ``others`` that follow each ``start`` which is no word's end."""
    runs = []
    at = text.find(start)
    while at >= 0:
        if at == 0 or not _is_letter_or_digit(text[at - 1]):
            end = begin = at + len(start)
            while end < len(text) and (_is_letter_or_digit(text[end]) or text[end] in others):
                end += 1
            runs.append(text[begin:end])
        at = text.find(start, at + 1)
    return runs


def _holds_password(text: str) -> bool:
    """Return whether an address in the text is like ``https://user:password@host``.

    Without a scheme it is one where nothing else stands in the text: "Tea at 10:30@cafe.example" is a name.
    """
    first, *others = text.split("://")
    if others:
        return any(_user(other)[1] for other in others)
    name, password, host = _user(first)
    return bool(
        password
        and " " not in text
        and "." in host
        and name.lower() not in _MAIL
        and not all(_is_digit(one) for one in name)
    )


def _user(address: str) -> "tuple[str, str, str]":
    """Return the name, the password and the host of ``name:password@host``, "" for what is not there."""
    user, _, host = _host(address).rpartition("@")
    name, _, password = user.partition(":")
    return name, password, host


def _host(address: str) -> str:
    """Return an address up to its path."""
    for end in ("/", "?", "#", " ", "\n", '"'):
        address = address.partition(end)[0]
    return address


def _is_letter(one: str) -> bool:
    return "a" <= one <= "z" or "A" <= one <= "Z"


def _is_letter_or_digit(one: str) -> bool:
    return _is_letter(one) or _is_digit(one)


def _is_digit(one: str) -> bool:
    return "0" <= one <= "9"
