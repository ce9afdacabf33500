"""Exposures on their way: each waits for consent and for analytics.js, in order, and is then sent, or dropped."""

from bridge.brain.outgoing import TAKEN
from bridge.shared.vocabulary import CAMPAIGN_TYPES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bridge.brain.activations import Activation
    from bridge.brain.consent import Consent
    from bridge.brain.exposure_event import ExposureEvent
    from bridge.brain.ledger import Ledger
    from bridge.brain.outgoing import Outgoing
    from bridge.brain.seam import Page

REPROCESSED_WITHIN_MS = 1000  # after consent: an event in that time repeats what waited for it


class Pending:
    """Activations that are not reported yet; ``sent``, ``held`` and ``dropped`` count.

    A page may send a thousand in one burst: what waits is looked at only when what it waits for has changed.
    """

    def __init__(
        self, page: "Page", ledger: "Ledger", consent: "Consent", event: "ExposureEvent", outgoing: "Outgoing"
    ) -> None:
        self._page = page
        self._ledger = ledger
        self._consent = consent
        self._event = event
        self._outgoing = outgoing
        # An activation is in one of these.
        self._new: list[Activation] = []  # not looked at yet
        self._waiting: list[Activation] = []  # for consent, or for analytics.js and a visitor code
        self._handed: dict[str, Activation] = {}  # over to analytics.js, by message id
        self._untaken: list[Activation] = []  # dropped by the page: they wait for its next event
        self._waited_for: list[Any] = []  # what it was when those that wait were looked at
        self._held_keys: set[str] = set()  # of what waits, or waited at first, for consent
        self._freed: dict[str, float] = {}  # when an exposure that had waited for consent was sent, by key
        self._dropped_for_good = 0
        self.sent = 0
        self.campaigns: set[str] = set()  #: ids of those that this page reported

    @property
    def held(self) -> int:
        """Return how many wait, or are on their way."""
        return len(self._open()) - len(self._refused()) + len(self._handed)

    @property
    def dropped(self) -> int:
        """Return how many the visitor refused; a yes in the same view still frees those of that view."""
        return self._dropped_for_good + len(self._refused())

    @property
    def unsent(self) -> "list[int]":
        """Return the numbers of the messages whose exposures may be sent and are not with Segment yet."""
        unsent = self._open() + list(self._handed.values())
        return sorted({one.number for one in unsent if one.number and self._consent.of(one.campaign_type)})

    def new_view(self) -> None:
        """Drop what was refused in the view that ends: a later yes frees what was seen in its own view only."""
        for one in self._refused():
            self._dropped_for_good += 1
            self._held_keys.discard(one.key)
        self._new, self._waiting, self._untaken = (
            [one for one in some if not self._is_refused(one)] for some in (self._new, self._waiting, self._untaken)
        )

    def take(self, activation: "Activation") -> None:
        """Take an activation that is to be reported."""
        if not self._consent.of(activation.campaign_type) and activation.visitor_code is None:
            activation.waited = True
            self._held_keys.add(activation.key)
        self._new.append(activation)

    def repeats(self, key: str) -> bool:
        """Return whether another event of ``key`` would repeat a view that waits, or just waited, for consent."""
        return key in self._held_keys or (
            key in self._freed and self._page.up - self._freed[key] < REPROCESSED_WITHIN_MS
        )

    def retry(self) -> None:
        """Try again what the page dropped: an event of its own is on its way, so it may let ours through now."""
        if self._untaken:
            self._new, self._untaken = self._untaken + self._new, []

    def flush(self, visitor_code: str) -> None:
        """Send what consent allows, keep the rest.

        ``visitor_code`` is empty as long as nothing can be sent.
        """
        waited_for = [visitor_code] + [self._consent.of(kind) for kind in CAMPAIGN_TYPES]
        if waited_for != self._waited_for:
            self._waited_for = waited_for
            self._new, self._waiting = self._waiting + self._new, []
        new, self._new = self._new, []
        for one in new:
            if not visitor_code or not self._consent.of(one.campaign_type):
                self._waiting.append(one)
                continue
            self._held_keys.discard(one.key)
            since = self._event.once_since(one)
            if since is None:
                again = self._ledger.has(one.key, one.at)
            else:
                last = self._ledger.last(one.key)
                again = last is not None and last >= since
            if not again and one.visitor_code in (None, "", visitor_code):
                self._send(one, visitor_code, since)
        self._ledger.keep()

    def forget(self) -> None:
        """Keep nothing of what is on its way: the visitor refused."""
        self._waiting += list(self._handed.values())
        self._handed = {}
        self._ledger.forget()

    def _send(self, one: "Activation", visitor_code: str, since: "float | None") -> None:
        event, properties, options = self._event.of(one, visitor_code, since)
        if one.waited:
            one.waited = False
            self._freed[one.key] = self._page.up
        self._ledger.hand(one.key, one.at)
        self._handed[options["messageId"]] = one
        self._outgoing.send(
            event, properties, options, visitor_code, lambda how: self._ended(one, options["messageId"], how)
        )

    def _ended(self, one: "Activation", message_id: str, how: str) -> None:
        self._handed.pop(message_id, None)
        if how == TAKEN:
            for some in (self._new, self._waiting, self._untaken):
                if one in some:  # it seemed to be dropped
                    some.remove(one)
            self.sent += 1
            self.campaigns.add(str(one.campaign_id))
            self._ledger.accepted(one.key, one.at)
        else:
            self._ledger.dropped(one.key, one.at)
            self._untaken.append(one)

    def _open(self) -> "list[Activation]":
        return self._new + self._waiting + self._untaken

    def _refused(self) -> "list[Activation]":
        return [one for one in self._open() if self._is_refused(one)]

    def _is_refused(self, one: "Activation") -> bool:
        return self._consent.of(one.campaign_type) is False
