"""A recorded session of the demo: what the sandbox logged, and what crossed the seam, in two page views."""

import json
from pathlib import Path
from typing import Any

from bridge.wire.crossings import Seam
from bridge.wire.rows import of_row
from bridge.wire.timeline import Timeline
from bridge.wire.views import Views

SESSION: dict[str, Any] = json.loads((Path(__file__).parent / "recorded.json").read_text("utf-8"))
CODE = "xbg4fdwshvgfnr8f"


def timeline(*, rows_first: bool = False) -> Timeline:
    """Return the session's messages."""
    made, seam, views = Timeline(), Seam(), Views(SESSION["views"])
    rows = [message for row in SESSION["rows"] for message in of_row(row, views)]
    if rows_first:
        made.add(rows)
    for view, crossings in enumerate(SESSION["crossings"], 1):
        for crossing in crossings:
            made.add(seam.hear(json.dumps(crossing), view))
    if not rows_first:
        made.add(rows)
    return made


def chain(made: Timeline, title: str, about: str = "", view: int = 1) -> list[str]:
    """Return the lanes and titles from the first cause of a message to the last such message itself."""
    found = [one for one in made.all() if one["title"] == title and about in one["about"] and one["view"] == view]
    steps = []
    one = found[-1] if found else None
    while one:
        steps.append(f"{one['lane']}: {one['title']}")
        one = made.cause(one)
    return steps[::-1]
