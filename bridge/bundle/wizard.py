"""The install wizard as files beside a bundle: a page, and a folder whose name changes with what is in it.

It runs on the bundle's own Pyodide, pydantic and models; what it brings along is its own Python, and PyScript.
"""

import json
import zipfile
from collections.abc import Iterator
from html import escape
from pathlib import Path

from bridge.bundle import esbuild
from bridge.bundle.identity import VERSION, short_hash
from bridge.installing.checking import MOST_CHARACTERS
from bridge.installing.documents import Section, as_html, copied, inline, items, recipes, sections
from bridge.installing.form import form
from bridge.installing.texts import Place, doctor
from bridge.templates import filled

PAGE = "install.html"
_STRUCTURE = "install"  # begins the folder's name
_CORE = "static/node_modules/@pyscript/core/dist/core.js"
#: Chunks of PyScript that no page of ours loads: editors, terminals, archives, and lists of packages.
_UNUSED = ("codemirror", "index-", "pyodide_graph", "toml", "xterm", "zip")
_STDLIB = "static/node_modules/pyodide/python_stdlib.zip"
#: What PyScript's own Python imports, and the strict engine's leaves out.
_OF_STDLIB = ("html/__init__.py", "html/entities.py")
_OWN = ("bridge/templates.py", "bridge/models/reading.py", "bridge/installing/*.py", "web/install/*.py")
_START_LIMIT_MS = 60_000
_STYLES = ("looks/base.css", "looks/parts.css", "install/install.css")


def wizard(root: Path, runtime: dict[str, int], packs: dict[str, list[tuple[str, int]]], lock: str) -> dict[str, bytes]:
    """Return the wizard's files by their names beside ``bridge.js``.

    Args:
        root: The repository, after `make demo` or `make test`.
        runtime: Pyodide's files in the bundle, with their sizes in bytes: all in one folder.
        packs: The packs of the strict engine, by file: what is in them, and how long.
        lock: Pyodide's lock file.

    Raises:
        EsbuildError: A script cannot be joined.
        OSError: A file is missing.
    """
    own = dict(_python(root))
    content = b"".join(own.values())
    pack = f"python-{short_hash(content)}.data"
    pyodide = f"../{next(iter(runtime)).partition('/')[0]}/"
    fetched = {f"../{name}": size for name, size in runtime.items() if not name.endswith("mjs")}
    fetched |= {f"../{name}": sum(size for _, size in files) for name, files in packs.items()}
    known = {
        "core": "./core.js",
        "pyodide": pyodide,
        "lock": lock,
        "packs": [
            *({"file": f"../{name}", "files": files} for name, files in packs.items()),
            {"file": pack, "files": [(name, len(one)) for name, one in own.items()]},
        ],
        "loads": {**fetched, pack: len(content)},
        "characters": MOST_CHARACTERS,
        "limit": _START_LIMIT_MS,
    }
    scripts = [f"--define:INSTALL={json.dumps(known)}", "--bundle", "--minify", "--format=esm", "--target=es2022"]
    web = root / "web"
    files = {
        "core.js": esbuild.run(
            root / _CORE, "--bundle", "--minify", "--format=esm", *(f"--external:./{one}*" for one in _UNUSED)
        ),
        "engine.mjs": esbuild.run(
            web / "install" / "engine.js", *scripts, f"--alias:pyodide={pyodide}pyodide.mjs", f"--external:{pyodide}*"
        ),
        "start.js": esbuild.run(web / "install" / "start.js", *scripts),
        "install.css": b"\n".join((web / name).read_bytes() for name in _STYLES),
        "icon.svg": (web / "looks" / "icon.svg").read_bytes(),
        pack: content,
    }
    folder = f"install-{short_hash(*files.values())}"
    return {
        **{f"{folder}/{name}": one for name, one in files.items()},
        PAGE: _page(root, folder, [*(name for name in runtime if name.endswith("mjs"))]).encode(),
    }


def _python(root: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the Python that the wizard brings along, by path."""
    with zipfile.ZipFile(root / _STDLIB) as library:
        for name in _OF_STDLIB:
            yield name, library.read(name)
    for pattern in _OWN:
        for path in sorted(root.glob(pattern)):
            yield path.relative_to(root).as_posix(), path.read_bytes()


def _page(root: Path, folder: str, modules: list[str]) -> str:
    template = root / "web" / "install" / PAGE
    hosts = recipes((root / "docs" / "hosting.md").read_text(encoding="utf-8"))
    offices = sections((root / "docs" / "checklist.md").read_text(encoding="utf-8"))
    modules = [*modules, f"{folder}/core.js", f"{folder}/engine.mjs"]
    values = {
        "__FOLDER__": folder,
        "__VERSION__": VERSION,
        "<!-- PRELOADS -->": "\n    ".join(f'<link rel="modulepreload" href="{one}" />' for one in modules),
        "<!-- FORM -->": form(),
        "<!-- HOSTS -->": "".join(f'<option value="{one.slug}">{escape(one.title)}</option>' for one in hosts),
        "<!-- RECIPES -->": "\n".join(map(_recipe, hosts)),
        "<!-- DOCTOR -->": copied(doctor(Place()), "doctor", "The doctor"),
        "<!-- CHECKLIST -->": f'<div class="offices">{"".join(map(_office, offices))}</div>',
    }
    return filled(f"web/install/{PAGE}", template.read_text(encoding="utf-8"), values)


def _recipe(host: Section) -> str:
    inside = "\n".join(as_html(host.text, host.slug, host.title))
    return f'<div data-recipe data-host="{host.slug}" hidden>{inside}</div>'


def _office(office: Section) -> str:
    boxes = "".join(
        f'<li><input type="checkbox" id="{office.slug}-{number}">'
        f'<label for="{office.slug}-{number}">{inline(one)}</label></li>'
        for number, one in enumerate(items(office), 1)
    )
    return f"<div><h3>{escape(office.title)}</h3><ul>{boxes}</ul></div>"
