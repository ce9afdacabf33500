"""What an event says of a campaign."""

# ruff: noqa: D103  # the tests' names are sentences

from typing import Any

import pytest

from bridge.testing.exposure import exposure


def track(**properties: Any) -> dict[str, Any]:
    return {"type": "track", "event": "Whatever it is called", "properties": properties}


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        (
            {"experiment_id": "101", "experiment_name": "Headline", "variation_id": "0", "variation_name": "Reference"},
            "experiment 101 (Headline), variation 0 (Reference)",
        ),
        (
            {"experimentId": 201, "experimentName": "Hi", "variationId": 7, "campaign_type": "personalization"},
            "personalization 201 (Hi), variation 7 ()",
        ),
        (
            {"personalizationID": 201, "personalizationName": "Hi", "variationID": 7, "variationName": "V"},
            "personalization 201 (Hi), variation 7 (V)",
        ),
    ],
)
def test_each_dialect_is_read(properties: dict[str, Any], said: str) -> None:
    assert str(exposure(track(**properties))) == said


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"type": "track"},
        {"type": "track", "properties": "text"},
        {"type": "page", "properties": {"experiment_id": "1", "variation_id": "2"}},
        track(experiment_id="1"),
        track(experiment_id="1", variationId=2),
        track(experiment_id=None, variation_id=None),
    ],
)
def test_everything_else_is_none(event: dict[str, Any]) -> None:
    assert exposure(event) is None


def test_ids_are_told_as_texts_or_numbers() -> None:
    seen = exposure(track(experiment_id="101", variation_id="0"))
    assert seen is not None
    for experiment, variation in ((101, 0), ("101", "0"), (None, 0), (101, None), (None, None)):
        assert seen.is_of(experiment, variation)
    for experiment, variation in ((102, 0), (101, 1), (None, "1"), ("", None)):
        assert not seen.is_of(experiment, variation)
