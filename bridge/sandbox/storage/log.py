"""Everything that was received and sent, in order."""

import json
import sqlite3
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bridge.sandbox.clock import iso
from bridge.sandbox.json_text import as_json

SCHEMA = """
-- AUTOINCREMENT: a number is never used again, so a reader of the log misses nothing after a reset.
CREATE TABLE IF NOT EXISTS log (
    n INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, at TEXT NOT NULL, data TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS log_dropped ON log (n) WHERE kind = 'dropped';
"""


@dataclass(frozen=True)
class Wanted:
    """Which rows a reader of the log wants: those with a number above ``after``, of these kinds, of this event name."""

    after: int = 0
    kinds: tuple[str, ...] = ()
    """None: of any kind."""
    event: str | None = None
    """None: of any name, and what is no event, too."""

    def condition(self) -> tuple[str, tuple[object, ...]]:
        """Return what stands after WHERE, and its parameters."""
        parts: list[str] = ["n > ?"]
        parameters: list[object] = [self.after]
        if self.kinds:
            parts.append("kind IN (SELECT value FROM json_each(?))")
            parameters.append(as_json(self.kinds))
        if self.event is not None:
            # What is nested deeper than SQLite reads is found by no name.
            parts.append("CASE WHEN json_valid(data) THEN json_extract(data, '$.event.event') END = ?")
            parameters.append(self.event)
        return " AND ".join(parts), tuple(parameters)


class LogTable:
    """Rows that are only ever added."""

    def __init__(self, db: sqlite3.Connection, now: Callable[[], datetime]) -> None:
        self._db = db
        self._now = now
        self.newest = 0
        """The number of the row that was added last, since the log was opened; it may have been undone since."""

    def append(self, kind: str, data: Mapping[str, object]) -> int:
        """Add a row; return its number."""
        row = (kind, iso(self._now()), as_json(data))
        n = self._db.execute("INSERT INTO log (kind, at, data) VALUES (?, ?, ?)", row).lastrowid
        assert n is not None  # noqa: S101  # it is after an INSERT
        self.newest = n
        return n

    def forget(self, names: Collection[str]) -> list[int]:
        """Delete the rows in which one of these texts stands, as a value or a name; return their numbers.

        What tells of their delivery goes, too. What is nested deeper than SQLite reads stays.
        """
        found = self._db.execute(
            "DELETE FROM log WHERE CASE WHEN json_valid(data) THEN EXISTS (SELECT 1 FROM json_tree(data) WHERE"
            " atom IN (SELECT value FROM json_each(?1)) OR key IN (SELECT value FROM json_each(?1))) END RETURNING n",
            (as_json(list(names)),),
        )
        rows = [n for (n,) in found.fetchall()]
        self._db.execute(
            "DELETE FROM log WHERE kind LIKE 'destination.%' AND json_extract(data, '$.delivery')"
            " IN (SELECT value FROM json_each(?))",
            (as_json(rows),),
        )
        return rows

    def last(self) -> int:
        """Return the number of the last row, 0 when there is none."""
        last: int = self._db.execute("SELECT coalesce(max(n), 0) FROM log").fetchone()[0]
        return last

    def dropped(self, most: int) -> dict[str, Any]:
        """Return how many rows of the kind `dropped` there are, and the last ones, the latest first."""
        count = self._db.execute("SELECT count(*) FROM log WHERE kind = 'dropped'").fetchone()[0]
        last = self._db.execute("SELECT at, data FROM log WHERE kind = 'dropped' ORDER BY n DESC LIMIT ?", (most,))
        return {"count": count, "last": [{"at": at, **json.loads(data)} for at, data in last]}

    def count(self, wanted: Wanted) -> int:
        """Return how many of the wanted rows there are."""
        condition, parameters = wanted.condition()
        count: int = self._db.execute(f"SELECT count(*) FROM log WHERE {condition}", parameters).fetchone()[0]  # noqa: S608  # our own words
        return count

    def lines(self, wanted: Wanted, upto: int, most: int) -> tuple[str, int]:
        """Return the wanted rows with a number up to `upto`, one JSON object a line, and the last one's number.

        Args:
            wanted: Which rows, and where to begin.
            upto: Where to end.
            most: How many rows are returned at most.
        """
        condition, parameters = wanted.condition()
        rows = self._db.execute(
            f"SELECT n, kind, at, data FROM log WHERE {condition} AND n <= ? ORDER BY n LIMIT ?",  # noqa: S608  # as above
            (*parameters, upto, most),
        ).fetchall()
        text = "".join(
            f'{{"n":{n},"kind":{as_json(kind)},"at":"{at}"{"," if data != "{}" else ""}{data[1:]}\n'
            for n, kind, at, data in rows
        )
        return text, rows[-1][0] if rows else upto
