"""Events of ours on their way through analytics.js: handed over, and then taken, or dropped by the page.

One counts when it went through all source middlewares: a page may have one that drops events until the visitor opts in.
"""

from bridge.shared.vocabulary import VISITOR_CODE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from bridge.brain.seam import Page

    Then = Callable[[str], None]

TAKEN_WITHIN_MS = 10_000  # what is not taken by then was dropped, or analytics.js threw


# What becomes of an event.
TAKEN = "taken"
DROPPED = "dropped"


class Outgoing:
    """Hands events over, and tells who sent one what became of it."""

    def __init__(self, page: "Page", *, enrich: bool) -> None:
        self._page = page
        self._enrich = enrich
        self._under_way: dict[str, tuple[float, Then]] = {}  # since when, and who is told, by message id
        self._late: dict[str, Then] = {}  # what seemed to be dropped: a busy page may take it yet
        self._is_timed = False

    def send(
        self, event: str, properties: "dict[str, Any]", options: "dict[str, Any]", visitor_code: str, then: "Then"
    ) -> None:
        """Hand an event over; ``then`` is called with what becomes of it: taken, or dropped, and perhaps taken then."""
        # Not by the order: what is sent may be of an earlier page, and of its visitor
        if self._enrich and not properties.get(VISITOR_CODE):
            properties[VISITOR_CODE] = visitor_code
        self._late.pop(options["messageId"], None)
        self._under_way[options["messageId"]] = (self._page.up, then)
        self._page.call("analytics.track", [event, properties, options], 0)
        self._time()

    def taken(self, ids: "list[str]") -> None:
        """Take note that analytics.js took the events of these message ids."""
        for one in ids:
            then = self._under_way.pop(one)[1] if one in self._under_way else self._late.pop(one, None)
            if then:
                then(TAKEN)

    def forget(self) -> None:
        """Tell nobody of what is under way: the visitor refused."""
        self._under_way, self._late = {}, {}

    def _time(self) -> None:
        """Have one timer for all that is under way: it ends with the first of them."""
        if self._under_way and not self._is_timed:
            self._is_timed = True
            since = min(self._under_way[one][0] for one in self._under_way)
            self._page.after(TAKEN_WITHIN_MS - int(self._page.up - since), lambda _now: self._due())

    def _due(self) -> None:
        self._is_timed = False
        for one in list(self._under_way):
            since, then = self._under_way[one]
            if self._page.up - since >= TAKEN_WITHIN_MS:
                del self._under_way[one]
                self._late[one] = then
                then(DROPPED)
        self._time()
