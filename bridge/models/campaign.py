"""Kameleoon's campaigns as the page sees them, and what is reported of them to Segment."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag
from pydantic.alias_generators import to_camel

from bridge.models.base import Model

CampaignId = Annotated[int, Field(ge=0, title="Campaign id", description="a campaign's id, a whole number")]
VariationId = Annotated[
    int, Field(ge=0, title="Variation id", description="a variation's id, a whole number, 0 for the control group")
]
CampaignName = Annotated[str, Field(title="Campaign name", description="the campaign's name, a text")]
VariationName = Annotated[str, Field(title="Variation name", description="the variation's name, a text")]
TextId = Annotated[str, Field(pattern="^[0-9]+$", title="Id", description="an id as a text of digits")]


class _Seen(Model):
    """Kameleoon's objects have more fields than are read."""

    model_config = ConfigDict(strict=True, frozen=True, alias_generator=to_camel)


class Variation(_Seen):
    """The variation of a campaign that a visitor sees; without an id: excluded."""

    id: VariationId | None = None
    name: VariationName | None = None


class Campaign(_Seen):
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


class SegmentDialect(_Properties):
    """The names and types of Segment's A/B testing specification."""

    experiment_id: TextId
    experiment_name: CampaignName
    variation_id: TextId
    variation_name: VariationName


class KameleoonDialect(_Properties):
    """The names of Kameleoon's native integration."""

    experiment_id: CampaignId = Field(alias="experimentId")
    experiment_name: CampaignName = Field(alias="experimentName")
    variation_id: VariationId = Field(alias="variationId")
    variation_name: VariationName = Field(alias="variationName")


class TemplateExperiment(_Properties):
    """The names of Kameleoon's public template, for an experiment."""

    experiment_id: CampaignId = Field(alias="experimentID")
    experiment_name: CampaignName = Field(alias="experimentName")
    variation_id: VariationId = Field(alias="variationID")
    variation_name: VariationName = Field(alias="variationName")


class TemplatePersonalization(_Properties):
    """The names of Kameleoon's public template, for a personalization."""

    personalization_id: CampaignId = Field(alias="personalizationID")
    personalization_name: CampaignName = Field(alias="personalizationName")
    variation_id: VariationId = Field(alias="variationID")
    variation_name: VariationName = Field(alias="variationName")


def _dialect(properties: Any) -> str:  # noqa: ANN401 - anything may come
    """Return the tag of the dialect whose campaign id is there."""
    for name in ("experimentId", "experimentID", "personalizationID"):
        if isinstance(properties, dict) and name in properties:
            return f"with {name}"
    return "with experiment_id"


Exposure = Annotated[
    Annotated[SegmentDialect, Tag("with experiment_id")]
    | Annotated[KameleoonDialect, Tag("with experimentId")]
    | Annotated[TemplateExperiment, Tag("with experimentID")]
    | Annotated[TemplatePersonalization, Tag("with personalizationID")],
    Discriminator(_dialect),
]
