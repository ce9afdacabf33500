"""What may be said of a Kameleoon project, and how it reaches the script."""

# ruff: noqa: D103  # the tests' names are sentences

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from bridge.models.violations import explained
from bridge.sandbox.kameleoon import definition
from bridge.sandbox.kameleoon.definition import DEFINITION, script_json

TYPES = Path("web/sandbox/kameleoon/types.d.ts")
PERSONALIZATION = {"id": 1, "name": "Welcome"}
#: What the script's modules call each model.
INTERFACES: dict[str, tuple[type[BaseModel], set[str]]] = {
    "Project": (definition.Definition, set()),
    "CampaignDefinition": (definition.Campaign, set()),
    "Experiment": (definition.Experiment, {"CampaignDefinition"}),
    "Personalization": (definition.Personalization, {"CampaignDefinition"}),
    "Variation": (definition.Variation, set()),
    "Targeting": (definition.Targeting, set()),
    "Segment": (definition.Segment, set()),
    "CustomData": (definition.CustomData, set()),
    "Goal": (definition.Goal, set()),
}


def names_in_types(interface: str) -> set[str]:
    found = re.search(rf"interface {interface}\b[^{{]*{{(.*?)\n}}", TYPES.read_text("utf-8"), re.DOTALL)
    assert found, interface
    return set(re.findall(r"^  (\w+)\??:", found[1], re.MULTILINE))


@pytest.mark.parametrize("interface", INTERFACES)
def test_the_scripts_types_have_the_same_names(interface: str) -> None:
    model, bases = INTERFACES[interface]
    theirs = names_in_types(interface).union(*(names_in_types(base) for base in bases))
    assert theirs == {field.alias for field in model.model_fields.values()}


def served(**project: Any) -> dict[str, Any]:
    return script_json(DEFINITION.validate_python({"siteCode": "abcde12345", **project}))


@pytest.mark.parametrize("campaign", [{}, {"force": None}, {"force": 7}])
def test_nobody_is_forced_where_nothing_is_said_and_null_is_said(campaign: dict[str, Any]) -> None:
    (experiment,) = served(experiments=[{"id": 1, "name": "x", **campaign}])["experiments"]
    assert {name: experiment[name] for name in experiment if name == "force"} == campaign


def test_a_suppressed_personalization_may_say_what_it_shows() -> None:
    campaign = {**PERSONALIZATION, "suppressed": "priority", "suppressedVariation": "absent"}
    assert served(personalizations=[campaign])["personalizations"][0].items() >= campaign.items()


def test_the_defaults_are_a_site_of_today_whose_records_come_late() -> None:
    project = served()
    assert (project["dialect"], project["consent"], project["nativeSegment"]) == (2026, "none", False)
    assert 1 <= project["recordsDelay"] <= 400


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"dialect": "2026"}, '.dialect: Input should be 2022, 2025 or 2026, got "2026"'),
        ({"recordsDelay": 0}, ".recordsDelay: Input should be greater than or equal to 1, got 0"),
        ({"records_delay": 9}, ".records_delay: Extra inputs are not permitted, got 9"),
        ({"nativeSegment": 1}, ".nativeSegment: Input should be a valid boolean, got 1"),
        (
            {"personalizations": [{**PERSONALIZATION, "suppressed": "luck"}]},
            ".personalizations[0].suppressed: Input should be 'priority', 'capping', 'exclusion' or 'exclusion_group'",
        ),
        (
            {"personalizations": [{**PERSONALIZATION, "suppressedVariation": "null"}]},
            ".personalizations[0]: suppressedVariation goes with `suppressed`",
        ),
        (
            {"personalizations": [{**PERSONALIZATION, "force": 0}]},
            ".personalizations[0]: a personalization has no variation 0; `suppressed` is how it is not shown",
        ),
        (
            {"personalizations": [{**PERSONALIZATION, "deviation": {"0": 50}}]},
            ".personalizations[0]: a personalization has no variation 0; `suppressed` is how it is not shown",
        ),
        (
            {"experiments": [{**PERSONALIZATION, "suppressed": "priority"}]},
            '.experiments[0].suppressed: Extra inputs are not permitted, got "priority"',
        ),
        ({"experiments": [{"id": 1, "name": "x", "deviation": {"x": 1}}]}, ".experiments[0].deviation.x.[key]: "),
    ],
)
def test_a_wrong_option_is_named(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        served(**wrong)
    assert explained(refused.value, "").startswith(reason)
