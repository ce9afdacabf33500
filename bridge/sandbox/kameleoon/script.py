"""Kameleoon's engine file of a project: the emulation, with the project's definition put in."""

import json
from pathlib import Path

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bridge.models.sitecode import SITE_CODE
from bridge.sandbox.kameleoon.project import Project
from bridge.sandbox.requests import OBJECT, parse_json, validated

_PLACEHOLDER = "__PROJECT__"


class Engine:
    """Endpoint of the engine file."""

    def __init__(self, web: Path) -> None:
        self._engine = web / "sandbox" / "kameleoon.js"
        self._project = Project(web)

    async def script(self, request: Request) -> Response:
        """GET /{sitecode}/engine.js?project={...}: the query's top-level keys win over those of the demo's project.

        Raises:
            Refusal: 400, `project` is no JSON object; 404, it is no site code.
        """
        site_code = validated(SITE_CODE, request.path_params["sitecode"], "path", status=404)
        changes = validated(OBJECT, parse_json(request.query_params.get("project", "{}"), "project"), "project")
        try:
            engine = await to_thread.run_sync(self._engine.read_text, "utf-8")
            project = await to_thread.run_sync(self._project.definition)
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
