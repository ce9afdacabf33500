"""What a Kameleoon account knows: messages it received, the API keys that were made, the goals of its projects."""

import sqlite3
from collections.abc import Callable, Collection

from bridge.sandbox.identity.goals import goal_name

SCHEMA = """
CREATE TABLE IF NOT EXISTS received (
    site_code TEXT NOT NULL, message_id TEXT NOT NULL, PRIMARY KEY (site_code, message_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS api_key (fingerprint TEXT PRIMARY KEY) WITHOUT ROWID;
-- The goal that each event is counted for.
CREATE TABLE IF NOT EXISTS goal (
    site_code TEXT NOT NULL, event_type TEXT NOT NULL, event_name TEXT NOT NULL, name TEXT NOT NULL,
    conversions INTEGER NOT NULL, PRIMARY KEY (site_code, event_type, event_name)
) WITHOUT ROWID;
"""


class AccountTable:
    """Messages by their ids, API keys by their fingerprints, goals by the events that they count."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add_key(self, fingerprint: str) -> None:
        """Remember an API key that was made."""
        self._db.execute("INSERT OR IGNORE INTO api_key VALUES (?)", (fingerprint,))

    def knows_key(self, fingerprint: str) -> bool:
        """Return whether an API key was made here."""
        found = self._db.execute("SELECT 1 FROM api_key WHERE fingerprint = ?", (fingerprint,))
        return found.fetchone() is not None

    def receive(self, site_code: str, message_id: str) -> bool:
        """Remember a message; return whether it is new."""
        row = (site_code, message_id)
        return self._db.execute("INSERT OR IGNORE INTO received VALUES (?, ?)", row).rowcount == 1

    def received(self) -> int:
        """Return how many messages were new."""
        count: int = self._db.execute("SELECT count(*) FROM received").fetchone()[0]
        return count

    def convert(self, site_code: str, event_type: str, event_name: str, goals: Callable[[], Collection[str]]) -> str:
        """Count an event for its goal; return the goal's name.

        Args:
            site_code: The site.
            event_type: The event's type.
            event_name: The event's name.
            goals: Returns the names of the goals that a user has made; asked for when an event is new.
        """
        event = (site_code, event_type, event_name)
        count = (
            "UPDATE goal SET conversions = conversions + 1 WHERE site_code = ? AND event_type = ? AND event_name = ?"
            " RETURNING name"
        )
        found = self._db.execute(count, event).fetchone()
        if found is None:
            found = (goal_name(event_type, event_name, goals()),)
            self._db.execute("INSERT INTO goal VALUES (?, ?, ?, ?, 1)", (*event, *found))
        name: str = found[0]
        return name

    def conversions(self) -> dict[str, int]:
        """Return how often each goal was converted, by its name."""
        found = self._db.execute("SELECT name, sum(conversions) FROM goal GROUP BY name ORDER BY name")
        return dict(found.fetchall())
