"""The bridge's bundle, served as a customer's CDN should."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from bridge.sandbox.files import send_file

_WIZARD = "install.html"
_BRIEF = {"bridge.js", _WIZARD}
#: These have one name for all versions, so that a fix reaches customers; the other files' names change with them.
_ENTRY_CACHE = "public, max-age=300"
_FILES_CACHE = "public, max-age=31536000, immutable"


class Bundle:
    """Endpoint of the bundle's files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def file(self, request: Request) -> Response:
        """GET /{path}: a file of the bundle."""
        path = request.path_params["path"]
        return await send_file(request, self._folder, path, _ENTRY_CACHE if path in _BRIEF else _FILES_CACHE)

    async def wizard(self, request: Request) -> Response:
        """GET /install: the install wizard, whose files lie beside the bundle."""
        return await send_file(request, self._folder, _WIZARD, "no-cache")
