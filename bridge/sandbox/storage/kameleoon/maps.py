"""Kameleoon's remote data: maps by site code and key, each with a time to live."""

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bridge.models.data_api import MapMode
from bridge.sandbox.json_text import as_json
from bridge.sandbox.storage.log import LogTable
from bridge.sandbox.storage.rows import placeholders

SCHEMA = """
CREATE TABLE IF NOT EXISTS map (
    site_code TEXT NOT NULL, key TEXT NOT NULL, fields TEXT NOT NULL, expires REAL NOT NULL,
    PRIMARY KEY (site_code, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS map_expires ON map (expires);
"""


class MapTable:
    """The maps; who reads and writes is logged by the one who asks, and by `write`."""

    def __init__(self, db: sqlite3.Connection, log: LogTable, now: Callable[[], datetime]) -> None:
        self._db = db
        self._log = log
        self._now = now

    def read(self, site_code: str, keys: Sequence[str]) -> dict[str, Any]:
        """Return the maps of these keys, in their order, {} for one that is unknown or expired."""
        found = self._db.execute(
            f"SELECT key, fields FROM map WHERE site_code = ? AND expires > ? AND key IN ({placeholders(keys)})",  # noqa: S608  # only placeholders
            (site_code, self._now().timestamp(), *keys),
        )
        known = {key: json.loads(fields) for key, fields in found}
        return {key: known.get(key, {}) for key in keys}

    def forget(self, keys: Sequence[str]) -> None:
        """Delete the maps of these keys, of all sites."""
        self._db.executemany("DELETE FROM map WHERE key = ?", [(key,) for key in keys])

    def write(self, site_code: str, maps: Mapping[str, Mapping[str, Any]], ttl_hours: int, mode: MapMode) -> None:
        """Write maps, and log them.

        Args:
            site_code: Whose maps.
            maps: Fields by key. A field that is None is deleted, an empty map deletes the key.
            ttl_hours: How long they live.
            mode: Whether fields that are not named stay.
        """
        now = self._now()
        expires = (now + timedelta(hours=ttl_hours)).timestamp()
        self._db.execute("DELETE FROM map WHERE expires <= ?", (now.timestamp(),))
        for key, change in maps.items():
            before = self.read(site_code, [key])[key] if change and mode == "merge" else {}
            after = {name: value for name, value in {**before, **change}.items() if value is not None}
            if after:
                row = (site_code, key, as_json(after), expires)
                self._db.execute("INSERT OR REPLACE INTO map VALUES (?, ?, ?, ?)", row)
            else:
                self._db.execute("DELETE FROM map WHERE site_code = ? AND key = ?", (site_code, key))
        self._log.append("data_api.set", {"siteCode": site_code, "maps": maps, "ttlHours": ttl_hours, "mode": mode})
