"""What `JSON.parse` of V8 (Node 20) says about text that is not JSON; Segment shows it to users as it is."""

import json
import re
import string
from typing import Final

_STRING: Final = re.compile(r'"(?:\\.|[^"\\])*"')
_QUOTED_CHARACTERS: Final = 10  # that V8 shows on each side
_NAMED_WHOLE: Final = ("NaN", "Infinity", "undefined", "[object Object]")
_LONE_BACKSLASH: Final = re.compile(r"(?<!\\)(?:\\\\)*\\\Z")
_V8_WORDS: Final = {
    "Expecting ':' delimiter": "Expected ':' after property name",
    "Extra data": "Unexpected non-whitespace character after JSON",
    "Invalid control character at": "Bad control character in string literal",
}


def describe(text: str, error: ValueError) -> str:
    """Return V8's message for the problem that Python's parser found.

    V8 quotes the text around an unexpected character. Where the text looks like an object, which may hold a secret,
    an ellipsis stands for the quotation.
    """
    if not isinstance(error, json.JSONDecodeError):  # a constant that Python would read
        return _unexpected(text, min(text.find(char) for char in "NI-" if char in text))
    problem, place = error.msg, error.pos
    if problem.startswith("Illegal trailing comma"):  # how Python 3.13 puts it
        place = len(text) - len(text[place + 1 :].lstrip())
        problem = "Expecting value" if problem.endswith("array") else "Expecting property name"
    if problem == "Expecting value":
        return _unexpected(text, place)
    if problem.startswith("Unterminated string") and _LONE_BACKSLASH.search(text):
        return "Unexpected end of JSON input"
    expected, place = _expected(problem, text, place)
    return f"{expected} in JSON at position {place}" if problem != "Extra data" else f"{expected} at position {place}"


def _expected(problem: str, text: str, place: int) -> tuple[str, int]:
    """Return V8's words for one of Python's problems, and the place that it names."""
    if problem.startswith("Expecting property name"):
        first = text[:place].rstrip().endswith("{")
        return "Expected property name or '}'" if first else "Expected double-quoted property name", place
    if problem == "Expecting ',' delimiter":
        closing = "'}' after property value" if _in_object(text[:place]) else "']' after array element"
        return f"Expected ',' or {closing}", place
    if problem.startswith("Unterminated string"):
        return "Unterminated string", len(text)
    if problem.startswith("Invalid \\escape"):
        return "Bad escaped character", place + 1
    if problem.startswith("Invalid \\u"):
        return "Bad Unicode escape", len(text) - len(text[place + 1 :].lstrip(string.hexdigits))
    return _V8_WORDS[problem], place


def _in_object(before: str) -> bool:
    """Return whether the innermost bracket that is open is a brace."""
    open_brackets: list[str] = []
    for bracket in re.findall(r"[\[\]{}]", _STRING.sub("", before)):
        if bracket in "[{":
            open_brackets.append(bracket)
        else:
            open_brackets.pop()
    return open_brackets[-1:] == ["{"]


def _unexpected(text: str, place: int) -> str:
    for literal in ("true", "false", "null"):
        if text.startswith(literal[0], place):
            place += sum(text.startswith(literal[:length], place) for length in range(1, len(literal) + 1))
            break
    if text[place : place + 1] == "-":
        return f"No number after minus sign in JSON at position {place + 1}"
    if place >= len(text):
        return "Unexpected end of JSON input"
    if text in _NAMED_WHOLE:
        return f'"{text}" is not valid JSON'
    return f"Unexpected token '{text[place]}', {_quoted(text, place)} is not valid JSON"


def _quoted(text: str, place: int) -> str:
    if text.lstrip().startswith("{"):
        return "..."
    if len(text) <= 2 * _QUOTED_CHARACTERS:
        return f'"{text}"'
    start = max(0, place - _QUOTED_CHARACTERS) if place >= _QUOTED_CHARACTERS else 0
    end = (
        place + _QUOTED_CHARACTERS
        if place < len(text) - _QUOTED_CHARACTERS or place < _QUOTED_CHARACTERS
        else len(text)
    )
    return f'{"..." if start else ""}"{text[start:end]}"{"..." if end < len(text) else ""}'
