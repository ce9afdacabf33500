"""What the documents say of the tree is there."""

import re
from pathlib import Path

import pytest

from bridge.brain.hints import TEXTS
from bridge.brain.keeper import MAX_EXPOSURES, MAX_PAIRS
from bridge.shared import vocabulary

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


def test_the_page_on_storage_has_each_key_and_cookie() -> None:
    """All of them, and no other."""
    text = (ROOT / "docs" / "storage.md").read_text("utf-8")
    _, kept, cookies, page, _ = text.split("\n## ")
    keys = [name for name in dir(vocabulary) if name.endswith("_KEY") and name != "COMMON_KEY"]
    first_column = re.compile(r"^\| `([\w.]+)`", re.MULTILINE)
    assert sorted(first_column.findall(kept)) == sorted(getattr(vocabulary, name) for name in keys)
    assert first_column.findall(cookies) == [vocabulary.VISITOR_CODE, *vocabulary.SEGMENT_ID_COOKIES]
    assert first_column.findall(page) == ["window.kameleoonSegment", "window.k_segmentIO"]
    for limit in (f"{vocabulary.MAX_KEPT:,} characters", f"{MAX_PAIRS} pairs", f"{MAX_EXPOSURES} variations"):
        assert limit in text
