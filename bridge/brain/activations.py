"""What a campaign's state says: that a visitor came to see one of its variations."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CAMPAIGN_SHAPE = {"id": 1, "name": 1, "associatedVariation": {"id": 1, "name": 1}}  # the parts of one that are read


class Activation:
    """A visitor came to see a variation, at a time in ms. ``waited``: consent was not known then."""

    def __init__(self, campaign_type: str, campaign: "dict[str, Any]", at: float) -> None:
        variation = campaign["associatedVariation"]
        self.campaign_type = campaign_type
        self.campaign_id = campaign["id"]
        self.campaign_name = _text(campaign.get("name"))
        self.variation_id = variation["id"]
        self.variation_name = _text(variation.get("name"))
        self.at = at
        self.waited = False
        self.key = activation_key(campaign_type, campaign["id"], variation["id"])


def activation(campaign_type: str, campaign: "Any", at: float) -> "Activation | None":
    """Return the activation that a campaign's state means; None for none.

    Variation id 0 is the control group, an exposure; null means excluded or not assigned (Kameleoon's script of 2026).
    """
    variation = campaign.get("associatedVariation") if isinstance(campaign, dict) else None
    if not isinstance(variation, dict) or not _is_id(variation.get("id")) or not _is_id(campaign.get("id")):
        return None
    return Activation(campaign_type, campaign, at)


def activation_key(campaign_type: str, campaign_id: "Any", variation_id: "Any") -> str:
    """Return what tells one variation from all others."""
    return "%s:%s:%s" % (campaign_type, campaign_id, variation_id)


def _is_id(value: "Any") -> bool:
    return isinstance(value, (int, str)) and not isinstance(value, bool) and value != ""


def _text(name: "Any") -> str:
    return name if isinstance(name, str) else ""
