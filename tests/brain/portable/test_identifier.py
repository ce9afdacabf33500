"""The one-time "Kameleoon identifier" track."""

from tests.brain.portable.fake import CODE, Ear, FakePage, campaign

EVENT = "Kameleoon identifier"
MARK = "k_segmentio_identifier"


def properties(code: str) -> "dict[str, str]":
    """Return what an identifier says."""
    return {"k_visitorCode": code, "kameleoonVisitorCode": code}


def codes(ear: Ear) -> "list[str]":
    """Return the visitor codes that identifiers were sent with."""
    return [track["properties"]["k_visitorCode"] for track in ear.sent(EVENT)]


def test_sent_once_with_the_visitor_code() -> None:
    ear = Ear()
    ear.world()
    ear.link()
    ear.event()
    ear.world(newVisit=True)
    assert [track["properties"] for track in ear.sent(EVENT)] == [properties(CODE)]
    assert ear.page.storage[MARK] == "anonymous-1"
    assert ear.page.locks == []
    assert ear.status()["identifier"] == {"linked": True, "sent": 1}


def test_marked_only_after_analytics_took_it() -> None:
    ear = Ear()
    ear.world()
    ear.locked()
    assert len(ear.sent(EVENT)) == 1
    assert MARK not in ear.page.storage
    ear.event()
    ear.wait(9)
    assert MARK not in ear.page.storage
    assert ear.status()["identifier"] == {"linked": False, "sent": 0}
    ear.wait(1)
    assert ear.page.storage[MARK] == "anonymous-1"


def test_never_without_a_code() -> None:
    for code in (None, "", 7, "_js_"):
        ear = Ear()
        ear.world(code=code)
        assert ear.page.locks == []
        assert ear.page.tracks == []


def test_a_legacy_prefix_is_stripped() -> None:
    ear = Ear()
    ear.world(code="_js_" + CODE)
    ear.link()
    assert ear.sent(EVENT)[0]["properties"] == properties(CODE)


def test_waits_for_analytics() -> None:
    ear = Ear()
    ear.world(ready=False)
    assert ear.page.locks == []
    ear.world()
    ear.link()
    assert len(ear.sent(EVENT)) == 1


def test_a_visitor_linked_by_kameleoons_snippet_is_not_linked_again() -> None:
    page = FakePage()
    page.storage[MARK] = "anonymous-1"
    ear = Ear(page)
    ear.world()
    assert page.locks == []
    assert page.tracks == []
    ear.world(code="fedcba9876543210")
    ear.link()
    assert ear.sent(EVENT)[0]["properties"] == properties("fedcba9876543210")


def test_another_tab_was_first() -> None:
    first = Ear()
    first.world()
    second = Ear()
    second.page.storage = first.page.storage
    second.world()
    first.link()
    second.locked()
    assert len(first.sent(EVENT)) == 1
    assert second.sent(EVENT) == []
    assert second.page.locks == []


def test_linked_again_after_reset() -> None:
    ear = Ear()
    ear.world()
    ear.link()
    ear.page.anonymous_id = "anonymous-2"
    ear.hear("reset")
    ear.link()
    assert len(ear.sent(EVENT)) == 2
    assert ear.page.storage[MARK] == "anonymous-2"


def test_linked_again_when_an_event_brings_another_anonymous_id() -> None:
    ear = Ear()
    ear.world()
    ear.link()
    ear.page.anonymous_id = "anonymous-2"
    ear.event(type="identify", userId="u2")
    ear.link()
    assert len(ear.sent(EVENT)) == 2


def test_linked_again_when_any_event_brings_another_anonymous_id() -> None:
    ear = Ear()
    ear.world()
    ear.link()
    ear.page.anonymous_id = "anonymous-2"
    ear.event(type="page")
    ear.link()
    assert len(ear.sent(EVENT)) == 2


def test_linked_again_when_the_visitor_code_changes() -> None:
    ear = Ear()
    ear.world()
    ear.link()
    ear.world(code="fedcba9876543210")
    ear.link()
    assert codes(ear) == [CODE, "fedcba9876543210"]


def test_a_change_while_the_first_is_on_its_way_is_not_lost() -> None:
    ear = Ear()
    ear.world()
    ear.locked()
    ear.world(code="fedcba9876543210")
    ear.pass_tracks()
    ear.link()
    assert codes(ear) == [CODE, "fedcba9876543210"]


def test_a_pair_that_was_linked_before_is_not_linked_again() -> None:
    ear = Ear()
    ear.world()
    ear.link()
    ear.page.anonymous_id = "anonymous-2"
    ear.hear("reset")
    ear.link()
    ear.page.anonymous_id = "anonymous-1"
    ear.hear("reset")
    assert ear.page.locks == []
    assert len(ear.sent(EVENT)) == 2


def test_blocked_storage_means_once_a_page() -> None:
    page = FakePage()
    page.storage_throws = True
    ear = Ear(page)
    ear.world()
    ear.link()
    ear.hear("reset")
    assert page.locks == []
    assert len(ear.sent(EVENT)) == 1


def test_hostile_storage_is_overwritten() -> None:
    for text in ("{", "7", "[1]", '["a"]', '{"a": 1}', "null"):
        page = FakePage()
        page.storage[MARK + "_pairs"] = text
        ear = Ear(page)
        ear.world()
        ear.link()
        assert len(ear.sent(EVENT)) == 1
        assert ear.status()["errors"] == []


