"""Reads a template piece by piece (liquidjs, parser/tokenizer): its tags and outputs, and the expressions in them.

A reader stands at `position` and does not look beyond `end`; what it cannot read is an error at that place.
"""

from collections.abc import Iterable
from typing import Final, NoReturn

from bridge.destination import jsjson
from bridge.destination.jsvalues import to_number
from bridge.destination.liquid.characters import BLANKS, DIGITS, QUOTES, SIGNS, is_word
from bridge.destination.liquid.errors import PlacedError, failure
from bridge.destination.liquid.expressions import (
    OPERATORS,
    Access,
    Argument,
    Expression,
    FilterCall,
    Literal,
    Operand,
    Operator,
    Range,
)
from bridge.destination.liquid.values import Constant

_CONSTANTS: Final = {
    "true": True, "false": False, "nil": Constant.NIL, "null": Constant.NIL,
    "empty": Constant.EMPTY, "blank": Constant.BLANK,
}  # fmt: skip
_LONGEST_QUOTE: Final = 32
_ESCAPES: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_OCTAL: Final = frozenset("01234567")
_HEX: Final = 16
_HEXADECIMAL: Final = DIGITS | frozenset("abcdefABCDEF")


class Tokenizer:
    """A reader of a template, or of the part of it between `position` and `end`."""

    def __init__(self, source: str, position: int = 0, end: int | None = None) -> None:
        self.source = source
        self.position = position
        self.end = len(source) if end is None else end

    # Characters

    def peek(self, ahead: int = 0) -> str:
        """Return the character here or ahead, '' beyond the end."""
        place = self.position + ahead
        return self.source[place] if place < self.end else ""

    def read(self) -> str:
        """Return the character here, also beyond the end, and go on."""
        self.position += 1
        return self.source[self.position - 1 : self.position]

    def at_end(self) -> bool:
        """Whether nothing is left."""
        return self.position >= self.end

    def skip_blanks(self) -> None:
        """Go to the next character that is no white space."""
        while self.peek() in BLANKS:
            self.position += 1

    def read_to(self, text: str) -> bool:
        """Go on until just behind the text, from the next character on; to the end when it does not come."""
        while not self.at_end():
            self.position += 1
            if self.source.endswith(text, 0, self.position):
                return True
        return False

    def rest(self, begin: int | None = None) -> str:
        """Return what is left, in quotes and cut off, as messages quote it."""
        text = self.source[self.position if begin is None else begin : self.end]
        if len(text) > _LONGEST_QUOTE:
            text = f"{text[: _LONGEST_QUOTE - 3]}..."
        return jsjson.stringify(text) or ""

    def fail(self, message: str, position: int | None = None) -> NoReturn:
        """Raise an error at a place, where the reader stands if none is named."""
        place = self.position if position is None else position
        raise PlacedError("TokenizationError", message, self.source, place)

    # Words and literals

    def read_identifier(self) -> str:
        """Return the name that comes next, '' when there is none."""
        self.skip_blanks()
        begin = self.position
        while not self.at_end() and is_word(self.peek()):
            self.position += 1
        return self.source[begin : self.position]

    def read_quoted(self) -> Literal | None:
        """Return the text in quotes that comes next; one that is not closed loses its last character."""
        self.skip_blanks()
        begin = self.position
        if self.peek() not in QUOTES:
            return None
        self.position += 1
        escaped = False
        while not self.at_end():
            char = self.read()
            if char == self.source[begin] and not escaped:
                break
            escaped = not escaped and char == "\\"
        text = self.source[begin : self.position]
        return Literal(text, _unescape(text))

    def _read_word(self, words: Iterable[str]) -> str | None:
        """Return the one of these words that comes next; one that ends in a letter ends with the name."""
        self.skip_blanks()
        found = [word for word in words if self.source.startswith(word, self.position, self.end)]
        if not found:
            return None
        word = max(found, key=len)
        if is_word(word[-1]) and is_word(self.peek(len(word))):
            return None
        self.position += len(word)
        return word

    def _read_constant(self) -> Literal | None:
        word = self._read_word(_CONSTANTS)
        return None if word is None else Literal(word, _CONSTANTS[word])

    def _read_number(self) -> Literal | None:
        self.skip_blanks()
        length = 1 if self.peek() in SIGNS else 0
        point = digit = False
        while char := self.peek(length):
            if char in DIGITS:
                digit = True
            elif char == "." and self.peek(length + 1) != ".":
                if point or not digit:
                    return None
                point = True
            else:
                break
            length += 1
        if not digit or is_word(self.peek(length)):
            return None
        text = self.source[self.position : self.position + length]
        self.position += length
        return Literal(text, to_number(text))

    def _read_range(self) -> Range | None:
        self.skip_blanks()
        begin = self.position
        if self.peek() != "(":
            return None
        self.position += 1
        low = self._read_required_value()
        self.skip_blanks()
        if self.read() != "." or self.read() != ".":
            self.fail("invalid range syntax")
        high = self._read_required_value()
        self.skip_blanks()
        if self.read() != ")":
            self.fail("invalid range syntax")
        return Range(self.source[begin : self.position], low, high)

    def _read_required_value(self) -> Operand:
        value = self.read_value()
        if value is None:
            self.fail(f"unexpected token {self.rest()}, value expected")
        return value

    # Values and expressions

    def read_value(self) -> Operand | None:
        """Return the literal or variable that comes next, with the properties behind it."""
        self.skip_blanks()
        begin = self.position
        base = self._read_constant() or self.read_quoted() or self._read_range() or self._read_number()
        keys = self._read_keys(begins=base is None)
        return Access(self.source, begin, self.position, base, keys) if keys else base

    def read_path(self) -> Access | None:
        """Return the variable that comes next, also one with the name of a literal."""
        self.skip_blanks()
        begin = self.position
        keys = self._read_keys(begins=True)
        return Access(self.source, begin, self.position, None, keys) if keys else None

    def _read_keys(self, *, begins: bool) -> tuple[Operand, ...]:
        keys: list[Operand] = []
        while True:
            if self.peek() == "[":
                self.position += 1
                key = self.read_value() or Literal("", "")
                if not self.read_to("]"):
                    self.fail("[ not closed")
                keys.append(key)
                continue
            if begins and not keys and (name := self.read_identifier()):
                keys.append(Literal(name, name))
                continue
            if self.peek() != "." or self.peek(1) == ".":  # two dots are a range's
                return tuple(keys)
            self.position += 1
            name = self.read_identifier()
            if not name:
                return tuple(keys)
            keys.append(Literal(name, name))

    def read_expression(self) -> Expression:
        """Return the expression that comes next, with its filters, up to the end."""
        tokens: list[Operand | Operator] = []
        while not self.at_end():
            word = self._read_word(OPERATORS)
            token = self.read_value() if word is None else OPERATORS[word]
            if token is None:
                break
            tokens.append(token)
        if not tokens:
            self.fail(f"invalid value expression: {self.rest()}")
        return Expression(tokens, tuple(self._read_filters()))

    def _read_filters(self) -> Iterable[FilterCall]:
        while True:
            self.skip_blanks()
            if self.at_end():
                return
            if self.read() != "|":
                self.fail('expected "|" before filter')
            name = self.read_identifier()
            if not name:
                if not self.at_end():
                    self.fail("expected filter name")
                return
            self.skip_blanks()
            if self.peek() not in ("", "|", ":"):
                self.fail('expected ":" after filter name')
            yield FilterCall(name, tuple(self._read_arguments()))

    def _read_arguments(self) -> Iterable[Argument]:
        opening = ":"
        while self.peek() == opening:
            self.position += 1
            key = self.read_value()
            if key is not None:
                self.skip_blanks()
                if self.peek() == ":":
                    self.position += 1
                    yield key.text, self.read_value()
                else:
                    yield key
            self.skip_blanks()
            if self.peek() not in ("", ",", "|"):
                self.fail(f"unexpected character {self.rest()}")
            opening = ","


def _unescape(quoted: str) -> str:
    """Return the text between the quotes, with what its backslashes stand for."""
    inside = quoted[:-1]
    text = ""
    place = 1
    while place < len(inside):
        char = inside[place]
        place += 1
        if char != "\\":
            text += char
            continue
        char = quoted[place]
        if char == "u":
            code, place = _digits(quoted, place + 1, 4, _HEXADECIMAL, _HEX)
            text += chr(code)
        elif char in _OCTAL:
            code, place = _digits(quoted, place, 3, _OCTAL, 8)
            text += chr(code)
        else:
            text += _ESCAPES.get(char, char)
            place += 1
    return text


def _digits(text: str, begin: int, most: int, allowed: frozenset[str], base: int) -> tuple[int, int]:
    """Return the number that at most so many digits from here on make, 0 if there are none, and where it ends."""
    end = begin
    while end < begin + most and text[end : end + 1] in allowed:
        end += 1
    if base == _HEX and end == len(text) < begin + most:  # liquidjs takes what is not there for a digit
        raise failure("Cannot read properties of undefined (reading 'charCodeAt')", "TypeError")
    return int(text[begin:end] or "0", base), end
