"""What the documents say of the tree is there."""

import re
from pathlib import Path

import pytest

from bridge.brain.hints import TEXTS

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
#: Files of the tree, as documents write them: `bridge/brain/seam.py`, `tests/browser`.
PLACE = re.compile(r"`((?:bridge|web|tests|static|docs)/[\w./-]+)`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_places_and_links_exist(document: Path) -> None:
    """A reader who follows a path or a link finds something."""
    text = document.read_text("utf-8")
    places = [ROOT / place for place in PLACE.findall(text)] + [document.parent / link for link in LINK.findall(text)]
    assert [str(place.relative_to(ROOT)) for place in places if not place.exists()] == []


def test_the_architecture_names_many() -> None:
    """The test above looks at what is there to be looked at."""
    assert len(PLACE.findall((ROOT / "docs" / "architecture.md").read_text("utf-8"))) > 30


def test_the_readme_has_each_code_of_a_hint() -> None:
    """They stay: who reads them by machine looks them up there."""
    (paragraph,) = [
        one for one in (ROOT / "README.md").read_text("utf-8").split("\n\n") if "`{code, what, fix}`" in one
    ]
    _, _, codes = paragraph.partition("The codes stay:")
    assert sorted(re.findall(r"`([a-z-]+)`", codes)) == sorted(TEXTS)
