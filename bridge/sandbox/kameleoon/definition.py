"""What a Kameleoon project says of itself: all options of the emulated script, their defaults and their meaning.

``web/sandbox/kameleoon/types.d.ts`` has the same names for the script's modules; a test compares the two. The numbers
are the sections of our fact sheet on Kameleoon.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    TypeAdapter,
    model_serializer,
    model_validator,
)
from pydantic.alias_generators import to_camel

from bridge.models.sitecode import SiteCode

Milliseconds = Annotated[int, Field(ge=0)]
#: Percent of the visitors, by the variation's id; what is missing to 100 is excluded.
Deviation = dict[Annotated[str, Field(pattern="^[0-9]+$")], Annotated[float, Field(ge=0, le=100)]]


class _Definition(BaseModel):
    """Strict: an option that does not exist, or a text where a number belongs, is a mistake."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", strict=True, frozen=True)


class Variation(_Definition):
    """A variation; the control, id 0, is not listed."""

    id: int = Field(ge=1)
    name: str
    apply: dict[str, str] = Field({}, description="Texts, by the selector of the element that gets them.")


class Targeting(_Definition):
    """Whom a campaign is for; everybody, when it is left out."""

    custom_data: str | None = Field(None, description="The name of a custom data, with `value`.")
    value: Any = Field(None, description="A value that the custom data must have.")
    event: str | None = Field(None, description="The name of an event that Events.trigger was called with.")
    url_contains: str | None = Field(None, description="A part of the page's address.")


class Segment(_Definition):
    """What a campaign's segment is called."""

    id: int
    name: str


class Campaign(_Definition):
    """What experiments and personalizations have in common."""

    id: int
    name: str
    variations: list[Variation] = []
    deviation: Deviation | None = Field(None, description="Percent by variation id; without, all are equally likely.")
    force: int | None = Field(None, description="A variation for everybody; null excludes everybody.")
    targeting: Targeting | None = None
    segment: Segment | None = None

    @model_serializer(mode="wrap")
    def _with_force_only_where_given(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Null is a wish, too, and another one than none."""
        fields: dict[str, Any] = handler(self)
        return {name: fields[name] for name in fields if name != "force" or "force" in self.model_fields_set}


class Experiment(Campaign):
    """An experiment. Its control group has variation 0."""

    feature_flag: bool = Field(default=False, description="Hybrid: it runs only when it is triggered.")
    ai_allocated: bool = Field(default=False, description='" (Predicteo)" is put after the variation\'s name (9.6).')


class Personalization(Campaign):
    """A personalization: one that is shown never has variation 0 (9.2)."""

    suppressed: Literal["priority", "capping", "exclusion", "exclusion_group"] | None = Field(
        None, description="Why it is not shown to a visitor that it targets (9.2)."
    )
    suppressed_variation: Literal["reference", "null", "absent"] | None = Field(
        None, description="What its associatedVariation is then (9.2); by default as the dialect has it."
    )

    @model_validator(mode="after")
    def _without_a_control(self) -> Self:
        if self.force == 0 or "0" in (self.deviation or {}):
            raise ValueError("a personalization has no variation 0; `suppressed` is how it is not shown")
        if self.suppressed_variation and not self.suppressed:
            raise ValueError("suppressedVariation goes with `suppressed`")
        return self


class CustomData(_Definition):
    """A custom data (3.1)."""

    index: int
    name: str
    type: Literal["UNIQUE", "LIST", "COUNT_LIST"]
    format: Literal["string", "boolean", "number"] = "string"
    scope: Literal["PAGE", "VISIT", "VISITOR"]
    method: str = Field("CLIENT", description="As Kameleoon names it. Only `customEvalCode` does anything here.")
    custom_eval_code: str | None = Field(None, description='Body of the "custom JavaScript code" (3.2).')
    local_only: bool = Field(default=False, description="Its values never leave the browser.")


class Goal(_Definition):
    """A goal that somebody made."""

    id: int
    name: str
    type: str


class Definition(_Definition):
    """A project. All but the site code may be left out."""

    site_code: SiteCode
    data_url: str | None = Field(None, description="Origin of the Data API; the script's own by default.")
    dialect: Literal[2022, 2025, 2026] = Field(
        2026, description="Whose script it is: web/sandbox/kameleoon/dialect.js says what differs."
    )
    experiments: list[Experiment] = []
    personalizations: list[Personalization] = []
    custom_data: list[CustomData] = []
    goals: list[Goal] = []
    global_script: str = Field("", description="Code that runs before the queue, in each run.")
    custom_integrations: list[str] = Field([], description="Bodies of custom integrations (2.5).")
    escape_variation_names: bool = Field(
        default=False, description="Whether an apostrophe in a variation's name no longer breaks integrations (2.5)."
    )
    native_segment: bool = Field(
        default=False,
        description='The native "Segment" reporting tool (2.1, 9.14): of the script of 2022 for certain.',
    )
    consent: Literal["none", "required"] = Field("none", description="Whether the project asks for it (1.7).")
    before_consent: Literal["all", "block"] = Field("all", description="Which campaigns run while it is unknown.")
    after_refusal: Literal["all", "block"] = Field("all", description="Which campaigns run after a no.")
    single_page: bool = Field(default=False, description="The site's setting of that name (1.8, 9.10).")
    runtime_delay: Milliseconds = Field(0, description="From Loaded to the run.")
    visitor_delay: Milliseconds = Field(0, description="From then on, in which Visitor reads null.")
    records_delay: Annotated[int, Field(ge=1)] = Field(
        50,
        description="From the last event of a round to the visit's records of it (9.1: 1 to 400 ms, more with slow "
        "variation code): CurrentVisit, own tracking and integrations. A record's time is that of its writing.",
    )


DEFINITION: TypeAdapter[Definition] = TypeAdapter(Definition)


def script_json(definition: Definition) -> dict[str, Any]:
    """Return a definition as the script reads it: JSON with every default put in."""
    return definition.model_dump(mode="json", by_alias=True)
