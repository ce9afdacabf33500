"""Kameleoon's engine file of a project: the emulation, with the project's definition put in."""

import json
import re
from pathlib import Path
from typing import Any

from anyio import to_thread
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bridge.sandbox.wire import parse_json, validated

_PLACEHOLDER = "__PROJECT__"
_SITE_CODE = re.compile("[a-z0-9]{10}")
_OBJECT: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


class Engine:
    """Endpoint of the engine file."""

    def __init__(self, web: Path) -> None:
        self._engine = web / "engine.js"
        self._project = web / "demo" / "project.json"

    async def script(self, request: Request) -> Response:
        """GET /{sitecode}/engine.js?project={...}: the query's top-level keys win over those of the demo's project.

        Raises:
            Refusal: 400, `project` is no JSON object.
        """
        site_code = request.path_params["sitecode"]
        if not _SITE_CODE.fullmatch(site_code):
            return PlainTextResponse(f"A site code has 10 characters a-z, 0-9; {site_code!r} has not.\n", 404)
        changes = validated(_OBJECT, parse_json(request.query_params.get("project", "{}"), "project"), "project")
        try:
            engine = await to_thread.run_sync(self._engine.read_text, "utf-8")
            project = json.loads(await to_thread.run_sync(self._project.read_text, "utf-8"))
        except FileNotFoundError as error:
            return PlainTextResponse(f"The sandbox lacks {Path(error.filename).name}.\n", 404)
        own = {"dataUrl": str(request.base_url).rstrip("/"), **project, **changes, "siteCode": site_code}
        return Response(
            engine.replace(_PLACEHOLDER, _javascript(own)),
            media_type="text/javascript",
            headers={"cache-control": "no-store", "x-content-type-options": "nosniff"},
        )


def _javascript(value: object) -> str:
    """Return a value as a JavaScript expression that is also safe inside of a script element: ASCII, no `<`."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")
