"""Files by HTTP: nothing outside of their folder, the right type, compressed when a compressed neighbour exists."""

import os
from pathlib import Path
from typing import NamedTuple

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import NotModifiedResponse

# A machine's own table of types differs between systems, and browsers refuse modules and WebAssembly of a wrong type.
_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript",
    ".png": "image/png",
    ".py": "text/x-python",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".whl": "application/zip",
    ".woff2": "font/woff2",
    ".zip": "application/zip",
}
_NEIGHBOURS = {"br": ".br", "gzip": ".gz"}
_REFUSED = {"q=0", "q=0.0", "q=0.00", "q=0.000"}


class _Found(NamedTuple):
    file: Path
    stat: os.stat_result
    encoding: str | None


async def send_file(request: Request, folder: Path, path: str, cache_control: str) -> Response:
    """Answer with a file of a folder, as the client accepts it compressed; 404 when there is none, 304 when it has it.

    Args:
        request: The request.
        folder: Where the file lies.
        path: Its path from there.
        cache_control: Value of Cache-Control.
    """
    found = await to_thread.run_sync(_find, folder, path, _accepted(request.headers.get("accept-encoding", "")))
    if found is None:
        return PlainTextResponse(f"There is no file {path!r} here.\n", 404)
    headers = {"cache-control": cache_control, "vary": "Accept-Encoding", "x-content-type-options": "nosniff"}
    if found.encoding:
        headers["content-encoding"] = found.encoding
    media_type = _TYPES.get(Path(path).suffix, "application/octet-stream")
    response = FileResponse(found.file, headers=headers, media_type=media_type, stat_result=found.stat)
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    return NotModifiedResponse(response.headers) if response.headers["etag"] in known else response


def _find(folder: Path, path: str, accepted: list[str]) -> _Found | None:
    """Return the file that a path names inside of a folder, or its neighbour in the first of the accepted encodings."""
    try:
        root = folder.resolve()
        file = (root / path).resolve()
        if not (file.is_relative_to(root) and file.is_file()):
            return None
        for encoding in accepted:
            neighbour = file.with_name(file.name + _NEIGHBOURS[encoding])
            if neighbour.is_file():
                return _Found(neighbour, neighbour.stat(), encoding)
        return _Found(file, file.stat(), None)
    except (OSError, ValueError):  # no such file any more, a name too long for the system, or one with a NUL
        return None


def _accepted(header: str) -> list[str]:
    """Return the encodings of neighbours that Accept-Encoding allows, the smaller first."""
    choices = [choice.replace(" ", "").partition(";") for choice in header.lower().split(",")]
    accepted = {name for name, _, quality in choices if quality not in _REFUSED}
    return [encoding for encoding in _NEIGHBOURS if encoding in accepted]
