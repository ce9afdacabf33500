"""What page code checks is what the models say, keyword by keyword; a rule that it cannot check is no rule to build."""

from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bridge.bundle.build import build
from bridge.cli import main
from bridge.models import settings
from bridge.models.relations import Related
from bridge.models.settings import Settings, table
from bridge.models.table import RuleError, table_of
from bridge.shared.rules import KEYWORDS, check

TEXTS = st.text("ab1-\n", max_size=4)
SCALARS = st.none() | st.booleans() | st.integers(-3, 5) | st.floats(-3, 5) | TEXTS
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "kind"]), inner | st.sampled_from(["one", "two"]), max_size=3)
    ),
    max_leaves=6,
)

EDGES: st.SearchStrategy[Any] = st.sampled_from(
    [0, 1, 1.5, 2, True, "", "a", "ab", "abc", "a\n", "b.", "ab\n", None, [], {}]
    + ["a.b", "a..b", "a.b.", "a.b.a"]
    + [[{"a": 1, "b": one}, {"a": 1, "b": "x"}] for one in ("x", "y")]
    + [{"a": [1, 1, 2], "b": one} for one in ([2], [3, 3], [], None, [True])]
)  # of the types below


class Closed(BaseModel):
    """Has two fields, one of which must be given."""

    model_config = ConfigDict(extra="forbid")

    a: int
    b: str = Field("x", description="a text")


class Open(BaseModel):
    """Other fields are welcome."""

    model_config = ConfigDict(extra="allow")

    a: int | None = None


class One(BaseModel):
    """A variant."""

    kind: Literal["one"]
    a: int = 0


