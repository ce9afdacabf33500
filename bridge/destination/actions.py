"""The destination's four actions with their fields and default mappings, its settings and its presets.

Facts: Segment action-destinations destinations/kameleoon (index.ts and each action's index.ts). The order of the fields
is the order of the members in what is sent.
"""

from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ConfigDict
from pydantic import Field as ModelField

from bridge.destination.jsvalues import Json
from bridge.destination.validation import Field
from bridge.shared.vocabulary import VISITOR_CODE, VISITOR_CODE_FIELDS


def _path(path: str) -> dict[str, Json]:
    return {"@path": f"$.{path}"}


def _first(path: str, otherwise: str) -> dict[str, Json]:
    return {"@if": {"exists": _path(path), "then": _path(path), "else": _path(otherwise)}}


def _visitor_code(*event_types: str) -> Field:
    """Return the field that takes the visitor code from where these types of events have it."""
    paths = [f"{VISITOR_CODE_FIELDS[event_type]}.{VISITOR_CODE}" for event_type in event_types]
    return Field(VISITOR_CODE, "Kameleoon Visitor Code", default=_path(*paths) if len(paths) == 1 else _first(*paths))


def _message_id(*, required: bool = True) -> Field:
    return Field("messageId", "MessageId", required=required, default=_path("messageId"))


_WHO: Final = (
    Field("anonymousId", "Anonymous ID", default=_path("anonymousId")),
    Field("userId", "User ID", default=_path("userId")),
)
_TYPE: Final = Field("type", "Type", required=True, default=_path("type"))
_TRAITS: Final = Field("properties", "User Traits", "object", default=_path("traits"))
_TRAITS_CODE: Final = _visitor_code("identify")
_TIMESTAMP: Final = Field("timestamp", "Timestamp", required=True, date_time=True, default=_path("timestamp"))
_CONTEXT: Final = Field("context", "Context properties", "object", default=_path("context"))


@dataclass(frozen=True)
class Action:
    """One thing the destination can do with an event; all four send the same request with other fields."""

    slug: str
    title: str
    preset: str
    event_type: str
    fields: tuple[Field, ...]


class Subscription(BaseModel):
    """A mapping as users build it: which events (`subscribe`), which action, and what of the event it is given."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    name: str | None = None
    subscribe: Any = None
    partner_action: str = ModelField(alias="partnerAction")
    mapping: Any = None


ACTIONS: Final = {
    action.slug: action
    for action in (
        Action(
            "logEvent",
            "Log Event",
            "Track Calls",
            "track",
            (
                *_WHO,
                Field("event", "Event Name", default=_first("event", "name")),
                _TYPE,
                Field(
                    "properties",
                    "Event properties or user traits",
                    "object",
                    default=_first("properties", "traits"),
                ),
                _visitor_code("track", "identify"),
                _TIMESTAMP,
                _CONTEXT,
                _message_id(),
            ),
        ),
        Action(
            "page",
            "Page Event",
            "Page Calls",
            "page",
            (
                *_WHO,
                _TYPE,
                Field("properties", "Properties", "object", default=_path("properties")),
                _visitor_code("page"),
                Field("name", "Page Name", default=_path("name")),
                _CONTEXT,
                _TIMESTAMP,
                _message_id(required=False),
            ),
        ),
        Action(
            "group",
            "Group Event",
            "Group Calls",
            "group",
            (
                *_WHO,
                _TYPE,
                Field("groupId", "Group ID", required=True, default=_path("groupId")),
                _TRAITS,
                _TRAITS_CODE,
                _TIMESTAMP,
                _message_id(),
            ),
        ),
        Action(
            "identify",
            "Identify Event",
            "Identify Calls",
            "identify",
            (*_WHO, _TYPE, _TRAITS, _TRAITS_CODE, _TIMESTAMP, _message_id()),
        ),
    )
}

SETTINGS: Final = (Field("apiKey", "API Key", required=True), Field("sitecode", "Sitecode", required=True))

PRESETS: Final = tuple(
    Subscription(
        name=action.preset,
        subscribe=f'type = "{action.event_type}"',
        partner_action=action.slug,
        mapping={field.key: field.default for field in action.fields},
    )
    for action in ACTIONS.values()
)
"""The subscriptions that Segment creates when the destination is connected, in its order."""
