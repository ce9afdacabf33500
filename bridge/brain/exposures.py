"""Exposures: one "Experiment viewed" for each activation, whoever reported it.

Three kinds of witnesses report activations: Kameleoon's DOM events ("live"), Kameleoon's own records ("found": for what
happened before the tag, and for hybrid experiments that fire no event), and the page through
``kameleoonSegment.exposure`` ("told": the body of a custom integration). In one run of Kameleoon's engine every live
event is an activation; what is found or told is one only where no live event was.
"""

from collections import OrderedDict

from bridge.brain.stamps import iso, message_id
from bridge.shared.vocabulary import DIALECTS, EXPERIMENT, PERSONALIZATION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bridge.brain.consent import Consent
    from bridge.brain.seam import Page

CAMPAIGN = {"id": 1, "name": 1, "associatedVariation": {"id": 1, "name": 1}}  # the parts of a campaign that are read
LEDGER = "k_segmentio_exposures"  # localStorage: when each variation was last sent, by key
_LEDGER_KEPT = 200
_SAME = 100  # ms: an event and Kameleoon's record of the same activation are no further apart
_REPROCESSED = 1000  # ms after consent in which an event repeats what waited for it
_LATEST = 253_402_300_800_000  # ms: the year 10000, which no time stamp can say
_VISIT = 30 * 60 * 1000  # ms: a Kameleoon visit ends when idle for so long


class _Seen:
    """What one run of the engine showed of one variation."""

    def __init__(self) -> None:
        self.live: list[float] = []  # times of its events
        self.otherwise = False  # found or told
        self.otherwise_at: float | None = None


