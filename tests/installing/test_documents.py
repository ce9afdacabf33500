"""What pages have of the documents: recipes with one's own address, and the checklist."""

from pathlib import Path

import pytest

from bridge.installing.documents import as_html, inline, items, placed, recipes, sections

DOCS = Path(__file__).parents[2] / "docs"
HOSTS = recipes((DOCS / "hosting.md").read_text("utf-8"))
OFFICES = sections((DOCS / "checklist.md").read_text("utf-8"))


def test_each_host_of_the_document_has_its_recipe() -> None:
    """And what is not a recipe is none."""
    assert [one.title for one in HOSTS] == ["nginx", "Apache", "S3 with CloudFront", "Cloudflare and Netlify"]


def test_all_that_is_to_be_ticked_is_there() -> None:
    """In one line each."""
    text = (DOCS / "checklist.md").read_text("utf-8")
    found = [one for office in OFFICES for one in items(office)]
    assert [one.title for one in OFFICES] == ["Segment", "Kameleoon"]
    assert len(found) == text.count("- [ ] ")
    assert " ".join(text.split()).count(found[-1]) == 1


@pytest.mark.parametrize(
    ("folder", "location", "root", "name"),
    [
        ("https://static.shop.example/a/b/", "location /a/b/ {", "`/srv/a/b`", "server_name static.shop.example;"),
        ("https://static.shop.example:8443/", "location / {", "`/srv`", "server_name static.shop.example;"),
    ],
)
def test_a_recipe_has_ones_own_address(folder: str, location: str, root: str, name: str) -> None:
    """Host and folder, wherever they stand."""
    text = placed(HOSTS[0].text, folder)
    assert location in text
    assert root in text
    assert name in text
    assert "example.com" not in text
    assert "/ks" not in text


def test_addresses_of_the_bundle_are_ones_own() -> None:
    """With their port."""
    text = placed("https://cdn.example.com/ks/bridge.js s3://YOUR-BUCKET/ks/bridge.js", "https://a.example:8443/")
    assert text == "https://a.example:8443/bridge.js s3://YOUR-BUCKET/bridge.js"


def test_markdown_becomes_html_and_nothing_else() -> None:
    """Its marks, and no HTML that stands in it; of links the words."""
    assert inline("**a *b*** `<c>` [d `e`](f.md) *g* & <h>") == (
        "<strong>a <em>b</em></strong> <code>&lt;c&gt;</code> <span>d <code>e</code></span> <em>g</em> &amp; &lt;h&gt;"
    )
    first, code, last = as_html("One\nline.\n\n```sh\na < b\n```\n\nEnd.", "nginx", "nginx")
    assert (first, last) == ("<p>One line.</p>", "<p>End.</p>")
    assert '<code id="text-nginx-1">a &lt; b</code>' in code
    assert 'value="nginx-1"' in code
