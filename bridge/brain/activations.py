"""What a campaign's state says: that a visitor came to see one of its variations."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CAMPAIGN_SHAPE = {"id": 1, "name": 1, "associatedVariation": {"id": 1, "name": 1}}  # the parts of one that are read

# Ids that Kameleoon's scripts up to 2022 have words for (facts: run on a script of 2022).
_VARIATION_IDS_IN_WORDS = {"reference": 0, "none": None}
# Kameleoon's script appends it to a variation that AI allocates, after its event: what is found has it, an event not.
_AI_SUFFIX = " (Predicteo)"


class Activation:
    """A visitor came to see a variation, at a time in ms.

    ``waited``: consent was not given then. ``number``: of the message that told of it, 0 for none. ``visitor_code``: of
    the page on which it was heard, None for this one, "" where that is not known.
    """

    def __init__(self, campaign_type: str, campaign: "dict[str, Any]", at: float) -> None:
        variation = campaign["associatedVariation"]
        self.campaign_type = campaign_type
        self.campaign_id = campaign["id"]
        self.campaign_name = _text(campaign.get("name"))
        self.variation_id = variation_id(variation["id"])
        self.variation_name = _variation_name(variation.get("name"))
        self.at = at
        self.waited = False
        self.number = 0
        self.visitor_code: str | None = None
        self.campaign_key = campaign_key(campaign_type, self.campaign_id)
        self.key = "%s:%s" % (self.campaign_key, self.variation_id)


def activation(campaign_type: str, campaign: "Any", at: float) -> "Activation | None":
    """Return the activation that a campaign's state means; None for none.

    Variation id 0 is the control group, an exposure; null means excluded or not assigned (Kameleoon's script of 2026).
    """
    variation = campaign.get("associatedVariation") if isinstance(campaign, dict) else None
    if (
        not isinstance(variation, dict)
        or not _is_id(campaign.get("id"))
        or not _is_id(variation_id(variation.get("id")))
    ):
        return None
    return Activation(campaign_type, campaign, at)


def campaign_key(campaign_type: str, campaign_id: "Any") -> str:
    """Return what tells a campaign from all others."""
    return "%s:%s" % (campaign_type, campaign_id)


def campaign_of(key: str) -> str:
    """Return the campaign's key, of the key of one of its activations."""
    return key.rsplit(":", 1)[0]


def variation_id(raw: "Any") -> "Any":
    """Return a variation's id as Kameleoon's scripts have it since 2023: 0 for the control, None for nobody."""
    return _VARIATION_IDS_IN_WORDS.get(raw, raw) if isinstance(raw, str) else raw


def _is_id(value: "Any") -> bool:
    return isinstance(value, (int, str)) and not isinstance(value, bool) and value != ""


def _text(name: "Any") -> str:
    return name if isinstance(name, str) else ""


def _variation_name(raw: "Any") -> str:
    """Return the name that the customer gave the variation, whichever witness names it."""
    name = _text(raw)
    while name.endswith(_AI_SUFFIX):
        name = name[: -len(_AI_SUFFIX)]
    return name
