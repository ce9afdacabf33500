"""Examples in the documents are what they seem: settings that hold, scripts that parse, recipes that are whole."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bridge.bundle import esbuild
from bridge.installing.paste import acquisition_code
from bridge.models.settings import Settings
from tests.documents.markdown import DOCUMENTS, ROOT, Block, blocks, blocks_in

LANGUAGES = {"apache", "html", "ini", "js", "json", "jsx", "nginx", "python", "sh", "text", "toml"}
SETTINGS = ("bridge.toml", "bridge.json")
SANDBOX = "http://127.0.0.1:8000/"  # whose scripts are the vendors'
ATTRIBUTES = {"async", "src", "data-sitecode", "data-config", "data-engine"}


class Page(HTMLParser):
    """The scripts of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[dict[str, str | None]] = []
        self.code: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.open.append(tag)
        if tag == "script":
            self.tags.append(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        """Close the one that is open."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note what a script does."""
        if self.open and data.strip():
            self.code.append(data)


def parses(code: str, name: str, folder: Path) -> None:
    """Fail with what esbuild says where a script has a mistake in it."""
    (folder / name).write_text(code, "utf-8")
    esbuild.run(folder / name)


def test_each_block_says_what_it_is() -> None:
    """What has no language is looked at by no test."""
    assert [str(block) for path in DOCUMENTS for block in blocks(path) if block.language not in LANGUAGES] == []
    assert {block.language for path in DOCUMENTS for block in blocks(path)} == LANGUAGES


@pytest.mark.parametrize("block", blocks_in("toml", "json"), ids=str)
def test_settings_hold(block: Block, tmp_path: Path) -> None:
    """TOML is settings; JSON is, where it is titled so."""
    if block.language == "toml":
        assert block.title == SETTINGS[0]
    if block.title in SETTINGS:
        (tmp_path / block.title).write_text(block.text, "utf-8")
        Settings.load(tmp_path / block.title)
    else:
        json.loads(block.text)


@pytest.mark.parametrize("block", blocks_in("js", "jsx"), ids=str)
def test_scripts_parse(block: Block, tmp_path: Path) -> None:
    """As whole files, as modules or as the body of a function."""
    parses(block.text, f"example.{block.language}", tmp_path)


def test_a_script_with_a_mistake_does_not_parse(tmp_path: Path) -> None:
    """The test above can fail."""
    with pytest.raises(esbuild.EsbuildError):
        parses("window.analytics = = 1", "example.js", tmp_path)


@pytest.mark.parametrize("block", blocks_in("html"), ids=str)
def test_tags_are_whole(block: Block, tmp_path: Path) -> None:
    """Every element ends, scripts parse, and our tag has its own attributes alone."""
    page = Page(block.text)
    assert page.open == []
    ours = [tag for tag in page.tags if not str(tag.get("src", "")).startswith(SANDBOX)]
    for tag in ours:
        assert set(tag) <= ATTRIBUTES
        assert not tag or ("bridge.js" in str(tag["src"]) and "data-sitecode" in tag)
    for code in page.code:
        parses(code, "example.js", tmp_path)


def test_the_code_to_paste_into_kameleoon_is_what_build_prints() -> None:
    """For the custom data that it names."""
    pasted = [block.text.strip() for block in blocks_in("js") if "customData(" in block.text]
    assert pasted == [acquisition_code("Segment personas")]


@pytest.mark.parametrize("block", blocks_in("python"), ids=str)
def test_python_compiles(block: Block) -> None:
    """On the Python of this project."""
    compile(block.text, str(block), "exec")


def test_each_recipe_for_a_host_has_all_that_is_needed() -> None:
    """CORS, a JavaScript type for `.mjs`, and both ages of files."""
    text = (ROOT / "docs" / "hosting.md").read_text("utf-8")
    recipes = {one.partition("\n")[0]: one for one in text.split("\n## ")}
    for name in ("nginx", "Apache", "S3 with CloudFront", "Cloudflare and Netlify"):
        assert re.search("Access-Control-Allow-Origin|SimpleCORS", recipes[name]), name
        for needed in ('mjs|js"', "text/javascript", "31536000, immutable", "300"):
            assert re.search(needed, recipes[name]), (name, needed)