def test_analytics_that_throws_or_drops_leaves_no_mark_and_no_lock() -> None:
    ear = Ear()
    ear.page.analytics_throws = True
    ear.world()
    ear.locked()
    assert MARK not in ear.page.storage
    ear.page.analytics_throws = False
    ear.wait(10_000)
    assert ear.page.locks == []
    ear.event()
    ear.link()
    assert ear.page.storage[MARK] == "anonymous-1"

    ear = Ear()
    ear.page.drops = True
    ear.world()
    ear.locked()
    ear.wait(9_999)
    assert len(ear.page.locks) == 1
    ear.wait(1)
    assert MARK not in ear.page.storage
    assert ear.page.locks == []
    assert len(ear.sent(EVENT)) == 1


def test_what_a_busy_page_takes_late_is_linked() -> None:
    ear = Ear()
    ear.page.drops = True
    ear.world()
    ear.locked()
    ear.wait(10_000)
    assert ear.status()["identifier"] == {"linked": False, "sent": 0}
    ear.hear("taken", ids=[track["options"]["messageId"] for track in ear.page.tracks])
    assert ear.status()["identifier"] == {"linked": True, "sent": 1}
    ear.event()
    assert len(ear.page.tracks) == 1


def test_what_the_page_drops_is_linked_when_it_lets_events_through() -> None:
    ear = Ear()
    ear.page.drops = True
    ear.world()
    ear.locked()
    for _ in range(3):
        ear.wait(20_000)
        assert ear.page.locks == []
        ear.event()
        ear.locked()
        assert ear.status()["identifier"] == {"linked": False, "sent": 0}
    ear.page.drops = False
    ear.event()
    ear.wait(10_000)
    ear.event()
    ear.link()
    ear.wait(10_000)
    ear.event()
    assert ear.page.locks == []
    assert len({track["options"]["messageId"] for track in ear.sent(EVENT)}) == 1
    assert len(ear.sent(EVENT)) == 5
    assert ear.status()["identifier"] == {"linked": True, "sent": 1}
    assert ear.page.storage[MARK] == "anonymous-1"


def test_an_analytics_without_a_user_links_nobody() -> None:
    ear = Ear()
    ear.page.user_throws = True
    ear.world()
    assert ear.page.locks == []
    ear.page.user_throws = False
    ear.event()
    ear.locked()
    assert len(ear.sent(EVENT)) == 1


def test_nobody_is_linked_by_an_empty_mark() -> None:
    page = FakePage()
    page.storage[MARK] = ""
    ear = Ear(page)
    ear.world()
    page.anonymous_id = ""
    ear.locked()
    assert ear.status()["identifier"] == {"linked": False, "sent": 0}
    assert page.storage == {MARK: ""}


def test_every_lock_is_given_back_and_nothing_is_read_again() -> None:
    ear = Ear()
    ear.world()
    ear.page.anonymous_id = ""
    ear.locked()
    assert ear.page.locks == []
    ear.page.anonymous_id = "anonymous-1"
    ear.event()
    ear.link()
    ear.wait(10_000)
    assert ear.page.locks == []
    ear.page.storage = {}
    ear.event()
    assert ear.page.locks == []


def test_switched_off() -> None:
    ear = Ear(identifier=False)
    ear.world()
    assert ear.page.locks == []


def test_the_same_pair_has_the_same_message_id() -> None:
    ids = []
    for _ in range(2):
        ear = Ear()
        ear.world()
        ear.locked()
        ids.append(ear.sent(EVENT)[0]["options"]["messageId"])
    assert ids[0] == ids[1]
    assert 0 < len(ids[0]) < 100
    other = Ear()
    other.world(code="fedcba9876543210")
    other.locked()
    assert other.sent(EVENT)[0]["options"]["messageId"] != ids[0]


def test_consent_unknown_waits_and_refused_drops() -> None:
    ear = Ear()
    ear.world(experimentLegalConsent=None, personalizationLegalConsent=None)
    assert ear.page.locks == []
    ear.world()
    assert len(ear.page.locks) == 1

    ear = Ear()
    ear.world(experimentLegalConsent=False, personalizationLegalConsent=False)
    assert ear.page.locks == []


def test_a_refusal_ends_what_is_being_done() -> None:
    def refuse(ear: Ear) -> None:
        ear.world(experimentLegalConsent=False, personalizationLegalConsent=False)

    ear = Ear()
    ear.world()
    refuse(ear)
    ear.locked()
    assert ear.sent(EVENT) == []
    assert ear.page.locks == []

    ear = Ear()
    ear.world()
    ear.locked()
    refuse(ear)
    assert ear.page.locks == []
    ear.pass_tracks()
    assert ear.page.storage == {}

    ear = Ear()
    ear.world()
    ear.link()
    ear.page.anonymous_id = "anonymous-2"
    ear.event()
    ear.locked()
    refuse(ear)
    ear.wait(10_000)
    assert ear.page.storage == {}
    assert ear.status()["identifier"] == {"linked": False, "sent": 1}


def test_a_refusal_leaves_nothing_and_a_later_yes_links_anew() -> None:
    ear = Ear()
    ear.world()
    ear.link()
    ear.kameleoon("ExperimentActivated", time=ear.now, experiment=campaign())
    ear.pass_tracks()
    assert len(ear.page.storage) == 3
    ear.world(experimentLegalConsent=False, personalizationLegalConsent=False)
    assert ear.page.storage == {}
    assert ear.status()["identifier"]["linked"] is False
    ear.kameleoon("ExperimentActivated", time=ear.now + 1, experiment=campaign())
    assert ear.page.storage == {}
    ear.world()
    ear.link()
    first, second = ear.sent(EVENT)
    assert first == second
    assert ear.page.storage[MARK] == "anonymous-1"
