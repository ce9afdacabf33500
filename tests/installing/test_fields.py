"""A form of all settings: what is typed becomes settings, and settings become what one would have typed."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import settings as examples

from bridge.installing.checking import MOST_CHARACTERS, checked, read
from bridge.installing.fields import Field, collected, field_of, fields, spread
from bridge.installing.files import said
from bridge.installing.form import form
from bridge.models.settings import Settings, table
from tests.installing.test_texts import SETTINGS
from tests.models.test_settings import CONFIG

FIELDS = list(fields(table()))


def filled(data: dict[str, Any]) -> Any:
    """Return what a form says that was filled with these settings."""
    texts, rows = spread(FIELDS, data)
    return collected(FIELDS, texts, rows)


def test_each_setting_has_a_field_of_its_kind() -> None:
    """In the models' order."""
    kinds = {one.path: one.kind for one in FIELDS}
    assert "$schema" not in kinds
    assert kinds["sitecode"] == "text"
    assert kinds["engine"] == "choice"
    assert kinds["identifier"] == "switch"
    assert kinds["exposures.only"] == "numbers"
    assert kinds["exposures.properties"] == "table"
    assert kinds["custom_data"] == "rows"
    assert kinds["remote.ttl"] == "number"


def test_a_new_setting_appears_by_itself() -> None:
    """Of any kind, with its description and its default."""
    rules = {
        "properties": {
            "debug": {"type": "boolean", "default": False, "description": "true or false: may be opened"},
            "odd": {"type": "array", "items": {"type": "string"}, "default": [], "description": "texts"},
        }
    }
    assert list(fields(rules)) == [
        Field("debug", "switch", "true or false: may be opened", default=False),
        Field("odd", "table", "texts", default=[]),
    ]


def test_the_form_has_every_field_once() -> None:
    """With what describes it, and where its mistake is said."""
    html = form()
    for one in FIELDS:
        for kind in ("f", "h", "p"):
            assert html.count(f'id="{kind}-{one.path}"') == 1, one.path


@examples(deadline=None)
@given(SETTINGS)
def test_settings_stand_in_the_form_and_come_back(settings: Settings) -> None:
    """But for texts of spaces and line ends, which no field can hold."""
    data = said(settings)
    named = [one[key] for one in data.get("custom_data", []) for key in ("name", "trait") if key in one]
    exposures, remote = data.get("exposures", {}), data.get("remote", {})
    named += [exposures.get("event"), exposures.get("personalization_event"), remote.get("data_host")]
    assume(all(one is None or (one.strip() and not set(one) & {"\n", "\r"}) for one in named))
    again, problems = checked(Settings, filled(data))
    assert problems == []
    assert again == settings


@examples(deadline=None)
@given(CONFIG)
def test_any_configuration_is_kept_as_far_as_it_can_be(data: dict[str, Any]) -> None:
    """Whatever it is: nothing breaks, and what is wrong has a place."""
    _, problems = checked(Settings, filled(data))
    assert [one for one in problems if not field_of(FIELDS, one.place)] == []


@examples(deadline=None)
@given(CONFIG)
def test_what_is_wrong_is_wrong_for_the_command_line_too(data: dict[str, Any]) -> None:
    """The wizard is neither kinder nor stricter."""
    valid, problems = checked(Settings, data)
    assert (valid is None) == bool(problems)
    try:
        Settings.model_validate(data)
    except ValueError:
        assert problems
    else:
        assert not problems


@pytest.mark.parametrize(
    ("texts", "rows", "place", "field", "words"),
    [
        (
            {"sitecode": "ABC"},
            [],
            "sitecode",
            "sitecode",
            '"ABC"; string should have at least 10 characters; accepted:',
        ),
        ({"exposures.only": "1, x"}, [], "exposures.only[1]", "exposures.only", '"x"; input should be a valid integer'),
        (
            {"exposures.only": "1 2", "exposures.except": "2"},
            [],
            "exposures.except[0]",
            "exposures.except",
            "2 stands in only[1], too; accepted: each in one of the two",
        ),
        ({"exposures.properties": "{"}, [], "exposures.properties", "exposures.properties", '"{"; input should be'),
        ({"remote.ttl": "-1"}, [], "remote.ttl", "remote.ttl", "-1; input should be greater than or equal to 0"),
        (
            {"analytics": "shop analytics"},
            [],
            "analytics",
            "analytics",
            '"shop analytics"; accepted: the page\'s Segment instance: names joined by dots',
        ),
        ({"remote.ttl": "soon"}, [], "remote.ttl", "remote.ttl", '"soon"; input should be a valid integer'),
        (
            {},
            [{"name": "A", "source": "trait", "trait": ""}],
            "custom_data[0].trait",
            "custom_data[0].trait",
            "nothing; field required; accepted: the trait's name",
        ),
        (
            {},
            [{"name": "A", "source": "group"}, {"name": "A", "source": "personas"}],
            "custom_data[1].name",
            "custom_data[1].name",
            '"A" stands in [0].name, too; accepted: each name once',
        ),
    ],
)
def test_a_mistake_is_said_beside_its_field(
    texts: dict[str, str], rows: list[dict[str, str]], place: str, field: str, words: str
) -> None:
    """In the models' words: place, value, what is accepted."""
    data = collected(FIELDS, {"sitecode": "abcde12345", **texts}, {"custom_data": rows})
    _, problems = checked(Settings, data)
    (problem,) = problems
    assert problem.place == place
    assert problem.text.startswith(f"{place}: {words}")
    assert field_of(FIELDS, problem.place) == field


