"""The demo page, its files, PyScript for it, and the project's styles and pictures."""

from pathlib import Path

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from bridge.sandbox.files import send_file
from bridge.sandbox.json_text import as_json
from bridge.sandbox.options import Options
from bridge.sandbox.place import MICROPYTHON, PYSCRIPT
from bridge.shared import vocabulary
from bridge.templates import filled
from bridge.wire.look import END, MOMENT, asked

_CACHE = "no-cache"
_RUNTIME_CACHE = "public, max-age=300"  # only an upgrade changes these files
#: Of `static/` only what pages use: the fetched runtimes below it have addresses of their own.
_STATIC_SUFFIXES = {".css", ".svg", ".png"}
_NOT_STATIC = "node_modules"
_KAMELEOON = 'src="/abcde12345/engine.js?project=%7B%22afterRefusal%22%3A%22block%22'  # a no stops what is shown, too
#: What the presenter chooses with a cookie: its name and value, and what that changes in the page.
_CHOICES = (
    ("demo-engine", "pyodide", 'src="/bridge.js"', 'src="/bridge.js" data-engine="pyodide"'),
    (
        "demo-consent",
        "asked",  # the project asks for consent: until there is an answer, it is unknown
        _KAMELEOON + '%7D"',
        _KAMELEOON + '%2C%22consent%22%3A%22required%22%7D"',
    ),
)
#: Of `bridge/` what pages run, too.
_PYTHON = Path(vocabulary.__file__).parents[1]
_PAGE_CODE = ("shared", "wire")


class Demo:
    """Endpoints of the demo."""

    def __init__(self, options: Options) -> None:
        self._pages = options.web / "demo"
        self._wire = options.web / "wire"
        self._static = options.static

    async def index(self, request: Request) -> Response:
        """GET /: the demo, as the presenter has chosen: the bridge's engine, and whether the shop asks for consent."""
        index = self._pages / "index.html"
        chosen = {place: changed for name, value, place, changed in _CHOICES if request.cookies.get(name) == value}
        if not chosen or not index.is_file():
            return await send_file(request, self._pages, index.name, _CACHE)
        page = await to_thread.run_sync(index.read_text, "utf-8")
        return HTMLResponse(filled("web/demo/index.html", page, chosen), headers={"cache-control": "no-store"})

    async def page_file(self, request: Request) -> Response:
        """GET /demo/{path}: what the demo loads."""
        return await send_file(request, self._pages, request.path_params["path"], _CACHE)

    async def python_file(self, request: Request) -> Response:
        """GET /python/{path}: a module of `bridge/` that pages run, too."""
        path = Path(request.path_params["path"])
        if path.suffix != ".py" or path.parts[0] not in _PAGE_CODE or ".." in path.parts:
            return PlainTextResponse(f"Only modules of {' and '.join(_PAGE_CODE)} are served here.\n", 404)
        return await send_file(request, _PYTHON, str(path), _CACHE)

    async def look(self, _request: Request) -> Response:
        """GET /wire/look.mjs: what is asked of a page for an evidence file, as a module."""
        text = f"export const moment = {MOMENT};\nexport const end = () => ({END})({as_json(asked('analytics'))});\n"
        return Response(text, media_type="text/javascript", headers={"cache-control": _CACHE})

    async def wire_file(self, request: Request) -> Response:
        """GET /wire/{path}: what shows the wire."""
        return await send_file(request, self._wire, request.path_params["path"], _CACHE)

    async def pyscript_file(self, request: Request) -> Response:
        """GET /pyscript/{path}: what our own pages are run by."""
        return await send_file(request, self._static / PYSCRIPT, request.path_params["path"], _RUNTIME_CACHE)

    async def interpreter_file(self, request: Request) -> Response:
        """GET /pyscript/micropython/{path}: the Python of these pages."""
        return await send_file(request, self._static / MICROPYTHON, request.path_params["path"], _RUNTIME_CACHE)

    async def static_file(self, request: Request) -> Response:
        """GET /static/{path}: a style or a picture."""
        path = Path(request.path_params["path"])
        if path.suffix not in _STATIC_SUFFIXES or _NOT_STATIC in path.parts:
            return PlainTextResponse(f"Only {', '.join(sorted(_STATIC_SUFFIXES))} files are served here.\n", 404)
        return await send_file(request, self._static, str(path), _CACHE)
