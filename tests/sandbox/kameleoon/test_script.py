"""Kameleoon's script of a project: the emulation with a definition that a script may hold."""

# ruff: noqa: D103  # the tests' names are sentences

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bridge.bundle import esbuild
from bridge.sandbox.kameleoon.definition import DEFINITION, script_json
from bridge.sandbox.kameleoon.script import kameleoon_script
from bridge.templates import TemplateError

MAIN = "globalThis.project = __PROJECT__;"
PATH = "/abcde12345/engine.js"
GOAL = {"id": 1, "name": "order", "type": "CUSTOM"}


def write_module(web: Path, name: str, text: str) -> None:
    folder = web / "sandbox" / "kameleoon"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


DEFAULTS = script_json(DEFINITION.validate_python({"siteCode": "abcde12345"}))


def definition(answer: Any) -> Any:
    """Read what was put in; the placeholder's line is one, whatever is in it."""
    (line,) = [line for line in answer.text.splitlines() if "globalThis.project" in line]
    return json.loads(line.strip().removeprefix("globalThis.project = ").removesuffix(";"))


@pytest.fixture
def served(sandbox: Any) -> Any:
    """A sandbox with Kameleoon's script and a demo project."""
    write_module(sandbox.web, "main.js", MAIN)
    (sandbox.web / "demo").mkdir()
    project = {"siteCode": "x", "goals": [GOAL], "consent": "required"}
    (sandbox.web / "demo" / "project.json").write_text(json.dumps(project))
    return sandbox


def project(served: Any, **query: str) -> Any:
    answer = served.get(PATH, params=query)
    assert answer.status_code == 200
    return definition(answer)


def test_the_demos_project_is_put_in_with_site_code_and_data_url(served: Any) -> None:
    answer = served.get(PATH, headers={"host": "localhost:9123"})
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    expected = {"siteCode": "abcde12345", "goals": [GOAL], "consent": "required", "dataUrl": "http://localhost:9123"}
    assert definition(answer) == DEFAULTS | expected


def test_top_level_keys_of_the_query_win(served: Any) -> None:
    changes = {"goals": [], "dataUrl": "https://data.test", "siteCode": "zzzzz99999", "singlePage": True}
    assert project(served, project=json.dumps(changes)) == DEFAULTS | {
        "siteCode": "abcde12345",
        "goals": [],
        "consent": "required",
        "dataUrl": "https://data.test",
        "singlePage": True,
    }


@given(text=st.text() | st.sampled_from(["</script><script>alert(1)", "<!--", "\u2028\u2029", "__PROJECT__"]))
@examples(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)  # esbuild runs
def test_no_text_breaks_out_of_the_script(served: Any, text: str) -> None:
    answer = served.get(PATH, params={"project": json.dumps({"globalScript": text})})
    assert "<" not in answer.text
    assert answer.text.isascii()
    assert len(answer.text.splitlines()) == len(served.get(PATH).text.splitlines())
    assert project(served, project=json.dumps({"globalScript": text}))["globalScript"] == text


@pytest.mark.parametrize("wrong", ["{", "[]", "1", '{"a": NaN}', ""])
def test_a_wrong_project_is_refused(served: Any, wrong: str) -> None:
    answer = served.get(PATH, params={"project": wrong})
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("project: ")


def test_an_option_that_is_wrong_is_refused(served: Any) -> None:
    answer = served.get(PATH, params={"project": json.dumps({"dialect": 2023})})
    assert answer.status_code == 400
    assert answer.json()["error"] == "project.dialect: Input should be 2022, 2025 or 2026, got 2023"


@pytest.mark.parametrize("site_code", ["abcde1234", "abcde123456", "ABCDE12345", "abcde1234é"])
def test_only_site_codes_have_a_script(served: Any, site_code: str) -> None:
    assert served.get(f"/{site_code}/engine.js").status_code == 404


def test_a_missing_file_is_named(sandbox: Any) -> None:
    assert "sandbox/kameleoon/main.js" in sandbox.get(PATH).text
    assert sandbox.get(PATH).status_code == 404
    write_module(sandbox.web, "main.js", MAIN)
    assert "project.json" in sandbox.get(PATH).text


def test_without_esbuild_the_answer_says_what_to_do(served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(esbuild, "_ESBUILD", served.web / "none")
    write_module(served.web, "main.js", MAIN + "// never joined before")
    answer = served.get(PATH)
    assert answer.status_code == 404
    assert "static/node_modules is missing: run `make demo`" in answer.text


def test_modules_are_joined_into_one_strict_script_and_again_when_one_changes(served: Any) -> None:
    write_module(served.web, "main.js", 'import "./one.js";' + MAIN)
    for text in ("first", "second"):
        write_module(served.web, "one.js", f"globalThis.one = '{text}';")
        script = served.get(PATH).text
        assert script.startswith('"use strict";')
        assert f'globalThis.one = "{text}"' in script
        assert "import" not in script
        assert definition(served.get(PATH))["goals"] == [GOAL]


def test_a_script_with_no_place_for_the_project_is_an_error(tmp_path: Path) -> None:
    write_module(tmp_path, "main.js", "globalThis.project = {};")
    with pytest.raises(TemplateError, match=r"^web/sandbox/kameleoon lacks the placeholder __PROJECT__"):
        kameleoon_script(tmp_path, {"siteCode": "abcde12345"})
