"""Kameleoon's receiving side of the destination: API keys, and the events that Segment's cloud forwards."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bridge.models.data_api import MAX_BODY_BYTES, MAX_KEY_LENGTH, TTL_HOURS
from bridge.models.segment import FORWARDED, Forwarded
from bridge.models.sitecode import SITE_CODE
from bridge.sandbox.audiences import membership
from bridge.sandbox.credentials import Credentials
from bridge.sandbox.goals import event_name
from bridge.sandbox.observing import is_identifier, observed
from bridge.sandbox.people import cohorts_map, identify_map
from bridge.sandbox.project import Project
from bridge.sandbox.settings import Settings
from bridge.sandbox.store import Store, Tables
from bridge.sandbox.wire import OBJECT, Refusal, answer, parse_json, query, read_body, validated


class Receiver:
    """The receiving side's endpoints."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._now = settings.now
        self._project = Project(settings.web)
        self._own_key = settings.destination and settings.destination.api_key

    async def make_key(self, request: Request) -> Response:
        """GET /kameleoon/segmentio/getapikey?id=&secret=: the API key, as text. From now on it is known."""
        client = query(request, Credentials)

        def job(tables: Tables) -> None:
            tables.account.add_key(client.fingerprint())
            tables.log.append("apikey.made", {})

        await self._store.run(job)
        return PlainTextResponse(client.api_key(), headers={"cache-control": "no-store"})

    async def check_key(self, request: Request) -> Response:
        """GET /segmentio/getapikey?id=&secret=: how Segment's settings page finds out whether an API key is good.

        Raises:
            Refusal: 401, it is not.
        """
        try:
            client = Credentials.model_validate(dict(request.query_params))
        except ValidationError:
            raise Refusal(401, "query: id and secret must both be there") from None

        def job(tables: Tables) -> None:
            self._require_known(tables, client)
            tables.log.append("apikey.checked", {})

        await self._store.run(job)
        return answer({"success": True}, headers={"cache-control": "no-store"})

    async def receive(self, request: Request) -> Response:
        """POST /segmentio: an event that the destination forwards.

        Raises:
            Refusal: 401 for an unknown API key, 400 for a wrong site code or body.
        """
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        client = Credentials.of_key(key) if scheme.lower() == "basic" else None
        if client is None:
            raise Refusal(401, "authorization: must be Basic with the API key, base64 of the JSON of id and secret")
        site_code = validated(SITE_CODE, request.headers.get("x-segment-settings"), "x-segment-settings")
        body = validated(OBJECT, parse_json(await read_body(request, MAX_BODY_BYTES)))
        message = validated(FORWARDED, body)
        now = self._now()

        def job(tables: Tables) -> None:
            self._require_known(tables, client)
            _take_in(tables, site_code, message, body, now, self._project)

        await self._store.run(job)
        return answer({"success": True})

    def _require_known(self, tables: Tables, client: Credentials) -> None:
        if client.api_key() != self._own_key and not tables.account.knows_key(client.fingerprint()):
            raise Refusal(401, "API key: is unknown; make one at /kameleoon/segmentio/getapikey?id=…&secret=…")


def _take_in(  # noqa: PLR0913, PLR0917  # a message, and what is needed to understand it
    tables: Tables, site_code: str, message: Forwarded, body: dict[str, Any], now: datetime, project: Project
) -> None:
    """Take in a message as a whole: people, personas, remote data and conversion; nothing of one that was here."""
    message_id = message.message_id or str(uuid.uuid4())
    row = {"siteCode": site_code, "body": body}
    # Without a time limit: a dead letter may be sent again after any time.
    if not tables.account.receive(site_code, message_id):
        tables.log.append("destination.received", {**row, "duplicate": True})
        return
    tables.log.append("destination.received", row)
    observation = observed(message, message_id, now)
    touched = tables.people.observe(site_code, observation)
    learned = tables.people.learn(site_code, observation.personas)
    for persona in learned:
        touched |= tables.people.with_trait(site_code, persona)
    _write_maps(tables, site_code, touched)
    if learned:
        common = {"common": {"cohorts": tables.people.personas(site_code)}}
        tables.maps.write(site_code, common, TTL_HOURS, "merge")
    name = event_name(message)
    # Those that Kameleoon takes as personas or for linking are no conversions (Kameleoon help, steps 4 and 5).
    if name and not membership(message) and not is_identifier(message):
        goal = tables.account.convert(site_code, message.type, name, project.goals)
        ids = sorted(observation.device_ids | ({observation.user.value} if observation.user else set()))
        tables.log.append("conversion", {"siteCode": site_code, "goal": goal, "messageId": message_id, "ids": ids})


def _write_maps(tables: Tables, site_code: str, ids: Iterable[str]) -> None:
    """Write what is known of people as remote data, under each of their ids."""
    personas = tables.people.personas(site_code)
    maps: dict[str, Any] = {}
    for one in sorted(ids):
        facts = tables.people.facts(site_code, one)
        maps[f"COHORTS_{one}"] = cohorts_map(facts, personas)
        maps[f"IDENTIFY_{one}"] = identify_map(facts)
    changed = _worth_writing(tables, site_code, {key: maps[key] for key in maps if len(key) <= MAX_KEY_LENGTH})
    if changed:
        tables.maps.write(site_code, changed, TTL_HOURS, "replace")


def _worth_writing(tables: Tables, site_code: str, maps: dict[str, Any]) -> dict[str, Any]:
    """Return all maps but the empty ones that are not there anyway."""
    empty = [key for key, fields in maps.items() if not fields]
    there = tables.maps.read(site_code, empty)
    return {key: fields for key, fields in maps.items() if fields or there[key]}
