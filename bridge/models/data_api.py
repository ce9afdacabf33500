"""Messages of Kameleoon's Data API: maps of remote data, and visits."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from pydantic.alias_generators import to_camel

from bridge.models.sitecode import SiteCode
from bridge.shared.vocabulary import MAX_VISITOR_CODE_LENGTH

#: POST /map/maps: a body of at most 1 MB.
MAX_BODY_BYTES = 1024 * 1024
#: POST /map/maps: how long a map lives unless the writer says otherwise, 92 days.
TTL_HOURS = 2208
#: GET /map/maps: at most 100 keys at a time.
MAX_KEYS = 100

#: Name of a map.
MAX_KEY_LENGTH = 100
Key = Annotated[
    str,
    Field(max_length=MAX_KEY_LENGTH, title="Key", description=f"Name of a map, at most {MAX_KEY_LENGTH} characters."),
]
FieldName = Annotated[str, Field(max_length=1024, title="Field", description="At most 1024 characters.")]
VisitorCode = Annotated[
    str,
    Field(
        max_length=MAX_VISITOR_CODE_LENGTH,
        title="Visitor code",
        description=f"At most {MAX_VISITOR_CODE_LENGTH} characters.",
    ),
]
MapMode = Literal["merge", "replace"]

#: Body of POST /map/maps. A field that is null is deleted, and a map that is {} is deleted as a whole.
MAPS: TypeAdapter[dict[str, dict[str, Any]]] = TypeAdapter(dict[Key, dict[FieldName, Any]])
#: GET /map/maps, the decoded `keys`.
KEYS: TypeAdapter[list[str]] = TypeAdapter(Annotated[list[Key], Field(max_length=MAX_KEYS)])
#: POST /visit/events with json=true.
VISIT_EVENTS: TypeAdapter[list[dict[str, Any]]] = TypeAdapter(list[dict[str, Any]])


class _Query(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)

    site_code: SiteCode


class ReadMap(_Query):
    """Query of GET /map/map and of the legacy GET /data."""

    key: Key


class ReadMaps(_Query):
    """Query of GET /map/maps."""

    keys: str = Field(title="Keys", description=f"A JSON list of at most {MAX_KEYS} keys.")


class WriteMaps(_Query):
    """Query of POST /map/maps."""

    ttl_hours: int = Field(
        TTL_HOURS, ge=1, le=8784, title="Time to live", description="Hours until a map expires: 92 days, at most 366."
    )
    mode: MapMode | None = Field(
        None,
        title="Mode",
        description="Sandbox only: whether fields that are not written stay (merge) or go (replace).",
    )


class WriteVisit(_Query):
    """Query of POST /visit/events."""

    visitor_code: VisitorCode | None = None
    json_body: bool = Field(
        default=False, alias="json", title="JSON", description="The body is a JSON list, not url-encoded."
    )
