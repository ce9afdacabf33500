"""What an installation is made of, as texts: whatever the settings are, each is what its reader takes."""

import json
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bridge.cli import main
from bridge.installing.files import as_json, as_toml, said
from bridge.installing.paste import acquisition_code, targeting_code
from bridge.installing.policy import policy
from bridge.installing.tag import tag_text
from bridge.installing.texts import Place, texts
from bridge.models.settings import Settings, table
from bridge.shared.rules import check
from bridge.shared.secrets import secrets

TABLE = table()
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
NUMBERS = st.integers(0, 2**53) | st.integers(-(2**53), 0) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
HOST = st.from_regex(r"(https?://)?[A-Za-z0-9.-]+(:[0-9]+)?/?", fullmatch=True).filter(lambda host: len(host) <= 200)
CUSTOM_DATA = st.lists(
    st.one_of(
        st.fixed_dictionaries({"name": TEXT, "source": st.sampled_from(["personas", "group"])}),
        st.fixed_dictionaries({"name": TEXT, "source": st.just("trait"), "trait": TEXT}),
    ),
    max_size=4,
    unique_by=lambda one: one["name"],
)
EXPOSURES = st.fixed_dictionaries(
    {},
    optional={
        "event": TEXT,
        "dialect": st.sampled_from(["segment", "kameleoon", "template"]),
        "personalizations": st.booleans(),
        "personalization_event": st.none() | TEXT,
        "only": st.none() | st.lists(st.integers(0, 9), max_size=3),
        "except": st.none() | st.lists(st.integers(10, 19), max_size=3),
        "properties": st.dictionaries(TEXT, VALUES, max_size=3),
    },
)
SETTINGS = (
    st.fixed_dictionaries(
        {"sitecode": st.from_regex("[a-z0-9]{10}", fullmatch=True)},
        optional={
            "engine": st.sampled_from(["micropython", "pyodide"]),
            "exposures": EXPOSURES,
            "custom_data": CUSTOM_DATA,
            "identifier": st.booleans(),
            "remote": st.fixed_dictionaries({}, optional={"ttl": st.integers(0, 9999), "data_host": st.none() | HOST}),
            "analytics": st.sampled_from(["analytics", "shop.analytics"]),
            "consent": st.sampled_from(["kameleoon", "manual", "none"]),
        },
    )
    .filter(lambda data: not secrets(data))
    .map(Settings.model_validate)
)
PLACES = st.builds(
    Place,
    address=st.sampled_from(["https://cdn.shop.example/ks/", "https://cdn.shop.example", "http://localhost:8000/a/b"]),
    files=st.sampled_from(["built", "ready-made"]),
    config=st.sampled_from(["/kameleoon-segment.json", "https://shop.example/x/y.json"]),
)


class Tag(HTMLParser):
    """The attributes of a script element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one."""
        assert tag == "script"
        self.found.append(dict(attrs))


def attributes(tag: str) -> dict[str, str | None]:
    """Return those of the one script element in a text."""
    (found,) = Tag(tag).found
    return found


def by_id(settings: Settings, place: Place) -> dict[str, str]:
    """Return the texts by what they are."""
    return {one.id: one.text for one in texts(settings, place)}


@examples(deadline=None)
@given(SETTINGS)
def test_files_are_the_settings(settings: Settings) -> None:
    """JSON and TOML give the same settings, to the models and to the page's own table."""
    read: dict[str, Any] = json.loads(as_json(settings))
    assert Settings.model_validate(read) == settings
    assert check(read, TABLE) == []
    toml = as_toml(settings)
    assert toml is not None
    assert tomllib.loads(toml) == read


@examples(deadline=None)
@given(SETTINGS, PLACES)
def test_tag_and_file_say_all(settings: Settings, place: Place) -> None:
    """Of a built bundle the tag names the site; of a ready-made one tag and file together say all settings."""
    given_texts = by_id(settings, place)
    tag = attributes(given_texts["tag"])
    assert tag["src"] == place.folder + "bridge.js"
    told: dict[str, Any] = {"sitecode": tag["data-sitecode"]}
    if place.files == "built":
        assert set(tag) == {"async", "src", "data-sitecode"}
        told |= tomllib.loads(given_texts["toml"])
    if engine := tag.get("data-engine"):
        told["engine"] = engine
    if config := tag.get("data-config"):
        assert config == place.config
        told = json.loads(given_texts["json"]) | told
    assert Settings.model_validate(told) == settings
    assert check(told, TABLE) == []


