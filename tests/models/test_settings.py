"""The settings model, and that page code follows it to the letter."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bridge.models.settings import Settings, table
from bridge.shared.rules import SettingsError, check, with_defaults

TABLE = table()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
CODE = st.from_regex("[a-z0-9]{9,11}|[A-Z0-9\n]{10}|[a-z0-9]{9}\n", fullmatch=True)
ITEM = st.fixed_dictionaries(
    {"name": st.text(max_size=3), "source": st.sampled_from(["personas", "trait", "group", "other"])},
    optional={"trait": st.text(max_size=3) | JSON, "extra": JSON},
)
EXPOSURES = st.fixed_dictionaries(
    {},
    optional={
        "event": st.text(max_size=210) | JSON,
        "dialect": st.sampled_from(["segment", "kameleoon", "template", "Segment"]) | JSON,
        "personalizations": st.booleans() | JSON,
        "personalization_event": st.none() | st.text(max_size=3) | JSON,
        "only": st.none() | st.lists(st.integers(-1, 5), max_size=3) | JSON,
        "except": st.lists(st.integers(0, 5), max_size=3) | JSON,
        "once_per": st.sampled_from(["view", "visit", "visitor"]) | JSON,
        "properties": st.dictionaries(st.text(max_size=8), JSON, max_size=2) | JSON,
        "unknown": JSON,
    },
)
CONFIG = st.fixed_dictionaries(
    {},
    optional={
        "sitecode": CODE | st.just("abcde12345") | JSON,
        "engine": st.sampled_from(["micropython", "pyodide", "cobol"]) | JSON,
        "user_id": st.sampled_from(["visitor_code", "segment"]) | JSON,
        "identifier": st.booleans() | JSON,
        "enrich": st.booleans() | JSON,
        "exposures": EXPOSURES | JSON,
        "custom_data": st.lists(ITEM, max_size=3) | JSON,
        "remote": st.fixed_dictionaries({}, optional={"ttl": st.integers() | JSON, "data_host": JSON}) | JSON,
        "consent": st.sampled_from(["kameleoon", "manual", "none"]) | JSON,
    },
)


def accepted(config: Any) -> bool:
    """Return whether the model takes it."""
    try:
        Settings.model_validate(config)
    except ValidationError:
        return False
    return True


@given(CONFIG | JSON)
def test_page_code_takes_what_the_model_takes(config: Any) -> None:
    """One set of rules: the page's table and the model agree on any JSON, and a refusal always says something."""
    problems = check(config, TABLE)
    assert (problems == []) == accepted(config)
    assert all(problem.strip() for problem in problems)


@given(CONFIG)
def test_page_code_fills_in_the_models_defaults(config: Any) -> None:
    """A page that says nothing gets what the build would have given it."""
    config = {key: value for key, value in config.items() if accepted({"sitecode": "abcde12345", key: value})}
    config["sitecode"] = "abcde12345"
    model = Settings.model_validate(config).model_dump(mode="json", by_alias=True)
    assert with_defaults(config, TABLE)["exposures"] == model["exposures"]
    assert with_defaults(config, TABLE) | {"custom_data": 0} == model | {"custom_data": 0}


def test_defaults_are_the_contracts() -> None:
    """Only the site code has to be given."""
    assert Settings(sitecode="abcde12345").model_dump(by_alias=True) == {
        "sitecode": "abcde12345",
        "engine": "micropython",
        "user_id": "visitor_code",
        "identifier": True,
        "enrich": True,
        "exposures": {
            "event": "Experiment viewed",
            "dialect": "segment",
            "personalizations": True,
            "personalization_event": None,
            "only": None,
            "except": None,
            "once_per": "view",
            "properties": {},
        },
        "custom_data": [],
        "remote": {"ttl": 300, "data_host": None},
        "consent": "kameleoon",
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bridge.toml", 'sitecode = "abcde12345"\n[exposures]\nonly = [1]\n'),
        ("bridge.json", '{"sitecode": "abcde12345", "exposures": {"only": [1]}}'),
    ],
)
def test_files_of_both_kinds(tmp_path: Path, name: str, text: str) -> None:
    """TOML and JSON are the same model."""
    path = tmp_path / name
    path.write_text(text)
    assert Settings.load(path).exposures.only == [1]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sitecode = ", "accepted is TOML"),
        ('sitecode = "X"', 'sitecode: "X"; accepted: the Kameleoon project'),
        ('sitecode = "abcde12345"\nexposure = 1', "exposure: no such setting; did you mean exposures?"),
        (
            'sitecode = "abcde12345"\n[exposures]\ndialect = "french"',
            'exposures.dialect: "french"; accepted: "segment"',
        ),
        (
            'sitecode = "abcde12345"\n[[custom_data]]\nname = "P"\nsource = "cohort"',
            'custom_data[0].source: "cohort"; accepted: group or personas or trait',
        ),
        ('sitecode = "abcde12345"\napi_key = "hunter2"', "api_key: a secret"),
        ("sitecode = 2026-11-25", 'sitecode: "2026-11-25"; accepted: the Kameleoon project'),
        (
            'sitecode = "abcde12345"\n[exposures.properties]\nsince = 2026-11-25',
            'exposures.properties.since: "2026-11-25"; ',
        ),
    ],
)
def test_mistakes_are_told(tmp_path: Path, text: str, told: str) -> None:
    """One line names the file, the setting, the value and what is accepted, and no secret."""
    path = tmp_path / "bridge.toml"
    path.write_text(text)
    with pytest.raises(SettingsError) as caught:
        Settings.load(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert told in message
    assert "\n" not in message
    assert "hunter2" not in message


def test_the_schema_describes_every_setting() -> None:
    """Editors show these texts."""

    def undescribed(node: Any, path: str = "") -> list[str]:
        found = []
        for name, one in node.get("properties", {}).items():
            place = f"{path}.{name}"
            if "description" not in one and "const" not in one:
                found.append(place)
            found += undescribed(one, place)
        return found

    assert undescribed(TABLE) == []
    assert json.dumps(Settings.model_json_schema())
