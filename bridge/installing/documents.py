"""What the documents say, for pages: recipes of hosts, and the checklist. Each stands in one place, in `docs`."""

import re
from collections.abc import Iterator
from html import escape
from typing import NamedTuple
from urllib.parse import urlsplit

_EXAMPLE_HOST = "cdn.example.com"
_EXAMPLE_PATH = re.compile(r"/ks(?![\w.-])")
_INLINE = re.compile(r"`([^`]+)`|\*\*(.+?)\*\*(?!\*)|\*([^*]+)\*|\[([^\]]+)\]\([^)]*\)")
_MADE = ("code", "strong", "em", "span")
_BLOCK = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class Section(NamedTuple):
    """A part of a document below a heading of the second order, in Markdown."""

    title: str
    text: str

    @property
    def slug(self) -> str:
        """Return the title as a name: ``s3-with-cloudfront``."""
        return re.sub(r"\W+", "-", self.title.lower()).strip("-")


def sections(document: str) -> list[Section]:
    """Return the sections of a document."""
    parts = re.split(r"^## +", document, flags=re.MULTILINE)[1:]
    return [Section(title.strip(), text.strip()) for title, _, text in (part.partition("\n") for part in parts)]


def recipes(hosting: str) -> list[Section]:
    """Return the sections of docs/hosting.md that say how one host is set up: with code that names its caching."""
    return [one for one in sections(hosting) if "31536000, immutable" in one.text]


def items(section: Section) -> list[str]:
    """Return what a section has to be ticked, each in one line of Markdown."""
    found = re.split(r"^- \[ \] +", section.text, flags=re.MULTILINE)[1:]
    return [" ".join(one.split()) for one in found]


def examples(text: str) -> list[str]:
    """Return the blocks of code of a text in Markdown."""
    return [block[2].rstrip() for block in _BLOCK.finditer(text)]


def as_html(text: str, id_: str, title: str) -> Iterator[str]:
    """Yield paragraphs and blocks of code as HTML, each block with a button that copies it.

    Of links only their words are kept: pages have no documents. ``id_`` begins the blocks' ids, ``title`` names them.
    """
    at = 0
    for number, block in enumerate(_BLOCK.finditer(text), 1):
        yield from _paragraphs(text[at : block.start()])
        yield copied(block[2].rstrip(), f"{id_}-{number}", f"{title}, {number}")
        at = block.end()
    yield from _paragraphs(text[at:])


def copied(text: str, id_: str, title: str) -> str:
    """Return a text as HTML, with a button that copies it (web/install/copying.js)."""
    button = (
        f'<button type="button" class="copy" value="{id_}">Copy<span class="unseen"> {escape(title)}</span></button>'
    )
    return f'<div class="example">{button}<pre tabindex="0"><code id="text-{id_}">{escape(text)}</code></pre></div>'


def inline(text: str) -> str:
    """Return a line of Markdown as HTML."""
    parts = []
    at = 0
    for found in _INLINE.finditer(text):
        kind = (found.lastindex or 1) - 1
        inside = escape(found[kind + 1]) if kind == 0 else inline(found[kind + 1])
        parts += [escape(text[at : found.start()]), f"<{_MADE[kind]}>{inside}</{_MADE[kind]}>"]
        at = found.end()
    return "".join([*parts, escape(text[at:])])


def placed(text: str, folder: str) -> str:
    """Return an example of the documents with the address of one's own: a folder's, with a slash behind it."""
    address = urlsplit(folder)
    text = text.replace(f"://{_EXAMPLE_HOST}", f"://{address.netloc}")
    text = text.replace(_EXAMPLE_HOST, address.hostname or "")
    return _EXAMPLE_PATH.sub(address.path.rstrip("/"), text)


def _paragraphs(text: str) -> Iterator[str]:
    for one in re.split(r"\n{2,}", text.strip()):
        if one:
            yield f"<p>{inline(' '.join(one.split()))}</p>"
