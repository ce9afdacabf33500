"""What clients send, made into events that destinations may see: each for itself, and nothing changes silently.

What is done with what does not belong there, and how that is known, stands in `leniency`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bridge.destination.jsvalues import is_number, number_to_string
from bridge.models.segment import EVENT, EVENTS, MAX_BATCH_EVENTS, MAX_EVENT_BYTES, Message, Time, fields_of, parse_time
from bridge.models.violations import explained, outlined
from bridge.sandbox.clock import iso
from bridge.sandbox.segment.times import read_time
from bridge.shared.wording import cut, kind

Json = dict[str, Any]

#: Fields that concern the way to Segment, not the destinations.
_TRANSPORT = ("writeKey", "_metadata")
#: What tells a reader of the log which event it was.
_TELLING = ("type", "event", "userId", "anonymousId", "messageId")
_OLD_TYPE = "action"
_MESSAGE_ID = "messageId"
_INSTEAD = {"timestamp": "the time of receipt counts", "sentAt": "the client's clock is not corrected"}


@dataclass(frozen=True)
class Taken:
    """An event as destinations may see it."""

    event: Json
    notes: list[str]
    """A line for each change: the place, what belongs there, what was there, what was made of it."""


@dataclass(frozen=True)
class Dropped:
    """An event that goes no further than the log."""

    reason: str
    """One line: the place, what belongs there, what was there."""
    about: dict[str, str]
    """What tells which event it was, as text, cut short."""
    refused: bool = False
    """Whether its request is answered with 400, for Segment's documents say so."""


class _Unfit(Exception):  # noqa: N818  # it is an outcome
    def __init__(self, reason: str, *, refused: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.refused = refused


def from_call(call: str, body: Json) -> Taken | Dropped:
    """Return what becomes of the body of a call such as `track`."""
    return _outcome(body, "body", call)


def from_batch(body: Json) -> list[Taken | Dropped]:
    """Return what becomes of each event in the body of a batch, in their order."""
    items = body.get("batch")
    if not isinstance(items, list) or not items:
        got = "an empty list" if items == [] else kind(items)
        return [Dropped(f"body.batch: must be a list of events, got {got}", {})]
    common, notes = _read({name: body[name] for name in fields_of(Message) if name in body}, "body", Message)
    outcomes = [
        _outcome(item, f"body.batch[{place}]", None, common, notes)
        for place, item in enumerate(items[:MAX_BATCH_EVENTS])
    ]
    if len(items) > MAX_BATCH_EVENTS:
        reason = (
            f"body.batch: must be at most {MAX_BATCH_EVENTS} events, got {len(items)}; those after them are dropped"
        )
        outcomes.append(Dropped(reason, {}))
    return outcomes


def _outcome(
    item: object, place: str, call: str | None, common: Mapping[str, Any] | None = None, notes: Sequence[str] = ()
) -> Taken | Dropped:
    """Return what becomes of an event.

    Args:
        item: What was sent.
        place: Where it stood.
        call: Of which type it is; None: the event says so itself.
        common: What holds where it does not say otherwise.
        notes: Changes that concern it, but were made elsewhere.
    """
    try:
        return _taken(item, place, call, common or {}, [*notes])
    except _Unfit as unfit:
        telling = {name: item.get(name) for name in _TELLING} if isinstance(item, dict) else {}
        about = {name: _told(value) for name, value in telling.items() if value is not None}
        return Dropped(unfit.reason, about, unfit.refused)


def _taken(item: object, place: str, call: str | None, common: Mapping[str, Any], notes: list[str]) -> Taken:
    if not isinstance(item, dict):
        # Not what was there: that may be anything, a write key among it.
        raise _Unfit(f"{place}: must be an object, got {kind(item)}")
    _require_size(item, place)
    typed = {**item, "type": _type(item, place, call, notes)}
    event, changes = _read(typed, place, EVENTS[typed["type"]])
    event |= {name: _joined(value, event.get(name)) for name, value in common.items()}
    try:
        EVENT.validate_python(event)
    except ValidationError as error:
        raise _Unfit(explained(error, place, tagged=True)) from None
    return Taken({name: value for name, value in event.items() if name not in _TRANSPORT}, notes + changes)


def _told(value: object) -> str:
    return cut(value) if isinstance(value, str) else outlined(value)


def _require_size(event: Json, place: str) -> None:
    try:
        text = json.dumps(event, separators=(",", ":"), ensure_ascii=False)
    except RecursionError:
        raise _Unfit(f"{place}: is nested too deep", refused=True) from None
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_EVENT_BYTES:
        raise _Unfit(f"{place}: an event must be at most {MAX_EVENT_BYTES} bytes of JSON, got {size}", refused=True)


def _type(event: Json, place: str, call: str | None, notes: list[str]) -> str:
    sent = event.get("type")
    if call is not None:
        if sent not in (None, call):
            notes.append(f"{place}.type: must be {call}, as the call, got {outlined(sent)}; taken as {call}")
        return call
    old = event.get(_OLD_TYPE)
    if sent is None and isinstance(old, str) and old in EVENTS:
        notes.append(f"{place}.type: must be there, got only {_OLD_TYPE} {outlined(old)}; taken as {old}")
        return old
    if not isinstance(sent, str) or sent not in EVENTS:
        got = "nothing" if sent is None else outlined(sent)
        raise _Unfit(f"{place}.type: must be one of {', '.join(EVENTS)}, got {got}")
    return sent


def _read(sent: Json, place: str, message: type[Message]) -> tuple[Json, list[str]]:
    """Return what was sent with its fields as the model has them, as far as they can be read so, and what changed."""
    read, notes = dict(sent), []
    for name, held in fields_of(message).items():
        value = sent.get(name)
        if value is None:
            if dict[str, Any] in held:
                read.pop(name, None)
            continue
        if str in held and is_number(value):
            read[name] = number_to_string(value)
            wanted, instead = "a text", f"taken as {outlined(read[name])}"
        elif dict[str, Any] in held and value == []:
            read[name] = {}
            wanted, instead = "an object", "taken as {}"
        elif name == _MESSAGE_ID and (not isinstance(value, str) or not value):
            del read[name]
            wanted, instead = "a text that is not empty", "a new one is made"
        elif Time in held and not _is_iso(value):
            moment = read_time(value)
            wanted = "an ISO 8601 date and time"
            if moment is None:
                del read[name]
                instead = _INSTEAD[name]
            else:
                read[name] = iso(moment)
                instead = f"taken as {read[name]}"
        else:
            continue
        notes.append(f"{place}.{name}: must be {wanted}, got {outlined(value)}; {instead}")
    return read, notes


def _is_iso(value: object) -> bool:
    """Return whether a time is as the model has it, and no number of seconds that looks so."""
    try:
        return isinstance(value, str) and not value.isdecimal() and bool(parse_time(value))
    except ValueError:
        return False


def _joined(common: Any, own: Any) -> Any:  # noqa: ANN401  # JSON
    """Return an event's own value, that of its batch where it has none, and both as one where they are objects."""
    if own is None:
        return common
    if isinstance(own, dict):
        # A batch's value that is no object must not be lost silently: the event is dropped for it.
        return {**common, **own} if isinstance(common, dict) else common
    return own
