"""What the status says of the page, and its hints: one for each thing that is not as it should be."""

from bridge.brain.hints import PATIENCE_MS
from tests.brain.portable.fake import CODE, FACTS, NOW, Ear, FakePage, campaign

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PLAN = {"name": "Plan", "source": "trait", "trait": "plan"}


def patient(page: "FakePage | None" = None, ready: bool = True, **settings: "Any") -> Ear:
    """Return the ear of a page where nothing is late any more, it is missing; no visitor is known yet."""
    ear = Ear(page, **settings)
    ear.wait(PATIENCE_MS)
    ear.hear("world", visitor=None, ready=ready)
    return ear


def codes(ear: Ear) -> "list[str]":
    """Return the codes of the hints."""
    hints = ear.status()["hints"]
    assert all(hint["what"] and hint["fix"] and "%" not in hint["what"] for hint in hints)
    return [hint["code"] for hint in hints]


def test_nothing_is_hinted_at_where_all_is_well() -> None:
    ear = patient(custom_data=[PLAN])
    ear.world()
    ear.event(type="identify", traits={"plan": "pro"})
    ear.kameleoon("ExperimentActivated", time=NOW, experiment=campaign())
    status = ear.status()
    assert status["hints"] == []
    assert status["sitecode"] == "abcde12345"
    assert status["consent"] == {"experiment": True, "personalization": True}
    assert status["segment"] == {"present": True, "ready": True, "version": "1.84.3"}
    assert status["kameleoon"] == {"present": True, "started": True, "sitecode": "abcde12345"}
    assert status["errors"] == []


def test_without_settings_nothing_is_known() -> None:
    ear = Ear()
    ear.brain = type(ear.brain)(ear.brain._page, {"settings": {}, "table": {}})  # noqa: SLF001
    status = ear.hear("status", facts=FACTS)
    assert (status["sitecode"], status["hints"]) == (None, [])
    for part in ("consent", "segment", "kameleoon"):
        assert set(status[part].values()) == {None}


def test_what_is_late_is_missing_after_a_while() -> None:
    page = FakePage()
    page.kameleoon = {}
    ear = Ear(page)
    ear.hear("world", visitor=None, ready=False)
    ear.wait(PATIENCE_MS - 1)
    assert codes(ear) == []
    assert ear.status()["segment"] == {"present": False, "ready": False, "version": None}
    assert ear.status()["kameleoon"] == {"present": False, "started": False, "sitecode": None}
    ear.wait(1)
    assert codes(ear) == ["segment-missing", "kameleoon-missing"]


def test_segment_is_looked_for_where_the_settings_say() -> None:
    page = FakePage()
    del page.kameleoon["analytics"]
    ear = patient(page, ready=False, analytics="shop.analytics")
    ear.world(ready=False)
    (hint,) = ear.status()["hints"]
    assert "window.shop.analytics" in hint["what"]
    assert "AnalyticsBrowser" in hint["fix"]
    assert "setting analytics" in hint["fix"]


def test_a_stub_is_there_and_not_ready() -> None:
    page = FakePage()
    page.kameleoon["analytics"] = []  # the snippet's is an array
    ear = patient(page, ready=False)
    ear.world(ready=False)
    assert codes(ear) == ["segment-not-ready"]
    assert ear.status()["segment"] == {"present": True, "ready": False, "version": None}


def test_a_kameleoon_that_has_not_started() -> None:
    ear = patient()
    assert codes(ear) == ["kameleoon-not-started"]
    assert ear.status()["kameleoon"] == {"present": True, "started": False, "sitecode": "abcde12345"}


def test_a_kameleoon_of_another_project_is_named_at_once() -> None:
    page = FakePage()
    page.kameleoon["Kameleoon.API.Core.getConfiguration"] = {"siteCode": "zyxwv98765"}
    ear = Ear(page)
    ear.world()
    (hint,) = ear.status()["hints"]
    assert hint["code"] == "other-project"
    assert "zyxwv98765" in hint["what"]
    assert "abcde12345" in hint["what"]


def test_a_kameleoon_that_does_not_say_its_project_is_not_compared() -> None:
    answers: list[Any] = [None, {}, {"siteCode": None}, {"siteCode": 7}, []]
    for answer in answers:
        page = FakePage()
        page.kameleoon["Kameleoon.API.Core.getConfiguration"] = answer
        ear = Ear(page)
        ear.world()
        assert codes(ear) == []
        assert ear.status()["kameleoon"]["sitecode"] is None


def test_consent_is_said_of_each_kind_of_campaign() -> None:
    ear = Ear()
    ear.world(experimentLegalConsent=None, personalizationLegalConsent=None)
    (hint,) = ear.status()["hints"]
    assert (hint["code"], "experiments and personalizations" in hint["what"]) == ("consent-unknown", True)
    ear.world(experimentLegalConsent=True, personalizationLegalConsent=False)
    (hint,) = ear.status()["hints"]
    assert (hint["code"], "experiments" in hint["what"]) == ("consent-refused", False)
    assert ear.status()["consent"] == {"experiment": True, "personalization": False}
    ear.world(experimentLegalConsent=False, personalizationLegalConsent=None)
    assert codes(ear) == ["consent-unknown", "consent-refused"]
    ear.world()
    assert codes(ear) == []


def test_the_pages_own_word_on_consent() -> None:
    ear = Ear(consent="manual")
    assert codes(ear) == ["consent-unknown"]
    ear.hear("consent", given=False)
    assert codes(ear) == ["consent-refused"]
    ear.hear("consent", given=True)
    assert codes(ear) == []


def test_no_consent_is_missed_where_nobody_can_tell_it() -> None:
    ear = Ear()
    ear.hear("world", visitor=None, ready=True)
    assert codes(ear) == []


def test_a_snippet_that_sends_the_identifier() -> None:
    identifier = {"event": "Kameleoon identifier", "properties": {"k_visitorCode": CODE}, "messageId": "ajs-1"}
    for enabled, expected in ((True, ["old-snippet"]), (False, [])):
        ear = Ear(identifier=enabled)
        ear.world()
        assert codes(ear) == []
        ear.event(**identifier)
        assert codes(ear) == expected


def test_a_snippet_that_fills_its_variable() -> None:
    ear = Ear(custom_data=[PLAN])
    ear.world()
    ear.event(type="identify", traits={"plan": 0.1 + 0.2})
    assert codes(ear) == []
    ear.page.snippets = {"plan": "theirs", "runtime": True}
    (hint,) = ear.status()["hints"]
    assert (hint["code"], "k_segmentIO" in hint["what"]) == ("old-snippet", True)
    for there in ({}, None, {"other": 1}):  # nothing of ours was overwritten
        ear.page.kameleoon["k_segmentIO"] = there
        assert codes(ear) == []
