"""SQLite on a thread of its own: the event loop never waits for the disk, and jobs that wait together share a commit.

A job's answer is given once its changes are committed. With a write-ahead log a commit survives the end of the process
at any moment, and costs no disk flush.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

#: Goes up with each change of the schema: what a file holds is not worth a migration.
SCHEMA_VERSION = 2

#: The first of the jobs that share a commit waits for all of them.
_MAX_JOBS_PER_COMMIT = 100

T = TypeVar("T")


def opened(database: Path | str, schema: Sequence[str]) -> sqlite3.Connection:
    """Open a database, and make its tables when it is new.

    Args:
        database: A file, or ":memory:" for one that goes with the process.
        schema: Statements that make what is missing.

    Raises:
        sqlite3.Error: The file cannot be opened, or is no database of this version of the sandbox.
    """
    db = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    try:
        tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and db.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
            raise sqlite3.DatabaseError("it is not of this version of the sandbox")
        pragmas = (
            "PRAGMA journal_mode = WAL;",
            "PRAGMA synchronous = NORMAL;",
            f"PRAGMA user_version = {SCHEMA_VERSION};",
        )
        db.executescript("".join((*pragmas, *schema)))
    except sqlite3.Error:
        db.close()
        raise
    return db


@dataclass(frozen=True)
class _Job:
    do: Callable[[], Any]
    answer: "asyncio.Future[Any]"


_Outcome = tuple["asyncio.Future[Any]", Any, BaseException | None]


class Worker:
    """The thread that does jobs on a connection, in the order in which they came, all from one event loop."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="storage", daemon=True)
        self._thread.start()

    async def run(self, do: Callable[[], T]) -> T:
        """Return what a job returns, or raise what it raises, once its changes are committed, or undone."""
        job = _Job(do, asyncio.get_running_loop().create_future())
        self._jobs.put(job)
        answer: T = await job.answer
        return answer

    def close(self) -> None:
        """Finish what was begun, then close the connection."""
        self._jobs.put(None)
        self._thread.join()
        self._db.close()

    def _work(self) -> None:
        while job := self._jobs.get():
            jobs = [job]
            while len(jobs) < _MAX_JOBS_PER_COMMIT and not self._jobs.empty():
                following = self._jobs.get()
                if following is None:
                    self._jobs.put(None)
                    break
                jobs.append(following)
            outcomes = self._done(jobs)
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                job.answer.get_loop().call_soon_threadsafe(_settle, outcomes)

    def _done(self, jobs: list[_Job]) -> list[_Outcome]:
        """Do jobs in one transaction, in which each is undone by itself when it fails."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            outcomes = [self._outcome(job) for job in jobs]
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            return [(job.answer, None, error) for job in jobs]
        return outcomes

    def _outcome(self, job: _Job) -> _Outcome:
        self._db.execute("SAVEPOINT job")
        try:
            result, error = job.do(), None
        except Exception as raised:  # noqa: BLE001  # whatever it is, it is the caller's
            result, error = None, raised
            self._db.execute("ROLLBACK TO job")
        self._db.execute("RELEASE job")
        return job.answer, result, error


def _settle(outcomes: list[_Outcome]) -> None:
    for answer, result, error in outcomes:
        if answer.done():  # who asked has gone
            continue
        if error is None:
            answer.set_result(result)
        else:
            answer.set_exception(error)
