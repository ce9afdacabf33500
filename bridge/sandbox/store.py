"""Everything that the sandbox keeps, in SQLite. All SQL is here.

One thread owns the connection: the event loop never waits for the disk, and rows are written in the order in which
they were asked for. A method returns once its transaction is committed.
"""

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from bridge.models.data_api import MapMode
from bridge.sandbox.clock import iso

#: Segment "deduplicates on messageId for 24 hours" (guides/duplicate-data), whatever source an event came from.
DEDUPE_WINDOW = timedelta(hours=24)

#: Goes up with each change of the schema: what a file holds is not worth a migration.
_VERSION = 1
_SCHEMA = f"""
PRAGMA user_version = {_VERSION};
-- AUTOINCREMENT: a number is never used again, so a reader of the log misses nothing after a reset.
CREATE TABLE IF NOT EXISTS log (
    n INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, at TEXT NOT NULL, data TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS seen (message_id TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS seen_at ON seen (at);
CREATE TABLE IF NOT EXISTS map (
    site_code TEXT NOT NULL, key TEXT NOT NULL, fields TEXT NOT NULL, expires REAL NOT NULL,
    PRIMARY KEY (site_code, key)
) WITHOUT ROWID;
-- Events on their way to the destination: n is the event's row of the log.
CREATE TABLE IF NOT EXISTS outbox (
    n INTEGER PRIMARY KEY, attempts INTEGER NOT NULL, since REAL NOT NULL, due REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (due, n);
"""

Row = tuple[str, Mapping[str, object]]
"""A row of the log: kind and data."""


@dataclass(frozen=True)
class Delivery:
    """An event on its way to the destination."""

    n: int
    event: dict[str, Any]
    attempts: int
    """How often it was tried."""
    since: datetime
    due: datetime


P = ParamSpec("P")
T = TypeVar("T")


def _on_the_thread(method: "Callable[Concatenate[Store, P], T]") -> "Callable[Concatenate[Store, P], Awaitable[T]]":
    """Make a method awaitable: it runs on the thread that owns the connection."""

    @wraps(method)
    async def run(self: "Store", /, *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, partial(method, self, *args, **kwargs))

    return run


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def _opened(database: Path | str) -> sqlite3.Connection:
    db = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    try:
        tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and db.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            raise sqlite3.DatabaseError("it is not of this version of the sandbox")
        # With a write-ahead log a commit survives the end of the process at any moment, and costs no disk flush.
        db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + _SCHEMA)
    except sqlite3.Error:
        db.close()
        raise
    return db


