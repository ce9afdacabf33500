"""The tokens of a subscription filter, as Segment's fql-ts splits them (facts: npm @segment/fql-ts 1.10, lexer).

It has quirks that filters meet: a word or string ends where a blank, a comma, a closing bracket or the filter's end
follows, so `or(` is a name; capitals make `AND` and `OR` names, too, which the parser skips.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal[
    "ident", "dot", "operator", "conditional", "string", "number", "null", "bracket", "parenleft", "parenright",
    "comma", "eos",
]  # fmt: skip
_DIGITS: Final = frozenset("0123456789")
_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_NAME: Final = _LETTERS | _DIGITS | frozenset("_-\\")
_TERMINATORS: Final = frozenset(" \t\n,])")
_AFTER_NAME: Final = _TERMINATORS | frozenset(".(=!")
_SINGLES: Final[dict[str, Kind]] = {
    ".": "dot", "[": "bracket", "]": "bracket", ",": "comma", "(": "parenleft", ")": "parenright",
}  # fmt: skip
_WORDS: Final[dict[str, Kind]] = {"and": "conditional", "or": "conditional", "null": "null"}
_MAX_TOKEN_CHARACTERS: Final = 100_000


class LexerError(Exception):
    """The filter has a character, number, string or name that cannot be read."""


@dataclass(frozen=True)
class Token:
    """A token: strings keep their quotes, names lose the backslashes that escaped their characters."""

    kind: Kind
    value: str


END: Final = Token("eos", "eos")


def tokenize(filter_text: str) -> list[Token]:
    """Return the filter's tokens, closed by `eos`.

    Raises:
        LexerError: a part of it cannot be read.
    """
    return _Lexer(filter_text).tokens()


class _Lexer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def peek(self) -> str:
        """Return the next character, or '' at the end."""
        return self.text[self.position : self.position + 1]

    def next(self) -> str:
        char = self.peek()
        self.position += len(char)
        return char

    def tokens(self) -> list[Token]:
        found: list[Token] = []
        while char := self.next():
            if char in " \t\n":
                continue
            token = self.token(char)
            if len(token.value) >= _MAX_TOKEN_CHARACTERS:
                raise LexerError("unreasonable length")
            found.append(token)
        return [*found, END]

    def token(self, char: str) -> Token:
        if char == "!" and self.peek() and (self.peek() in _LETTERS or self.peek() == "("):
            return Token("operator", "!")
        if char in "!=<>":
            return self.operator(char)
        if char in _LETTERS or char in "_\\":
            return self.word(char)
        if char in _DIGITS or char in "+-":
            return self.number(char)
        if char in "\"'":
            return self.string(char)
        if char in _SINGLES:
            return Token(_SINGLES[char], char)
        raise LexerError(f"invalid character {char!r}")

    def operator(self, char: str) -> Token:
        if char == "=":
            return Token("operator", "=")
        if self.accept("="):
            return Token("operator", f"{char}=")
        if char == "!":
            raise LexerError("expected '=' after '!'")
        return Token("operator", char)

    def accept(self, rest: str) -> bool:
        """Read `rest` when it comes next and ends a word; when the filter ends within it, what was read stays read."""
        start = self.position
        read = ""
        for _ in rest:
            char = self.next()
            if not char:
                return False
            read += char
            if char in _TERMINATORS:
                break
        if read == rest and (not self.peek() or self.peek() in _TERMINATORS):
            return True
        self.position = start
        return False

    def word(self, char: str) -> Token:
        for word, kind in _WORDS.items():
            if char == word[0] and self.accept(word[1:]):
                return Token(kind, word)
        return self.name(char)

    def name(self, char: str) -> Token:
        value = ""
        while True:
            if char == "\\":
                char = self.next()
                if not char:
                    raise LexerError("expected character after escape character")
            value += char
            if not self.peek() or self.peek() not in _NAME:
                break
            char = self.next()
        if self.peek() and self.peek() not in _AFTER_NAME:
            raise LexerError("expected termination character after identifier")
        return Token("ident", value)

    def number(self, char: str) -> Token:
        value = char
        seen_point = False
        while self.peek() and (self.peek() in _DIGITS or self.peek() == "."):
            char = self.next()
            value += char
            if char == ".":
                if seen_point or not self.peek() or self.peek() in _TERMINATORS:
                    raise LexerError("stray decimal point")
                seen_point = True
        return Token("number", value)

    def string(self, quote: str) -> Token:
        end = self.text.find(quote, self.position)
        if end < 0:
            raise LexerError("unterminated string")
        value = self.text[self.position - 1 : end + 1]
        self.position = end
        self.accept(quote)  # when no word ends here, the quote stays and opens another string
        return Token("string", value)
