"""However the tag comes into the page, it starts, from its own address, or says why not."""

import json

import pytest

from tests.browser.shop import ONLY_MICROPYTHON, Shop
from tests.browser.situations import script


@pytest.mark.parametrize("way", ["module", "inserted"])
def test_pasted_so_that_attributes_are_to_be_found(shop: Shop, way: str) -> None:
    """A module has no `document.currentScript`; what a loader inserts has one, but no place in the page's text."""
    tag = shop.tag()
    if way == "module":
        tag = tag.replace("<script async", '<script type="module"')
    else:
        element = json.dumps(tag).replace("</", "<\\/")
        tag = script(f"document.head.append(document.createRange().createContextualFragment({element}))")
    shop.open(shop.kameleoon(), shop.segment(), tag)
    assert shop.works()["errors"] == []


@ONLY_MICROPYTHON
@pytest.mark.parametrize("way", ["import", "shadow root", "removed at once", "document.write"])
def test_pasted_in_other_ways(shop: Shop, way: str) -> None:
    """Attributes or none: the settings of the build count."""
    address = f"{shop.cloud}/bridge.js"
    insert = f"const tag = Object.assign(document.createElement('script'), {{ src: '{address}' }})\n"
    ways = {
        "import": f'<script type="module">import("{address}")</script>',
        "shadow root": script(
            insert
            + """const host = document.createElement("div")
            addEventListener("DOMContentLoaded", () => document.body.append(host))
            host.attachShadow({ mode: "closed" }).append(tag)"""
        ),
        "removed at once": script(insert + "document.head.append(tag); tag.remove()"),
        "document.write": script(f"document.write('<script async src=\"{address}\"><\\/script>')"),
    }
    shop.open(shop.kameleoon(), shop.segment(), ways[way])
    assert shop.works()["errors"] == []


@ONLY_MICROPYTHON
@pytest.mark.never_starts("nobody knows where its files are")
def test_as_text_that_a_loader_runs_it_says_why_not(shop: Shop) -> None:
    """`eval` hides the address: a line in the console and in `status()`, and the page goes on at once."""
    run = f"fetch('{shop.cloud}/bridge.js').then((answer) => answer.text()).then((text) => (0, eval)(text))"
    shop.open(shop.kameleoon(), shop.segment(), script(run))
    status = shop.ready()
    assert status["state"] in ("failed", "off")
    assert "address" in json.dumps(status["errors"])
    shop.settled()
    assert [problem.partition(" ")[0] for problem in shop.problems] == ["[kameleoon-segment]"]
    shop.problems.clear()


CLOBBERS = [
    '<img name="currentScript" src="/evil/bridge.js">',
    '<form name="currentScript" src="/evil/bridge.js" data-sitecode="evil000000"></form>',
    '<object name="currentScript" data="/evil/bridge.js"></object>',
    '<a id="kameleoonSegment" href="/evil/bridge.js"></a>',
    '<a id="k_segmentIO" href="/evil/bridge.js"></a>',
    '<a id="ear"></a><a id="BUNDLE"></a><img name="documentElement"><img name="readyState">',
]


@ONLY_MICROPYTHON
@pytest.mark.parametrize("html", CLOBBERS)
@pytest.mark.parametrize("way", ["classic", "module"])
def test_html_of_users_is_no_script(shop: Shop, html: str, way: str) -> None:
    """Names of elements become members of `document` and `window`: nothing is loaded from where they point."""
    shop.file("/evil/bridge.js", "window.evil = true")
    tag = shop.tag() if way == "classic" else shop.tag().replace("<script async", '<script type="module"')
    shop.open(shop.kameleoon(), shop.segment(), body=f"<h1>Shop</h1>{html}{tag}")
    assert shop.works()["errors"] == []
    assert not [url for url in shop.requests if "/evil/" in url and not url.endswith("/evil/bridge.js")]
    assert shop.page.evaluate("() => window.evil") is None
