"""Kameleoon's receiving side of the destination: API keys, and the events that Segment's cloud forwards."""

import base64
import binascii
import json

from pydantic import BaseModel, Field, ValidationError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bridge.models.data_api import MAX_BODY_BYTES
from bridge.models.sitecode import SITE_CODE
from bridge.sandbox.store import Store
from bridge.sandbox.wire import OBJECT, Refusal, answer, parse_json, query, read_body, validated


class Credentials(BaseModel):
    """A Kameleoon API client: what an API key is made of."""

    id: str = Field(title="Client id", min_length=1)
    secret: str = Field(title="Client secret", min_length=1)

    def api_key(self) -> str:
        """Return the API key: base64 of the two as JSON."""
        return base64.b64encode(
            json.dumps({"id": self.id, "secret": self.secret}, separators=(",", ":")).encode()
        ).decode()


class Receiver:
    """The receiving side's endpoints. Credentials are checked for their form only, and are never stored."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def make_key(self, request: Request) -> Response:
        """GET /kameleoon/segmentio/getapikey?id=&secret=: the API key, as text."""
        client = query(request, Credentials)
        await self._store.log("apikey.made", {})
        return PlainTextResponse(client.api_key(), headers={"cache-control": "no-store"})

    async def check_key(self, request: Request) -> Response:
        """GET /segmentio/getapikey?id=&secret=: how Segment's settings page finds out whether an API key is good.

        Raises:
            Refusal: 401, it is not.
        """
        try:
            Credentials.model_validate(dict(request.query_params))
        except ValidationError:
            raise Refusal(401, "query: id and secret must both be there") from None
        await self._store.log("apikey.checked", {})
        return answer({"success": True}, headers={"cache-control": "no-store"})

    async def receive(self, request: Request) -> Response:
        """POST /segmentio: an event that the destination forwards.

        Raises:
            Refusal: 401 for an API key of the wrong form, 400 for a wrong site code or body.
        """
        _require_api_key(request)
        site_code = validated(SITE_CODE, request.headers.get("x-segment-settings"), "x-segment-settings")
        body = validated(OBJECT, parse_json(await read_body(request, MAX_BODY_BYTES)))
        await self._store.log("destination.received", {"siteCode": site_code, "body": body})
        return answer({"success": True})


def _require_api_key(request: Request) -> None:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    try:
        Credentials.model_validate_json(base64.b64decode(key.strip(), validate=True))
    except (binascii.Error, ValidationError):
        scheme = ""
    if scheme.lower() != "basic":
        raise Refusal(401, "authorization: must be Basic with the API key, base64 of the JSON of id and secret")
