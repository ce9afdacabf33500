"""Everything that the demo's wire shows: the sandbox's log, and what crosses the bridge's seam in this tab."""

import json

from js import document, window

from bridge.wire.crossings import Seam
from bridge.wire.rows import of_row
from bridge.wire.views import Views, moment
from web.wire.stream import Stream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from web.wire.panel import Panel

_EARLIER_MS = 1000  # a row may be as much older than the first page view, as clocks go
_MOST_ROWS = 400
_CROSSING, _CROSSINGS = "kameleoonSegment:crossing", "kameleoonSegment:crossings"


class Log:
    """Feeds a panel, from the tab's first page view on."""

    def __init__(self, panel: "Panel") -> None:
        self._panel, self._seam = panel, Seam()
        session = json.loads(document.getElementById("demo-session").textContent)
        self._starts: list[float] = session["views"]
        self.view = len(self._starts)  #: the number of this page view
        self._views: Views | None = None
        for began, text in session["crossings"]:
            self._cross(text, self._starts.index(began) + 1 if began in self._starts else 0)
        window.addEventListener(_CROSSING, lambda event: self._cross(event.detail, self.view))
        window.dispatchEvent(window.CustomEvent.new(_CROSSINGS))
        self._stream = Stream(self._take, self._tell, _MOST_ROWS)

    def _cross(self, text: "Any", view: int) -> None:
        if view:
            self._panel.add(self._seam.hear(text, view))

    def _take(self, rows: "list[dict[str, Any]]") -> None:
        if self._views is None:
            self._views = Views([start + self._stream.ahead_ms for start in self._starts])
        messages = []
        for row in rows:
            if moment(row["at"]) - self._stream.ahead_ms > self._starts[0] - _EARLIER_MS:
                messages += of_row(row, self._views)
        self._panel.add(messages)

    def _tell(self, is_there: bool) -> None:  # noqa: FBT001
        self._panel.say("" if is_there else "Cut off: the sandbox does not answer. Trying again …")
