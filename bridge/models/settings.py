"""The settings of the bridge: JSON in the page, TOML or JSON at build time, this one model for both."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from bridge.models.base import Model
from bridge.models.relations import Related
from bridge.models.sitecode import SiteCode
from bridge.models.table import table_of
from bridge.models.violations import violations
from bridge.shared.rules import DISJOINT, DISTINCT, SettingsError, check
from bridge.shared.secrets import secrets
from bridge.shared.vocabulary import EXPOSURE_EVENT

Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]
# The path of a global, or of something below it: what JavaScript calls names, and dots between them.
GlobalPath = Annotated[
    str,
    StringConstraints(max_length=200, pattern="^[A-Za-z_$][A-Za-z0-9_$]*([.][A-Za-z_$][A-Za-z0-9_$]*)*$"),
]
# With a scheme, a port, and a path where a proxy has one: paths are put behind it, and it stands in a policy.
Host = Annotated[
    str,
    StringConstraints(max_length=200, pattern="^(https?://)?[-A-Za-z0-9_.]+(:[0-9]+)?(/[-A-Za-z0-9_.]+)*/?$"),
]
CampaignIds = Annotated[list[Annotated[int, Field(ge=0, description="a campaign's id, a whole number")]], Field()]
# A third of the 92 days that remote data live by default (Kameleoon Data API, ttlHours 2208): with much more, they are
# gone before they are read again. Who wants none to be read leaves custom_data out.
MAX_TTL_S = 31 * 86_400
_NAME = "the custom data's name in Kameleoon, 1 to 200 characters"


class _Model(Model):
    """Strict: TOML and JSON have types, so nothing is converted, and an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class Exposures(_Model):
    """Which activations of campaigns become events, and what the events look like."""

    event: Text = Field(EXPOSURE_EVENT, description="the event's name, 1 to 200 characters")
    dialect: Literal["segment", "kameleoon", "template"] = Field(
        "segment",
        description="property names: Segment's A/B spec, Kameleoon's native bridge, or Kameleoon's public template",
    )
    personalizations: bool = Field(default=True, description="true or false: personalizations too")
    personalization_event: Text | None = Field(
        None, description="the event's name for personalizations, 1 to 200 characters (none: as for experiments)"
    )
    only: CampaignIds | None = Field(None, description="a list of campaign ids, whole numbers: these only")
    except_: CampaignIds | None = Field(
        None, alias="except", description="a list of campaign ids, whole numbers: all but these"
    )
    once_per: Literal["view", "visit", "visitor"] = Field(
        "view", description="how often one variation counts: each view, once a visit, or once a visitor"
    )
    properties: dict[str, JsonValue] = Field({}, description="a table of properties that each exposure carries too")


class Personas(_Model):
    """A custom data that holds the names of the visitor's Segment personas."""

    name: Text = Field(description=_NAME)
    source: Literal["personas"]


class Trait(_Model):
    """A custom data that holds one Segment trait."""

    name: Text = Field(description=_NAME)
    source: Literal["trait"]
    trait: Text = Field(description="the trait's name, with dots into nested traits, 1 to 200 characters")


class Group(_Model):
    """A custom data that holds the visitor's Segment group id."""

    name: Text = Field(description=_NAME)
    source: Literal["group"]


CustomData = Annotated[Personas | Trait | Group, Field(discriminator="source")]


class Remote(_Model):
    """How personas, traits and groups are read from Kameleoon's remote data."""

    ttl: int = Field(
        300,
        ge=0,
        le=MAX_TTL_S,
        description=f"seconds that fetched data stays fresh, a whole number from 0 to {MAX_TTL_S} (31 days)",
    )
    data_host: Host | None = Field(
        None,
        description="the Data API's host as data.shop.example (none: Kameleoon's), for pages without its script",
    )


class Settings(_Model):
    """All settings; ``sitecode`` is the only one that has no default."""

    model_config = ConfigDict(json_schema_extra={"description": "a table of settings, at least sitecode"})

    sitecode: SiteCode
    engine: Literal["micropython", "pyodide"] = Field(
        "micropython", description="the Python that runs in the page: MicroPython, or Pyodide, the strict engine"
    )
    user_id: Literal["visitor_code", "segment"] = Field(
        "visitor_code",
        description="whose remote data is read: the visitor code's, or Segment's user id's, else its anonymous id's",
    )
    identifier: bool = Field(default=True, description="true or false: send the one-time Kameleoon identifier track")
    enrich: bool = Field(
        default=True, description="true or false: put the visitor code into every track, page, identify and group"
    )
    exposures: Annotated[Exposures, Related(DISJOINT, ["only", "except"])] = Field(
        Exposures(), description="the settings of exposure events, a table"
    )
    custom_data: Annotated[list[CustomData], Related(DISTINCT, "name")] = Field(
        [], description="a list of {name, source} with source personas, trait (and trait = its name) or group"
    )
    remote: Remote = Field(Remote(), description="the settings of remote data, a table")
    analytics: GlobalPath = Field(
        "analytics",
        description="the page's Segment instance: names joined by dots, a global or a path below it as shop.analytics",
    )
    consent: Literal["kameleoon", "manual", "none"] = Field(
        "kameleoon", description="follow Kameleoon's legal consent, wait for kameleoonSegment.consent(), or never wait"
    )
    debug: bool = Field(
        default=False,
        description="true or false: who adds ?kameleoon-segment-debug to a page's address sees the overlay",
    )
    schema_: str | None = Field(
        None, alias="$schema", exclude=True, description="where editors find these settings' JSON Schema; not looked at"
    )

    @model_validator(mode="before")
    @classmethod
    def _without_secrets(cls, data: object) -> object:
        found = secrets(data)
        if found:
            raise ValueError(f"{', '.join(found)}: a secret does not belong into a page")
        return data

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the settings in a ``.toml`` or ``.json`` file.

        Raises SettingsError, with a line for each mistake: the file, the setting, the value and what is accepted.
        """
        from bridge.models.reading import parsed  # noqa: PLC0415 - a page imports this module, and reads no file

        try:
            text = path.read_text(encoding="utf-8-sig")  # some editors begin a file with a byte order mark
            data = parsed(text, "TOML" if path.suffix == ".toml" else "JSON")
        except OSError as error:
            raise SettingsError(
                f"{path}: cannot be read ({error.strerror}); accepted is a .toml or .json file"
            ) from error
        except ValueError as error:
            raise SettingsError(f"{path}: {error}; accepted is TOML in .toml, JSON in any other file") from error
        problems = check(data, table())
        if problems:
            raise SettingsError(*[f"{path}: {problem}" for problem in problems])
        try:
            return cls.model_validate(data)
        except ValidationError as error:  # what TOML has and JSON has not: a date, say
            wrong = [str(one).removeprefix(".") for one in violations("", data, TypeAdapter(cls), error)]
            raise SettingsError(*[f"{path}: {one}" for one in wrong]) from None


def table() -> dict[str, Any]:
    """Return the rules of all settings as page code reads them. Raises RuleError."""
    return table_of(Settings.model_json_schema())
