"""The exposure event: what "Experiment viewed" says, and how often one variation is reported."""

from collections import OrderedDict

from bridge.brain.stamps import is_time, iso, message_id
from bridge.shared.vocabulary import DIALECTS, PERSONALIZATION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bridge.brain.activations import Activation
    from bridge.brain.seam import Page

VISIT_MS = 30 * 60 * 1000  # a Kameleoon visit ends when idle for so long


class ExposureEvent:
    """Makes events of activations, as the settings say."""

    def __init__(self, page: "Page", site_code: str, settings: "dict[str, Any]") -> None:
        self._page = page
        self._site_code = site_code
        self._settings = settings

    def of(
        self, activation: "Activation", visitor_code: str, since: "float | None"
    ) -> "tuple[str, dict[str, Any], dict[str, Any]]":
        """Return the event's name, its properties, and its options.

        The same activation has the same message id, and once a visit or visitor the same view of it, ``since`` when:
        Segment drops a second one.
        """
        identity = message_id(self._site_code, visitor_code, activation.key, activation.at if since is None else since)
        options = {"timestamp": iso(activation.at), "messageId": identity}
        event = self._settings["event"]
        if activation.campaign_type == PERSONALIZATION:
            event = self._settings["personalization_event"] or event
        return event, self._properties(activation), options

    def once_since(self, activation: "Activation") -> "float | None":
        """Return the time since which one exposure of a variation is enough; None where each view counts."""
        once_per = self._settings["once_per"]
        if once_per == "visit":
            started = self._page.read("Kameleoon.API.CurrentVisit.startDate")
            # What an earlier page heard may be of an earlier visit.
            return started if is_time(started) and started <= activation.at else activation.at - VISIT_MS
        return 0 if once_per == "visitor" else None

    def _properties(self, activation: "Activation") -> "dict[str, Any]":
        dialect = self._settings["dialect"]
        names = DIALECTS[dialect][activation.campaign_type]
        values = (
            activation.campaign_id,
            activation.campaign_name,
            activation.variation_id,
            activation.variation_name,
        )
        # Ordered: MicroPython's dict is not, and what is sent should be the same, byte by byte, from any engine.
        properties = OrderedDict(sorted(self._settings["properties"].items()))
        for name, value in zip(names, values):  # noqa: B905 - MicroPython's zip has no strict
            properties[name] = str(value) if dialect == "segment" else value
        properties["campaign_type"] = activation.campaign_type
        properties["nonInteraction"] = 1
        return properties
