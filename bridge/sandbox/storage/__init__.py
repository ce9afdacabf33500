"""Everything that the sandbox keeps, in SQLite. All SQL is in this package.

A module for each group of tables: Segment's, Kameleoon's, and the log of both.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from bridge.sandbox.storage import database, log
from bridge.sandbox.storage.kameleoon import api_keys, goals, maps, people, received
from bridge.sandbox.storage.log import Wanted
from bridge.sandbox.storage.segment import outbox, seen

_SCHEMA = [module.SCHEMA for module in (log, seen, outbox, received, people, maps, goals, api_keys)]
_MAX_LOG_ROWS_PER_JOB = 500

T = TypeVar("T")


class Tables:
    """The tables, for one job on them."""

    def __init__(self, db: sqlite3.Connection, now: Callable[[], datetime]) -> None:
        self.db = db
        self.log = log.LogTable(db, now)
        self.seen = seen.SeenTable(db)
        self.outbox = outbox.OutboxTable(db)
        self.received = received.ReceivedTable(db)
        self.people = people.PeopleTable(db)
        self.maps = maps.MapTable(db, self.log, now)
        self.goals = goals.GoalTable(db)
        self.api_keys = api_keys.ApiKeyTable(db)

    def clear(self) -> None:
        """Empty all tables but that of API keys, which are a setting and not data."""
        found = self.db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        for name in {name for (name,) in found} - {"api_key"}:
            self.db.execute(f"DELETE FROM {name}")  # noqa: S608  # a name of the schema


def opened_tables(file: Path | str, now: Callable[[], datetime]) -> Tables:
    """Return the tables of a database, for one thread at a time.

    Args:
        file: A file, or ":memory:".
        now: The clock.

    Raises:
        sqlite3.Error: The file cannot be opened, or is no database of this version of the sandbox.
    """
    return Tables(database.opened(file, _SCHEMA), now)


class Storage:
    """The tables, for everybody at once. What is done in one job is done as a whole or not at all."""

    def __init__(self, file: Path | str, now: Callable[[], datetime]) -> None:
        """Open the database, and make it when it is new.

        Args:
            file: A file, or ":memory:" for one that goes with the process.
            now: The clock.

        Raises:
            sqlite3.Error: The file cannot be opened, or is no database of this version of the sandbox.
        """
        self._tables = opened_tables(file, now)
        self._worker = database.Worker(self._tables.db)
        self._told = 0  # the number of the newest row of the log that its readers were told of
        self._news = asyncio.Event()
        self._is_followed = True

    async def run(self, job: Callable[[Tables], T]) -> T:
        """Return what a job on the tables returns, or raise what it raises, once it is committed, or undone."""
        result = await self._worker.run(lambda: job(self._tables))
        if self._told != self._tables.log.newest:
            self._told = self._tables.log.newest
            self._tell()
        return result

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def log(self, kind: str, data: Mapping[str, object]) -> None:
        """Add a row of this kind to the log."""
        await self.run(lambda tables: tables.log.append(kind, data))

    async def lines(self, wanted: Wanted) -> AsyncIterator[str]:
        """Yield rows of the log, one JSON object a line, up to the present last one."""
        last = await self.run(lambda tables: tables.log.last())
        async for text in self._lines_upto(last, wanted):
            yield text

    async def _lines_upto(self, last: int, wanted: Wanted) -> AsyncIterator[str]:
        while wanted.after < last:
            text, after = await self._lines(wanted, last)
            wanted = replace(wanted, after=after)
            yield text

    async def _lines(self, wanted: Wanted, upto: int) -> tuple[str, int]:
        return await self.run(lambda tables: tables.log.lines(wanted, upto, _MAX_LOG_ROWS_PER_JOB))

    async def wait_for(self, wanted: Wanted, count: int, seconds: float) -> None:
        """Return as soon as the log has so many of the wanted rows, at the latest after so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    news = self._news  # before the look: what is added after it is news
                    if await self.run(lambda tables: tables.log.count(wanted)) >= count:
                        return
                    await news.wait()

    async def follow(self, wanted: Wanted, quiet_s: float) -> AsyncIterator[str]:
        """Yield rows of the log as ``lines`` does, then those to come, "" after each so many seconds without one.

        Ends with ``end_following``.
        """
        while self._is_followed:
            news = self._news  # before the look: what is added after it is news
            last = await self.run(lambda tables: tables.log.last())
            async for text in self._lines_upto(last, wanted):
                yield text
            wanted = replace(wanted, after=max(wanted.after, last))
            try:
                await asyncio.wait_for(news.wait(), quiet_s)
            except TimeoutError:
                yield ""

    def end_following(self) -> None:
        """End all that follow the log, those that wait for news at once."""
        self._is_followed = False
        self._tell()

    def close(self) -> None:
        """Finish what was begun, then close the database."""
        self._worker.close()
