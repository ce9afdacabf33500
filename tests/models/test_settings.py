"""The settings model, and that page code follows it to the letter."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bridge.models.settings import MAX_TTL_S, Settings, table
from bridge.shared.rules import SettingsError, check, with_defaults
from bridge.shared.secrets import secrets

TABLE = table()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
CODE = st.from_regex("[a-z0-9]{9,11}|[A-Z0-9\n]{10}|[a-z0-9]{9}\n", fullmatch=True)
NAMES = st.sampled_from(["P", "Q"]) | st.text(max_size=3)  # two of one name are likely
SECRETS = [
    "sk_live_51HabcDEF4567890",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "https://user:hunter2@data.example.com/x",
    "user:hunter2@data.example.com",
    "-----BEGIN PRIVATE KEY-----\nMIIE",
    "xoxb-1234567890-abcdef",
    "Bearer ghp_0123456789abcdefghijABCDEFGHIJ012345",
    "AKIAIOSFODNN7EXAMPLE",
]
SECRET = st.sampled_from(SECRETS)
ITEM = st.fixed_dictionaries(
    {"name": NAMES | SECRET, "source": st.sampled_from(["personas", "trait", "group", "other"])},
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
        "unknown": JSON | SECRET,
    },
)
PATHS = st.lists(st.sampled_from(["analytics", "$a_1", "1a", "é", "", "a b", "x" * 190]), max_size=3).map(".".join)
HOSTS = st.lists(st.sampled_from(["http://", "https://", "a.example", "a b", ":80", ":x", "/", "\n"]), max_size=4).map(
    "".join
)
TTL = st.sampled_from([0, MAX_TTL_S, MAX_TTL_S + 1, 10**12]) | st.integers()
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
        "remote": st.fixed_dictionaries({}, optional={"ttl": TTL | JSON, "data_host": HOSTS | JSON | SECRET}) | JSON,
        "analytics": PATHS | JSON,
        "$schema": st.text(max_size=3) | JSON | SECRET,
        "consent": st.sampled_from(["kameleoon", "manual", "none"]) | JSON,
        "debug": st.booleans() | JSON,
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
    complete = with_defaults(config, TABLE)
    complete.pop("$schema")  # nobody reads it
    assert complete["exposures"] == model["exposures"]
    assert complete | {"custom_data": 0} == model | {"custom_data": 0}


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
        "analytics": "analytics",
        "consent": "kameleoon",
        "debug": False,
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bridge.toml", 'sitecode = "abcde12345"\n[exposures]\nonly = [1]\n'),
        ("bridge.json", '{"sitecode": "abcde12345", "exposures": {"only": [1]}}'),
        ("bridge.toml", '\ufeff"$schema" = "s.json"\nsitecode = "abcde12345"\n[exposures]\nonly = [1]\n'),
        ("bridge.json", '\ufeff{"$schema": "s.json", "sitecode": "abcde12345", "exposures": {"only": [1]}}'),
    ],
)
def test_files_of_both_kinds(tmp_path: Path, name: str, text: str) -> None:
    """TOML and JSON are the same model; editors put a byte order mark before it, and a schema's name into it."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert Settings.load(path).exposures.only == [1]
    assert "$schema" not in Settings.load(path).model_dump(by_alias=True)


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
        ('sitecode = "abcde12345"\n[remote]\nttl = 2678401', "remote.ttl: 2678401; accepted: seconds that "),
        ('sitecode = "abcde12345"\n[remote]\ndata_host = "me:hunter2@a.example"', "remote.data_host: a secret"),
        (
            'sitecode = "abcde12345"\n[remote]\ndata_host = "a b; x"',
            'remote.data_host: "a b; x"; accepted: the Data API',
        ),
        (
            'sitecode = "abcde12345"\n[exposures.properties]\nlift = inf',
            "a number is infinite, none (NaN), or thousands",
        ),
        (f"sitecode = {'9' * 5000}", "a number is infinite, none (NaN), or thousands of digits long; accepted is TOML"),
        (f"sitecode = {'[' * 9999}", "nested deeper than 100 levels; accepted is TOML"),
        (
            'sitecode = "abcde12345"\n[exposures]\nonly = [1, 7]\nexcept = [7]',
            "exposures.except[0]: 7 stands in exposures.only[1], too; accepted: each in one of the two; ",
        ),
        (
            'sitecode = "abcde12345"\ncustom_data = [{name = "P", source = "group"}, {name = "P", source = "group"}]',
            'custom_data[1].name: "P" stands in custom_data[0].name, too; accepted: each name once; ',
        ),
        (
            'sitecode = "abcde12345"\nanalytics = "window.shop.analytics()"',
            'analytics: "window.shop.analytics()"; accepted: the page\'s Segment instance: names joined by dots',
        ),
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


