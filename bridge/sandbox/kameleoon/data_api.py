"""Kameleoon's Data API: remote data in maps by key, and visits."""

import re
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from bridge.models.data_api import KEYS, MAPS, MAX_BODY_BYTES, VISIT_EVENTS, ReadMap, ReadMaps, WriteMaps, WriteVisit
from bridge.sandbox.options import Options
from bridge.sandbox.refusals import Refusal, validated
from bridge.sandbox.requests import answer, parse_json, query, read_body
from bridge.sandbox.storage import Storage, Tables

_BOT = re.compile("bot|crawl|spider|headless", re.IGNORECASE)


class DataApi:
    """The Data API's endpoints. Like Kameleoon's, they ask for no key: site code and map key are enough."""

    def __init__(self, storage: Storage, options: Options) -> None:
        self._storage = storage
        self._options = options

    async def read_map(self, request: Request) -> Response:
        """GET /map/map, and the legacy GET /data: one map, {} when the key is unknown."""
        self._refuse_bots(request)
        asked = query(request, ReadMap)
        return answer((await self._read(asked.site_code, [asked.key]))[asked.key])

    async def read_maps(self, request: Request) -> Response:
        """GET /map/maps: maps by key."""
        self._refuse_bots(request)
        asked = query(request, ReadMaps)
        keys = validated(KEYS, parse_json(asked.keys, "query.keys"), "query.keys")
        return answer(await self._read(asked.site_code, keys))

    async def write_maps(self, request: Request) -> Response:
        """POST /map/maps: 204 once all maps are stored."""
        self._refuse_bots(request)
        asked = query(request, WriteMaps)
        maps = validated(MAPS, parse_json(await read_body(request, MAX_BODY_BYTES)))
        mode = asked.mode or self._options.map_mode
        await self._storage.run(lambda tables: tables.maps.write(asked.site_code, maps, asked.ttl_hours, mode))
        return Response(status_code=204)

    async def write_visit(self, request: Request) -> Response:
        """POST /visit/events: what Kameleoon's script or an SDK tracks, url-encoded lines or a JSON list."""
        self._refuse_bots(request)
        asked = query(request, WriteVisit)
        body = await read_body(request, MAX_BODY_BYTES)
        if asked.json_body:
            events = validated(VISIT_EVENTS, parse_json(body))
        else:
            lines = body.decode("utf-8", "replace").splitlines()
            events = [dict(parse_qsl(line, keep_blank_values=True)) for line in lines if line]
        await self._storage.log(
            "visit", {"siteCode": asked.site_code, "visitorCode": asked.visitor_code, "events": events}
        )
        return Response(status_code=204)

    async def _read(self, site_code: str, keys: list[str]) -> dict[str, Any]:
        """Return maps, and log that they were asked for."""

        def job(tables: Tables) -> dict[str, Any]:
            maps = tables.maps.read(site_code, keys)
            tables.log.append("data_api.get", {"siteCode": site_code, "keys": keys, "maps": maps})
            return maps

        return await self._storage.run(job)

    def _refuse_bots(self, request: Request) -> None:
        if self._options.reject_bots and _BOT.search(request.headers.get("user-agent", "")):
            raise Refusal(403, "user-agent: must not be a bot's")