class Two(BaseModel):
    """Another."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["two"]
    a: str = ""


class Lists(BaseModel):
    """Two lists of numbers."""

    a: list[int] | None = None
    b: list[int] = []


# Types whose schemas have the keyword, among others.
TYPES: dict[str, list[Any]] = {
    "type": [str, bool, int, float, list[Any], dict[str, Any], None],
    "const": [Literal["a"], Literal[""]],  # texts: to pydantic True is a literal 1
    "enum": [Literal["a", "b", ""]],
    "minLength": [Annotated[str, Field(min_length=2)]],
    "maxLength": [Annotated[str, Field(max_length=2)]],
    "pattern": [
        Annotated[str, Field(pattern=pattern)] for pattern in ("^[a-z0-9]+$", "^a?b*.$", "^[ab]-?$", "^[ab]([.][ab])*$")
    ],
    "minimum": [Annotated[int, Field(ge=1)], Annotated[float, Field(ge=1.5)]],
    "maximum": [Annotated[int, Field(le=1)], Annotated[float, Field(le=1.5)]],
    "x-distinct": [
        Annotated[list[Open], Related("x-distinct", "a")],
        Annotated[list[Closed], Related("x-distinct", "b")],
    ],
    "x-disjoint": [Annotated[Lists, Related("x-disjoint", ["a", "b"])]],
    "anyOf": [int | None, str | list[int], Annotated[str, Field(max_length=1)] | bool],
    "oneOf": [Annotated[One | Two, Field(discriminator="kind")]],
    "discriminator": [list[Annotated[One | Two, Field(discriminator="kind")]]],
    "items": [list[int], list[list[str]]],
    "properties": [Closed, Open],
    "additionalProperties": [Closed, Open, dict[str, int], dict[str, list[str]]],
    "required": [Closed],
    "description": [Annotated[int, Field(description="a number")]],
    "default": [Closed],
}


def table_for(of: Any) -> dict[str, Any]:
    """Return what page code gets of a type."""
    return table_of(TypeAdapter(of).json_schema())


CHECKS = {keyword: [(TypeAdapter(of), table_for(of)) for of in types] for keyword, types in TYPES.items()}


def takes(adapter: TypeAdapter[Any], value: Any) -> bool:
    """Return whether pydantic takes the value as it is."""
    try:
        adapter.validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


def keywords_of(node: dict[str, Any]) -> set[str]:
    """Return the keywords of a table and those inside."""
    inner = [*node.get("anyOf", []), *node.get("oneOf", []), *node.get("properties", {}).values()]
    inner += [node[key] for key in ("items", "additionalProperties") if isinstance(node.get(key), dict)]
    return set(node).union(*map(keywords_of, inner))


@pytest.mark.parametrize("keyword", KEYWORDS)
@examples(deadline=None)
@given(value=EDGES | VALUES, data=st.data())
def test_page_code_takes_what_pydantic_takes(keyword: str, value: Any, data: st.DataObject) -> None:
    """Each keyword that page code knows means the same there."""
    adapter, rules = CHECKS[keyword][data.draw(st.integers(0, len(CHECKS[keyword]) - 1))]
    assert keyword in keywords_of(rules)
    assert (check(value, rules) == []) == takes(adapter, value)


def test_every_keyword_that_page_code_knows_is_used() -> None:
    """What no setting needs is not sent to pages."""
    assert keywords_of(table()) == set(KEYWORDS)


@pytest.mark.parametrize(
    ("of", "keyword"),
    [
        (Annotated[list[int], Field(max_length=3)], "maxItems"),
        (Annotated[list[int], Field(min_length=1)], "minItems"),
        (Annotated[int, Field(gt=0)], "exclusiveMinimum"),
        (Annotated[int, Field(lt=9)], "exclusiveMaximum"),
        (Annotated[int, Field(multiple_of=2)], "multipleOf"),
        (Annotated[str, Field(json_schema_extra={"format": "uri"})], "format"),
        (set[str], "uniqueItems"),
        (tuple[int, str], "prefixItems"),
        (dict[Annotated[str, Field(max_length=3)], int], "propertyNames"),
    ],
)
def test_a_keyword_that_page_code_does_not_know_is_named(of: Any, keyword: str) -> None:
    """With the setting, wherever it stands, and what to do."""

    class Model(BaseModel):
        outer: list[of]

    with pytest.raises(RuleError) as caught:
        table_for(Model)
    message = str(caught.value)
    assert f"outer[]: pages cannot check the JSON Schema keyword {keyword}; " in message
    assert "bridge/shared/rules.py" in message


@pytest.mark.parametrize("pattern", ["[a-z]+", "^a{3}$", "^a|b$", "^(?i:a)$", "^(?i)a$", r"^\d+$", "^a$\n"])
def test_a_pattern_that_interpreters_read_differently_is_named(pattern: str) -> None:
    """MicroPython's `re` is a small one, and a pattern holds for the whole text."""
    with pytest.raises(RuleError, match=r"^b\.\*: pages cannot check the pattern "):
        table_of({"properties": {"b": {"additionalProperties": {"pattern": pattern}}}})


def test_variants_need_a_constant_each() -> None:
    """Page code chooses by it."""

    class Both(BaseModel):
        kind: Literal["three", "four"]

    with pytest.raises(RuleError, match="variants without a discriminator"):
        table_for(Annotated[One | Both, Field(discriminator="kind")])
    with pytest.raises(RuleError, match="variants without a discriminator"):
        table_of({"oneOf": [{"type": "string"}]})


def test_no_bundle_is_built_of_such_a_model(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither by the command, which says it in one line, nor by the builder."""

    class Wider(Settings):
        sample: Annotated[int, Field(lt=100)] = 99

    config = tmp_path / "bridge.toml"
    config.write_text('sitecode = "abcde12345"\n')
    good = Settings.load(config)
    monkeypatch.setattr(settings, "Settings", Wider)
    with pytest.raises(RuleError, match="sample: pages cannot check the JSON Schema keyword exclusiveMaximum"):
        build(good, tmp_path / "dist")
    assert main(["build", "--config", str(config), "--out", str(tmp_path / "dist")]) == 2
    assert capsys.readouterr().err.startswith("error: sample: pages cannot check")
    assert not (tmp_path / "dist").exists()
