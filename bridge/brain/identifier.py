"""The one-time "Kameleoon identifier" track: who this visitor is to both tools.

Sent once per pair of Segment's anonymous id and Kameleoon's visitor code, by whichever tab holds the lock, and marked
as sent only once analytics.js took it. ``k_segmentio_identifier`` keeps the meaning that Kameleoon's own snippet gave
it: the anonymous id that was linked last (Kameleoon help, "Integrate Kameleoon with Segment", step 4).
"""

from bridge.brain.stamps import message_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bridge.brain.seam import Page

EVENT = "Kameleoon identifier"
LOCK = "k_segmentio_identifier"
MARK = "k_segmentio_identifier"
PAIRS = "k_segmentio_identifier_pairs"
_PAIRS_KEPT = 20
_PATIENCE = 10_000  # ms for analytics.js to take the event
_QUEUED = 10  # ms from there to where analytics.js keeps the event if the page is left
_TAKEN = "taken "


class Identifier:
    """Links the visitor; ``sent`` counts what this page sent."""

    def __init__(self, page: "Page") -> None:
        self._page = page
        self._wanted = ""  # the visitor code to link, once the lock is ours
        self._sending: list[str] = []  # the pair on its way, then its message id
        self._done: list[list[str]] = []  # what this page knows to be linked: storage may be blocked
        self._refused: list[list[str]] = []  # the pairs that analytics.js did not take on this page
        self._seen_to = ""  # the visitor code that needs no look, until the anonymous id changes
        self.sent = 0
        self.linked = False

    def changed(self) -> None:
        """Look again: the anonymous id may be another one."""
        self._seen_to = ""

    def link(self, visitor_code: str) -> None:
        """See to it that the current anonymous id is linked to ``visitor_code``."""
        if self._wanted or visitor_code == self._seen_to:
            return
        anonymous_id = self._anonymous_id()
        if not anonymous_id:
            return
        self.linked = self._is_linked(anonymous_id, visitor_code)
        if self.linked or [anonymous_id, visitor_code] in self._refused:
            self._seen_to = visitor_code
            return
        self._wanted = visitor_code
        self._page.lock(LOCK)

    def locked(self) -> None:
        """Go on: no other tab is sending now. It may have sent what we wanted to."""
        anonymous_id, visitor_code = self._anonymous_id(), self._wanted
        self.linked = self._is_linked(anonymous_id, visitor_code)
        if self.linked or not anonymous_id:
            self._finish()
            return
        identity = message_id(EVENT, anonymous_id, visitor_code)
        self._sending = [anonymous_id, visitor_code, identity]
        self._page.after(_PATIENCE, identity)
        arguments = [EVENT, {"k_visitorCode": visitor_code}, {"messageId": identity}]
        ok, _ = self._page.call("analytics.track", arguments, 0)
        if not ok:
            self._finish()

    def passing(self, identity: "Any") -> None:
        """Take note that an event of that message id is in analytics.js's pipeline."""
        if self._sending and self._sending[2] == identity:
            self._page.after(_QUEUED, _TAKEN + identity)

    def timer(self, name: str) -> None:
        """Take a timer: the event is with analytics.js by now, or it did not take it in time."""
        if self._sending and name == _TAKEN + self._sending[2]:
            self._taken()
        elif self._sending and name == self._sending[2]:
            self._refused.append(self._sending[:2])  # until the next page view
            self._finish()

    def _taken(self) -> None:
        anonymous_id, visitor_code, _ = self._sending
        self._done.append([anonymous_id, visitor_code])
        self._remember(anonymous_id, visitor_code)
        self._page.call("localStorage.setItem", [MARK, anonymous_id])
        self.sent += 1
        self.linked = True
        self._finish()

    def _finish(self) -> None:
        self._wanted = ""
        self._sending = []
        self._page.unlock(LOCK)

    def _anonymous_id(self) -> str:
        ok, value = self._page.call("analytics.user().anonymousId", [])
        return value if ok and isinstance(value, str) else ""

    def _is_linked(self, anonymous_id: str, visitor_code: str) -> bool:
        if [anonymous_id, visitor_code] in self._done:
            return True
        pairs = self._pairs()
        if [anonymous_id, visitor_code] in pairs:
            return True
        if anonymous_id and self._mark() == anonymous_id and anonymous_id not in [pair[0] for pair in pairs]:
            # Linked by Kameleoon's snippet, which noted no visitor code: the present one is the best guess.
            self._remember(anonymous_id, visitor_code)
            return True
        return False

    def _pairs(self) -> "list[list[str]]":
        pairs = self._page.load(PAIRS)
        if not isinstance(pairs, list):
            return []
        return [pair for pair in pairs if isinstance(pair, list) and len(pair) == 2]  # noqa: PLR2004

    def _remember(self, anonymous_id: str, visitor_code: str) -> None:
        pairs = (self._pairs() + [[anonymous_id, visitor_code]])[-_PAIRS_KEPT:]
        self._page.save(PAIRS, pairs)

    def _mark(self) -> "Any":
        return self._page.call("localStorage.getItem", [MARK])[1]
