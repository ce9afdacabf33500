"""The visitor code in Segment's events."""

from tests.brain.portable.fake import CODE, Ear


def test_each_type_carries_the_code_where_the_destination_reads_it() -> None:
    ear = Ear()
    ear.world()
    wanted = {"kameleoonVisitorCode": CODE}
    for kind, field in (("track", "properties"), ("page", "properties"), ("identify", "traits"), ("group", "traits")):
        assert ear.event(type=kind) == {"set": {field: wanted}}
    assert ear.event(type="alias") == {"set": {}}
    assert ear.event(type="screen") == {"set": {}}
    assert ear.event(type=None) == {"set": {}}


def test_a_code_that_the_page_set_stays() -> None:
    ear = Ear()
    ear.world()
    assert ear.event(properties={"kameleoonVisitorCode": "own"}) == {"set": {}}
    for empty in ("", None):
        assert ear.event(properties={"kameleoonVisitorCode": empty}) == {
            "set": {"properties": {"kameleoonVisitorCode": CODE}}
        }


def test_odd_properties_do_no_harm() -> None:
    ear = Ear()
    ear.world()
    for odd in (None, "text", 7, [1]):
        assert ear.event(properties=odd) == {"set": {"properties": {"kameleoonVisitorCode": CODE}}}


def test_an_event_is_held_while_there_is_no_code_and_hope() -> None:
    ear = Ear()
    assert ear.event() == {"hold": True}
    ear.wait(4999)
    assert ear.event() == {"hold": True}
    ear.wait(1)
    assert ear.event() == {"hold": False}
    ear.world()
    assert ear.event() == {"set": {"properties": {"kameleoonVisitorCode": CODE}}}


def test_a_code_that_changed_is_used_at_once() -> None:
    ear = Ear()
    ear.world()
    ear.world(code="fedcba9876543210")
    assert ear.event() == {"set": {"properties": {"kameleoonVisitorCode": "fedcba9876543210"}}}


def test_without_consent_no_event_waits_and_none_carries_the_code() -> None:
    for consent in (None, False):
        ear = Ear()
        ear.world(experimentLegalConsent=consent, personalizationLegalConsent=consent)
        assert ear.event() == {}


def test_switched_off() -> None:
    ear = Ear(enrich=False)
    assert ear.event() == {}
    ear.world()
    assert ear.event() == {}
