"""All that the demo's wire shows: the visitor's rows of the sandbox's log, and what crosses the seam in this tab."""

import json

from js import document, window

from bridge.wire.crossings import Seam
from bridge.wire.rows import of_row
from bridge.wire.views import Views, moment
from web.demo import visitor
from web.demo.own import Own
from web.demo.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from web.wire.panel import Panel

_EARLIER_MS = 1000  # a row may be as much older than the first page view, as clocks go
_CROSSING, _CROSSINGS = "kameleoonSegment:crossing", "kameleoonSegment:crossings"


class Log:
    """Feeds a panel, from the tab's first page view on."""

    def __init__(self, panel: "Panel") -> None:
        self._panel, self._seam, self._own = panel, Seam(), Own()
        session = json.loads(document.getElementById("demo-session").textContent)
        self._starts: list[float] = session["views"]
        self.view = len(self._starts)  #: the number of this page view
        self._views: Views | None = None
        for began, text in session["crossings"]:
            self._cross(text, self._starts.index(began) + 1 if began in self._starts else 0)
        window.addEventListener(_CROSSING, lambda event: self._cross(event.detail, self.view))
        window.dispatchEvent(window.CustomEvent.new(_CROSSINGS))
        record.follow(self._take, self._tell)

    def _cross(self, text: "Any", view: int) -> None:
        if view:
            self._panel.add(self._seam.hear(text, view))

    def look(self) -> None:
        """Show what is known by now to be this visitor's: the page may have learned who they are after a row came."""
        self._take([])

    def _take(self, rows: "list[dict[str, Any]]") -> None:
        own = self._own.take(rows, visitor.ids())
        if not own:
            return
        ahead_ms = record.stream.ahead_ms  # known once there are rows
        if self._views is None:
            self._views = Views([start + ahead_ms for start in self._starts])
        messages = []
        for row in own:
            if moment(row["at"]) - ahead_ms > self._starts[0] - _EARLIER_MS:
                messages += of_row(row, self._views)
        self._panel.add(messages)

    def _tell(self, is_there: bool) -> None:  # noqa: FBT001
        self._panel.say("" if is_there else "Cut off: the sandbox does not answer. Trying again …")
