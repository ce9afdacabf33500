"""A template is filled or is an error."""

import pytest

from bridge.templates import TemplateError, filled


def test_each_placeholder_is_replaced_wherever_it_stands() -> None:
    """Also twice, and more than one."""
    assert filled("x.js", "A + B + A", {"A": "1", "B": "2"}) == "1 + 2 + 1"


def test_what_is_put_in_is_no_template() -> None:
    """A value may read as a placeholder, or as a regular expression's group."""
    assert filled("x.js", "A + (B)", {"A": r"B \1", "(B)": "A"}) == r"B \1 + A"


def test_a_missing_placeholder_is_an_error() -> None:
    """It names the template and the placeholder."""
    with pytest.raises(TemplateError, match=r"^x\.js lacks the placeholder B,"):
        filled("x.js", "A", {"A": "1", "B": "2"})
