"""Exposures that somebody else in the page reports to Segment.

Kameleoon's native Segment tool, a custom integration with a track of its own, a call by hand: beside the bridge each of
them counts a view twice, so ``status()`` says so.
"""

from bridge.brain.stamps import is_ours
from bridge.shared.vocabulary import CAMPAIGN_TYPES, DIALECTS, EXPOSURE_EVENT

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
    """Remembers which campaigns' exposures pass through analytics.js that are not ours."""

    def __init__(self, settings: "dict[str, Any]") -> None:
        own = (settings["event"], settings["personalization_event"] or "")
        self._events = EVENTS + tuple(name.lower() for name in own)
        self._campaigns: list[str] = []  # ids

    def passing(self, event: "dict[str, Any]") -> None:
        """Take note of an event in analytics.js's pipeline."""
        name, properties = event.get("event"), event.get("properties")
        if not isinstance(name, str) or name.lower() not in self._events or is_ours(event.get("messageId")):
            return
        if not isinstance(properties, dict):
            return
        for id_name in ID_NAMES:
            campaign = properties.get(id_name)
            if campaign is not None and str(campaign) not in self._campaigns and len(self._campaigns) < MAX_CAMPAIGNS:
                self._campaigns.append(str(campaign))

    def hints(self, reported: "set[str]") -> "list[dict[str, str]]":
        """Return ``[{code, what, fix}]`` where campaigns that we ``reported`` (ids) are reported twice, else none."""
        twice = sorted(reported & set(self._campaigns))
        if not twice:
            return []
        return [
            {
                "code": "reported-elsewhere",
                "what": "Somebody else in the page sends exposures of these campaigns to Segment, too, so each view"
                " counts twice: " + ", ".join(twice),
                "fix": "Let one of the two report them: take Segment's reporting tool or the custom integration off"
                " these campaigns in Kameleoon, and the page's own exposure calls out of it, or name the campaigns in"
                " exposures.except",
            }
        ]
