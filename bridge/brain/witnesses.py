"""Who saw an activation: three kinds of witnesses, and one activation of what several of them say.

Kameleoon's DOM events ("live"); the page by ``kameleoonSegment.exposure`` ("told": a custom integration); and
Kameleoon's getters and records ("found": what happened before the tag came, and hybrid experiments, which fire no
event). In one run of Kameleoon's script every live event is an activation; what is told or found is one only where no
event was.

What proves what (run on Kameleoon's scripts of 2022 and 2025): an event and a record do. That a campaign is active does
for experiments alone: a personalization that is targeted but suppressed is active as well, as variation 0. A record is
written when all campaigns of a round have run, up to seconds after the event, and keeps the visit's first variation.
"""

from bridge.brain.activations import CAMPAIGN_SHAPE, activation, campaign_key, campaign_of
from bridge.brain.stamps import is_past, is_time
from bridge.shared.vocabulary import CAMPAIGN_TYPES, EXPERIMENT, PERSONALIZATION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bridge.brain.activations import Activation
    from bridge.brain.ledger import Ledger
    from bridge.brain.pending import Pending
    from bridge.brain.seam import Page

_NAMED = {"name": 1}
_RECORDS = {
    "experimentID": 1,
    "experiment": _NAMED,
    "personalizationID": 1,
    "personalization": _NAMED,
    "associatedVariationID": 1,
    "associatedVariation": _NAMED,
    "times": 1,
}
# What is to be asked of Kameleoon's API from time to time: path, shape, and arguments where it is a function.
FOUND_SHAPES = {
    "active": ["Experiments.getActive", CAMPAIGN_SHAPE, []],
    "visit": ["CurrentVisit", {"activatedExperiments": _RECORDS, "activatedPersonalizations": _RECORDS}],
}

SAME_ACTIVATION_MS = 100  # a record that is so little older than an event, or newer, may be of the same activation
RECORDED_WITHIN_MS = 60_000  # after an activation, however slow the code of all the variations of its round
_NO_TIME = -1.0


class _Sightings:
    """What witnesses said of one variation in one run of Kameleoon's script."""

    def __init__(self) -> None:
        self.live: set[float] = set()  # times of its events
        self.otherwise: float | None = None  # when it was found or told of; _NO_TIME where the witness knows no time