class Store:
    """The sandbox's memory: the log, the message ids of the last 24 hours, and Kameleoon's remote data."""

    def __init__(self, database: Path | str, now: Callable[[], datetime]) -> None:
        """Open the database, and make it when it is new.

        Args:
            database: A file, or ":memory:" for one that goes with the process.
            now: The clock.

        Raises:
            sqlite3.Error: The file cannot be opened, or is no database of this version of the sandbox.
        """
        self._now = now
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._db = _opened(database)

    def close(self) -> None:
        """Finish what was begun, then close the database."""
        self._thread.shutdown()
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _append(self, kind: str, data: Mapping[str, object]) -> int | None:
        row = (kind, iso(self._now()), _json(data))
        return self._db.execute("INSERT INTO log (kind, at, data) VALUES (?, ?, ?)", row).lastrowid

    # The log

    @_on_the_thread
    def log(self, kind: str, data: Mapping[str, object]) -> None:
        """Add a row of this kind to the log."""
        with self._transaction():
            self._append(kind, data)

    @_on_the_thread
    def lines(self, after: int) -> str:
        """Return the log's rows with a number above this one, one JSON object a line, in the order of their numbers."""
        rows = self._db.execute("SELECT n, kind, at, data FROM log WHERE n > ? ORDER BY n", (after,))
        return "".join(
            f'{{"n":{n},"kind":{_json(kind)},"at":"{at}"{"," if data != "{}" else ""}{data[1:]}\n'
            for n, kind, at, data in rows
        )

    @_on_the_thread
    def reset(self) -> None:
        """Empty everything."""
        with self._transaction():
            for table in ("log", "seen", "map", "outbox"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608  # the names are those above

    # Segment

    @_on_the_thread
    def receive(self, events: Iterable[tuple[Mapping[str, Any], bool]]) -> None:
        """Log Segment events and put them into the outbox, all of them or none.

        One whose messageId is known is logged as a duplicate, and goes no further.

        Args:
            events: Events with `type` and `messageId`, each with whether it is for the destination.
        """
        now = self._now()
        with self._transaction():
            self._db.execute("DELETE FROM seen WHERE at <= ?", ((now - DEDUPE_WINDOW).timestamp(),))
            for event, forward in events:
                fresh = self._db.execute(
                    "INSERT OR IGNORE INTO seen VALUES (?, ?)", (event["messageId"], now.timestamp())
                ).rowcount
                n = self._append(event["type"], {"event": event} if fresh else {"event": event, "duplicate": True})
                if fresh and forward:
                    moment = now.timestamp()
                    self._db.execute("INSERT INTO outbox VALUES (?, 0, ?, ?)", (n, moment, moment))

    @_on_the_thread
    def next_delivery(self) -> Delivery | None:
        """Return the event of the outbox that is due first, None when the outbox is empty."""
        found = self._db.execute(
            "SELECT n, data, attempts, since, due FROM outbox JOIN log USING (n) ORDER BY due, n LIMIT 1"
        ).fetchone()
        if found is None:
            return None
        n, data, attempts, since, due = found
        moments = (datetime.fromtimestamp(moment, UTC) for moment in (since, due))
        return Delivery(n, json.loads(data)["event"], attempts, *moments)

    @_on_the_thread
    def delivered(self, n: int, row: Row | None, again: datetime | None = None) -> None:
        """Log how an attempt to deliver ended, and take the event out of the outbox when there is no next one.

        Args:
            n: The delivery's number.
            row: What to log, if anything.
            again: When to try again.
        """
        with self._transaction():
            if again is None:
                self._db.execute("DELETE FROM outbox WHERE n = ?", (n,))
            else:
                self._db.execute(
                    "UPDATE outbox SET attempts = attempts + 1, due = ? WHERE n = ?", (again.timestamp(), n)
                )
            if row is not None:
                self._append(*row)

    # Kameleoon's remote data

    def _maps(self, site_code: str, keys: Sequence[str]) -> dict[str, Any]:
        marks = ",".join("?" * len(keys))
        found = self._db.execute(
            f"SELECT key, fields FROM map WHERE site_code = ? AND expires > ? AND key IN ({marks})",  # noqa: S608  # only marks
            (site_code, self._now().timestamp(), *keys),
        )
        known = {key: json.loads(fields) for key, fields in found}
        return {key: known.get(key, {}) for key in keys}

    @_on_the_thread
    def read_maps(self, site_code: str, keys: Sequence[str]) -> dict[str, Any]:
        """Return the maps of these keys, in their order, {} for one that is unknown or expired; the log says so."""
        with self._transaction():
            maps = self._maps(site_code, keys)
            self._append("data_api.get", {"siteCode": site_code, "keys": list(keys), "maps": maps})
        return maps

    @_on_the_thread
    def write_maps(self, site_code: str, maps: Mapping[str, Mapping[str, Any]], ttl: timedelta, mode: MapMode) -> None:
        """Write maps, all of them or none, and log them.

        Args:
            site_code: Whose maps.
            maps: Fields by key. A field that is None is deleted, an empty map deletes the key.
            ttl: How long they live.
            mode: Whether fields that are not named stay.
        """
        now = self._now()
        with self._transaction():
            self._db.execute("DELETE FROM map WHERE expires <= ?", (now.timestamp(),))
            for key, change in maps.items():
                before = self._maps(site_code, [key])[key] if change and mode == "merge" else {}
                after = {name: value for name, value in {**before, **change}.items() if value is not None}
                if after:
                    self._db.execute(
                        "INSERT OR REPLACE INTO map VALUES (?, ?, ?, ?)",
                        (site_code, key, _json(after), (now + ttl).timestamp()),
                    )
                else:
                    self._db.execute("DELETE FROM map WHERE site_code = ? AND key = ?", (site_code, key))
            hours = int(ttl / timedelta(hours=1))
            self._append("data_api.set", {"siteCode": site_code, "maps": maps, "ttlHours": hours, "mode": mode})
