"""Which Python a page is given: what it begins with, and what that imports of ours."""

from pathlib import Path

from bridge.bundle.python import IMPORTS
from bridge.bundle.sources import needed

ROOT = Path(__file__).parents[2]


def test_all_that_is_imported_is_needed(tmp_path: Path) -> None:
    """Of packages, of modules, inside of functions; not what only a type checker reads, nor what is not ours."""
    (tmp_path / "ours").mkdir()
    texts = {
        "start": "import json\nfrom js import window\nfrom ours import one\nTYPE_CHECKING = False\n"
        "if TYPE_CHECKING:\n    from ours.types import Any\n",
        "one": "def run():\n    from ours.two import thing\n    return thing\n",
        "two": "import ours.start\nthing = 1\n",
        "types": "Any = object\n",
        "other": "",
    }
    for name, text in texts.items():
        (tmp_path / "ours" / f"{name}.py").write_text(text)
    found = needed(tmp_path, ["ours.start"])
    assert found == {f"ours/{name}.py": texts[name] for name in ("one", "start", "two")}


def test_the_brain_is_given_nothing_of_the_wire() -> None:
    """What only the overlay and our own pages import weighs on no visitor."""
    names = set(needed(ROOT, IMPORTS))
    assert {"bridge/brain/brain.py", "bridge/brain/entry.py", "bridge/shared/rules.py"} <= names
    assert {name.split("/")[1] for name in names} == {"brain", "shared"}
    assert "bridge/shared/redaction.py" not in names
