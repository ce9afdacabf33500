"""Plays situations in several processes: each has its own servers and browser."""

import multiprocessing
import sys
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.faults import leaving, playing
from tests.faults.leaving import Leaving
from tests.faults.results import Row
from tests.faults.situation import Situation
from tests.faults.stage import Stage, stage

if TYPE_CHECKING:
    from multiprocessing.queues import Queue

WORKERS = 2
PATIENCE_S = 600  # for the next row

Job = tuple[Situation | Leaving, int]  # and how often a visitor leaves at each of the times


def played(bundle: Path, jobs: Sequence[Job]) -> Iterator[Row]:
    """Yield each job's row as soon as it is there; two workers share them."""
    context = multiprocessing.get_context("spawn")  # threads and forks do not go together
    waiting: Queue[Job | None] = context.Queue()
    rows: Queue[Row | None] = context.Queue()
    for job in (*jobs, *[None] * WORKERS):
        waiting.put(job)
    workers = [context.Process(target=_work, args=(bundle, waiting, rows), daemon=True) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for _ in jobs:
        row = rows.get(timeout=PATIENCE_S)
        if row is None:
            sys.exit("A worker failed.")
        yield row
    for worker in workers:
        worker.join()


def _work(bundle: Path, waiting: "Queue[Job | None]", rows: "Queue[Row | None]") -> None:
    """Play one job after the other; one that has lost the browser is played once more, in another."""
    lost = None
    try:
        job = waiting.get()
        while job:
            with stage(bundle) as here:
                while job and here.browser.is_connected():
                    row = _row(here, *job)
                    if not here.browser.is_connected() and lost != job:
                        lost = job
                        break
                    rows.put(row)
                    job = waiting.get()
    except BaseException:
        rows.put(None)
        raise


def _row(here: Stage, one: Situation | Leaving, times: int) -> Row:
    try:
        return leaving.play(here, one, times) if isinstance(one, Leaving) else playing.play(here, one)
    except Exception:  # noqa: BLE001  # the other rows are worth something all the same
        return Row(one.name, one.what, errors=1, notes=[traceback.format_exc()])
