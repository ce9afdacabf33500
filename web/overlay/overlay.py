"""The overlay's content: how the bridge is, what is to be mended, and the wire.

Runs on MicroPython in the overlay's own page. The page with the tag hands over JSON texts (web/tag/debug/panel.js):
crossings of the seam, and what ``kameleoonSegment.status()`` says.
"""

import json

from js import document, overlay

from bridge.wire.crossings import Seam
from bridge.wire.messages import DATA_API, inside
from web.overlay.words import evidence, mends, state, status_line
from web.wire.panel import Panel, element

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ONLY_VIEW = 1


class Overlay:
    """Shows what comes."""

    def __init__(self) -> None:
        self._seam = Seam()
        self._panel = Panel(document.getElementById("wire"))
        self._panel.evidence = lambda: evidence(self._seen)
        self._seen: dict[str, Any] = {}
        self._hints = ""  # as they are shown

    def take(self, text: str) -> None:
        """Take what the page hands over: ``{"crossing": text}`` or ``{"status", "url", "at", "at_ms"}``."""
        seen = json.loads(text)
        if "crossing" in seen:
            self._panel.add([_placed(one) for one in self._seam.hear(seen["crossing"], _ONLY_VIEW)])
            return
        self._seen = seen
        status = seen["status"]
        document.documentElement.setAttribute("data-state", state(status))
        line = document.getElementById("status")
        if line.textContent != status_line(status):
            line.textContent = status_line(status)
        found = mends(status)
        if json.dumps(found) != self._hints:
            self._hints = json.dumps(found)
            self._show(found)

    def _show(self, found: "list[dict[str, str]]") -> None:
        """Show what is to be mended."""
        box = document.getElementById("hints")
        box.hidden = not found
        box.querySelector("summary").textContent = "1 hint" if len(found) == 1 else "%d hints" % len(found)
        items = box.querySelector("ul")
        items.replaceChildren()
        for one in found:
            item = element("li")
            item.append(element("p", "", one["what"]))
            if one["fix"]:
                item.append(element("p", "", one["fix"]))
            items.append(item)


def _placed(one: "dict[str, Any]") -> "dict[str, Any]":
    """Return a message in its lane: nobody else tells here what the Data API answered."""
    if inside(one["raw"], "kind") == "remote":
        one["lane"] = DATA_API
    return one


overlay.take = Overlay().take