class Witnesses:
    """Takes what witnesses say, and hands each activation to ``pending`` once."""

    def __init__(self, page: "Page", ledger: "Ledger", settings: "dict[str, Any]", pending: "Pending") -> None:
        self._page = page
        self._ledger = ledger
        self._settings = settings
        self._pending = pending
        self._run: dict[str, dict[str, _Sightings]] = {}  # by campaign key, then by activation key
        self._run_began: float | None = None  # None where that was not heard
        self._earlier: str | None = None  # visitor code of the earlier page that is told of, "" for not known
        self._latest: dict[str, float] = {}  # the latest activation of each key that this page took

    def new_run(self, began: float) -> None:
        """Begin another run of Kameleoon's script: a page load, or its reload in a single-page app."""
        self._run = {}
        self._run_began = began

    def earlier_page(self, visitor_code: "str | None") -> None:
        """Let a run of an earlier page begin: what is told from now on was heard there; None: its last run is over."""
        self._run = {}
        self._earlier = visitor_code

    def live(self, campaign_type: str, campaign: "Any", time: "Any", now: float, number: int) -> None:
        """Take an activation from Kameleoon's DOM event, ``time`` in ms as the event says."""
        at = time if is_time(time) else now
        seen = self._wanted(activation(campaign_type, campaign, at))
        if seen is None:
            return
        seen.number = number
        sightings = self._sightings(seen)
        before = sightings.otherwise
        known = bool(sightings.live) or before is not None
        # Kameleoon may process its campaigns again when consent is given: the same view (Kameleoon's script of 2026).
        if (is_time(time) and time in sightings.live) or (known and self._pending.repeats(seen.key)):
            return
        sightings.live.add(at)
        another_was_first = before is not None and (before == _NO_TIME or before > at - SAME_ACTIVATION_MS)
        if len(sightings.live) > 1 or not another_was_first:
            self._take(seen)

    def told(self, report: "Any", now: float, number: int) -> None:
        """Take an activation from a custom integration: its six arguments in one object (Kameleoon, README)."""
        if not isinstance(report, dict):
            return
        for campaign_type in CAMPAIGN_TYPES:
            variation = {"id": report.get("variationID"), "name": report.get("variationName")}
            campaign = _campaign(report.get(campaign_type + "ID"), report.get(campaign_type + "Name"), variation)
            self._otherwise(self._wanted(activation(campaign_type, campaign, now)), None, number)

    def found(self, active: "Any", visit: "Any", now: float) -> None:
        """Take what Kameleoon's getters say: the experiments that are active, and the records of the visit."""
        if self._run_began is None:
            loaded = self._page.read("kameleoonEndLoadTime")
            self._run_began = loaded if is_time(loaded) else None
        if self._run_began is not None and not is_past(self._run_began, now):
            self._run_began = None  # the clock was set back meanwhile: what it says now cannot be compared
        known: dict[str, list[float]] | None = None
        for campaign_type in CAMPAIGN_TYPES:
            plural = campaign_type[0].upper() + campaign_type[1:] + "s"
            for record in _list(_dict(visit).get("activated" + plural)):
                seen = self._record(campaign_type, _dict(record), now)
                if seen:
                    if known is None:
                        known = self._known_times()
                    self._recorded(seen, plural, record.get("times"), known.get(seen.campaign_key, []))
        for campaign in _list(active):
            seen = self._wanted(activation(EXPERIMENT, campaign, now))
            if seen and not self._is_reported(seen.key):
                self._otherwise(seen, None)

    def _record(self, campaign_type: str, record: "dict[str, Any]", now: float) -> "Activation | None":
        """Return the activation of a record; None where nobody was exposed, or it was seen in this run."""
        identity = record.get(campaign_type + "ID")
        if campaign_key(campaign_type, identity) in self._run:
            return None
        variation = {
            "id": record.get("associatedVariationID"),
            "name": _dict(record.get("associatedVariation")).get("name"),
        }
        campaign = _campaign(identity, _dict(record.get(campaign_type)).get("name"), variation)
        return self._wanted(activation(campaign_type, campaign, now))

    def _recorded(self, seen: "Activation", plural: str, times: "Any", known: "list[float]") -> None:
        """Take the latest activation of a record, if none that is known explains it."""
        times = [time for time in _list(times) if is_time(time)]
        time = None
        if times:
            unexplained = self._unexplained([time for time in times if is_past(time, seen.at)], sorted(known))
            if not unexplained:
                return
            time = seen.at = unexplained[-1]
        elif known:
            return
        if not seen.campaign_name:
            self._name(seen, plural)
        if time is None or self._run_began is None or time >= self._run_began:
            self._otherwise(seen, time)
        else:  # of an earlier page
            self._take(seen)

    def _is_reported(self, key: str) -> bool:
        """Return whether a variation was reported in this run: by a brain that the page has lost since."""
        last = self._ledger.last(key)
        return self._run_began is not None and last is not None and last > self._run_began

    def _known_times(self) -> "dict[str, list[float]]":
        """Return when each campaign was activated, by its key, as far as that was reported or is about to be."""
        known: dict[str, list[float]] = {}
        for times in (self._ledger.kept(), self._latest):
            for key in times:
                known.setdefault(campaign_of(key), []).append(times[key])
        return known

    def _unexplained(self, times: "list[float]", known: "list[float]") -> "list[float]":
        """Return the recorded times that come after all known activations, without the records of these.

        The first record after an activation is its own; one of this run is of no activation before it.
        """
        left = sorted(times)
        for activated in known:
            for time in left:
                of_this_run = self._run_began is not None and activated < self._run_began <= time
                if activated - SAME_ACTIVATION_MS < time <= activated + RECORDED_WITHIN_MS and not of_this_run:
                    left.remove(time)
                    break
        return [time for time in left if not known or time > known[-1]]

    def _name(self, seen: "Activation", plural: str) -> None:
        """Look up the names of a record that has ids only."""
        in_visit = self._page.call("Kameleoon.API." + plural + ".getActivatedInVisit", [], CAMPAIGN_SHAPE)[1]
        for campaign in _list(in_visit):
            named = activation(seen.campaign_type, campaign, seen.at)
            if named and named.campaign_key == seen.campaign_key:
                seen.campaign_name = named.campaign_name
                if named.key == seen.key:
                    seen.variation_name = named.variation_name

    def _wanted(self, seen: "Activation | None") -> "Activation | None":
        """Return the activation if the settings want it reported."""
        return seen if seen and is_wanted(seen.campaign_type, seen.campaign_id, self._settings) else None

    def _sightings(self, seen: "Activation") -> _Sightings:
        return self._run.setdefault(seen.campaign_key, {}).setdefault(seen.key, _Sightings())

    def _otherwise(self, seen: "Activation | None", time: "float | None", number: int = 0) -> None:
        """Take what was found, at a time, or told of."""
        if seen is None:
            return
        seen.number = number
        sightings = self._sightings(seen)
        if not sightings.live and sightings.otherwise is None:
            sightings.otherwise = _NO_TIME if time is None else time
            self._take(seen)

    def _take(self, seen: "Activation") -> None:
        seen.visitor_code = self._earlier
        self._latest[seen.key] = max(seen.at, self._latest.get(seen.key, 0))
        self._pending.take(seen)


def _campaign(identity: "Any", name: "Any", variation: "dict[str, Any]") -> "dict[str, Any]":
    return {"id": identity, "name": name, "associatedVariation": variation}


def is_wanted(campaign_type: str, campaign_id: "Any", settings: "dict[str, Any]") -> bool:
    """Return whether the settings ``exposures`` want this campaign reported."""
    if campaign_type == PERSONALIZATION and not settings["personalizations"]:
        return False
    only, excluded = settings["only"], settings["except"]
    if only is not None and not _among(campaign_id, only):
        return False
    return excluded is None or not _among(campaign_id, excluded)


def _among(identity: "Any", ids: "list[int]") -> bool:
    return str(identity) in [str(one) for one in ids]


def _list(value: "Any") -> "list[Any]":
    return value if isinstance(value, list) else []


def _dict(value: "Any") -> "dict[str, Any]":
    return value if isinstance(value, dict) else {}
