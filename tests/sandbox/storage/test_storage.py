"""The database file: kept from start to start, and never somebody else's."""

# ruff: noqa: D103  # the tests' names are sentences

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest


def test_a_database_of_something_else_is_an_error_and_is_left_alone(start: Any, tmp_path: Path) -> None:
    database = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(database)) as other:
        other.execute("CREATE TABLE log (text)")
    before = database.read_bytes()
    with pytest.raises(sqlite3.DatabaseError, match="not of this version"):
        start(database)
    assert database.read_bytes() == before


def test_a_file_that_is_no_database_is_an_error_at_once(start: Any, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        start(tmp_path / "text")
