"""Exposures on their way: each waits for consent and for analytics.js, in order, and is then sent, or dropped."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bridge.brain.activations import Activation
    from bridge.brain.consent import Consent
    from bridge.brain.exposure_event import ExposureEvent
    from bridge.brain.keeper import Keeper

REPROCESSED_WITHIN_MS = 1000  # after consent: an event in that time repeats what waited for it


class Pending:
    """Activations that are not reported yet; ``sent``, ``held`` and ``dropped`` count."""

    def __init__(self, keeper: "Keeper", consent: "Consent", event: "ExposureEvent") -> None:
        self._keeper = keeper
        self._consent = consent
        self._event = event
        self._waiting: list[Activation] = []
        self._freed: dict[str, float] = {}  # when an exposure that had waited for consent was sent, by key
        self._dropped_for_good = 0
        self.sent = 0
        self.campaigns: set[str] = set()  #: ids of those that this page reported

    @property
    def held(self) -> int:
        """Return how many wait."""
        return len(self._waiting) - len(self._refused())

    @property
    def dropped(self) -> int:
        """Return how many the visitor refused; a yes in the same view still frees those of that view."""
        return self._dropped_for_good + len(self._refused())

    def new_view(self) -> None:
        """Drop what was refused in the view that ends: a later yes frees what was seen in its own view only."""
        refused = self._refused()
        self._dropped_for_good += len(refused)
        self._waiting = [one for one in self._waiting if one not in refused]

    def take(self, activation: "Activation") -> None:
        """Take an activation that is to be reported."""
        activation.waited = not self._consent.of(activation.campaign_type)
        self._waiting.append(activation)

    def repeats(self, key: str, now: float) -> bool:
        """Return whether another event of ``key`` would repeat a view that waits, or just waited, for consent."""
        if any(one.key == key and one.waited for one in self._waiting):
            return True
        return key in self._freed and now - self._freed[key] < REPROCESSED_WITHIN_MS

    def flush(self, visitor_code: str, now: float) -> None:
        """Send what consent allows, keep the rest.

        ``visitor_code`` is empty as long as nothing can be sent.
        """
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        last_sent = self._keeper.exposures()
        sent_before = self.sent
        for activation in waiting:
            if not visitor_code or not self._consent.of(activation.campaign_type):
                self._waiting.append(activation)
            elif not self._event.is_due(activation, last_sent.get(activation.key)):
                continue
            elif not self._event.send(activation, visitor_code):
                self._waiting.append(activation)
            else:
                self.sent += 1
                self.campaigns.add(str(activation.campaign_id))
                last_sent[activation.key] = activation.at
                if activation.waited:
                    self._freed[activation.key] = now
        if self.sent > sent_before:
            self._keeper.keep_exposures(last_sent)

    def _refused(self) -> "list[Activation]":
        return [one for one in self._waiting if self._consent.of(one.campaign_type) is False]
