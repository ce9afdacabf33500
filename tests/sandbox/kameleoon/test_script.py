"""The engine file of a project: the emulation with a definition that a script may hold."""

# ruff: noqa: D103  # the tests' names are sentences

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

ENGINE = "const project = __PROJECT__;"
PATH = "/abcde12345/engine.js"


@pytest.fixture
def served(sandbox: Any) -> Any:
    """A sandbox with an engine and a demo project."""
    (sandbox.web / "demo").mkdir()
    (sandbox.web / "sandbox").mkdir()
    (sandbox.web / "sandbox" / "kameleoon.js").write_text(ENGINE)
    (sandbox.web / "demo" / "project.json").write_text('{"siteCode": "x", "goals": [1], "consent": "none"}')
    return sandbox


def project(served: Any, **query: str) -> Any:
    answer = served.get(PATH, params=query)
    assert answer.status_code == 200
    return json.loads(answer.text.removeprefix("const project = ").removesuffix(";"))


def test_the_demos_project_is_put_in_with_site_code_and_data_url(served: Any) -> None:
    answer = served.get(PATH, headers={"host": "localhost:9123"})
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    expected = {"siteCode": "abcde12345", "goals": [1], "consent": "none", "dataUrl": "http://localhost:9123"}
    assert json.loads(answer.text.removeprefix("const project = ").removesuffix(";")) == expected


def test_top_level_keys_of_the_query_win(served: Any) -> None:
    changes = {"goals": [2], "dataUrl": "https://data.test", "siteCode": "zzzzz99999", "more": {"a": None}}
    assert project(served, project=json.dumps(changes)) == {
        "siteCode": "abcde12345",
        "goals": [2],
        "consent": "none",
        "dataUrl": "https://data.test",
        "more": {"a": None},
    }


@given(text=st.text() | st.sampled_from(["</script><script>alert(1)", "<!--", "\u2028\u2029", "__PROJECT__"]))
@examples(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_no_text_breaks_out_of_the_script(served: Any, text: str) -> None:
    answer = served.get(PATH, params={"project": json.dumps({"text": text})})
    assert "<" not in answer.text
    assert answer.text.isascii()
    assert len(answer.text.splitlines()) == 1
    assert project(served, project=json.dumps({"text": text}))["text"] == text


@pytest.mark.parametrize("wrong", ["{", "[]", "1", '{"a": NaN}', ""])
def test_a_wrong_project_is_refused(served: Any, wrong: str) -> None:
    answer = served.get(PATH, params={"project": wrong})
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("project: ")


@pytest.mark.parametrize("site_code", ["abcde1234", "abcde123456", "ABCDE12345", "abcde1234é"])
def test_only_site_codes_have_an_engine(served: Any, site_code: str) -> None:
    assert served.get(f"/{site_code}/engine.js").status_code == 404


def test_a_missing_file_is_named(sandbox: Any) -> None:
    assert "kameleoon.js" in sandbox.get(PATH).text
    assert sandbox.get(PATH).status_code == 404
    (sandbox.web / "sandbox").mkdir()
    (sandbox.web / "sandbox" / "kameleoon.js").write_text(ENGINE)
    assert "project.json" in sandbox.get(PATH).text
