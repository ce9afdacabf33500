"""Who saw an activation: three kinds of witnesses, and one activation of what several of them say.

Kameleoon's DOM events ("live"); Kameleoon's own records ("found": what happened before the tag came, and hybrid
experiments, which fire no event); and the page by ``kameleoonSegment.exposure`` ("told": a custom integration). In one
run of Kameleoon's script every live event is an activation; what is found or told is one only where no event was.
"""

from bridge.brain.activations import CAMPAIGN_SHAPE, activation, activation_key
from bridge.brain.stamps import is_time
from bridge.shared.vocabulary import CAMPAIGN_TYPES, PERSONALIZATION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bridge.brain.activations import Activation
    from bridge.brain.keeper import Keeper
    from bridge.brain.pending import Pending
    from bridge.brain.seam import Page

LOOK_AFTER_MS = (0, 500, 2000)  # for activations that fire no event
SAME_ACTIVATION_MS = 100  # an event and Kameleoon's record of the same activation are no further apart
_NO_TIME = -1.0


class _Sightings:
    """What witnesses said of one variation in one run of Kameleoon's script."""

    def __init__(self) -> None:
        self.live: list[float] = []  # times of its events
        self.otherwise: float | None = None  # when it was found or told of; _NO_TIME where the witness knows no time


class Witnesses:
    """Takes what witnesses say, and hands each activation to ``pending`` once."""

    def __init__(self, page: "Page", keeper: "Keeper", settings: "dict[str, Any]", pending: "Pending") -> None:
        self._page = page
        self._keeper = keeper
        self._settings = settings
        self._pending = pending
        self._run: dict[str, _Sightings] = {}  # by activation key
        self._latest: dict[str, float] = {}  # the latest activation of each key that this page took
        self._look_is_due = False

    def new_run(self) -> None:
        """Begin another run of Kameleoon's script: a page load, or its reload in a single-page app."""
        self._run = {}

    def live(self, campaign_type: str, campaign: "Any", time: "Any", now: float) -> None:
        """Take an activation from Kameleoon's DOM event, ``time`` in ms as the event says."""
        at = time if is_time(time) else now
        seen = self._wanted(activation(campaign_type, campaign, at))
        if seen is None:
            return
        sightings = self._run.setdefault(seen.key, _Sightings())
        before = sightings.otherwise
        known = bool(sightings.live) or before is not None
        # Kameleoon processes its campaigns again when consent is given: the same view (Kameleoon's script of 2026).
        if time in sightings.live or (known and self._pending.repeats(seen.key, now)):
            return
        sightings.live.append(at)
        another_was_first = before is not None and (before == _NO_TIME or abs(before - at) < SAME_ACTIVATION_MS)
        if len(sightings.live) > 1 or not another_was_first:
            self._take(seen)

    def told(self, report: "Any", now: float) -> None:
        """Take an activation from a custom integration: its six arguments in one object (Kameleoon, README)."""
        if not isinstance(report, dict):
            return
        for campaign_type in CAMPAIGN_TYPES:
            campaign = {
                "id": report.get(campaign_type + "ID"),
                "name": report.get(campaign_type + "Name"),
                "associatedVariation": {"id": report.get("variationID"), "name": report.get("variationName")},
            }
            self._otherwise(self._wanted(activation(campaign_type, campaign, now)), None)

    def look_soon(self) -> None:
        """Look for what was activated without an event, several times within the next seconds."""
        if not self._look_is_due:
            self._look_is_due = True
            for delay in LOOK_AFTER_MS:
                self._page.after(delay, self.look)

    def look(self, now: float) -> None:
        """Look up in Kameleoon's records what was activated without being heard."""
        self._look_is_due = False
        exposures = self._keeper.exposures()
        for campaign_type in CAMPAIGN_TYPES:
            plural = campaign_type[0].upper() + campaign_type[1:] + "s"
            times = self._activation_times(campaign_type, plural)
            for getter in ("getActive", "getActivatedInVisit"):
                campaigns = self._page.call("Kameleoon.API." + plural + "." + getter, [], CAMPAIGN_SHAPE)[1]
                for campaign in campaigns if isinstance(campaigns, list) else []:
                    found = self._wanted(activation(campaign_type, campaign, now))
                    if found is None:
                        continue
                    time = times.get(found.key)
                    handled = max(self._latest.get(found.key, 0), exposures.get(found.key, 0))
                    if time is not None:
                        found.at = time
                    elif getter == "getActive":
                        handled = 0  # active now, and no record of when: an activation of this run
                    if handled == 0 or (time is not None and time - handled >= SAME_ACTIVATION_MS):
                        self._otherwise(found, time)

    def _wanted(self, seen: "Activation | None") -> "Activation | None":
        """Return the activation if the settings want it reported."""
        if seen is None or (seen.campaign_type == PERSONALIZATION and not self._settings["personalizations"]):
            return None
        only, excluded = self._settings["only"], self._settings["except"]
        if only is not None and not _among(seen.campaign_id, only):
            return None
        return None if excluded is not None and _among(seen.campaign_id, excluded) else seen

    def _otherwise(self, seen: "Activation | None", time: "float | None") -> None:
        """Take what was found, at a time, or told of."""
        if seen is None:
            return
        sightings = self._run.setdefault(seen.key, _Sightings())
        if not sightings.live and sightings.otherwise is None:
            sightings.otherwise = _NO_TIME if time is None else time
            self._take(seen)

    def _take(self, seen: "Activation") -> None:
        self._latest[seen.key] = max(seen.at, self._latest.get(seen.key, 0))
        self._pending.take(seen)

    def _activation_times(self, campaign_type: str, plural: str) -> "dict[str, float]":
        """Return when each variation of this visit was last activated, by key, in ms."""
        shape = {campaign_type + "ID": 1, "associatedVariationID": 1, "times": 1}
        activated = self._page.read("Kameleoon.API.CurrentVisit.activated" + plural, shape)
        times = {}
        for one in activated if isinstance(activated, list) else []:
            moments = [time for time in one.get("times") or [] if is_time(time)]
            if moments:
                key = activation_key(campaign_type, one.get(campaign_type + "ID"), one.get("associatedVariationID"))
                times[key] = max(moments)
        return times


def _among(identity: "Any", ids: "list[int]") -> bool:
    return str(identity) in [str(one) for one in ids]
