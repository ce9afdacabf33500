"""The goals that events are counted for, and how often each was converted.

`bridge.sandbox.identity.goals` says which goal it is.
"""

import sqlite3
from collections.abc import Callable, Collection

from bridge.sandbox.identity.goals import goal_name

SCHEMA = """
CREATE TABLE IF NOT EXISTS goal (
    site_code TEXT NOT NULL, event_type TEXT NOT NULL, event_name TEXT NOT NULL, name TEXT NOT NULL,
    conversions INTEGER NOT NULL, PRIMARY KEY (site_code, event_type, event_name)
) WITHOUT ROWID;
"""


class GoalTable:
    """Goals by the events that they count."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

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
