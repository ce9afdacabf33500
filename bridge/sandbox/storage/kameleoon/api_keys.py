"""The API keys that were made in a Kameleoon account."""

import sqlite3

SCHEMA = "CREATE TABLE IF NOT EXISTS api_key (fingerprint TEXT PRIMARY KEY) WITHOUT ROWID;"


class ApiKeyTable:
    """API keys by their fingerprints: none can be made again from here."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, fingerprint: str) -> None:
        """Remember an API key that was made."""
        self._db.execute("INSERT OR IGNORE INTO api_key VALUES (?)", (fingerprint,))

    def has(self, fingerprint: str) -> bool:
        """Return whether an API key was made here."""
        found = self._db.execute("SELECT 1 FROM api_key WHERE fingerprint = ?", (fingerprint,))
        return found.fetchone() is not None
