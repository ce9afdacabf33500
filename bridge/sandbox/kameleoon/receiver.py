"""Kameleoon's receiving side of the destination: API keys, and the events that Segment's cloud forwards."""

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bridge.models.data_api import MAX_BODY_BYTES
from bridge.models.segment import FORWARDED
from bridge.models.sitecode import SITE_CODE
from bridge.sandbox.kameleoon.credentials import Credentials
from bridge.sandbox.kameleoon.intake import Received, take_in
from bridge.sandbox.kameleoon.project import Project
from bridge.sandbox.options import Options
from bridge.sandbox.refusals import OBJECT, Refusal, validated
from bridge.sandbox.requests import answer, basic_credentials, parse_json, query, read_body
from bridge.sandbox.storage import Storage, Tables


class Receiver:
    """The receiving side's endpoints."""

    def __init__(self, storage: Storage, options: Options) -> None:
        self._storage = storage
        self._now = options.now
        self._project = Project(options.web)
        self._own_key = options.destination and options.destination.api_key

    async def make_key(self, request: Request) -> Response:
        """GET /kameleoon/segmentio/getapikey?id=&secret=: the API key, as text. From now on it is known."""
        client = query(request, Credentials)

        def job(tables: Tables) -> None:
            tables.api_keys.add(client.fingerprint())
            tables.log.append("apikey.made", {})

        await self._storage.run(job)
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

        await self._storage.run(job)
        return answer({"success": True}, headers={"cache-control": "no-store"})

    async def take_event(self, request: Request) -> Response:
        """POST /segmentio: an event that the destination forwards.

        Raises:
            Refusal: 401 for an unknown API key, 400 for a wrong site code or body.
        """
        client = Credentials.of_key(basic_credentials(request) or "")
        if client is None:
            raise Refusal(401, "authorization: must be Basic with the API key, base64 of the JSON of id and secret")
        site_code = validated(SITE_CODE, request.headers.get("x-segment-settings"), "x-segment-settings")
        body = validated(OBJECT, parse_json(await read_body(request, MAX_BODY_BYTES)))
        message = validated(FORWARDED, body)
        received = Received(site_code, body, message, self._now())

        def job(tables: Tables) -> None:
            self._require_known(tables, client)
            take_in(tables, received, self._project.goals)

        await self._storage.run(job)
        return answer({"success": True})

    def _require_known(self, tables: Tables, client: Credentials) -> None:
        if client.api_key() != self._own_key and not tables.api_keys.has(client.fingerprint()):
            raise Refusal(401, "API key: is unknown; make one at /kameleoon/segmentio/getapikey?id=…&secret=…")
