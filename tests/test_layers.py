"""Who may import whom in `bridge/`: pages' code imports least, the command line most."""

# ruff: noqa: D103  # the tests' names are sentences

import ast
from collections.abc import Mapping
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

#: What each module or package right below `bridge` may import of `bridge`, itself apart.
LAYERS: Mapping[str, set[str]] = {
    "shared": set(),
    "brain": {"shared"},
    "http": set(),
    "templates": set(),
    "models": {"shared"},
    "clouds": {"models"},
    "installing": {"models", "shared", "templates"},
    "personas": {"http", "models", "shared"},
    "strict": {"brain", "http", "models", "personas", "shared"},
    "bundle": {"installing", "models", "shared", "templates"},
    "destination": {"models", "shared"},
    "doctor": {"brain", "bundle", "clouds", "installing", "shared", "wire"},
    "sandbox": {"bundle", "destination", "models", "shared", "templates", "wire"},
    "wire": {"shared"},
    "testing": {"clouds", "doctor", "models", "shared", "wire"},
    "cli": {"bundle", "destination", "doctor", "http", "installing", "models", "personas", "sandbox", "shared"},
    "__main__": {"cli"},
}
#: What each room of the sandbox may import of the sandbox. The clouds know nothing of each other but an URL.
ROOMS: Mapping[str, set[str]] = {
    "clock": set(),
    "cors": {"guard"},
    "files": set(),
    "guard": set(),
    "network": {"guard"},
    "json_text": set(),
    "loopback": set(),
    "options": {"clock", "place"},
    "place": set(),
    "refusals": set(),
    "requests": {"json_text", "refusals"},
    "serving": set(),
    "identity": set(),
    "storage": {"clock", "identity", "json_text"},
    "segment": {"clock", "files", "options", "place", "refusals", "requests", "storage"},
    "kameleoon": {"identity", "options", "refusals", "requests", "storage"},
    "pages": {"clock", "files", "json_text", "options", "place", "refusals", "requests", "segment", "storage"},
}
#: Nobody imports this one: it puts the rooms together.
ASSEMBLY = "app"


def name_of(file: Path) -> str:
    name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


MODULES = {name_of(file): file for file in sorted((ROOT / "bridge").rglob("*.py"))}


def imported(file: Path) -> set[str]:
    """Return the modules of `bridge` that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: a relative import"
            whole = {f"{node.module}.{name.name}" for name in node.names}
            found |= (whole & MODULES.keys()) or {node.module or ""}
    return {name for name in found if name.split(".")[0] == "bridge"}


IMPORTS = {name: imported(file) for name, file in MODULES.items()}


def below(package: str) -> dict[str, set[str]]:
    """Return which parts of a package each of its parts imports, itself apart."""
    start = package + "."
    parts: dict[str, set[str]] = {}
    for name, others in IMPORTS.items():
        if name.startswith(start):
            part = name.removeprefix(start).split(".")[0]
            theirs = {other.removeprefix(start).split(".")[0] for other in others if other.startswith(start)}
            parts.setdefault(part, set()).update(theirs - {part})
    return parts


def test_each_part_imports_only_what_lies_below_it() -> None:
    parts = below("bridge")
    assert parts.keys() == LAYERS.keys()
    assert {part: others - LAYERS[part] for part, others in parts.items() if others - LAYERS[part]} == {}


def test_a_room_of_the_sandbox_imports_only_what_it_needs() -> None:
    rooms = below("bridge.sandbox")
    del rooms[ASSEMBLY]
    assert rooms.keys() == ROOMS.keys()
    assert {room: others - ROOMS[room] for room, others in rooms.items() if others - ROOMS[room]} == {}


@pytest.mark.parametrize(("cloud", "other"), [("segment", "kameleoon"), ("kameleoon", "segment")])
def test_a_clouds_tables_know_nothing_of_the_others(cloud: str, other: str) -> None:
    assert other not in below("bridge.sandbox.storage")[cloud]


def test_the_allowed_has_no_circle() -> None:
    for allowed in (LAYERS, ROOMS):
        TopologicalSorter(allowed).prepare()


def test_no_modules_import_each_other_in_a_circle() -> None:
    TopologicalSorter(IMPORTS).prepare()