def test_rows_keep_their_numbers() -> None:
    """Whatever stands in them: a mistake is said of the row that it is in, in words of JSON and by its own columns."""
    data = {
        "sitecode": "abcde12345",
        "custom_data": [
            1,
            {},
            {"name": "Group id", "source": "group", "trait": "a"},
            {"name": "Plan", "source": "trait"},
        ],
    }
    _, rows = spread(FIELDS, data)
    assert rows["custom_data"] == [
        {},
        {},
        {"name": "Group id", "source": "group", "trait": "a"},
        data["custom_data"][3],
    ]
    _, problems = checked(Settings, data)
    said_of = {one.place: one.text.removeprefix(f"{one.place}: ") for one in problems}
    assert list(said_of) == [
        "custom_data[0]",
        "custom_data[1].source",
        "custom_data[2].trait",
        "custom_data[3].trait",
    ]
    assert said_of["custom_data[0]"].partition("; accepted")[0] == "1; input should be a valid dictionary"
    assert said_of["custom_data[1].source"] == "nothing; field required"
    assert said_of["custom_data[2].trait"] == '"a"; no such field; accepted: name, source'


def test_a_secret_hides_nothing_but_itself() -> None:
    """Also where another setting's name begins with its own."""
    data = {"sitecode": "abcde12345", "a": "sk_live_51HabcDEF4567890", "analytics": "a b"}
    assert [one.place for one in checked(Settings, data)[1]] == ["a", "analytics"]


def test_columns_of_another_variant_are_left_out() -> None:
    """What was typed for a trait counts only as long as the row is one."""
    row = {"name": "A", "source": "personas", "trait": "plan"}
    assert collected(FIELDS, {}, {"custom_data": [row]}) == {"custom_data": [{"name": "A", "source": "personas"}]}


def test_secrets_are_refused_and_never_shown() -> None:
    """By their names and by their looks, in the models' words; what else is wrong is said, too."""
    key = "sk_live_51HabcDEF4567890"
    data = {"sitecode": "abc", "api_key": "x1y2z3", "exposures": {"event": key, "properties": {"a": [key]}}}
    valid, problems = checked(Settings, data)
    assert valid is None
    assert [one.place for one in problems] == ["api_key", "exposures.event", "exposures.properties.a[0]", "sitecode"]
    assert problems[0].text == "api_key: a secret does not belong into a page; take it out"
    said_texts = "".join(one.text for one in problems)
    assert key not in said_texts
    assert "x1y2z3" not in said_texts


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('{"sitecode": "abcde12345"}', {"sitecode": "abcde12345"}),
        ('\ufeff\n sitecode = "abcde12345"\n', {"sitecode": "abcde12345"}),
        ("", {}),
    ],
)
def test_a_configuration_is_read(text: str, wanted: dict[str, Any]) -> None:
    """JSON or TOML, whichever it is."""
    assert read(text) == wanted


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "line 1 column 2"),
        ("sitecode", "at end of document"),
        ("a = 1\na = 2", "Cannot overwrite a value"),
        ('{"a": NaN}', "a number is"),
        ("a = inf", "a number is"),
        (f'{{"a": {"9" * 5000}}}', "a number is"),
        ("a = " + "[" * 9999, "nested deeper than 100 levels"),
        ('{"a":' * 9999, "nested deeper than 100 levels"),
        (f'{{"a": {"[" * 100}{"]" * 100}}}', "nested deeper than 100 levels"),
        (" " * MOST_CHARACTERS + '{"a": 1}' + "x" * MOST_CHARACTERS, "longer than 1,000,000 characters"),
    ],
    ids=lambda text: text[:20],
)
def test_what_is_none_says_where(text: str, words: str) -> None:
    """And quotes nothing of it."""
    with pytest.raises(ValueError, match=r"^the configuration: .*; accepted is (JSON|TOML)") as caught:
        read(text)
    assert words in str(caught.value)
