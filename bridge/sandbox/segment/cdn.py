"""Segment's CDN: the real analytics.js, with settings that send its events to this sandbox."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from bridge.sandbox.files import send_file
from bridge.sandbox.place import ANALYTICS
from bridge.sandbox.requests import answer

_CACHE_CONTROL = "no-cache"


class SegmentCdn:
    """The CDN's endpoints."""

    def __init__(self, static: Path) -> None:
        self._umd = static / ANALYTICS

    async def script(self, request: Request) -> Response:
        """GET /analytics.js/v1/{key}/analytics.min.js."""
        return await send_file(request, self._umd, "standalone.js", _CACHE_CONTROL)

    async def chunk(self, request: Request) -> Response:
        """GET /analytics-next/bundles/{path}: what the script loads when it needs it."""
        return await send_file(request, self._umd, request.path_params["path"], _CACHE_CONTROL)

    async def settings(self, request: Request) -> Response:
        """GET /v1/projects/{key}/settings: the least that makes analytics.js load and send here."""
        url = request.base_url
        segment = {"apiKey": request.path_params["key"], "apiHost": f"{url.netloc}/v1", "protocol": url.scheme}
        return answer(
            {"integrations": {"Segment.io": segment}, "metrics": {"sampleRate": 0}},
            headers={"cache-control": _CACHE_CONTROL},
        )
