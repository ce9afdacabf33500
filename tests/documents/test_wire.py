"""The messages that docs/wire.md and docs/page.md show are those that the code makes."""

import json
from typing import Any

import pytest

from bridge.destination.actions import PRESETS
from bridge.destination.run import run
from bridge.models.messages import BRAIN_ANSWERS
from bridge.models.settings import Settings
from bridge.shared.vocabulary import VISITOR_CODE, VISITOR_CODE_FIELDS
from tests.brain.portable.fake import CODE, NOW, Ear, campaign
from tests.documents.markdown import ROOT, blocks, titled


def shown(title: str) -> Any:
    """Return the message of that title."""
    return json.loads(titled("wire.md", title))


def sent(ear: Ear, event: str) -> dict[str, Any]:
    """Return the only event of that name, as Segment gets it of analytics.js but for what that adds to any event."""
    (track,) = ear.sent(event)
    return {"type": "track", "event": track["event"], "properties": track["properties"], **track["options"]}


def visitor(**settings: Any) -> Ear:
    """Return the ear of a page whose visitor is known."""
    ear = Ear(**settings)
    ear.world()
    return ear


def test_the_identifier() -> None:
    """With the visitor code under both names."""
    ear = visitor()
    ear.link()
    assert shown("identifier") == sent(ear, "Kameleoon identifier")


@pytest.mark.parametrize("dialect", ["segment", "kameleoon", "template"])
def test_an_exposure_in_each_dialect(dialect: str) -> None:
    """Of the same moment."""
    ear = visitor(exposures={"dialect": dialect})
    ear.kameleoon("ExperimentActivated", time=NOW, experiment=campaign())
    assert shown(f"exposure-{dialect}") == sent(ear, "Experiment viewed")


def test_a_personalization() -> None:
    """By the template's names."""
    event = "Personalization viewed"
    ear = visitor(exposures={"dialect": "template", "personalization_event": event})
    ear.kameleoon("PersonalizationActivated", time=NOW, personalization=campaign(201, 2001, "Welcome", "Banner"))
    assert shown("personalization-template") == sent(ear, event)


@pytest.mark.parametrize("kind", ["page", "identify"])
def test_an_enriched_event(kind: str) -> None:
    """The code stands where the tag puts it."""
    event = shown(f"enriched-{kind}")
    assert event["type"] == kind
    assert event[VISITOR_CODE_FIELDS[kind]][VISITOR_CODE] == CODE


def test_what_the_destination_makes_of_it() -> None:
    """By its presets."""
    settings = json.loads(titled("sandbox.md", "settings.json"))
    (fired,) = [one.as_json() for one in run(shown("enriched-identify"), settings, PRESETS) if one.fired]
    assert shown("delivered") == fired["body"]


def test_remote_data_become_custom_data(tmp_path: Any) -> None:
    """Of the configuration that the reference has."""
    (tmp_path / "bridge.toml").write_text(titled("configuration.md", "bridge.toml"), "utf-8")
    settings = Settings.load(tmp_path / "bridge.toml").model_dump(mode="json", by_alias=True)
    ear = visitor(custom_data=settings["custom_data"], identifier=False)
    ear.locked("k_segmentio_remote")
    maps = shown("remote-data")
    assert ear.page.asked[0]["keys"] == sorted(maps)
    ear.remote(maps)
    assert shown("custom-data") == ear.page.published
    assert shown("k_segmentIO") == {**ear.page.snippets, "runtime": True}  # the tag adds the snippets' guard


def test_the_status() -> None:
    """It has all that there is, in the shape of the model."""
    status = json.loads(titled("page.md", "status"))
    BRAIN_ANSWERS["status"].validate_python(status)
    assert sorted(status) == sorted(visitor().status())


def test_each_message_has_a_test() -> None:
    """A block that is looked at by none is named here."""
    titles = {block.title for block in blocks(ROOT / "docs" / "wire.md") if block.language == "json"}
    exposures = {f"exposure-{dialect}" for dialect in ("segment", "kameleoon", "template")}
    others = {"identifier", "personalization-template", "enriched-page", "enriched-identify", "delivered"}
    assert titles == exposures | others | {"remote-data", "custom-data", "k_segmentIO"}
