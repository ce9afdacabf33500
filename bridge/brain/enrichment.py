"""The visitor code in every Segment event, where the Kameleoon (Actions) destination reads it."""

from bridge.shared.vocabulary import VISITOR_CODE, VISITOR_CODE_FIELDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def enrichment(event: "dict[str, Any]", visitor_code: str) -> "dict[str, Any]":
    """Return what to set in ``event``: ``{field: {key: value}}``, empty where nothing is to be set.

    A code that the page set by itself stays.
    """
    field = VISITOR_CODE_FIELDS.get(event.get("type"))  # type: ignore[arg-type]
    if field is None:
        return {}
    present = event.get(field)
    if isinstance(present, dict) and present.get(VISITOR_CODE):
        return {}
    return {field: {VISITOR_CODE: visitor_code}}
