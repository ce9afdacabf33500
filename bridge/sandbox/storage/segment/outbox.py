"""Events on their way to the destination, and what became of those that were.

An event waits for every earlier one that names one of its people, so that what somebody did arrives in order. It is
`ready` when no other is before it.
"""

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bridge.sandbox.storage.rows import placeholders

SCHEMA = """
-- n is the event's row of the log, in all of these.
CREATE TABLE IF NOT EXISTS outbox (
    n INTEGER PRIMARY KEY, attempts INTEGER NOT NULL, since REAL NOT NULL, due REAL NOT NULL, ready INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (due, n) WHERE ready;
CREATE TABLE IF NOT EXISTS outbox_lane (lane TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (lane, n)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS outbox_lane_n ON outbox_lane (n);
CREATE TABLE IF NOT EXISTS delivered (
    place INTEGER PRIMARY KEY, n INTEGER NOT NULL, attempts INTEGER NOT NULL, seconds REAL NOT NULL
);
-- failure is the row of the log that says why.
CREATE TABLE IF NOT EXISTS dead (
    n INTEGER PRIMARY KEY, attempts INTEGER NOT NULL, lanes TEXT NOT NULL, failure INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS log_failures ON log (n) WHERE kind IN ('destination.failed', 'destination.dead');
"""


@dataclass(frozen=True)
class Delivery:
    """An event on its way to the destination."""

    n: int
    event: dict[str, Any]
    attempts: int
    """How often it was tried."""
    since: datetime
    due: datetime


@dataclass(frozen=True)
class Counts:
    """How many events are where."""

    waiting: int
    retrying: int
    delivered: int
    dead: int
    retries: int
    """Attempts after the first one, of all events."""


class OutboxTable:
    """The events on their way, the delivered and the dead ones."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, n: int, lanes: Collection[str], now: datetime) -> None:
        """Put an event behind the others of its lanes."""
        others = f"SELECT 1 FROM outbox_lane WHERE lane IN ({placeholders(lanes)})"  # noqa: S608  # only placeholders
        ready = self._db.execute(f"SELECT NOT EXISTS ({others})", tuple(lanes)).fetchone()[0]
        moment = now.timestamp()
        self._db.execute("INSERT INTO outbox VALUES (?, 0, ?, ?, ?)", (n, moment, moment, ready))
        self._db.executemany("INSERT INTO outbox_lane VALUES (?, ?)", [(lane, n) for lane in lanes])

    def next(self, most: int) -> list[Delivery]:
        """Return the first events that are ready, whether they are due or not, by the moment when they are."""
        found = self._db.execute(
            "SELECT n, data, attempts, since, due FROM outbox JOIN log USING (n) WHERE ready ORDER BY due, n LIMIT ?",
            (most,),
        )
        return [
            Delivery(n, json.loads(data)["event"], attempts, *(datetime.fromtimestamp(at, UTC) for at in (since, due)))
            for n, data, attempts, since, due in found
        ]

    def retry(self, n: int, due: datetime) -> None:
        """Note that an attempt failed, and when the next one is due."""
        self._db.execute("UPDATE outbox SET attempts = attempts + 1, due = ? WHERE n = ?", (due.timestamp(), n))

    def deliver(self, n: int, now: datetime) -> None:
        """Take an event out that has arrived."""
        self._db.execute(
            "INSERT INTO delivered (n, attempts, seconds) SELECT n, attempts + 1, ? - since FROM outbox WHERE n = ?",
            (now.timestamp(), n),
        )
        self.drop(n)

    def bury(self, n: int, failure: int) -> None:
        """Take an event out that is given up, and keep it with the dead letters.

        Args:
            n: The event's number.
            failure: The row of the log that says why.
        """
        self._db.execute(
            "INSERT INTO dead SELECT n, attempts + 1, (SELECT json_group_array(lane) FROM outbox_lane WHERE n = o.n), ?"
            " FROM outbox o WHERE n = ?",
            (failure, n),
        )
        self.drop(n)

    def drop(self, n: int) -> None:
        """Take an event out, and make those ready that are first now."""
        lanes = [lane for (lane,) in self._db.execute("SELECT lane FROM outbox_lane WHERE n = ?", (n,))]
        self._db.execute("DELETE FROM outbox WHERE n = ?", (n,))
        self._db.execute("DELETE FROM outbox_lane WHERE n = ?", (n,))
        for lane in lanes:
            self._db.execute(
                "UPDATE outbox SET ready = 1 WHERE n = (SELECT min(n) FROM outbox_lane WHERE lane = ?) AND NOT EXISTS ("
                " SELECT 1 FROM outbox_lane mine JOIN outbox_lane earlier USING (lane)"
                " WHERE mine.n = outbox.n AND earlier.n < mine.n)",
                (lane,),
            )

    def forget(self, events: Collection[int]) -> None:
        """Take events out whose rows in the log are gone, dead or not."""
        marks = placeholders(events)
        waiting = self._db.execute(f"SELECT n FROM outbox WHERE n IN ({marks})", tuple(events)).fetchall()  # noqa: S608  # only placeholders
        for (n,) in waiting:
            self.drop(n)
        self._db.execute(f"DELETE FROM dead WHERE n IN ({marks})", tuple(events))  # noqa: S608  # as above

    def replay(self, now: datetime) -> int:
        """Put all dead letters back, as if they were new; return how many they were."""
        dead = self._db.execute("SELECT n, lanes FROM dead ORDER BY n").fetchall()
        self._db.execute("DELETE FROM dead")
        for n, lanes in dead:
            self.add(n, json.loads(lanes), now)
        return len(dead)

    def counts(self) -> Counts:
        """Return how many events are where."""
        waiting, retrying, tried = self._db.execute(
            "SELECT count(*), coalesce(sum(attempts > 0), 0), coalesce(sum(max(attempts - 1, 0)), 0) FROM outbox"
        ).fetchone()
        delivered, arrived = self._db.execute(
            "SELECT count(*), coalesce(sum(attempts), 0) - count(*) FROM delivered"
        ).fetchone()
        dead, buried = self._db.execute("SELECT count(*), coalesce(sum(attempts), 0) - count(*) FROM dead").fetchone()
        return Counts(waiting - retrying, retrying, delivered, dead, tried + arrived + buried)

    def seconds(self, most: int) -> list[float]:
        """Return how long the last events took from their receipt to their arrival."""
        found = self._db.execute("SELECT seconds FROM delivered ORDER BY place DESC LIMIT ?", (most,))
        return [seconds for (seconds,) in found]

    def failures(self, most: int) -> list[dict[str, Any]]:
        """Return the last failed attempts, the latest first, each with its event."""
        return self._with_events(
            "SELECT n, at, data, json_extract(data, '$.delivery') AS event FROM log"
            " WHERE kind IN ('destination.failed', 'destination.dead')",
            most,
        )

    def dead(self, most: int) -> list[dict[str, Any]]:
        """Return the last dead letters, the latest first: why they are dead, and the event."""
        return self._with_events(
            "SELECT log.n, at, data, dead.n AS event FROM dead JOIN log ON log.n = dead.failure", most
        )

    def _with_events(self, failures: str, most: int) -> list[dict[str, Any]]:
        found = self._db.execute(
            f"SELECT f.at, f.data, log.data FROM ({failures}) f JOIN log ON log.n = f.event"  # noqa: S608  # of this class
            " ORDER BY f.n DESC LIMIT ?",
            (most,),
        )
        return [{"at": at, **json.loads(failure), "event": json.loads(data)["event"]} for at, failure, data in found]
