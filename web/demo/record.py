"""The sandbox's log, as far as the tour asks it: read on from the last row."""

import json

from pyscript import fetch, window

from web.demo.tour_world import KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Record:
    """Rows of the log, the oldest first."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    async def read(self) -> None:
        """Read what is new; a sandbox that does not answer is asked again the next time."""
        last = self.rows[-1]["n"] if self.rows else 0
        try:
            answer = await fetch(f"/sandbox/log?after={last}&kind={','.join(KINDS)}")
            lines = (await answer.text()).strip().split("\n")
            # JavaScript undoes the escapes: MicroPython takes each half of a pair for a character.
            rows = await window.Response.new(f"[{','.join(lines)}]").json()
            self.rows += json.loads(window.JSON.stringify(rows))
        except Exception:
            return
