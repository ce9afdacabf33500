"""JSON as MicroPython is to write it, by pieces: the same values come back from it."""

import json
from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from bridge.brain import jsontext
from tests.brain.strategies import ANY, SCALARS, TEXTS


@given(st.one_of(ANY, st.lists(SCALARS, min_size=51, max_size=120).map(tuple)))
def test_what_is_written_by_pieces_is_read_as_it_was(value: Any) -> None:
    """Lists longer than a piece, too."""
    with patch.object(jsontext, "_COPIES", new=True):
        text = jsontext.dumps(value)
    assert json.loads(text) == json.loads(json.dumps(value))


@given(TEXTS, st.lists(TEXTS, max_size=3))
def test_a_long_text_of_json_is_quoted(text: str, more: list[str]) -> None:
    """As a short one is."""
    long = json.dumps([text, *more, "x" * 1001])
    with patch.object(jsontext, "_COPIES", new=True):
        assert [json.loads(jsontext.quoted(one)) for one in (long, text)] == [long, text]
