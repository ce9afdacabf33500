"""Which messages Segment has seen lately."""

import sqlite3
from datetime import datetime

SCHEMA = """
CREATE TABLE IF NOT EXISTS seen (message_id TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS seen_at ON seen (at);
"""


class SeenTable:
    """Message ids, each with the moment when it was new."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, message_id: str, at: datetime) -> bool:
        """Remember a message; return whether it is new."""
        row = (message_id, at.timestamp())
        return self._db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", row).rowcount == 1

    def forget(self, until: datetime) -> None:
        """Forget what was new at this moment or before."""
        self._db.execute("DELETE FROM seen WHERE at <= ?", (until.timestamp(),))
