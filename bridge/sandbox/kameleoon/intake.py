"""What Kameleoon makes of a message that the destination forwards: people, personas, remote data and conversions."""

import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bridge.models.data_api import MAX_KEY_LENGTH, TTL_HOURS
from bridge.models.segment import Forwarded
from bridge.sandbox.identity.audiences import membership
from bridge.sandbox.identity.goals import event_name
from bridge.sandbox.identity.observations import is_identifier, observed
from bridge.sandbox.identity.people import cohorts_map, identify_map
from bridge.sandbox.storage import Tables
from bridge.shared.vocabulary import COMMON_KEY, cohorts_key, identify_key


@dataclass(frozen=True)
class Received:
    """A message, as it came and as it was understood."""

    site_code: str
    body: dict[str, Any]
    message: Forwarded
    at: datetime


def take_in(tables: Tables, received: Received, goals: Callable[[], Collection[str]]) -> None:
    """Take in a message as a whole, and nothing but a row of the log when it was here before.

    Args:
        tables: Where it goes.
        received: The message.
        goals: Returns the names of the goals that the site's users have made.
    """
    site_code, message = received.site_code, received.message
    message_id = message.message_id or str(uuid.uuid4())
    row = {"siteCode": site_code, "body": received.body}
    if not tables.received.add(site_code, message_id):
        tables.log.append("destination.received", {**row, "duplicate": True})
        return
    arrival = tables.log.append("destination.received", row)
    observation = observed(message, received.at, arrival)
    touched = tables.people.observe(site_code, observation)
    learned = tables.people.learn(site_code, observation.personas)
    for persona in learned:
        touched |= tables.people.with_trait(site_code, persona)
    _write_maps(tables, site_code, touched)
    if learned:
        common = {COMMON_KEY: {"cohorts": tables.people.personas(site_code)}}
        tables.maps.write(site_code, common, TTL_HOURS, "merge")
    name = event_name(message)
    # What Kameleoon takes for personas or for linking is no conversion (Kameleoon help, steps 4 and 5).
    if name and not membership(message) and not is_identifier(message):
        goal = tables.goals.convert(site_code, message.type, name, goals)
        ids = sorted(observation.device_ids | ({observation.user.value} if observation.user else set()))
        tables.log.append("conversion", {"siteCode": site_code, "goal": goal, "messageId": message_id, "ids": ids})


def _write_maps(tables: Tables, site_code: str, ids: Iterable[str]) -> None:
    """Write what is known of people as remote data, under each of their ids."""
    personas = tables.people.personas(site_code)
    maps: dict[str, Any] = {}
    for one in sorted(ids):
        facts = tables.people.facts(site_code, one)
        maps[cohorts_key(one)] = cohorts_map(facts, personas)
        maps[identify_key(one)] = identify_map(facts)
    changed = _worth_writing(tables, site_code, {key: maps[key] for key in maps if len(key) <= MAX_KEY_LENGTH})
    if changed:
        tables.maps.write(site_code, changed, TTL_HOURS, "replace")


def _worth_writing(tables: Tables, site_code: str, maps: dict[str, Any]) -> dict[str, Any]:
    """Return all maps but the empty ones that are not there anyway."""
    empty = [key for key, fields in maps.items() if not fields]
    there = tables.maps.read(site_code, empty)
    return {key: fields for key, fields in maps.items() if fields or there[key]}
