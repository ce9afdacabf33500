"""Templates, mappings, filters and headers come out as from Segment's own packages, on awkward and on made-up cases."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.destination.generated import generated
from tests.destination.oracle import Case, differences, ours, theirs

AWKWARD: dict[str, Any] = json.loads(Path(__file__).with_name("awkward.json").read_text("utf-8"))
EVENT = AWKWARD["event"]
#: The one known difference: JavaScript's power of a fraction is a bit off in its last digit.
UNLIKE = {"{{ 7.5 | round: 1.005 }}", "{{ 7.5 | round: properties.f }}"}


def templates() -> Iterator[str]:
    """Return the templates that were picked by hand, and the patterns with each value, text and date in them."""
    yield from AWKWARD["templates"]
    for kind in ("value", "text", "date"):
        for pattern in AWKWARD[f"for_each_{kind}"]:
            yield from (pattern.replace(kind.upper(), one) for one in AWKWARD[f"{kind}s"])


def test_awkward_templates() -> None:
    """Each tag, filter, operator, literal, kind of white space and kind of error is among them."""
    cases: list[Case] = [["liquid", template, EVENT] for template in templates() if template not in UNLIKE]
    assert len(cases) > 1900
    assert differences(cases) == []


def test_awkward_mappings() -> None:
    """Each directive, with what it takes and with what it refuses."""
    cases: list[Case] = [["mapping", {"a": mapping}, EVENT] for mapping in AWKWARD["mappings"]]
    cases += [["mapping", mapping, EVENT] for mapping in AWKWARD["roots"]]
    assert differences(cases) == []


def test_awkward_filters() -> None:
    """Each comparison and function, and what looks like one."""
    assert differences([["filter", text, EVENT] for text in AWKWARD["filters"]]) == []


def test_awkward_settings() -> None:
    """Headers arrive without the blanks around their values, or are refused; the API key is not shown."""
    for settings in AWKWARD["settings"]:
        (real,) = theirs([["headers", settings]])
        if "error" in real and settings["apiKey"]:
            real["error"]["message"] = real["error"]["message"].replace(
                f"Basic {settings['apiKey']}", "Basic [API key]"
            )
        assert ours(["headers", settings]) == real, settings


@pytest.mark.parametrize("kind", ["liquid", "mapping", "filter"])
def test_generated_cases(kind: str) -> None:
    """The same ones each time; `python -m tests.destination.oracle` compares others."""
    cases = [case for case in generated("segment", 500) if case[0] == kind]
    assert len(cases) == 500
    assert differences(cases) == []


def test_the_comparison_sees_a_difference() -> None:
    """The instrument itself: what only one side knows is told."""
    case = ["liquid", "{{ 7.5 | round: 1.005 }}", EVENT]
    assert [difference["case"] for difference in differences([["liquid", "a", EVENT], case])] == [case]
