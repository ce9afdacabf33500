"""The notice of what is carried that is not ours: THIRD-PARTY-LICENSES.md, written by `make licences`.

Names, versions and texts are those of the pinned packages themselves, as far as they carry a text.
"""

import json
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path
from typing import Any, NamedTuple

from bridge.bundle.identity import short_hash

NOTICE = "THIRD-PARTY-LICENSES.md"
_MODULES = "static/node_modules"
#: What is carried of npm. These have their dependencies in their files; the last one is of the sandbox alone,
_JOINED = ("polyscript", "@pyscript/core", "@segment/analytics-next")
#: and these have none.
_WHOLE = ("@micropython/micropython-webassembly-pyscript", "pyodide")
_INTRODUCTION = """\
# Third-party licences

A release carries these besides the bridge, which is under the MIT licence (LICENSE). A bundle carries them, too, but
for @segment/analytics-next and what it brings along, which is of the sandbox; @pyscript/core is of the install wizard
beside it. `make licences` writes this file from the pinned packages.
"""
_MIT = """\
Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""
_MPL = """\
This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0. If a copy of the MPL was not
distributed with this file, You can obtain one at https://mozilla.org/MPL/2.0/.
"""
#: Whose package has no text: what its project says.
_OF_PROJECTS = {
    "@micropython/micropython-webassembly-pyscript": f"Copyright (c) 2013-2026 Damien P. George\n\n{_MIT}",
    "pyodide": f"The source is at https://github.com/pyodide/pyodide.\n\n{_MPL}",
}
_CPYTHON = """\
Copyright (c) 2001 Python Software Foundation; All Rights Reserved

The text is that of typing-extensions below. What CPython itself incorporates is named at
https://docs.python.org/3.14/license.html.
"""
#: What has no package: it is compiled into the interpreters.
_COMPILED_IN = (
    (
        "CPython and its standard library, in pyodide",
        "PSF-2.0",
        _CPYTHON,
    ),
    (
        "Emscripten, in the interpreters of MicroPython and pyodide",
        "MIT",
        f"Copyright (c) 2010-2014 Emscripten authors, see AUTHORS file.\n\n{_MIT}",
    ),
    (
        "musl, in the interpreters of MicroPython and pyodide",
        "MIT",
        f"Copyright © 2005-2020 Rich Felker, et al.\n\n{_MIT}",
    ),
)


class Licence(NamedTuple):
    """What is carried, under which licence (its SPDX name), and the licence's text."""

    what: str
    name: str
    text: str


def carried(root: Path) -> tuple[str, bytes]:
    """Return the notice as a file of the bundle: what it is called there, and its content."""
    content = (root / NOTICE).read_bytes()
    return f"licences-{short_hash(content)}.txt", content


def notice(root: Path) -> str:
    """Return the notice for the packages that are installed below ``root``. Raises OSError where one is missing."""
    licences = [*_of_npm(root), *(Licence(*one) for one in _COMPILED_IN), *_of_wheels(root)]
    sections = [f"## {one.what}\n\nLicence: {one.name}\n\n```text\n{one.text.strip()}\n```\n" for one in licences]
    return "\n".join([_INTRODUCTION, *dict.fromkeys(sections)])  # some lie there more than once


def write(root: Path) -> None:
    """Write the notice into ``root``; see `notice`."""
    (root / NOTICE).write_text(notice(root), encoding="utf-8")


def _of_npm(root: Path) -> Iterator[Licence]:
    modules = root / _MODULES
    folders = {modules / name for name in _WHOLE}.union(*(_closure(modules / name) for name in _JOINED))
    for package, folder in sorted(
        ((_package(one), one) for one in folders), key=lambda each: (each[0]["name"], each[0]["version"])
    ):
        texts = sorted(one for one in folder.iterdir() if one.name.lower().startswith("license"))
        text = texts[0].read_text(encoding="utf-8") if texts else _said_elsewhere(package)
        yield Licence(f"{package['name']} {package['version']}", package["license"], text)


def _said_elsewhere(package: dict[str, Any]) -> str:
    if said := _OF_PROJECTS.get(package["name"]):
        return said
    return f"Copyright (c) {package['author']}\n\nThe package carries no text of its licence.\n"


def _closure(folder: Path) -> set[Path]:
    """Return the folders of a package and of all that it depends on, each where node finds it."""
    found: set[Path] = set()
    wanted = [folder]
    while wanted:
        one = wanted.pop()
        if one not in found:
            found.add(one)
            wanted += [_resolved(one, name) for name in _package(one).get("dependencies", {})]
    return found


def _resolved(folder: Path, name: str) -> Path:
    places = [parent / "node_modules" / name for parent in (folder, *folder.parents)]
    return next(place for place in places if (place / "package.json").exists())


def _package(folder: Path) -> dict[str, Any]:
    package: dict[str, Any] = json.loads((folder / "package.json").read_bytes())
    return package


def _of_wheels(root: Path) -> Iterator[Licence]:
    for wheel in sorted((root / "static" / "wheels").glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            files = {name.partition(".dist-info/")[2]: name for name in archive.namelist() if ".dist-info/" in name}
            metadata = Parser().parsestr(archive.read(files["METADATA"]).decode())
            parts = [archive.read(file).decode() for name, file in files.items() if name.endswith("LICENSE")]
            parts += [
                _compiled_in(archive.read(file)) for name, file in files.items() if name.endswith("cyclonedx.json")
            ]
        what = f"{metadata['Name']} {metadata['Version']}"
        yield Licence(what, metadata["License-Expression"] or metadata["License"], "\n\n".join(parts))


def _compiled_in(bill_of_materials: bytes) -> str:
    """Return what a wheel says is compiled into it, one a line, with its licence."""
    components = json.loads(bill_of_materials)["components"]
    lines = {f"{one['name']} {one['version']}: {_expression(one)}" for one in components}
    return "\n".join(["Compiled in:", *sorted(lines)])


def _expression(component: dict[str, Any]) -> str:
    names = [one.get("expression") or one["license"].get("id", "") for one in component.get("licenses", [])]
    return ", ".join(names) or "not said"
