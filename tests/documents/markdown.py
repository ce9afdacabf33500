"""The documents of this tree, and what stands in them: blocks of code, headings, links."""

import re
import textwrap
from collections import Counter
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"^( *)```(\w*) *([^\n]*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


class Block(NamedTuple):
    """A block of code: ``language`` and ``title`` stand behind its fence."""

    document: Path
    line: int
    language: str
    title: str
    text: str

    def __str__(self) -> str:
        """Return where it stands, as the name of a test."""
        return f"{self.document.name}:{self.line}"


def blocks(document: Path) -> list[Block]:
    """Return the blocks of code of a document, in their order."""
    text = document.read_text("utf-8")
    return [
        Block(document, text.count("\n", 0, one.start()) + 1, one[2], one[3], textwrap.dedent(one[4]))
        for one in _BLOCK.finditer(text)
    ]


def blocks_in(*languages: str) -> list[Block]:
    """Return the blocks of all documents in one of these languages."""
    return [block for document in DOCUMENTS for block in blocks(document) if block.language in languages]


def titled(name: str, title: str) -> str:
    """Return the text of the block of that title in a document of ``docs``."""
    (text,) = [block.text for block in blocks(ROOT / "docs" / name) if block.title == title]
    return text


def anchors(document: Path) -> set[str]:
    """Return the anchors of a document's headings, as GitHub makes them."""
    seen: Counter[str] = Counter()
    found = set()
    for heading in _HEADING.findall(_prose(document)):
        words = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found.add(f"{words}-{seen[words]}" if seen[words] else words)
        seen[words] += 1
    return found


def links(document: Path) -> list[str]:
    """Return what a document links to in this tree: paths, with or without an anchor, and anchors of its own."""
    return [link for link in _LINK.findall(_prose(document)) if not re.match(r"https?:", link)]


def _prose(document: Path) -> str:
    return _BLOCK.sub("", document.read_text("utf-8"))
