"""The visitor code in Segment's events."""

from bridge.shared.vocabulary import ORDER_KEY
from tests.brain.portable.fake import CODE, Ear, FakePage

HELD, FREE = {"hold": True}, {"hold": False}


def test_events_carry_the_code_once_consent_is_given() -> None:
    ear = Ear()
    assert ear.page.ordered == []
    ear.world()
    assert ear.page.ordered == [CODE]
    assert ear.event() == FREE
    ear.world()
    assert ear.page.ordered == [CODE], "it is said once"


def test_an_event_is_held_while_there_is_no_code_and_hope() -> None:
    ear = Ear()
    assert ear.event() == HELD
    ear.wait(4999)
    assert ear.event() == HELD
    ear.wait(1)
    assert ear.event() == FREE
    ear.world()
    assert ear.event() == FREE


def test_a_code_that_changed_is_used_at_once() -> None:
    ear = Ear()
    ear.world()
    ear.world(code="fedcba9876543210")
    assert ear.page.ordered == [CODE, "fedcba9876543210"]


def test_without_consent_no_event_waits_and_none_carries_the_code() -> None:
    for consent in (None, False):
        ear = Ear()
        ear.world(experimentLegalConsent=consent, personalizationLegalConsent=consent)
        assert ear.event() == FREE
        assert ear.page.ordered == []


def test_one_who_refused_and_has_no_code_is_not_waited_for() -> None:
    ear = Ear()
    ear.world(code=None, experimentLegalConsent=False, personalizationLegalConsent=False)
    assert ear.event() == FREE


def test_a_withdrawal_takes_the_code_away() -> None:
    ear = Ear()
    ear.world()
    ear.world(experimentLegalConsent=False, personalizationLegalConsent=False)
    assert ear.page.ordered == [CODE, ""]


def test_switched_off() -> None:
    ear = Ear(enrich=False)
    assert ear.event() == FREE
    ear.world()
    assert ear.event() == FREE
    assert ear.page.ordered == []


def test_switched_off_what_the_last_page_carried_is_forgotten() -> None:
    page = FakePage()
    page.storage[ORDER_KEY] = "{}"
    Ear(page, enrich=False)
    assert ORDER_KEY not in page.storage
