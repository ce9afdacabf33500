"""Kameleoon's script of a project: the emulation below web/sandbox/kameleoon, with the project's definition put in."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bridge.bundle import esbuild
from bridge.models.sitecode import SITE_CODE
from bridge.sandbox.kameleoon.definition import DEFINITION, Definition, script_json
from bridge.sandbox.kameleoon.project import Project
from bridge.sandbox.refusals import OBJECT, validated
from bridge.sandbox.requests import parse_json
from bridge.templates import filled

FOLDER = Path("sandbox", "kameleoon")  # below web/
_ENTRY = "main.js"
#: The modules as one script, beside them where a release carries them: there is no esbuild then.
JOINED = "engine.js"
_PLACEHOLDER = "__PROJECT__"


class KameleoonScript:
    """Endpoint of Kameleoon's script."""

    def __init__(self, web: Path) -> None:
        self._web = web
        self._project = Project(web)

    async def send(self, request: Request) -> Response:
        """GET /{sitecode}/engine.js?project={...}: the query's top-level keys win over those of the demo's project.

        The file is called as Kameleoon calls it.

        Raises:
            Refusal: 400, `project` is no JSON object, or no definition of a project; 404, it is no site code.
        """
        site_code = validated(SITE_CODE, request.path_params["sitecode"], "path", status=404)
        changes = validated(OBJECT, parse_json(request.query_params.get("project", "{}"), "project"), "project")
        try:
            template = await to_thread.run_sync(_template, self._web)
            project = await to_thread.run_sync(self._project.definition)
        except FileNotFoundError as error:
            return PlainTextResponse(f"The sandbox lacks {Path(error.filename).relative_to(self._web)}.\n", 404)
        except esbuild.EsbuildError as error:
            return PlainTextResponse(f"The sandbox cannot join Kameleoon's script: {error}\n", 404)
        own = {"dataUrl": str(request.base_url).rstrip("/"), **project, **changes, "siteCode": site_code}
        definition = validated(DEFINITION, own, "project")
        return Response(
            _with_project(template, definition),
            media_type="text/javascript",
            headers={"cache-control": "no-store", "x-content-type-options": "nosniff"},
        )


def kameleoon_script(web: Path, project: Mapping[str, Any]) -> str:
    """Return Kameleoon's script for a project, as the classic script that a page loads.

    Args:
        web: The folder ``web/``.
        project: The project's definition; bridge/sandbox/kameleoon/definition.py says what may be in it.

    Raises:
        ValidationError: It is no such definition.
        FileNotFoundError: The script's first module is missing.
        EsbuildError: The modules cannot be joined.
        TemplateError: None of the modules has a place for the project.
    """
    return _with_project(_template(web), DEFINITION.validate_python(project))


def _template(web: Path) -> str:
    carried = web / FOLDER / JOINED
    return carried.read_text("utf-8") if carried.is_file() else joined(web)


def _with_project(template: str, project: Definition) -> str:
    return filled(f"web/{FOLDER}", template, {_PLACEHOLDER: _javascript(script_json(project))})


def joined(web: Path) -> str:
    """Return the modules as one script, with a place for the project. Raises as `kameleoon_script` does."""
    folder = web / FOLDER
    (folder / _ENTRY).stat()  # a missing file, not whatever esbuild says of it
    modules = tuple(file.read_bytes() for file in sorted(folder.glob("*.js")))
    return _joined(folder / _ENTRY, modules)


@lru_cache(maxsize=1)
def _joined(entry: Path, _modules: tuple[bytes, ...]) -> str:
    """Return the modules as one script; they are joined again when one of them has changed."""
    # esbuild leaves out the mode that modules have by themselves.
    return esbuild.run(entry, "--bundle", "--format=iife", '--banner:js="use strict";').decode()


def _javascript(value: object) -> str:
    """Return a value as a JavaScript expression that is also safe inside of a script element: ASCII, no `<`."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")
