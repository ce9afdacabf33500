"""The demo with its bridge on the strict engine, and what it shares with other pages."""

# ruff: noqa: D103  # the tests' names are sentences

from pathlib import Path
from typing import Any

import pytest

from bridge.shared import vocabulary
from bridge.templates import TemplateError

STRICT = {"cookie": "demo-strict=on"}


def write_index(sandbox: Any, html: str) -> None:
    (sandbox.web / "demo").mkdir()
    (sandbox.web / "demo" / "index.html").write_text(html)


def test_the_switch_adds_the_tags_engine(sandbox: Any) -> None:
    write_index(sandbox, '<script src="/bridge.js"></script>')
    assert sandbox.get("/").text == '<script src="/bridge.js"></script>'
    assert sandbox.get("/", headers=STRICT).text == '<script src="/bridge.js" data-engine="pyodide"></script>'


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


def test_the_demo_gets_the_bridges_own_vocabulary_and_nothing_else_of_it(sandbox: Any) -> None:
    names = sandbox.get("/shared/vocabulary.py")
    assert names.headers["content-type"] == "text/x-python; charset=utf-8"
    assert names.content == Path(vocabulary.__file__).read_bytes()
    assert sandbox.get("/shared/__init__.py").status_code == 404
