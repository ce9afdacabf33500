"""The pieces of a template (liquidjs, parser/tokenizer): text, outputs and tags, and the white space cut off."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from bridge.destination.liquid.characters import BLANKS, QUOTES
from bridge.destination.liquid.tokenizer import Tokenizer

_OUTPUT: Final = ("{{", "}}")
_TAG: Final = ("{%", "%}")
_CUT: Final = "-"
_ALL_BLANKS: Final = "".join(BLANKS)


class Delimited:
    """An output or a tag: where it lies, what is in it, and whether it cuts the white space around it."""

    def __init__(self, source: str, begin: int, end: int, delimiter: int) -> None:
        self.source = source
        self.begin = begin
        self.end = end
        first, last = begin + delimiter, end - delimiter
        self.cuts_left = source[first : first + 1] == _CUT
        self.cuts_right = source[last - 1 : last] == _CUT
        first, last = first + self.cuts_left, last - self.cuts_right
        while first < last and source[first] in BLANKS:
            first += 1
        while last > first and source[last - 1] in BLANKS:
            last -= 1
        self.tokenizer = Tokenizer(source, first, last)

    @property
    def text(self) -> str:
        """How it is written."""
        return self.source[self.begin : self.end]


class OutputToken(Delimited):
    """An output, `{{ … }}`."""

    def __init__(self, source: str, begin: int, end: int) -> None:
        super().__init__(source, begin, end, len(_OUTPUT[0]))


class TagToken(Delimited):
    """A tag, `{% name … %}`, or a line of a `liquid` tag; its tokenizer stands behind the name."""

    def __init__(self, source: str, begin: int, end: int, *, is_line: bool = False) -> None:
        super().__init__(source, begin, end, 0 if is_line else len(_TAG[0]))
        tokenizer = self.tokenizer
        if source[tokenizer.position : tokenizer.position + 1] == "#":
            self.name = tokenizer.read()
        else:
            self.name = tokenizer.read_identifier()
        if not self.name:
            tokenizer.fail("illegal liquid tag syntax" if is_line else "illegal tag syntax, tag name expected")
        tokenizer.skip_blanks()
        self.arguments = source[tokenizer.position : tokenizer.end]


@dataclass
class TextToken:
    """What stands between outputs and tags; what was cut off it is not `content`."""

    source: str
    begin: int
    end: int
    cut_left: int = 0
    cut_right: int = 0

    @property
    def text(self) -> str:
        """How it is written."""
        return self.source[self.begin : self.end]

    @property
    def content(self) -> str:
        """What is left of it."""
        return self.source[self.begin + self.cut_left : self.end - self.cut_right]


Token: TypeAlias = TextToken | OutputToken | TagToken


def read_template(source: str) -> list[Token]:
    """Return a template's pieces.

    Raises:
        DestinationError: an output, a tag or a `raw` is not closed, or a tag has no name.
    """
    tokens = list(_read(Tokenizer(source)))
    _cut_white_space(tokens)
    return tokens


def read_lines(tokenizer: Tokenizer) -> list[Token]:
    """Return the tags of a `liquid` tag: one a line."""
    tokens: list[Token] = []
    while True:
        tokenizer.skip_blanks()
        if tokenizer.at_end():
            return tokens
        begin = tokenizer.position
        tokenizer.read_to("\n")
        tokens.append(TagToken(tokenizer.source, begin, tokenizer.position, is_line=True))


def _read(tokenizer: Tokenizer) -> Iterator[Token]:
    source = tokenizer.source
    while not tokenizer.at_end():
        begin = tokenizer.position
        if source.startswith(_TAG[0], begin):
            tag = _read_tag(tokenizer)
            yield tag
            if tag.name == "raw" and not tokenizer.at_end():
                yield from _read_raw(tokenizer, begin)
        elif source.startswith(_OUTPUT[0], begin):
            if not _read_output(tokenizer):
                tokenizer.fail(f"output {tokenizer.rest(begin)} not closed", begin)
            yield OutputToken(source, begin, tokenizer.position)
        else:
            ends = [place for opening, _ in (_TAG, _OUTPUT) if (place := source.find(opening, begin)) >= 0]
            tokenizer.position = min(ends, default=len(source))
            yield TextToken(source, begin, tokenizer.position)


def _read_tag(tokenizer: Tokenizer) -> TagToken:
    begin = tokenizer.position
    if not tokenizer.read_to(_TAG[1]):
        tokenizer.fail(f"tag {tokenizer.rest(begin)} not closed", begin)
    return TagToken(tokenizer.source, begin, tokenizer.position)


def _read_output(tokenizer: Tokenizer) -> bool:
    """Go behind the end of an output, which is not within quotes."""
    while not tokenizer.at_end():
        if tokenizer.peek() in QUOTES:
            tokenizer.read_quoted()
            continue
        tokenizer.position += 1
        if tokenizer.source.endswith(_OUTPUT[1], 0, tokenizer.position):
            return True
    return False


def _read_raw(tokenizer: Tokenizer, raw: int) -> Iterator[Token]:
    """Read up to `endraw`; all that stands before it is text, and a tag that opens within `endraw` is part of it."""
    source, begin = tokenizer.source, tokenizer.position
    while tokenizer.read_to(_TAG[0]):
        opening = tokenizer.position - len(_TAG[0])
        while tokenizer.read_identifier() == "endraw":
            end = _end_of_tag(tokenizer)
            if end is not None:
                if opening > begin:
                    yield TextToken(source, begin, opening)
                yield TagToken(source, opening, end)
                return
    tokenizer.fail(f"raw {tokenizer.rest(raw)} not closed", begin)


def _end_of_tag(tokenizer: Tokenizer) -> int | None:
    """Go behind the next delimiter; return the place if it is one that closes a tag."""
    places = [place for delimiter in _TAG if (place := tokenizer.source.find(delimiter, tokenizer.position)) >= 0]
    tokenizer.position = min(places, default=tokenizer.end) + len(_TAG[0])
    return tokenizer.position if tokenizer.source.endswith(_TAG[1], 0, tokenizer.position) else None


def _cut_white_space(tokens: list[Token]) -> None:
    in_raw = False
    for index, token in enumerate(tokens):
        if isinstance(token, TextToken):
            continue
        before = tokens[index - 1] if index else None
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        if not in_raw and token.cuts_left and isinstance(before, TextToken):
            before.cut_right = len(before.text) - len(before.text.rstrip(_ALL_BLANKS))
        if isinstance(token, TagToken) and token.name in ("raw", "endraw"):
            in_raw = token.name == "raw"
        if not in_raw and token.cuts_right and isinstance(after, TextToken):
            after.cut_left = len(after.text) - len(after.text.lstrip(_ALL_BLANKS))
