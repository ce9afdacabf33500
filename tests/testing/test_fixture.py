"""What the fixture finds out of the project that asks for it."""

# ruff: noqa: D103  # the tests' names are sentences

from types import SimpleNamespace
from typing import Any, cast

import pytest

from kameleoon_segment_pytest import _context_args


def request(fixtures: dict[str, Any], mark: dict[str, Any] | None = None) -> pytest.FixtureRequest:
    """Return the request of a test that uses these fixtures."""
    node = SimpleNamespace(get_closest_marker=lambda _name: mark and SimpleNamespace(kwargs=mark))
    return cast(
        "pytest.FixtureRequest",
        SimpleNamespace(fixturenames=list(fixtures), getfixturevalue=fixtures.__getitem__, node=node),
    )


def test_what_the_context_was_made_with_is_known_where_it_is_pytest_playwrights() -> None:
    args = {"browser_context_args": {"ignore_https_errors": True, "locale": "fr-FR"}}
    assert _context_args(request(args)) == {"ignore_https_errors": True, "locale": "fr-FR"}
    assert _context_args(request(args, {"locale": "de-DE"})) == {"ignore_https_errors": True, "locale": "de-DE"}
    assert _context_args(request({"page": None})) == {}
