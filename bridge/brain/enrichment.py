"""The visitor code in every Segment event, where the Kameleoon (Actions) destination reads it."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Default mappings of the Kameleoon (Actions) destination: identify and group are read from traits.
_FIELD = {"track": "properties", "page": "properties", "identify": "traits", "group": "traits"}
_KEY = "kameleoonVisitorCode"


def enrichment(event: "dict[str, Any]", visitor_code: str) -> "dict[str, Any]":
    """Return what to set in ``event``: ``{field: {key: value}}``, empty where nothing is to be set.

    A code that the page set by itself stays.
    """
    field = _FIELD.get(event.get("type"))  # type: ignore[arg-type]
    if field is None:
        return {}
    present = event.get(field)
    if isinstance(present, dict) and present.get(_KEY):
        return {}
    return {field: {_KEY: visitor_code}}
