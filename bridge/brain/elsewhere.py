"""What somebody else in the page sends to Segment that the bridge sends as well: ``status()`` says so.

Exposures: Kameleoon's native Segment tool, a custom integration with a track of its own, a call by hand; beside the
bridge each of them counts a view twice. The identifier: the snippet of Kameleoon's help.
"""

from bridge.brain.stamps import is_ours
from bridge.shared.vocabulary import CAMPAIGN_TYPES, DIALECTS, EXPOSURE_EVENT, IDENTIFIER_EVENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Whatever their case: documents and code of Kameleoon differ in it. Those of the native tool and of the template.
EVENTS = (EXPOSURE_EVENT.lower(), "personalization viewed")
ID_NAMES = tuple(
    sorted({DIALECTS[dialect][campaign_type][0] for dialect in DIALECTS for campaign_type in CAMPAIGN_TYPES})
)
MAX_CAMPAIGNS = 100  # that are remembered


class Elsewhere:
    """Remembers whose exposures, by campaign, and whether an identifier pass through analytics.js and are not ours."""

    def __init__(self, settings: "dict[str, Any]") -> None:
        own = (settings["event"], settings["personalization_event"] or "")
        self._events = EVENTS + tuple(name.lower() for name in own)
        self._campaigns: set[str] = set()  # ids
        self.identifier = False  #: whether one that is not ours was seen

    def passing(self, event: "dict[str, Any]") -> None:
        """Take note of an event in analytics.js's pipeline."""
        name, properties = event.get("event"), event.get("properties")
        if not isinstance(name, str) or is_ours(event.get("messageId")):
            return
        if name == IDENTIFIER_EVENT:
            self.identifier = True
        if name.lower() not in self._events or not isinstance(properties, dict):
            return
        for id_name in ID_NAMES:
            campaign = properties.get(id_name)
            if campaign is not None and len(self._campaigns) < MAX_CAMPAIGNS:
                self._campaigns.add(str(campaign))

    def twice(self, reported: "set[str]") -> "list[str]":
        """Return which of the campaigns that we ``reported`` (ids) are reported twice."""
        return sorted(reported & self._campaigns)
