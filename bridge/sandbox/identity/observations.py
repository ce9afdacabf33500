"""What a message of the destination says of people."""

from dataclasses import dataclass, field
from datetime import datetime

from bridge.models.segment import Forwarded, parse_time
from bridge.sandbox.identity.audiences import membership, personas_among
from bridge.sandbox.identity.people import GROUP, Fact, Facts, cohort, trait
from bridge.shared.vocabulary import (
    IDENTIFIER_EVENT,
    IDENTIFIER_PROPERTY,
    MAX_VISITOR_CODE_LENGTH,
    VISITOR_CODE,
    visitor_code,
)


@dataclass(frozen=True)
class Observation:
    """What one message says: of whom, and which facts."""

    device_ids: frozenset[str] = frozenset()
    user: Fact | None = None
    facts: Facts = field(default_factory=dict)
    #: Personas that the message proves to exist.
    personas: frozenset[str] = frozenset()


def is_identifier(message: Forwarded) -> bool:
    """Return whether a message is there to link ids, and for nothing else (Kameleoon help, step 4)."""
    return message.type == "track" and message.event == IDENTIFIER_EVENT


def observed(message: Forwarded, now: datetime, arrival: int) -> Observation:
    """Return what a message says of people.

    Args:
        message: The message.
        now: When it arrived: it is taken to have happened then when it does not say a moment.
        arrival: A number that is higher for each message that arrives.
    """
    properties = dict(message.properties or {})
    codes = [properties.pop(VISITOR_CODE, None)]
    if is_identifier(message):
        codes.append(properties.get(IDENTIFIER_PROPERTY))
    device_ids = frozenset(filter(None, (message.anonymous_id, *map(_visitor_code, codes))))
    at = _happened(message.timestamp, now)

    def said(value: object) -> Fact:
        return Fact(at, arrival, value)

    about = membership(message)
    facts: dict[str, Fact] = {}
    personas: frozenset[str] = frozenset()
    if message.type == "identify":
        facts = {trait(name): said(value) for name, value in properties.items()}
        personas = personas_among(properties, message.message_id or "")
    elif message.type == "group" and message.group_id:
        facts = {GROUP: said(message.group_id)}
    elif about:
        facts = {cohort(about[0]): said(about[1])}
        personas = frozenset((about[0],))
    # Kameleoon help, step 4: the user id may be the visitor code itself, and then names no user.
    user = said(message.user_id) if message.user_id and message.user_id not in device_ids else None
    return Observation(device_ids, user, facts, personas)


def _visitor_code(value: object) -> str | None:
    code = visitor_code(value)
    return code if 0 < len(code) <= MAX_VISITOR_CODE_LENGTH else None


def _happened(timestamp: str | None, now: datetime) -> float:
    try:
        return parse_time(timestamp or "").timestamp()
    except ValueError:
        return now.timestamp()
