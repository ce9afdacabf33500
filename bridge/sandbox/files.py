"""Files by HTTP: nothing outside of their folder, the right type, compressed when a compressed neighbour exists."""

from collections.abc import Iterator
from pathlib import Path

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


def file_inside(folder: Path, path: str) -> Path | None:
    """Return the file that this path names inside of the folder, or None when there is none."""
    try:
        root = folder.resolve()
        file = (root / path).resolve()
        return file if file.is_relative_to(root) and file.is_file() else None
    except (OSError, ValueError):  # a name too long for the system, or with a NUL
        return None


async def send_file(request: Request, folder: Path, path: str, cache_control: str) -> Response:
    """Answer with a file of a folder, as the client accepts it compressed; 404 when there is none, 304 when it has it.

    Args:
        request: The request.
        folder: Where the file lies.
        path: Its path from there.
        cache_control: Value of Cache-Control.
    """
    file = await to_thread.run_sync(file_inside, folder, path)
    if file is None:
        return PlainTextResponse(f"There is no file {path!r} here.\n", 404)
    headers = {"cache-control": cache_control, "vary": "Accept-Encoding", "x-content-type-options": "nosniff"}
    sent = file
    for encoding in _accepted(request):
        neighbour = file.with_name(file.name + _NEIGHBOURS[encoding])
        if await to_thread.run_sync(neighbour.is_file):
            headers["content-encoding"] = encoding
            sent = neighbour
            break
    response = FileResponse(
        sent,
        headers=headers,
        media_type=_TYPES.get(file.suffix, "application/octet-stream"),
        stat_result=await to_thread.run_sync(sent.stat),
    )
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    return NotModifiedResponse(response.headers) if response.headers["etag"] in known else response


def _accepted(request: Request) -> Iterator[str]:
    """Return the encodings of neighbours that the client accepts, the smaller first."""
    accepted = set()
    for choice in request.headers.get("accept-encoding", "").lower().split(","):
        name, _, quality = choice.partition(";")
        if quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            accepted.add(name.strip())
    return (encoding for encoding in _NEIGHBOURS if encoding in accepted)