def test_each_mistake_is_a_line(tmp_path: Path) -> None:
    """Secrets first; a name or value with a line end breaks none."""
    path = tmp_path / "bridge.json"
    ends = "a\nb\r\u2028\x85c"
    config = {"sitecode": "X\n", ends: 1, "engine": ends, "exposures": {"properties": {SECRETS[0]: 1, "b": SECRETS[1]}}}
    path.write_text(json.dumps(config))
    with pytest.raises(SettingsError) as caught:
        Settings.load(path)
    lines = str(caught.value).splitlines()
    assert lines == caught.value.problems
    assert [line.removeprefix(f"{path}: ").split(": ")[0] for line in lines] == [
        "exposures.properties.(not shown)",
        "exposures.properties.b",
        "a\\u000ab\\u000d\\u2028\\u0085c",
        "engine",
        "sitecode",
    ]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_found_by_its_looks_and_not_shown(secret: str) -> None:
    """As a name and as a value, wherever it stands."""
    for place in ({"name": secret, "source": "group"}, {"name": "P", secret: 1}, [[secret]], f"key={secret}"):
        config = {"sitecode": "abcde12345", "custom_data": [place], "exposures": {"event": secret}}
        problems = " ".join(check(config, TABLE))
        assert "exposures.event: a secret does not belong into a page" in problems
        assert not any(part in problems for part in (secret, secret[-8:]))
        with pytest.raises(ValidationError) as caught:
            Settings.model_validate(config)
        assert secret[-8:] not in str(caught.value)


WORDS = st.text("abekzABEKZéß日 ", min_size=1, max_size=12) | st.integers(0, 2030).map(str)


# Without a space between them, a time and an address of mail have the form of a user's name, password and host.
APART = st.lists(WORDS | st.sampled_from(["10:30", "me@shop.example", "https://shop.example:443/@me", "sk_live"]))
TIGHT = st.lists(WORDS | st.sampled_from(["10:30", "https://shop.example:443/@me", "sk_live"]))


@given(
    st.builds(str.join, st.sampled_from([" ", " - ", " & "]), APART)
    | st.builds(str.join, st.sampled_from(["_", "/"]), TIGHT)
)
def test_an_ordinary_text_is_no_secret(text: str) -> None:
    """Names of campaigns, events and custom data, with years, times and addresses."""
    assert secrets({"custom_data": [{"name": text}], "event": text}) == []


@pytest.mark.parametrize(
    "text",
    [
        "mailto:me@shop.example",
        "Tea at 10:30@cafe.example",
        "10:30@cafe.example",
        "task_live_stream2026autumn",
        "sk_live_black_friday_2026",
        "sk_live_shoppingexperience",
        "sgp_summer2026campaign",
        "https://me@shop.example",
    ],
)
def test_what_only_resembles_a_secret_is_none(text: str) -> None:
    """A country's or a language's short name, a time, an address of mail."""
    assert secrets([text]) == []


def test_the_schema_shows_the_limits() -> None:
    """And allows its own name."""
    properties = Settings.model_json_schema()["properties"]
    assert properties["custom_data"]["x-distinct"] == "name"
    assert properties["exposures"]["x-disjoint"] == ["only", "except"]
    assert "$schema" in properties
    assert TABLE["properties"]["remote"]["properties"]["ttl"]["maximum"] == MAX_TTL_S


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
