"""What a template's characters are (liquidjs, util/character): white space, and what a name may consist of."""

from typing import Final

BLANKS: Final = frozenset("\t\n\v\f\r \u00a0\u1680\u180e\u2028\u2029\u202f\u205f\u3000") | frozenset(
    map(chr, range(0x2000, 0x200B))
)
QUOTES: Final = frozenset("\"'")
SIGNS: Final = frozenset("+-")
DIGITS: Final = frozenset("0123456789")

_FIRST_BEYOND_ASCII: Final = "\x80"
_ASCII_WORD: Final = DIGITS | frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-?")
_PUNCTUATION: Final = frozenset("\u201c\u201d")


def is_word(char: str) -> bool:
    """Whether a name may have this character: also `-`, `?` and most of what is not ASCII, but not the end ('')."""
    if char < _FIRST_BEYOND_ASCII:
        return char in _ASCII_WORD
    return char not in BLANKS and char not in _PUNCTUATION
