"""Segment's messages: what its tracking API takes in (https://segment.com/docs/connections/spec/).

Every model keeps fields that it does not know: Segment passes them on untouched.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, model_validator
from pydantic.alias_generators import to_camel

from bridge.models.base import Model, adapter

#: Segment's HTTP API: "32KB per normal API request", also for each event of a batch.
MAX_EVENT_BYTES = 32 * 1024
#: Segment's HTTP API: "500KB per batch request".
MAX_BATCH_BYTES = 500 * 1024
#: Segment's HTTP API: at most 2500 events in a batch.
MAX_BATCH_EVENTS = 2500


def parse_time(text: str) -> datetime:
    """Return the moment that an ISO 8601 date and time names; without a zone it is UTC.

    Raises:
        ValueError: The text is not ISO 8601.
    """
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("must be an ISO 8601 date and time, such as 2024-04-05T12:39:11.600Z") from None


def _checked_time(text: str) -> str:
    parse_time(text)
    return text


Time = Annotated[str, AfterValidator(_checked_time)]


class Message(Model):
    """What an event may say, and a batch for each of its events that does not say otherwise."""

    model_config = ConfigDict(extra="allow", alias_generator=to_camel)

    context: dict[str, Any] | None = Field(None, title="Context", description="Where and how it happened.")
    integrations: dict[str, Any] | None = Field(
        None, title="Integrations", description="Destinations by name; false keeps the event from one."
    )
    sent_at: Time | None = Field(None, title="Sent at", description="The client's clock when it sent the event.")


class _Event(Message):
    message_id: str | None = Field(
        None,
        title="Message id",
        description="Unique to the event: one that was seen in the last 24 hours is dropped. A missing one is made up.",
        min_length=1,
        max_length=99,  # guides/duplicate-data: fewer than 100 characters
    )
    user_id: str | None = Field(None, title="User id", description="The customer's own id of a known visitor.")
    anonymous_id: str | None = Field(None, title="Anonymous id", description="Segment's id of a browser.")
    timestamp: Time | None = Field(None, title="Timestamp", description="The client's clock when it happened.")

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not (self.user_id or self.anonymous_id):
            raise ValueError("userId or anonymousId must be a string that is not empty")
        return self


class Track(_Event):
    """What a visitor did."""

    type: Literal["track"]
    event: str = Field(title="Event", description="Name of what the visitor did.", min_length=1)
    properties: dict[str, Any] | None = Field(None, title="Properties", description="More about it.")


class _View(_Event):
    name: str | None = Field(None, title="Name", description="Name of what was seen.")
    category: str | None = Field(None, title="Category", description="What kind of page or screen it is.")
    properties: dict[str, Any] | None = Field(None, title="Properties", description="More about it.")


class Page(_View):
    """A page that a visitor saw."""

    type: Literal["page"]


class Screen(_View):
    """A mobile app's screen that a visitor saw."""

    type: Literal["screen"]


class Identify(_Event):
    """Who a visitor is."""

    type: Literal["identify"]
    traits: dict[str, Any] | None = Field(None, title="Traits", description="What is known of the visitor.")


class Group(_Event):
    """Which account or company a visitor belongs to."""

    type: Literal["group"]
    group_id: str = Field(title="Group id", description="The customer's own id of the group.", min_length=1)
    traits: dict[str, Any] | None = Field(None, title="Traits", description="What is known of the group.")


class Alias(_Event):
    """Two ids that are one person."""

    type: Literal["alias"]
    previous_id: str | None = Field(None, title="Previous id", description="The id that userId takes over.")


Event = Annotated[Track | Page | Screen | Identify | Group | Alias, Field(discriminator="type")]
EVENT: TypeAdapter[Event] = adapter(Event)
#: What an event is, by its type.
EVENTS: Mapping[str, type[Message]] = {
    get_args(event.model_fields["type"].annotation)[0]: event for event in (Track, Page, Screen, Identify, Group, Alias)
}
BATCH = "batch"
#: What a call is called in an address below /v1/: its name; analytics.js posts to its first letter, old clients'
#: batches to `import`.
CALLS: Mapping[str, str] = {key: name for name in (*EVENTS, BATCH) for key in (name, name[0])} | {"import": BATCH}


@cache
def fields_of(message: type[Message]) -> Mapping[str, frozenset[Any]]:
    """Return a message's fields by their names on the wire, with what each holds: `str`, `Time`, `dict[str, Any]`."""
    return {
        to_camel(name): frozenset(get_args(field.annotation) or [field.annotation])
        for name, field in message.model_fields.items()
    }


class Forwarded(Model):
    """A message as the Kameleoon (Actions) destination sends it on: what each of its four actions has in the body.

    `properties` are the properties of an event, and the traits of an identify or a group call.
    """

    model_config = ConfigDict(extra="allow", alias_generator=to_camel)

    type: str = Field(title="Type", description="Of the event: track, page, identify, group, or what a mapping says.")
    message_id: str | None = Field(None, title="Message id", description="Unique to the event.", min_length=1)
    user_id: str | None = Field(None, title="User id", description="The customer's own id of a known visitor.")
    anonymous_id: str | None = Field(None, title="Anonymous id", description="Segment's id of a browser.")
    event: str | None = Field(None, title="Event", description="Name of what the visitor did.")
    name: str | None = Field(None, title="Name", description="Name of the page.")
    group_id: str | None = Field(None, title="Group id", description="The customer's own id of the group.")
    timestamp: str | None = Field(None, title="Timestamp", description="When it happened.")
    properties: dict[str, Any] | None = Field(None, title="Properties", description="Properties, or traits.")
    context: dict[str, Any] | None = Field(None, title="Context", description="Of a track or page event only.")


FORWARDED: TypeAdapter[Forwarded] = TypeAdapter(Forwarded)
