"""The one-time "Kameleoon identifier" track: who this visitor is to both tools.

Sent once per pair of Segment's anonymous id and Kameleoon's visitor code, by whichever tab holds the lock, and kept as
linked only once analytics.js took it (Kameleoon help, "Integrate Kameleoon with Segment", step 4).
"""

from collections import OrderedDict

from bridge.brain.outgoing import DROPPED, TAKEN
from bridge.brain.stamps import message_id
from bridge.shared.vocabulary import IDENTIFIER_EVENT, IDENTIFIER_PROPERTY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bridge.brain.keeper import Keeper
    from bridge.brain.outgoing import Outgoing
    from bridge.brain.seam import Page

LOCK = "k_segmentio_identifier"
SEEN_BY_TABS_MS = 1000  # until tabs in processes of their own see what was stored: 400 were seen on a busy machine

# The states of an attempt to link a pair.
WAITING_FOR_LOCK = "waiting for the lock"
SENT = "sent"


class _Attempt:
    """An attempt to link one pair."""

    def __init__(self, visitor_code: str) -> None:
        self.state = WAITING_FOR_LOCK
        self.visitor_code = visitor_code
        self.anonymous_id = ""  # of the moment when the lock is ours
        self.lock = 0


class Identifier:
    """Links the visitor; ``sent`` counts what this page sent, ``linked`` says whether the present pair is linked."""

    def __init__(self, page: "Page", keeper: "Keeper", outgoing: "Outgoing", *, enabled: bool) -> None:
        self._page = page
        self._keeper = keeper
        self._outgoing = outgoing
        self._enabled = enabled
        self._attempt: _Attempt | None = None
        self._known: dict[tuple[str, str], str] = {}  # what became of a pair's event: storage may be blocked
        self._settled_code = ""  # the visitor code that needs no look, until the anonymous id changes
        self.sent = 0
        self.linked = False

    def changed(self) -> None:
        """Look again: the anonymous id may be another one."""
        self._settled_code = ""

    def retry(self) -> None:
        """Try again what the page dropped: an event of its own is on its way, so it may let ours through now."""
        dropped = [pair for pair in self._known if self._known[pair] == DROPPED]
        for pair in dropped:
            del self._known[pair]
            self.changed()

    def forget(self) -> None:
        """Know of no pair any more, and send and keep nothing of what has begun: the visitor refused."""
        if self._attempt and self._attempt.state != WAITING_FOR_LOCK:
            self._end(self._attempt)
        self._attempt = None
        self._known = {}
        self._settled_code = ""
        self.linked = False

    def link(self, visitor_code: str) -> None:
        """See to it that the current anonymous id is linked to ``visitor_code``."""
        if not self._enabled or self._attempt or visitor_code == self._settled_code:
            return
        anonymous_id = self._page.segment_id("anonymousId")
        if not anonymous_id:
            return
        self.linked = self._is_linked(anonymous_id, visitor_code)
        if self.linked or self._known.get((anonymous_id, visitor_code)) == DROPPED:
            self._settled_code = visitor_code
            return
        attempt = self._attempt = _Attempt(visitor_code)
        attempt.lock = self._page.lock(LOCK, lambda _now: self._locked(attempt))

    def _locked(self, attempt: _Attempt) -> None:
        """Go on: no other tab is sending now. It may have sent what we wanted to."""
        if attempt is not self._attempt:  # the visitor refused in the meantime
            self._page.unlock(attempt.lock, 0)
            return
        attempt.anonymous_id = self._page.segment_id("anonymousId")
        self.linked = self._is_linked(attempt.anonymous_id, attempt.visitor_code)
        if self.linked or not attempt.anonymous_id:
            self._end(attempt)
            return
        attempt.state = SENT
        properties = OrderedDict([(IDENTIFIER_PROPERTY, attempt.visitor_code)])
        options = {"messageId": message_id(IDENTIFIER_EVENT, attempt.anonymous_id, attempt.visitor_code)}
        self._outgoing.send(
            IDENTIFIER_EVENT, properties, options, attempt.visitor_code, lambda how: self._ended(attempt, how)
        )

    def _ended(self, attempt: _Attempt, how: str) -> None:
        self._known[(attempt.anonymous_id, attempt.visitor_code)] = how
        if how == TAKEN:
            self._keeper.keep_pair(attempt.anonymous_id, attempt.visitor_code)
            self._keeper.keep_linked_id(attempt.anonymous_id)
            self.sent += 1
        if attempt is self._attempt:
            self.linked = how == TAKEN
            self._end(attempt)
        else:  # it had seemed to be dropped
            self.changed()

    def _end(self, attempt: _Attempt) -> None:
        self._attempt = None
        self._page.unlock(attempt.lock, SEEN_BY_TABS_MS)

    def _is_linked(self, anonymous_id: str, visitor_code: str) -> bool:
        if self._known.get((anonymous_id, visitor_code)) == TAKEN:
            return True
        pairs = self._keeper.pairs()
        if [anonymous_id, visitor_code] in pairs:
            return True
        is_in_no_pair = anonymous_id not in [pair[0] for pair in pairs]
        if anonymous_id and is_in_no_pair and self._keeper.linked_id() == anonymous_id:
            # Linked by Kameleoon's snippet, which noted no visitor code: the present one is the best guess.
            self._keeper.keep_pair(anonymous_id, visitor_code)
            return True
        return False
