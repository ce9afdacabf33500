"""Custom data in the emulation of Kameleoon's script."""

import json
from typing import Any

import pytest

from tests.browser.kameleoon.emulation import EXPERIMENT, PERSONAS, Site


@pytest.mark.parametrize(
    ("kind", "form", "calls", "expected"),
    [
        ("UNIQUE", "string", [["a"], ["b"]], "b"),
        ("UNIQUE", "number", [[12.5]], 12.5),
        ("UNIQUE", "boolean", [[True]], True),
        ("UNIQUE", "boolean", [[False]], False),
        ("LIST", "string", [["a"], [["b", "a"]]], ["a", "b"]),
        ("LIST", "string", [["a"], [["b"], True]], ["b"]),
        ("LIST", "string", [["a"], [[], True]], None),
        ("UNIQUE", "string", [[["a", "b"]]], "a"),
        ("UNIQUE", "string", [["a"], ["b", False]], "a"),
        ("UNIQUE", "number", [[12], [5, False]], 12),
        ("LIST", "string", [["a"], [None, True]], ["a"]),
        ("LIST", "string", [["a"], ["x" * 1001]], ["a"]),
        ("COUNT_LIST", "string", [["a"], ["b"], ["a"]], [{"value": "a", "count": 2}, {"value": "b", "count": 1}]),
    ],
)
def test_custom_data_types(site: Site, kind: str, form: str, calls: list[list[Any]], expected: Any) -> None:
    """Sections 3.1 and 9.9: values are kept and read back by type and format; a cleared list is absent."""
    site.open({"customData": [{"index": 7, "name": "it", "type": kind, "format": form, "scope": "VISIT"}]})
    for arguments in calls:
        site.run(f"Kameleoon.API.Data.setCustomData('it', ...{json.dumps(arguments)})")

    assert site.run("Kameleoon.API.CurrentVisit.customData.it") == expected


def test_custom_data_by_index_and_reset(site: Site) -> None:
    """Name and index both work, unknown names are ignored, and a reset empties."""
    site.open({"customData": [PERSONAS]})
    site.run("Kameleoon.API.Data.setCustomData(3, 'vip'), Kameleoon.API.Data.setCustomData('nobody', 1)")
    assert site.run("Kameleoon.API.Visitor.customData") == {"personas": ["vip"]}
    assert site.run("seen.at(-1).detail.name") == "personas"

    site.run("Kameleoon.API.Data.resetCustomData('personas')")
    assert site.run("Kameleoon.API.Visitor.customData") == {}


def test_custom_data_before_its_time(site: Site) -> None:
    """Values set before the custom data codes had their turn are silently lost."""
    command = "{level: 'IMMEDIATE', command: ['Data.setCustomData', 'personas', 'vip']}"
    site.open({"customData": [PERSONAS]}, before=f"window.kameleoonQueue = [{command}]")

    assert site.run("Kameleoon.API.Visitor.customData") == {}


def test_custom_code_polling(site: Site) -> None:
    """Section 9.9: code is asked at once, each 100 ms for 3 s, then each 3 s, until it answers."""
    code = "(window.asked ||= []).push(performance.now() | 0); return window.answer;"
    site.open({"customData": [{**PERSONAS, "customEvalCode": code}]})
    site.pass_time(9100)
    asked = site.run("asked")
    assert [time - asked[0] for time in asked] == [*range(0, 3001, 100), 6000, 9000]

    site.run("window.answer = {value: ['vip'], overwrite: true}")
    site.pass_time(10_000)
    assert site.run("asked.length") == len(asked) + 1
    assert site.run("Kameleoon.API.Visitor.customData.personas") == ["vip"]


def test_custom_code_that_cannot_be_read(site: Site) -> None:
    """A SyntaxError is a line in the console, again and again, and no one else's trouble."""
    messages: list[str] = []
    site.page.on("console", lambda message: messages.append(message.text))
    broken = {**PERSONAS, "customEvalCode": "const id = 1; const id = 2; return {value: 'vip'};"}
    site.open({"customData": [broken], "experiments": [EXPERIMENT]})
    site.pass_time(900)

    assert site.events()[-1] == "ExperimentActivated"
    assert sum("SyntaxError" in message for message in messages) == 10


def test_custom_code_with_an_unchanged_value(site: Site) -> None:
    """A single value that is known already is not set again."""
    plan = {"index": 4, "name": "plan", "type": "UNIQUE", "format": "string", "scope": "VISITOR"}
    project = {"customData": [{**plan, "customEvalCode": "return {value: 'pro', overwrite: true}"}]}
    site.open(project)
    assert "CustomDataSet" in site.events()

    site.open(project)
    assert "CustomDataSet" not in site.events()
    assert site.run("Kameleoon.API.Visitor.customData") == {"plan": "pro"}


def test_page_scope_keeps_the_first_value(site: Site) -> None:
    """Section 9.9: PAGE scope set twice reads as the first."""
    site.open({"customData": [{"index": 7, "name": "it", "type": "UNIQUE", "scope": "PAGE"}]})
    site.run("Kameleoon.API.Data.setCustomData('it', 'a'), Kameleoon.API.Data.setCustomData('it', 'b')")

    assert site.run("Kameleoon.API.CurrentVisit.customData.it") == "a"


@pytest.mark.parametrize("dialect", [2022, 2025, 2026])
def test_index_of_a_custom_data(site: Site, dialect: int) -> None:
    """Sections 1.2 and 9.9: as a number or as text, but not in 2022."""
    site.open({"dialect": dialect, "customData": [PERSONAS]})
    site.run("Kameleoon.API.Data.setCustomData('3', 'text'), Kameleoon.API.Data.setCustomData(3, 'number')")
    site.run("Kameleoon.API.Data.setCustomData('personas', 'name')")

    expected = ["name"] if dialect == 2022 else ["text", "number", "name"]
    assert site.run("Kameleoon.API.Visitor.customData.personas") == expected


@pytest.mark.parametrize(("dialect", "value"), [(2022, "a"), (2025, "b"), (2026, "b")])
def test_overwrite_by_default(site: Site, dialect: int, value: str) -> None:
    """Sections 1.2 and 9.3: in 2022 nothing overwrites unless it says so."""
    site.open({"dialect": dialect, "customData": [{"index": 7, "name": "it", "type": "UNIQUE", "scope": "VISIT"}]})
    site.run("Kameleoon.API.Data.setCustomData('it', 'a'), Kameleoon.API.Data.setCustomData('it', 'b')")
    assert site.run("Kameleoon.API.CurrentVisit.customData.it") == value

    site.run("Kameleoon.API.Data.setCustomData('it', 'c', true)")
    assert site.run("Kameleoon.API.CurrentVisit.customData.it") == "c"
