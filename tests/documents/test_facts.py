"""What the documents say of the tree, of hints and of storage is so."""

import re
from pathlib import Path

import pytest

from bridge.brain.hints import TEXTS
from bridge.brain.keeper import MAX_EXPOSURES, MAX_PAIRS
from bridge.shared import vocabulary
from tests.documents.markdown import DOCUMENTS, ROOT, anchors, links

#: Files of the tree, as documents write them: `bridge/brain/seam.py`, `tests/browser`.
PLACE = re.compile(r"`((?:bridge|web|tests|static|docs)/[\w./-]+)`")
PICTURES = sorted((ROOT / "docs").glob("*.png"))  # made by tests/documents/screenshot.py


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_places_and_links_exist(document: Path) -> None:
    """A reader who follows a path, a link or an anchor finds something."""
    lost = [place for place in PLACE.findall(document.read_text("utf-8")) if not (ROOT / place).exists()]
    for link in links(document):
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert lost == []


def test_there_is_much_to_be_followed() -> None:
    """The test above looks at what is there to be looked at."""
    assert len(PLACE.findall((ROOT / "docs" / "architecture.md").read_text("utf-8"))) > 30
    assert len(links(ROOT / "README.md")) > 20
    assert "from-kameleoons-snippets" in anchors(ROOT / "docs" / "migration.md")


def test_each_document_is_found_from_the_readme() -> None:
    """None lies there unread."""
    linked = {link.partition("#")[0] for link in links(ROOT / "README.md")}
    assert {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")} - linked == set()


def test_each_hint_has_an_entry() -> None:
    """All codes, in the order in which they are looked for, and no more."""
    _, entries = (ROOT / "docs" / "troubleshooting.md").read_text("utf-8").split("\n## By hint\n")
    assert re.findall(r"^### (\S+)$", entries, re.MULTILINE) == list(TEXTS)


def test_what_a_failed_start_says_is_what_the_tag_says() -> None:
    """Who looks for the words of a message in the table finds them there."""
    text = (ROOT / "docs" / "troubleshooting.md").read_text("utf-8")
    _, _, table = text.partition("\n## Python did not start\n")
    said = re.findall(r"^\| `([^`…]+?) ?…?`", table.partition("\n## ")[0], re.MULTILINE)
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "web" / "tag").rglob("*.js"))
    assert len(said) > 5
    assert [one for one in said if one not in sources] == []


def test_the_page_on_kameleoonsegment_has_all_of_it() -> None:
    """Each of its functions, and no other."""
    text = (ROOT / "docs" / "page.md").read_text("utf-8").partition("\n## ")[0]
    tag = (ROOT / "web" / "tag" / "bridge.js").read_text("utf-8")
    (made,) = re.findall(r"window\.kameleoonSegment = {\n(.*?)\n  };", tag, re.DOTALL)
    told = re.findall(r"^\| `(\w+)", text, re.MULTILINE)
    assert sorted(told) == sorted(re.findall(r"^    (\w+)[:,]", made, re.MULTILINE))


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


def test_the_pictures_are_small() -> None:
    """A README is read on the way, too."""
    assert PICTURES
    for picture in PICTURES:
        assert picture.read_bytes().startswith(b"\x89PNG")
        assert picture.stat().st_size < 250_000
