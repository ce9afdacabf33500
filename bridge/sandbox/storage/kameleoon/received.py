"""Which messages of the destination Kameleoon has received.

They are remembered without a time limit: a dead letter may be sent again after any time.
"""

import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS received (
    site_code TEXT NOT NULL, message_id TEXT NOT NULL, PRIMARY KEY (site_code, message_id)
) WITHOUT ROWID;
"""


class ReceivedTable:
    """Message ids by site."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, site_code: str, message_id: str) -> bool:
        """Remember a message; return whether it is new."""
        row = (site_code, message_id)
        return self._db.execute("INSERT OR IGNORE INTO received VALUES (?, ?)", row).rowcount == 1

    def count(self) -> int:
        """Return how many messages were new."""
        count: int = self._db.execute("SELECT count(*) FROM received").fetchone()[0]
        return count
