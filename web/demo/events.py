"""The two events that this is all about: each has a card that says all of it."""

from pyscript import window

from web.demo import cards
from web.demo.page import by_id, clock, element
from web.demo.visitor import EXPERIMENT, visitor_code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class _Card:
    """One event, and all that it says."""

    def __init__(self, name: str) -> None:
        self._card = by_id(name)
        self._shown = 0  # number of the row

    def show(self, row: "cards.Row", facts: "list[tuple[str, str]]") -> None:
        """Show the event of a row."""
        if row["n"] == self._shown:
            return
        self._shown = row["n"]
        self._card.classList.add("seen")
        self.note().hidden = True
        self._card.querySelector("time").textContent = clock(row["event"]["timestamp"])
        lines = self._card.querySelector("dl")
        lines.replaceChildren()
        for name, value in facts:
            line = element("div")
            line.append(element("dt", "", name), element("dd", "", value))
            lines.append(line)

    def note(self) -> "Any":
        """Return what is said while there is no event."""
        return self._card.querySelector("p")


class Events:
    """The visitor's link, and the exposure of this page view: after a switch an earlier one would tell a lie."""

    def __init__(self) -> None:
        self._identifier, self._exposure = _Card("identifier"), _Card("exposure")
        self._view_start = _view_start()

    def show(self, rows: "list[cards.Row]") -> None:
        """Show the events that are among these rows of the log."""
        identifier = cards.find_identifier(rows, visitor_code())
        if identifier:
            self._identifier.show(identifier, cards.identifier_facts(identifier["event"]))
        exposure = cards.find_exposure(rows, self._view_start)
        if exposure:
            self._exposure.show(exposure, cards.facts(exposure["event"]["properties"]))
        if f"{EXPERIMENT}:null" in window.location.search:
            self._exposure.note().textContent = "None: an excluded visitor is no exposure."


def _view_start() -> str:
    """Return when this page view began, or 50 ms earlier, as clocks go."""
    moment = window.Date.new()
    moment.setMilliseconds(moment.getMilliseconds() - window.performance.now() - 50)
    return str(moment.toISOString())