@examples(deadline=None)
@given(SETTINGS, PLACES)
def test_each_custom_data_has_its_code(settings: Settings, place: Place) -> None:
    """Personas have one for targeting, too."""
    found = [text for text in texts(settings, place) if text.id.startswith(("acquisition-", "targeting-"))]
    wanted = []
    for one in settings.custom_data:
        wanted.append(acquisition_code(one.name))
        if one.source == "personas":
            wanted.append(targeting_code(settings.sitecode, settings.remote.data_host))
    assert [text.text for text in found] == wanted


def test_what_is_a_default_is_not_said() -> None:
    """What is left is what somebody wants to read."""
    settings = Settings.model_validate(
        {"sitecode": "abcde12345", "consent": "kameleoon", "exposures": {"except": [1], "event": "Experiment viewed"}}
    )
    assert said(settings) == {"sitecode": "abcde12345", "exposures": {"except": [1]}}
    assert as_toml(settings) == 'sitecode = "abcde12345"\n\n[exposures]\nexcept = [1]\n'


def test_what_toml_cannot_say_is_built_from_json() -> None:
    """It has no null."""
    settings = Settings.model_validate({"sitecode": "abcde12345", "exposures": {"properties": {"team": None}}})
    found = by_id(settings, Place())
    assert "toml" not in found
    assert found["build"].splitlines() == [
        "kameleoon-segment check bridge.json",
        "kameleoon-segment build --config bridge.json --out dist",
    ]


@pytest.mark.parametrize(("name", "key"), [("bridge.toml", "toml"), ("bridge.json", "json")])
def test_the_command_line_accepts_the_files(
    name: str, key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`check` says that they are fine."""
    data = {
        "sitecode": "abcde12345",
        "exposures": {"properties": {"a b": {"c": [1, 2.5, {"d": 'é "\x7f'}]}}},
        "custom_data": [{"name": 'Plan "A"', "source": "trait", "trait": "a.b"}],
    }
    (tmp_path / name).write_text(by_id(Settings.model_validate(data), Place())[key], encoding="utf-8")
    assert main(["check", str(tmp_path / name)]) == 0
    assert "fine" in capsys.readouterr().out


def test_nothing_breaks_out_of_the_tag() -> None:
    """Addresses are attributes' values."""
    tag = tag_text("abcde12345", 'https://a.example/"><script>', config="/a?b=1&c=2")
    assert attributes(tag)["src"] == 'https://a.example/"><script>'
    assert attributes(tag)["data-config"] == "/a?b=1&c=2"


@pytest.mark.parametrize(
    ("more", "config", "wanted"),
    [
        ({}, None, "connect-src 'self' https://cdn.shop.example"),
        ({}, "/settings.json", "connect-src 'self' https://cdn.shop.example"),
        ({}, "https://shop.example/settings.json", "connect-src 'self' https://cdn.shop.example https://shop.example"),
        (
            {"remote": {"data_host": "data.shop.example"}, "custom_data": [{"name": "G", "source": "group"}]},
            None,
            "connect-src 'self' https://cdn.shop.example https://data.shop.example",
        ),
    ],
)
def test_the_policy_lets_in_what_is_fetched(more: dict[str, Any], config: str | None, wanted: str) -> None:
    """The bundle, WebAssembly, and what else the settings have fetched."""
    settings = Settings.model_validate({"sitecode": "abcde12345", **more})
    said_policy = policy(settings, "https://cdn.shop.example/ks/bridge.js", config)
    scripts, connections = said_policy.removeprefix("Content-Security-Policy: ").split("; ")
    assert scripts == "script-src 'self' https://cdn.shop.example 'wasm-unsafe-eval'"
    assert connections == wanted


@pytest.mark.parametrize("address", ["https://a.example/ks", "https://a.example/ks/", "https://a.example/ks/bridge.js"])
def test_an_address_is_that_of_the_folder(address: str) -> None:
    """However somebody writes it."""
    assert Place(address=address).folder == "https://a.example/ks/"
