"""The visitor code in every Segment event, where the Kameleoon (Actions) destination reads it."""

from bridge.shared.vocabulary import VISITOR_CODE, VISITOR_CODE_FIELDS, VISITOR_CODE_WAIT_MS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Enrichment:
    """Says what becomes of an event of the page's own: what to put in, or to hold it."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._waiting_since: float | None = None  # the first event that had no visitor code

    def answer(self, event: "dict[str, Any]", visitor_code: str, consent: "bool | None", up: float) -> "dict[str, Any]":
        """Return ``{"set": {field: {key: value}}}``, ``{"hold": whether to hold it}``, or nothing to do: ``{}``.

        Without consent the visitor code is nobody's business, and no event waits for a consent banner.
        """
        if not self._enabled:
            return {}
        if visitor_code:
            return {"set": enrichment(event, visitor_code)} if consent else {}
        if self._waiting_since is None:
            self._waiting_since = up
        return {"hold": up - self._waiting_since < VISITOR_CODE_WAIT_MS}


def enrichment(event: "dict[str, Any]", visitor_code: str) -> "dict[str, Any]":
    """Return what to set in ``event``: ``{field: {key: value}}``, empty where nothing is to be set.

    A code that the page set by itself stays.
    """
    field = VISITOR_CODE_FIELDS.get(event.get("type", ""))
    if field is None:
        return {}
    return {field: {VISITOR_CODE: visitor_code}} if needs_code(event.get(field)) else {}


def needs_code(fields: "Any") -> bool:
    """Return whether the visitor code belongs in an event's properties or traits, and is not there."""
    return not (isinstance(fields, dict) and fields.get(VISITOR_CODE))
