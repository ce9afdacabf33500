"""What our own pages have in common: their colours, styles and icon."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from bridge.sandbox.files import send_file

_CACHE = "no-cache"


class Looks:
    """Endpoint of the shared looks."""

    def __init__(self, web: Path) -> None:
        self._folder = web / "looks"

    async def file(self, request: Request) -> Response:
        """GET /looks/{path}: a style or a picture."""
        return await send_file(request, self._folder, request.path_params["path"], _CACHE)