class Exposures:
    """Turns reports of activations into exposure events; ``sent`` and ``dropped`` count them."""

    def __init__(self, page: "Page", settings: "dict[str, Any]", consent: "Consent") -> None:
        self._page = page
        self._settings = settings["exposures"]
        self._sitecode = settings["sitecode"]
        self._consent = consent
        self._run: dict[str, _Seen] = {}
        self._known: dict[str, float] = {}  # the latest activation of each key that this page took
        self._freed: dict[str, float] = {}  # when an exposure that had waited for consent was sent
        self._pending: list[dict[str, Any]] = []
        self.sent = 0
        self.dropped = 0

    def held(self) -> int:
        """Return how many exposures wait, for consent or for analytics.js."""
        return len(self._pending)

    def new_run(self) -> None:
        """Begin another run of Kameleoon's engine: a page load, or its reload in a single-page app."""
        self._run = {}

    def live(self, campaign_type: str, campaign: "Any", time: "Any", now: float) -> None:
        """Take an activation from Kameleoon's DOM event, ``time`` in ms as the event says."""
        at = time if _is_time(time) else now
        exposure = self._exposure(campaign_type, campaign, at)
        if exposure is None:
            return
        key = exposure["key"]
        seen = self._run.setdefault(key, _Seen())
        if time in seen.live or self._reprocessed(key, now):
            return
        seen.live.append(at)
        before = seen.otherwise_at
        if len(seen.live) == 1 and seen.otherwise and (before is None or abs(before - at) < _SAME):
            return  # its other witness was first
        self._take(exposure)

    def told(self, report: "Any", now: float) -> None:
        """Take an activation from a custom integration: its six arguments in one object (Kameleoon, README)."""
        if not isinstance(report, dict):
            return
        for campaign_type in (EXPERIMENT, PERSONALIZATION):
            campaign = {
                "id": report.get(campaign_type + "ID"),
                "name": report.get(campaign_type + "Name"),
                "associatedVariation": {"id": report.get("variationID"), "name": report.get("variationName")},
            }
            self._otherwise(self._exposure(campaign_type, campaign, now), None)

    def find(self, now: float) -> None:
        """Look up in Kameleoon what was activated without being heard."""
        ledger = self._ledger()
        for campaign_type in (EXPERIMENT, PERSONALIZATION):
            plural = campaign_type[0].upper() + campaign_type[1:] + "s"
            times = self._activation_times(campaign_type, plural)
            for getter in ("getActive", "getActivatedInVisit"):
                campaigns = self._page.call("Kameleoon.API." + plural + "." + getter, [], CAMPAIGN)[1]
                for campaign in campaigns if isinstance(campaigns, list) else []:
                    exposure = self._exposure(campaign_type, campaign, now)
                    if exposure is None:
                        continue
                    key = exposure["key"]
                    time = times.get(key)
                    handled = max(self._known.get(key, 0), ledger.get(key, 0))
                    if time is not None:
                        exposure["at"] = time
                    elif getter == "getActive":
                        handled = 0  # active now, and no record of when: an activation of this run
                    if handled == 0 or (time is not None and time - handled >= _SAME):
                        self._otherwise(exposure, time)

    def flush(self, visitor_code: str, now: float) -> None:
        """Send what consent allows, drop what it forbids, keep what it leaves open."""
        if not self._pending:
            return
        pending, self._pending = self._pending, []
        ledger = self._ledger()
        for exposure in pending:
            allowed = self._consent.of(exposure["type"])
            if allowed is False:
                self.dropped += 1
            elif not allowed or not visitor_code:
                self._pending.append(exposure)
            else:
                since = self._once_since(exposure["at"])
                if since is not None and ledger.get(exposure["key"], -1) >= since:
                    continue
                if not self._send(exposure, visitor_code, since):
                    self._pending.append(exposure)
                    continue
                self.sent += 1
                ledger[exposure["key"]] = exposure["at"]
                if exposure["waited"]:
                    self._freed[exposure["key"]] = now
        self._keep(ledger)

    def _exposure(self, campaign_type: str, campaign: "Any", at: float) -> "dict[str, Any] | None":
        """Return the exposure that a campaign's state means; None for none.

        Variation id 0 is the control group, an exposure; null means excluded or not assigned (Kameleoon, engine 2026).
        """
        variation = campaign.get("associatedVariation") if isinstance(campaign, dict) else None
        if not isinstance(variation, dict) or not _is_id(variation.get("id")) or not _is_id(campaign.get("id")):
            return None
        identity = campaign["id"]
        only, excluded = self._settings["only"], self._settings["except"]
        if (only is not None and not _among(identity, only)) or (excluded is not None and _among(identity, excluded)):
            return None
        if campaign_type == PERSONALIZATION and not self._settings["personalizations"]:
            return None
        return {
            "key": "%s:%s:%s" % (campaign_type, identity, variation["id"]),
            "type": campaign_type,
            "values": (identity, _text(campaign.get("name")), variation["id"], _text(variation.get("name"))),
            "at": at,
            "waited": False,
        }

    def _take(self, exposure: "dict[str, Any]") -> None:
        exposure["waited"] = self._consent.of(exposure["type"]) is None
        self._known[exposure["key"]] = max(exposure["at"], self._known.get(exposure["key"], 0))
        self._pending.append(exposure)

    def _otherwise(self, exposure: "dict[str, Any] | None", time: "float | None") -> None:
        if exposure is None:
            return
        seen = self._run.setdefault(exposure["key"], _Seen())
        if not seen.live and not seen.otherwise:
            seen.otherwise = True
            seen.otherwise_at = time
            self._take(exposure)

    def _reprocessed(self, key: str, now: float) -> bool:
        """Return whether an event repeats a view that waits, or just waited, for consent.

        Kameleoon processes its campaigns again when consent is given (engine 2026).
        """
        if key not in self._run or not (self._run[key].live or self._run[key].otherwise):
            return False
        waiting = [one for one in self._pending if one["key"] == key and one["waited"]]
        return bool(waiting) or (key in self._freed and now - self._freed[key] < _REPROCESSED)

    def _activation_times(self, campaign_type: str, plural: str) -> "dict[str, float]":
        """Return when each variation of this visit was last activated, by key, in ms."""
        shape = {campaign_type + "ID": 1, "associatedVariationID": 1, "times": 1}
        activated = self._page.read("Kameleoon.API.CurrentVisit.activated" + plural, shape)
        times = {}
        for one in activated if isinstance(activated, list) else []:
            moments = [time for time in one.get("times") or [] if _is_time(time)]
            if moments:
                identity = (campaign_type, one.get(campaign_type + "ID"), one.get("associatedVariationID"))
                times["%s:%s:%s" % identity] = max(moments)
        return times

    def _once_since(self, at: float) -> "float | None":
        """Return the time since which one exposure of a variation is enough; None where each view counts."""
        once_per = self._settings["once_per"]
        if once_per == "visit":
            started = self._page.read("Kameleoon.API.CurrentVisit.startDate")
            return started if _is_time(started) else at - _VISIT
        return 0 if once_per == "visitor" else None

    def _send(self, exposure: "dict[str, Any]", visitor_code: str, since: "float | None") -> bool:
        settings = self._settings
        identity = message_id(self._sitecode, visitor_code, exposure["key"], exposure["at"] if since is None else since)
        options = {"timestamp": iso(exposure["at"]), "messageId": identity}
        event = settings["event"]
        if exposure["type"] == PERSONALIZATION:
            event = settings["personalization_event"] or event
        return self._page.call("analytics.track", [event, self._properties(exposure), options], 0)[0]

    def _properties(self, exposure: "dict[str, Any]") -> "dict[str, Any]":
        dialect = self._settings["dialect"]
        names = DIALECTS[dialect][exposure["type"]]
        # Ordered: MicroPython's dict is not, and what is sent should be the same, byte by byte, from any engine.
        properties = OrderedDict(sorted(self._settings["properties"].items()))
        for name, value in zip(names, exposure["values"]):  # noqa: B905 - MicroPython's zip has no strict
            properties[name] = str(value) if dialect == "segment" else value
        properties["campaign_type"] = exposure["type"]
        properties["nonInteraction"] = 1
        return properties

    def _ledger(self) -> "dict[str, float]":
        ledger = self._page.load(LEDGER)
        return {key: ledger[key] for key in ledger if _is_time(ledger[key])} if isinstance(ledger, dict) else {}

    def _keep(self, ledger: "dict[str, float]") -> None:
        latest = sorted(ledger, key=lambda key: ledger[key])[-_LEDGER_KEPT:]
        self._page.save(LEDGER, {key: ledger[key] for key in latest})


def _is_time(value: "Any") -> bool:
    """Return whether this is a moment in ms since 1970 that a time stamp can say."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < _LATEST


def _is_id(value: "Any") -> bool:
    return isinstance(value, (int, str)) and not isinstance(value, bool) and value != ""


def _among(identity: "Any", ids: "list[int]") -> bool:
    return str(identity) in [str(one) for one in ids]


def _text(name: "Any") -> str:
    return name if isinstance(name, str) else ""
