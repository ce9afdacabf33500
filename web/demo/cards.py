"""What the demo's panel says of the sandbox's log: plain Python, for MicroPython in the page and for unit tests.

A row of the log is a dict, as ``GET /sandbox/log`` describes it. MicroPython's dicts have no order: where one is shown,
it is made here.
"""

import json

from bridge.shared.vocabulary import (
    DIALECTS,
    EXPERIMENT,
    EXPOSURE_EVENT,
    IDENTIFIER_EVENT,
    IDENTIFIER_PROPERTY,
    VISITOR_CODE,
    VISITOR_CODE_FIELDS,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Row = dict[str, Any]

_SEGMENT = ("track", "page", "identify", "group", "screen", "alias")
_ENGINES = {"micropython": "MicroPython", "pyodide": "Pyodide"}
_PROPERTIES = DIALECTS["segment"][EXPERIMENT]  # of an exposure; the demo's bridge.toml names no other dialect
_CAMPAIGN_NAME = _PROPERTIES[1]
#: What an event's card begins with.
_FIRST = (IDENTIFIER_PROPERTY,) + _PROPERTIES


def summary(row: "Row") -> "tuple[str, str]":
    """Return one line for a row: whose it is, and what it says."""
    kind = row["kind"]
    if kind in _SEGMENT:
        return "Segment", _call(kind, row["event"]) + (" (again, dropped)" if row.get("duplicate") else "")
    if kind == "dropped":
        return "Dropped", row["reason"]
    if kind == "rejected":
        return "Rejected", f"{row['method']} {row['path']}: {row['reason']}"
    return "Kameleoon", _at_kameleoon(row)


def _call(kind: str, event: "dict[str, Any]") -> str:
    if kind == "track":
        properties = event.get("properties") or {}
        about = properties.get(_CAMPAIGN_NAME) or properties.get("audience_key")
        return f"{event['event']}: {about}" if about else event["event"]
    if kind in ("page", "screen"):
        return f"{kind} {event['name']}" if event.get("name") else kind
    if kind == "identify":
        return f"identify {event.get('userId') or event.get('anonymousId')}"
    return kind


def _at_kameleoon(row: "Row") -> str:
    kind: str = row["kind"]
    if kind == "visit":
        return "visit: " + ", ".join([event["eventType"] for event in row["events"]])
    if kind == "data_api.get":
        return "data read: " + _kinds(row["keys"])
    if kind == "data_api.set":
        return "data written: " + _kinds(row["maps"])
    if kind == "destination.received":
        return f"destination: {row['body'].get('event') or row['body'].get('type')}"
    if kind == "conversion":
        return f"conversion: {row['goal']}"
    return kind


def _kinds(keys: "list[str] | dict[str, Any]") -> str:
    """COHORTS_<id> and its like, without whose: that is in the row."""
    return ", ".join(sorted({key.split("_")[0] for key in keys}))


def is_enriched(row: "Row") -> bool:
    """Return whether the event carries the visitor code where the Kameleoon (Actions) destination looks for it."""
    event = row.get("event") or {}
    return any((event.get(field) or {}).get(VISITOR_CODE) for field in VISITOR_CODE_FIELDS.values())


def tag(row: "Row") -> str:
    """Return what a row's line says at its end, empty for nothing."""
    return " · ".join((["changed"] if row.get("notes") else []) + (["+ visitor code"] if is_enriched(row) else []))


def find_identifier(rows: "list[Row]", code: "str | None") -> "Row | None":
    """Return the last Kameleoon identifier of a visitor."""
    for row in _tracks(rows, IDENTIFIER_EVENT):
        if code and (row["event"].get("properties") or {}).get(IDENTIFIER_PROPERTY) == code:
            return row
    return None


def find_exposure(rows: "list[Row]", since: str) -> "Row | None":
    """Return the last exposure to an experiment since a moment: ISO 8601 texts have the order of their times."""
    for row in _tracks(rows, EXPOSURE_EVENT):
        event = row["event"]
        if (event.get("properties") or {}).get("campaign_type") == EXPERIMENT and event["timestamp"] >= since:
            return row
    return None


def _tracks(rows: "list[Row]", name: str) -> "list[Row]":
    """Return what was tracked by this name, without what was dropped, the last first."""
    return [
        row
        for row in reversed(rows)
        if row["kind"] == "track" and not row.get("duplicate") and row["event"]["event"] == name
    ]


def identifier_facts(event: "dict[str, Any]") -> "list[tuple[str, str]]":
    """Return the lines of the identifier's card: its properties, and whose it is."""
    ids = {name: event[name] for name in ("anonymousId", "userId") if event.get(name)}
    properties = dict(event["properties"])
    properties.update(ids)
    return facts(properties)


def facts(properties: "dict[str, Any]") -> "list[tuple[str, str]]":
    """Return an event's properties as texts: the important ones first, the others by name."""
    names = [name for name in _FIRST if name in properties]
    names += sorted([name for name in properties if name not in _FIRST])
    return [(name, _text(properties[name])) for name in names]


def _text(value: "Any") -> str:
    return value if isinstance(value, str) else json.dumps(value)


def known(value: "Any") -> str:
    """Return the value of a custom data as it is shown: a list, a text, or nothing."""
    return ", ".join(value) if isinstance(value, list) else value or ""


def status_line(status: "dict[str, Any]") -> str:
    """Return one line for what the bridge says of itself."""
    engine = status.get("engine")
    ready = (status.get("timings") or {}).get("ready")
    errors = status.get("errors") or []
    checked = status.get("checked")
    return " · ".join(
        [f"Bridge {status['state']}"]
        + ([_ENGINES.get(engine, engine)] if engine else [])
        + ([f"ready after {round(ready)} ms"] if ready is not None else [])
        + ([f"{checked} messages checked"] if checked else [])
        + ([f"{len(errors)} reported: {errors[-1]['what']}"] if errors else [])
    )
