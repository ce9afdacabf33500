"""The demo with its bridge on the strict engine, and what it shares with other pages."""

# ruff: noqa: D103  # the tests' names are sentences

from pathlib import Path
from typing import Any

import pytest

from bridge.shared import vocabulary
from bridge.templates import TemplateError
from tests.sandbox.folders import put

STRICT = {"cookie": "demo-engine=pyodide"}
ASKED = {"cookie": "demo-consent=asked"}


def write_index(sandbox: Any, html: str) -> None:
    (sandbox.web / "demo").mkdir()
    (sandbox.web / "demo" / "index.html").write_text(html)


def test_the_switch_adds_the_tags_engine(sandbox: Any) -> None:
    write_index(sandbox, '<script src="/bridge.js"></script>')
    assert sandbox.get("/").text == '<script src="/bridge.js"></script>'
    assert sandbox.get("/", headers=STRICT).text == '<script src="/bridge.js" data-engine="pyodide"></script>'


def test_the_switch_makes_the_shop_ask_for_consent(sandbox: Any) -> None:
    project = "/abcde12345/engine.js?project=%7B%22afterRefusal%22%3A%22block%22"
    write_index(sandbox, f'<script async src="{project}%7D"></script>')
    asking = f'<script async src="{project}%2C%22consent%22%3A%22required%22%7D"></script>'
    assert sandbox.get("/", headers=ASKED).text == asking
    assert sandbox.get("/", headers={"cookie": "demo-consent=other"}).text.count("required") == 0


def test_a_demo_without_the_tag_is_an_error_where_its_engine_is_switched(sandbox: Any) -> None:
    write_index(sandbox, "<title>Shop</title>")
    assert sandbox.get("/").status_code == 200
    with pytest.raises(TemplateError, match=r"^web/demo/index\.html lacks"):
        sandbox.get("/", headers=STRICT)


def test_the_looks_of_all_pages(sandbox: Any) -> None:
    (sandbox.web / "looks").mkdir()
    (sandbox.web / "looks" / "base.css").write_text("a{}")
    style = sandbox.get("/looks/base.css")
    assert (style.text, style.headers["content-type"]) == ("a{}", "text/css; charset=utf-8")
    assert sandbox.get("/looks/../demo/demo.css").status_code == 404


def test_pages_get_the_bridges_own_page_code_and_nothing_else_of_it(sandbox: Any) -> None:
    names = sandbox.get("/python/shared/vocabulary.py")
    assert names.headers["content-type"] == "text/x-python; charset=utf-8"
    assert names.content == Path(vocabulary.__file__).read_bytes()
    assert sandbox.get("/python/wire/rows.py").status_code == 200
    for path in ("sandbox/app.py", "clouds.py", "wire/../clouds.py", "py.typed", "shared", "wire/none.py", ""):
        assert sandbox.get(f"/python/{path}").status_code == 404


def test_what_shows_the_wire(sandbox: Any) -> None:
    put(sandbox.web, "wire/panel.css", b"a{}")
    assert sandbox.get("/wire/panel.css").headers["content-type"] == "text/css; charset=utf-8"
    assert sandbox.get("/wire/../demo/demo.css").status_code == 404


SCRIPT = b"console.log('the bridge')\n" * 20


def test_the_demo_and_its_files(sandbox: Any) -> None:
    assert sandbox.get("/").status_code == 404
    put(sandbox.web, "demo/index.html", b"<title>Shop</title>")
    put(sandbox.web, "demo/shop.css", b"a{}")
    put(sandbox.web, "sandbox/kameleoon/main.js", b"not a part of the demo")
    index = sandbox.get("/")
    assert (index.status_code, index.text) == (200, "<title>Shop</title>")
    assert index.headers["content-type"] == "text/html; charset=utf-8"
    assert index.headers["cache-control"] == "no-cache"
    assert sandbox.get("/demo/shop.css").headers["content-type"] == "text/css; charset=utf-8"
    assert sandbox.get("/demo/../sandbox/kameleoon/main.js").status_code == 404


def test_of_static_only_styles_and_pictures_are_served(sandbox: Any) -> None:
    for path in ("style.css", "img/logo.svg", "img/logo.png", "package.json", "node_modules/a/a.css"):
        put(sandbox.static, path)
    assert sandbox.get("/static/style.css").headers["content-type"] == "text/css; charset=utf-8"
    assert sandbox.get("/static/img/logo.svg").headers["content-type"] == "image/svg+xml"
    assert sandbox.get("/static/img/logo.png").headers["content-type"] == "image/png"
    for path in ("package.json", "node_modules/a/a.css", "img/../node_modules/a/a.css", "none.css"):
        assert sandbox.get(f"/static/{path}").status_code == 404


def test_pyscript_and_the_python_that_it_runs(sandbox: Any) -> None:
    put(sandbox.static, "node_modules/@pyscript/core/dist/core.js", SCRIPT)
    put(sandbox.static, "node_modules/@micropython/micropython-webassembly-pyscript/micropython.wasm")
    core = sandbox.get("/pyscript/core.js")
    assert (core.content, core.headers["content-type"]) == (SCRIPT, "text/javascript; charset=utf-8")
    assert core.headers["cache-control"] == "public, max-age=300"
    assert sandbox.get("/pyscript/micropython/micropython.wasm").headers["content-type"] == "application/wasm"
    assert sandbox.get("/pyscript/../package.json").status_code == 404
