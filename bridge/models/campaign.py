"""Kameleoon's campaigns as the page sees them, and what is reported of them to Segment."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag, create_model
from pydantic.alias_generators import to_camel

from bridge.models.base import Model
from bridge.shared.vocabulary import DIALECTS

CampaignId = Annotated[int, Field(ge=0, title="Campaign id", description="a campaign's id, a whole number")]
VariationId = Annotated[
    int, Field(ge=0, title="Variation id", description="a variation's id, a whole number, 0 for the control group")
]
CampaignName = Annotated[str, Field(title="Campaign name", description="the campaign's name, a text")]
VariationName = Annotated[str, Field(title="Variation name", description="the variation's name, a text")]
TextId = Annotated[str, Field(pattern="^[0-9]+$", title="Id", description="an id as a text of digits")]


class Seen(Model):
    """Kameleoon's objects have more fields than are read."""

    model_config = ConfigDict(strict=True, frozen=True, alias_generator=to_camel)


#: Of a Kameleoon script up to 2022: the control group, and nobody.
VariationWord = Literal["reference", "none"]
SeenVariationId = VariationId | VariationWord | None


class Variation(Seen):
    """The variation of a campaign that a visitor sees; without an id: excluded."""

    id: SeenVariationId = None
    name: VariationName | None = None


class Campaign(Seen):
    """An experiment or a personalization."""

    id: CampaignId
    name: CampaignName | None = None
    associated_variation: Variation | None = Field(None, title="Associated variation", description="what is shown")


class Report(Model):
    """What a custom integration reports: its six arguments (Kameleoon, custom analytics integrations)."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    experiment_id: CampaignId | None = Field(None, alias="experimentID")
    experiment_name: CampaignName | None = Field(None, alias="experimentName")
    personalization_id: CampaignId | None = Field(None, alias="personalizationID")
    personalization_name: CampaignName | None = Field(None, alias="personalizationName")
    variation_id: VariationId = Field(alias="variationID")
    variation_name: VariationName | None = Field(None, alias="variationName")


class _Properties(Model):
    """What each exposure says; the customer's own properties may stand beside it."""

    model_config = ConfigDict(strict=True, extra="allow")

    campaign_type: Literal["experiment", "personalization"] = Field(
        title="Campaign type", description='"experiment" or "personalization"'
    )
    non_interaction: Literal[1] = Field(
        alias="nonInteraction", title="Non-interaction", description="1: a view is no action of the visitor's"
    )


def _exposure(ids: Any, names: tuple[str, ...]) -> type[_Properties]:  # noqa: ANN401 - a type
    """Return the model of exposures whose properties have these names, in the order of the vocabulary's."""
    campaign_id, campaign_name, variation_id, variation_name = names
    campaign, variation = ids
    return create_model(
        f"ExposureWith_{campaign_id}",
        __base__=_Properties,
        campaign_id=(campaign, Field(alias=campaign_id)),
        campaign_name=(CampaignName, Field(alias=campaign_name)),
        variation_id=(variation, Field(alias=variation_id)),
        variation_name=(VariationName, Field(alias=variation_name)),
    )


#: Segment's A/B testing specification has ids as texts, Kameleoon has numbers.
_IDS = {"segment": (TextId, TextId)}
#: By the name of the campaign's id, which tells the dialect.
_EXPOSURES = {
    names[0]: _exposure(_IDS.get(dialect, (CampaignId, VariationId)), names)
    for dialect, by_type in DIALECTS.items()
    for names in by_type.values()
}
_USUAL, *_OTHERS = _EXPOSURES


def _dialect(properties: Any) -> str:  # noqa: ANN401 - anything may come
    """Return the tag of the dialect whose campaign id is there."""
    there = [name for name in _OTHERS if isinstance(properties, dict) and name in properties]
    return f"with {there[0] if there else _USUAL}"


if TYPE_CHECKING:
    Exposure = _Properties  # a type checker cannot follow the vocabulary
else:
    Exposure = Annotated[
        reduce(or_, [Annotated[model, Tag(f"with {name}")] for name, model in _EXPOSURES.items()]),
        Discriminator(_dialect),
    ]
