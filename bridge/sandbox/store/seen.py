"""Which messages were seen before."""

import sqlite3
from datetime import datetime

SCHEMA = """
CREATE TABLE IF NOT EXISTS seen (
    scope TEXT NOT NULL, message_id TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (scope, message_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS seen_at ON seen (scope, at);
"""


class SeenTable:
    """Message ids by scope: each receiver remembers for itself."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, scope: str, message_id: str, at: datetime) -> bool:
        """Remember a message; return whether it is new."""
        row = (scope, message_id, at.timestamp())
        return self._db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", row).rowcount == 1

    def forget(self, scope: str, until: datetime) -> None:
        """Forget a scope's messages up to a moment."""
        self._db.execute("DELETE FROM seen WHERE scope = ? AND at <= ?", (scope, until.timestamp()))
