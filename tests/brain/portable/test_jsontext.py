"""JSON text, whatever its length."""

import json

from bridge.brain.jsontext import dumps, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def test_it_reads_as_what_was_written() -> None:
    items: list[Any] = ['a\n"\\\u2028é🦄', 0, 1.5, True, None, {}, [], ""]
    for count in (0, 1, 8, 49, 50, 51, 100, 1001):
        many = (items * 200)[:count]
        values: list[Any] = [many, {"a": many, 'b"\n': {"c": [many, many]}}, [[many]], many * 2]
        for value in values:
            assert json.loads(dumps(value)) == value
    for item in items:
        assert json.loads(dumps(item)) == item
    assert json.loads(dumps((1, (2, [3])))) == [1, [2, [3]]]


def test_texts() -> None:
    short = 'a\n"\\\u2028é🦄'
    assert json.loads(quoted(short)) == short
    long = json.dumps([short] * 500)
    assert json.loads(quoted(long)) == long
