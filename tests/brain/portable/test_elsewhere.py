"""Exposures that somebody else in the page reports as well."""

from tests.brain.portable.fake import NOW, Ear, campaign

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def both(properties: "Any", name: "Any" = "Experiment Viewed", message_id: "Any" = "ajs-1", **settings: "Any") -> "Any":
    """Return the hints where the bridge reports campaign 101, and an event of somebody else's passes."""
    ear = Ear(exposures=settings)
    ear.world()
    ear.event(event=name, properties=properties, messageId=message_id)
    ear.kameleoon("ExperimentActivated", time=NOW, experiment=campaign())
    ear.pass_tracks()
    assert len(ear.sent(settings.get("event", "Experiment viewed"))) == 1
    assert ear.status()["errors"] == []
    return ear.status()["hints"]


def test_the_same_campaign_is_one_hint_in_whatever_dialect_and_case() -> None:
    for properties in (
        {"experimentId": 101, "experimentName": "Headline", "variationId": 1001},
        {"experimentID": 101},
        {"experiment_id": "101"},
        {"personalizationID": 101},
    ):
        for event in ("Experiment Viewed", "experiment viewed", "Personalization Viewed"):
            hints = both(properties, event)
            assert [hint["code"] for hint in hints] == ["reported-elsewhere"]
            assert "101" in hints[0]["what"]
            assert "exposures.except" in hints[0]["fix"]


def test_the_customers_own_name_of_the_event_counts_as_well() -> None:
    assert len(both({"experiment_id": 101}, "AB test", event="ab Test")) == 1


def test_what_is_no_second_report_is_no_hint() -> None:
    others: list[Any] = [{"experimentId": 102}, {"experimentId": None}, {}, None, [], "101"]
    for properties in others:
        assert both(properties) == []
    assert both({"experimentId": 101}, "Signed up") == []
    assert both({"experimentId": 101}, None) == []
    assert both({"experimentId": 101}, message_id="ks-0123456789abcdef0123456789abcdef") == []


def test_our_own_events_are_no_hint() -> None:
    ear = Ear()
    ear.world()
    ear.kameleoon("ExperimentActivated", time=NOW, experiment=campaign())
    ear.pass_tracks()
    (track,) = ear.sent()
    ear.event(event=track["event"], properties=track["properties"], messageId=track["options"]["messageId"])
    assert ear.status()["hints"] == []


def test_several_campaigns_are_still_one_hint() -> None:
    ear = Ear()
    ear.world()
    for identity in (101, 102, 101):
        ear.kameleoon("ExperimentActivated", time=NOW, experiment=campaign(identity))
        ear.event(event="Experiment Viewed", properties={"experimentId": identity}, messageId=None)
    ear.event(event="Experiment Viewed", properties={"experimentId": 103}, messageId=None)
    ear.pass_tracks()
    (hint,) = ear.status()["hints"]
    assert hint["what"].endswith(": 101, 102")


def test_no_more_than_a_hundred_campaigns_are_remembered() -> None:
    ear = Ear()
    ear.world()
    for identity in range(101):
        ear.event(event="Experiment Viewed", properties={"experimentId": identity}, messageId=None)
    for identity in (99, 100):
        ear.kameleoon("ExperimentActivated", time=NOW, experiment=campaign(identity))
    ear.pass_tracks()
    (hint,) = ear.status()["hints"]
    assert hint["what"].endswith(": 99")
