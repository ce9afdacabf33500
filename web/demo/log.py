"""Everything that the sandbox received, as its log says it: nothing is made up here."""

import json

from pyscript import fetch, window

from web.demo import cards
from web.demo.page import by_id, clock, element, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SHOWN = 100  # rows


class Log:
    """The last rows in order, and the list that shows them, the newest first."""

    def __init__(self) -> None:
        self._list = by_id("log")
        self._rows: list[cards.Row] = []
        self._texts: dict[int, str] = {}  # of the rows, by number, as they were received
        self._last = 0
        self._reading = False

    def rows(self) -> "list[cards.Row]":
        """Return the rows, the oldest first."""
        return self._rows

    def has_delivered(self, message_id: str) -> bool:
        """Return whether a message has come to Kameleoon."""
        return any(
            row["kind"] == "destination.received" and row["body"].get("messageId") == message_id for row in self._rows
        )

    async def read(self) -> "bool | None":
        """Show what is new. Return whether the sandbox answered; None while another call still reads."""
        if self._reading:
            return None
        self._reading = True
        try:
            news = await self._fetch()
        except Exception:
            news = None
        self._reading = False
        if news is None:
            say("log-note", "the sandbox does not answer")
            return False
        for text in news:
            self._take(text)
        say("log-note", "newest first" if self._rows else "nothing yet")
        return True

    async def _fetch(self) -> "list[str]":
        """Return the new rows as texts, which have the order that MicroPython's dicts have not.

        JavaScript reads them, in a promise, which may fail. It also undoes the escapes: MicroPython takes each half of
        a pair for a character.
        """
        answer = await fetch(f"/sandbox/log?after={self._last}")
        lines = (await answer.text()).strip().split("\n")
        rows = await window.Response.new(f"[{','.join(lines[-_SHOWN:])}]").json()
        return [window.JSON.stringify(row, None, 2) for row in rows]

    def _take(self, text: str) -> None:
        row = json.loads(text)
        self._last = row["n"]
        if row["kind"] == "destination.sent":
            return  # the other end says the same: destination.received
        self._rows.append(row)
        self._texts[row["n"]] = text
        self._list.prepend(_item(row))
        if len(self._rows) > _SHOWN:
            del self._texts[self._rows.pop(0)["n"]]
            self._list.lastElementChild.remove()

    def unfold(self, details: "Any") -> None:
        """Show all of a row that was opened."""
        if details.childElementCount == 1:
            details.append(element("pre", "", self._texts[int(details.dataset.n)]))


def _item(row: "cards.Row") -> "Any":
    """Return a row of the list."""
    side, what = cards.summary(row)
    time = element("time", "", clock(row["at"]))
    time.dateTime = row["at"]
    line = element("summary")
    line.append(time, element("span", f"side {side.lower()}", side), element("span", "what", what))
    if cards.tag(row):
        line.append(element("span", "code", cards.tag(row)))
    details = element("details")
    details.dataset.n = str(row["n"])
    details.append(line)
    made = element("li")
    made.append(details)
    return made
