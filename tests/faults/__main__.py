"""The fault matrix: `python -m tests.faults [--only NAME] [--json FILE] [--trials N]`, or `make faults`.

What pages do to the bridge, and what it may not do to them: each situation is visited with the bridge and without it.
Exits with 1 if a cell is not zero.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bridge.bundle import build
from bridge.models.settings import Settings
from tests.browser.shop import SITECODE
from tests.faults.leaving import LEAVINGS, Leaving
from tests.faults.situation import Situation
from tests.faults.situations import events, page_builtins, parts, plain, start, storage
from tests.faults.table import LEGEND, Table, summary
from tests.faults.workers import played

TRIALS = 200
#: A group of the table is a module.
GROUPS: dict[str, Sequence[Situation | Leaving]] = {
    "plain pages": plain.SITUATIONS,
    "the page's built-ins": page_builtins.SITUATIONS,
    "storage and locks": storage.SITUATIONS,
    "starting": start.SITUATIONS,
    "parts that come late or never": parts.SITUATIONS,
    "odd and many events": events.SITUATIONS,
    "leaving": LEAVINGS,
}


def main() -> int:
    """Play all, print the table, and write it as JSON; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--only", default="", help="situations with this in their name, or in their group's")
    parser.add_argument("--json", type=Path, help="file to write the matrix to, with what each number comes from")
    parser.add_argument("--trials", type=int, default=TRIALS, help=f"visitors who leave, at least ({TRIALS})")
    options = parser.parse_args()
    groups = {
        title: [one for one in group if options.only.lower() in f"{title} {one.name} {one.what}".lower()]
        for title, group in GROUPS.items()
    }
    times = -(-options.trials // sum(len(one.delays) for one in LEAVINGS))
    # The longest first, that both workers end at about the same time.
    jobs = [(one, times) for group in reversed(groups.values()) for one in group]
    done = {}
    with tempfile.TemporaryDirectory() as folder:
        loads = build(Settings(sitecode=SITECODE), Path(folder)).loads["micropython"]
        if unknown := start.unknown(loads):
            sys.exit(f"tests/faults/situations/start.py has no faults of {', '.join(unknown)}.")
        for row in played(Path(folder), jobs):
            done[row.name] = row
            end = "\r" if sys.stderr.isatty() else "\n"
            sys.stderr.write(f"{len(done):>4} of {len(jobs)}: {row.name:<30}{'' if row.wrong else ' ok':<6}{end}")
            sys.stderr.flush()
    sys.stderr.write("\n")
    table = Table(colours=sys.stdout.isatty())
    for title, group in groups.items():
        if group:
            lines = [table.head(title), *(table.row(done[one.name]) for one in group)]
            sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.write(f"\n{LEGEND}\n\n{summary(done.values())}\n")
    if options.json:
        matrix = {title: [done[one.name].as_json() for one in group] for title, group in groups.items() if group}
        options.json.write_text(json.dumps(matrix, indent=2) + "\n", "utf-8")
    return int(any(row.wrong for row in done.values()))


if __name__ == "__main__":
    sys.exit(main())
