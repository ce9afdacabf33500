"""Audience data: what Kameleoon's remote data holds of a visitor, and what a custom data may hold."""

from typing import Annotated, Any, Literal

from pydantic import (
    ConfigDict,
    Discriminator,
    Field,
    JsonValue,
    StringConstraints,
    Tag,
    TypeAdapter,
)
from pydantic.alias_generators import to_camel

from bridge.models.base import Model, adapter
from bridge.shared.vocabulary import MAX_VALUE_LENGTH

Scalar = (
    Annotated[bool, Field(title="Boolean")]
    | Annotated[int, Field(title="Integer")]
    | Annotated[float, Field(title="Number", allow_inf_nan=False)]
    | Annotated[str, StringConstraints(max_length=MAX_VALUE_LENGTH), Field(title="Text")]
)
CustomDataValue = Annotated[
    Annotated[Scalar, Tag("one")] | Annotated[list[Scalar], Tag("list")],
    Discriminator(lambda value: "list" if isinstance(value, list) else "one"),
    Field(
        title="Custom data value",
        description=f"a text of up to {MAX_VALUE_LENGTH} characters, a number, true or false, "
        "or a list of those; [] clears",
    ),
]
CUSTOM_DATA_VALUE: TypeAdapter[Any] = adapter(CustomDataValue, strict=True)


class _Map(Model):
    model_config = ConfigDict(strict=True, frozen=True, alias_generator=to_camel)


class Identify(_Map):
    """``IDENTIFY_<id>``: what an identify and a group call left."""

    traits: dict[str, JsonValue] | None = Field(
        None, title="Traits", description="a table of the visitor's traits by name"
    )
    group_id: str | int | None = Field(None, title="Group id", description="the visitor's group, a text or a number")


class Common(_Map):
    """``common``: what is known of the whole project."""

    cohorts: list[Annotated[str, Field(description="a persona's name, a text")]] = Field(
        [], title="Cohorts", description="a list of the names of all personas"
    )


Cohorts = Annotated[
    dict[
        str,
        Annotated[
            bool | Literal["true", "false"], Field(title="Member", description="true or false: whether it is theirs")
        ],
    ],
    Field(title="Cohorts", description="a table of personas by name, true for the visitor's"),
]


class Maps(_Map):
    """The answer to one question for all maps: by key, ``without_ids``."""

    cohorts: Cohorts | None = Field(None, alias="COHORTS")
    identify: Identify | None = Field(None, alias="IDENTIFY")
    common: Common | None = None


def without_ids(maps: object) -> object:
    """Return maps under their keys' kind alone: a key ends with the visitor's id, which no message should show."""
    return {str(key).partition("_")[0]: maps[key] for key in maps} if isinstance(maps, dict) else maps
