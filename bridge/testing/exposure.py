"""What a Segment event says of a campaign that a visitor came to see, in whichever dialect."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bridge.wire.messages import campaign


@dataclass(frozen=True)
class Exposure:
    """Who saw what, as an event reports it; ids are texts, whatever they are on the wire."""

    campaign_type: str
    campaign_id: str
    campaign_name: str
    variation_id: str
    variation_name: str

    def __str__(self) -> str:
        return (
            f"{self.campaign_type} {self.campaign_id} ({self.campaign_name}), "
            f"variation {self.variation_id} ({self.variation_name})"
        )

    def is_of(self, experiment_id: int | str | None, variation_id: int | str | None) -> bool:
        """Return whether it is of this campaign and of this variation; None: of any."""
        wanted = ((experiment_id, self.campaign_id), (variation_id, self.variation_id))
        return all(asked is None or str(asked) == found for asked, found in wanted)


def exposure(event: Mapping[str, Any]) -> Exposure | None:
    """Return what an event reports, None where it reports no campaign: it is known by its properties, not by its name.

    So also by whom it was sent does not matter: what the page sends beside the bridge is an exposure, too.
    """
    seen = campaign(event) if event.get("type") == "track" else None
    if seen is None:
        return None
    return Exposure(seen["type"], seen["id"], seen["name"], seen["variation"], seen["variation_name"])
