"""Any data at all: a valid custom-data value, or an error that names what stands there."""

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.brain import answers
from tests.brain.strategies import COHORTS, COMMON, IDENTIFY, SCALARS, VALUES, is_value


def accepted(answer: dict[str, Any]) -> bool:
    """Return whether there is a value; where not, the error says what is accepted."""
    if "value" in answer:
        return True
    assert "accepted: " in answer["error"]
    return False


@settings(deadline=None)
@given(COHORTS)
def test_personas(data: Any) -> None:
    """Names, in order, of which each is in the data and true."""
    answer = answers.of_values(data)["personas"]
    assert accepted(answer) == isinstance(data, dict)
    if accepted(answer):
        assert answer["value"] == sorted(answer["value"])
        assert {name: data[name] for name in answer["value"] if data[name] is not True and data[name] != "true"} == {}
        assert set(answer["value"]) >= {name for name in data if data[name] is True}


@settings(deadline=None)
@given(COMMON)
def test_names(data: Any) -> None:
    """Texts only."""
    answer = answers.of_values(data)["names"]
    if accepted(answer):
        assert all(isinstance(name, str) for name in answer["value"])


@settings(deadline=None)
@given(IDENTIFY)
def test_identify(data: Any) -> None:
    """Each trait that is asked for, and the group."""
    answer = answers.of_values(data)["identify"]
    if accepted(answer):
        assert sorted(answer["value"]) == sorted(["", *answers.PATHS])
        assert answer["value"][""] == data.get("groupId")
    else:
        assert not isinstance(data, dict) or not isinstance(data["traits"], dict)


@settings(deadline=None)
@given(st.one_of(SCALARS, st.lists(SCALARS), VALUES))
@example("x" * 1000)
@example("x" * 1001)
@example(["a", None])
def test_value(data: Any) -> None:
    """What comes out is what Kameleoon takes, and what it takes comes out unchanged, but for nulls in a list."""
    answer = answers.of_values(data)["value"]
    if accepted(answer):
        assert is_value(answer["value"])
    known = [one for one in data if one is not None] if isinstance(data, list) else data
    if is_value(known):
        assert answer == {"value": known}
