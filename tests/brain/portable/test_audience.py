"""Audience data as custom data: whose, from where, how fresh, and how Kameleoon gets it."""

import json

from tests.brain.portable.fake import CODE, NOW, Ear, FakePage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SOURCES = [
    {"name": "Personas", "source": "personas"},
    {"name": "Plan", "source": "trait", "trait": "plan"},
    {"name": "City", "source": "trait", "trait": "address.city"},
    {"name": "Group", "source": "group"},
]
COHORTS, IDENTIFY = "COHORTS_" + CODE, "IDENTIFY_" + CODE
COMMON = {"cohorts": ["vip", "new"]}
PRO = {"traits": {"plan": "pro", "address": {"city": "Rome"}}, "groupId": "g1"}


def started(page: "FakePage | None" = None, **settings: "Any") -> Ear:
    """Return the ear of a page with four custom data, whose visitor is known."""
    ear = Ear(page, custom_data=SOURCES, identifier=False, **settings)
    ear.world()
    return ear


def ask(ear: Ear) -> None:
    """Let the request begin: no other tab is asking."""
    ear.locked("k_segmentio_remote")


def answer(ear: Ear, data: "Any" = None, **more: "Any") -> None:
    """Answer the last request."""
    ear.remote(data, **more)


def nothing(ear: Ear) -> None:
    """Ask, for all in one and then key by key, and have no answer that is sure."""
    for _ in range(2):
        ask(ear)
        answer(ear, {})


def known(ear: Ear, cohorts: "Any" = None, identify: "Any" = None) -> None:
    """Ask and answer."""
    ask(ear)
    maps: dict[str, Any] = {"common": COMMON}
    if cohorts is not None:
        maps[COHORTS] = cohorts
    if identify is not None:
        maps[IDENTIFY] = identify
    answer(ear, maps)


def values(ear: Ear) -> "dict[str, Any]":
    """Return what the page reads, by custom data."""
    assert all(one["overwrite"] is True for one in ear.page.published.values())
    return {name: ear.page.published[name]["value"] for name in ear.page.published}


def test_one_request_for_all_and_all_values() -> None:
    ear = started()
    known(ear, {"vip": True, "new": False}, PRO)
    assert len(ear.page.asked) == 1
    assert ear.page.asked[0]["keys"] == sorted([COHORTS, IDENTIFY, "common"])
    expected = {"Personas": ["vip"], "Plan": "pro", "City": "Rome", "Group": "g1"}
    assert values(ear) == expected
    assert sorted(ear.page.set) == sorted([name, expected[name]] for name in expected)
    assert set(ear.page.overwrites) == {True}
    assert ear.status()["customData"] == expected
    assert ear.page.locks == []


def test_the_rest_of_the_profile_is_not_asked_for() -> None:
    ear = started()
    ask(ear)
    assert ear.page.asked[0]["shape"][IDENTIFY] == {
        "groupId": 1,
        "traits": {"plan": 1, "address.city": 1, "address": 1},
    }
    assert (ear.page.asked[0]["shape"][COHORTS], ear.page.asked[0]["shape"]["common"]) == (1, {"cohorts": 1})


def test_kameleoons_snippets_find_their_variables() -> None:
    ear = started()
    known(ear, {"vip": True}, PRO)
    assert ear.page.snippets == {"cohorts": ["vip"], "plan": "pro", "address.city": "Rome", "groupId": "g1"}


def test_names_for_the_targeting_condition() -> None:
    ear = started()
    known(ear)
    assert ear.page.personas == ["vip", "new"]


def test_nothing_stored_clears_but_a_failure_changes_nothing() -> None:
    ear = started()
    ear.page.kameleoon["Kameleoon.API.CurrentVisit.customData"] = {"Personas": ["vip"], "Plan": "pro"}
    nothing(ear)
    assert values(ear) == {}
    assert ear.page.set == []
    ear.wait(400_000)
    ear.event()
    known(ear)
    assert values(ear) == {"Personas": [], "Plan": [], "City": [], "Group": []}
    assert sorted(ear.page.set) == [["Personas", []], ["Plan", []]]


def test_falsy_traits_are_values() -> None:
    for value in (False, 0, ""):
        ear = started()
        known(ear, {}, {"traits": {"plan": value}})
        assert values(ear)["Plan"] == value
        assert ["Plan", value] in ear.page.set


def test_what_kameleoon_has_is_not_set_again() -> None:
    ear = started()
    ear.page.kameleoon["Kameleoon.API.Visitor.customData"] = {"Personas": ["vip", "new"], "Plan": "pro"}
    ear.page.kameleoon["Kameleoon.API.CurrentVisit.customData"] = {"City": "Rome", "Group": "g1"}
    known(ear, {"new": True, "vip": True}, PRO)
    assert ear.page.set == []
    for _ in range(5):
        ear.event()
        ear.kameleoon("Started")
    assert ear.page.set == []


def test_what_kameleoon_has_otherwise_is_set() -> None:
    ear = started()
    ear.page.kameleoon["Kameleoon.API.Visitor.customData"] = {"Personas": ["new"], "Plan": "free", "City": "Rome"}
    known(ear, {"vip": True}, PRO)
    assert sorted(ear.page.set) == [["Group", "g1"], ["Personas", ["vip"]], ["Plan", "pro"]]


def test_kameleoon_keeps_texts_of_numbers_and_booleans() -> None:
    cases: list[Any] = [(12, "12"), (True, "true"), ([1, "a"], ["a", "1"])]
    for value, kept in cases:
        ear = started()
        ear.page.kameleoon["Kameleoon.API.Visitor.customData"] = {"Plan": kept}
        known(ear, identify={"traits": {"plan": value}})
        assert "Plan" not in [name for name, _ in ear.page.set]
        assert values(ear)["Plan"] == value


def test_a_text_that_reads_like_nothing_is_a_value() -> None:
    ear = started()
    known(ear, identify={"traits": {"plan": "null"}})
    assert ["Plan", "null"] in ear.page.set


def test_only_what_changed_is_set_again() -> None:
    ear = started()
    known(ear, {"vip": True}, PRO)
    ear.page.set = []
    ear.event(type="identify", traits={"plan": "free"})
    assert ear.page.set == [["Plan", "free"]]


def test_each_run_of_kameleoon_gets_what_it_lost() -> None:
    for event in ("Loaded", "Started"):
        ear = started()
        known(ear, {"vip": True}, PRO)
        ear.page.set = []
        ear.kameleoon(event)
        assert sorted(name for name, _ in ear.page.set) == ["City", "Group", "Personas", "Plan"]
        ear.page.set = []
        ear.event()
        assert ear.page.set == []


def test_kameleoon_that_comes_later_gets_the_values() -> None:
    page = FakePage()
    page.has_kameleoon = False
    page.kameleoon["document.cookie"] = "a=b; kameleoonVisitorCode=_js_" + CODE + "; c=d"
    ear = Ear(page, custom_data=SOURCES, identifier=False, consent="none")
    ear.hear("world", visitor=None, ready=True)
    ask(ear)
    assert page.asked[0]["address"] == "https://data.kameleoon.io/map/maps?siteCode=abcde12345&keys="
    answer(ear, {COHORTS: {"vip": True}})
    assert values(ear)["Personas"] == ["vip"]
    page.has_kameleoon = True
    ear.world()
    assert ["Personas", ["vip"]] in page.set


def test_a_page_without_kameleoon_has_what_an_earlier_one_kept() -> None:
    first = started()
    known(first, {"vip": True}, PRO)
    page = FakePage()
    page.storage = first.page.storage
    page.has_kameleoon = False
    page.kameleoon["document.cookie"] = "kameleoonVisitorCode=" + CODE
    ear = Ear(page, custom_data=SOURCES, identifier=False, consent="none")
    ear.hear("world", visitor=None, ready=False)
    assert values(ear) == values(first)


def test_nobody_is_asked_about_and_nothing_kept_while_nobody_is_known() -> None:
    ear = Ear(custom_data=SOURCES, identifier=False, consent="none")
    ear.hear("world", visitor=None, ready=False)
    ear.event(type="identify", traits={"plan": "pro"})
    assert ear.page.locks == []
    assert ear.page.published == {}
    assert ear.page.storage == {}
    ear.world()
    assert values(ear) == {"Plan": "pro"}
    assert ear.status()["errors"] == []


def test_segments_ids_are_read_once_analytics_is_ready() -> None:
    ear = Ear(custom_data=SOURCES, identifier=False, user_id="segment")
    ear.page.user_id = "u1"
    ear.world(ready=False)
    ear.event(type="identify", userId="u1", traits={})
    assert ear.page.locks == []
    ear.world()
    ask(ear)
    assert "COHORTS_u1" in ear.page.asked[0]["keys"]


def test_an_analytics_without_a_user_is_nobody() -> None:
    page = FakePage()
    page.user_throws = True
    ear = started(page, user_id="segment")
    assert page.locks == []
    page.user_throws = False
    ear.event()
    ask(ear)
    assert "COHORTS_anonymous-1" in page.asked[0]["keys"]


def test_the_data_api_where_the_settings_name_its_scheme() -> None:
    ear = started(remote={"data_host": "http://data.example.com/"})
    ear.page.has_kameleoon = False
    ask(ear)
    assert ear.page.asked[0]["address"].startswith("http://data.example.com/map/maps?")


def test_a_page_that_cannot_ask_is_told_at_once() -> None:
    page = FakePage()
    page.has_kameleoon = False
    page.fetch_throws = True
    ear = started(page)
    ask(ear)
    assert page.locks == []
    assert ear.status()["errors"] == [{"what": "remote data: cannot be asked; what is known stays"}]


def test_the_data_api_is_asked_directly_where_kameleoon_has_no_answer() -> None:
    ear = started(remote={"data_host": "127.0.0.1:8000"})
    nothing(ear)
    ask(ear)
    assert ear.page.asked[-1]["address"].startswith("http://127.0.0.1:8000/map/maps?")
    answer(ear, {})
    assert values(ear)["Personas"] == []


def test_a_failing_data_api_is_asked_three_times_then_left_alone() -> None:
    page = FakePage()
    page.has_kameleoon = False
    ear = started(page)
    for _ in range(10):  # the pauses are random
        pauses = []
        for _ in range(3):
            ask(ear)
            answer(ear, None, problem="the Data API answered 500")
            pauses.append(page.timers[-1]["delay"])
            ear.wait(pauses[-1])
        assert 1000 < pauses[0] < 2002
        assert 2000 < pauses[1] < 4002
        assert pauses[2] > 59_000
    assert values(ear) == {}
    assert ear.status()["errors"] == [{"what": "remote data: the Data API answered 500; what is known stays"}]


def test_a_kameleoon_without_an_answer_is_not_asked_again_for_a_minute() -> None:
    ear = started()
    nothing(ear)
    assert ear.page.locks == []
    ear.wait(59_999)
    ear.event()
    assert ear.page.locks == []
    ear.wait(1)
    ear.event()
    assert ear.page.locks == ["k_segmentio_remote"]
    ask(ear)
    assert isinstance(ear.page.asked[-1]["keys"], list)  # all in one again
    assert ear.status()["errors"] == []


def test_a_script_that_knows_no_lists_is_asked_key_by_key() -> None:
    ear = started()
    ask(ear)
    answer(ear, {})
    ask(ear)
    assert sorted(one["keys"] for one in ear.page.asked[1:]) == [COHORTS, IDENTIFY, "common"]
    assert {one["address"] for one in ear.page.asked} == {""}
    answer(ear, {COHORTS: {"vip": True}, IDENTIFY: PRO})
    assert values(ear) == {"Personas": ["vip"], "Plan": "pro", "City": "Rome", "Group": "g1"}
    ear.wait(400_000)
    ear.event()
    ask(ear)  # the next time it is all in one first: it may have been a failure
    assert isinstance(ear.page.asked[-1]["keys"], list)
    answer(ear, {COHORTS: {"vip": False}, IDENTIFY: PRO})
    assert len(ear.page.asked) == 5
    assert values(ear)["Personas"] == []
    assert ear.status()["errors"] == []


def test_a_key_whose_answer_never_comes_costs_ten_seconds_and_keeps_what_is_known_of_it() -> None:
    ear = started()
    known(ear, {"vip": True}, PRO)
    ear.wait(400_000)
    ear.event()
    ask(ear)
    answer(ear, {})
    ask(ear)
    numbers = {one["keys"]: one["number"] for one in ear.page.asked[-3:]}
    ear.hear("remote", number=numbers[IDENTIFY], data={"traits": {"plan": "basic"}, "groupId": "g2"})
    ear.hear("remote", number=numbers["common"], data={})
    ear.wait(9_999)
    assert values(ear)["Plan"] == "pro"
    ear.wait(1)
    assert values(ear) == {"Personas": ["vip"], "Plan": "basic", "City": [], "Group": "g2"}
    assert ear.page.locks == []
    assert ear.status()["errors"] == [{"what": "remote data: no answer in 10 s; what is known stays"}]
    ear.hear("remote", number=numbers[COHORTS], data={"late": True})
    assert values(ear)["Personas"] == ["vip"]


def test_keys_whose_answers_never_come_are_asked_for_again() -> None:
    ear = started()
    ask(ear)
    answer(ear, {})
    ask(ear)
    ear.hear("remote", number=ear.page.asked[-1]["number"], data={})
    ear.wait(10_000)
    assert values(ear) == {}
    assert ear.page.locks == []
    assert ear.status()["errors"] == [{"what": "remote data: no answer in 10 s; what is known stays"}]
    ear.wait(2001)
    ask(ear)
    answer(ear, {COHORTS: {"vip": True}})
    assert values(ear)["Personas"] == ["vip"]


def test_tries_begin_anew_after_an_answer() -> None:
    ear = started()
    for _ in range(4):
        ask(ear)
        answer(ear, None, problem="no")
        assert ear.page.timers[-1]["delay"] < 2002
        ear.wait(2002)
        ear.event()
        known(ear, {"vip": True})
        ear.wait(300_000)
        ear.event()


def test_an_answer_for_somebody_who_is_gone_is_dropped() -> None:
    ear = started()
    ask(ear)
    ear.world(code="fedcba9876543210")
    answer(ear, {COHORTS: {"vip": True}, "common": COMMON})
    assert values(ear) == {}
    assert ear.page.locks == ["k_segmentio_remote"]


def test_values_are_left_in_the_page_when_they_change_only() -> None:
    ear = started()
    known(ear, {"vip": True}, PRO)
    ear.page.published = {}
    ear.kameleoon("Started")
    ear.event(type="identify", traits={"plan": "pro"})
    assert ear.page.published == {}
    ear.event(type="identify", traits={"plan": "free"})
    assert values(ear)["Plan"] == "free"


def test_another_persons_values_are_cleared_until_the_own_are_known() -> None:
    ear = started()
    known(ear, {"vip": True}, PRO)
    ear.world(code="fedcba9876543210")
    assert ear.page.set[-4:] == [[name, []] for name in ("Personas", "Plan", "City", "Group")]
    ask(ear)
    answer(ear, {"IDENTIFY_fedcba9876543210": {"traits": {"plan": {"odd": 1}}}})
    ear.page.set = []
    ear.page.kameleoon["Kameleoon.API.Visitor.customData"] = {"Plan": "their own"}
    ear.kameleoon("Started")
    assert "Plan" not in [name for name, _ in ear.page.set]


def test_another_tabs_answer_ends_the_clearing_too() -> None:
    newcomer = "fedcba9876543210"
    ear = started()
    known(ear, {"vip": True}, PRO)
    ear.world(code=newcomer)
    page = FakePage()
    page.storage = ear.page.storage
    other = Ear(page, custom_data=SOURCES, identifier=False)
    other.world(code=newcomer)
    ask(other)
    answer(other, {"IDENTIFY_" + newcomer: {"traits": {"plan": {"odd": 1}}}})
    ask(ear)
    assert values(ear) == values(other)
    ear.page.set = []
    ear.page.kameleoon["Kameleoon.API.Visitor.customData"] = {"Plan": "their own"}
    ear.kameleoon("Started")
    assert "Plan" not in [name for name, _ in ear.page.set]


def test_refused_on_another_page_is_forgotten_here() -> None:
    first = started()
    known(first, {"vip": True}, PRO)
    page = FakePage()
    page.storage = first.page.storage
    ear = Ear(page, custom_data=SOURCES, identifier=False)
    ear.world(experimentLegalConsent=False, personalizationLegalConsent=False)
    assert "k_segmentio_audience" not in page.storage


def test_an_answer_that_never_comes_is_given_up() -> None:
    ear = started()
    ask(ear)
    ear.wait(9_999)
    assert "k_segmentio_remote" in ear.page.locks
    ear.wait(1)
    assert "k_segmentio_remote" not in ear.page.locks
    answer(ear, {COHORTS: {"late": True}})
    assert values(ear) == {}
    assert ear.status()["errors"] == [{"what": "remote data: no answer in 10 s; what is known stays"}]


def test_fresh_for_the_ttl_and_for_all_tabs() -> None:
    first = started()
    known(first, {"vip": True}, PRO)
    page = FakePage()
    page.storage = first.page.storage
    second = started(page)
    assert values(second) == values(first)
    assert page.locks == []
    second.wait(299_000)
    second.event()
    assert page.locks == []
    second.wait(2_000)
    second.event()
    assert page.locks == ["k_segmentio_remote"]
    assert values(second) == values(first)


def test_fresh_to_the_millisecond_and_for_a_second_in_any_case() -> None:
    for ttl, fresh in ((300, 300_000), (0, 1000)):
        ear = started(remote={"ttl": ttl})
        known(ear, {"vip": True}, PRO)
        ear.wait(fresh - 1)
        ear.event()
        assert ear.page.locks == []
        ear.wait(1)
        ear.event()
        assert ear.page.locks == ["k_segmentio_remote"]


def test_a_page_where_nothing_happens_asks_nothing() -> None:
    """The timer of a question that was answered is no reason to ask again, however short the answer is fresh."""
    ear = started(remote={"ttl": 0})
    ear.scan()
    known(ear, {"vip": True}, PRO)
    asked = len(ear.page.asked)
    ear.wait(60_000)
    assert ear.page.locks == []
    assert len(ear.page.asked) == asked
    ear.event()
    assert ear.page.locks == ["k_segmentio_remote"]


def test_what_another_tab_kept_meanwhile_stays() -> None:
    first, page = started(), FakePage()
    known(first, {"vip": True}, PRO)
    page.storage = first.page.storage
    second = started(page)
    second.wait(300_000)
    second.event()
    known(second, {"new": True}, PRO)
    first.event()
    first.kameleoon("Started")
    assert values(started(page))["Personas"] == ["new"]


def test_a_tab_that_waited_does_not_take_another_persons_or_an_older_answer() -> None:
    for whose, at, taken in ((CODE, NOW + 5, True), ("fedcba9876543210", NOW + 5, False), (CODE, NOW - 5, False)):
        ear = started()
        known(ear, {"vip": True}, PRO)
        ear.wait(300_000)
        ear.event()
        kept = json.loads(ear.page.storage["k_segmentio_audience"])
        kept["person"][0], kept["at"], kept["data"]["personas"] = whose, at, ["new"]
        ear.page.storage["k_segmentio_audience"] = json.dumps(kept)
        ask(ear)
        assert values(ear)["Personas"] == (["new"] if taken else ["vip"])


def test_a_tab_that_waited_takes_the_others_answer() -> None:
    first, page = started(), FakePage()
    page.storage = first.page.storage
    second = started(page)
    known(first, {"vip": True}, PRO)
    ask(second)
    assert page.asked == []
    assert page.locks == []
    assert values(second) == values(first)


def test_traits_added_to_the_configuration_are_asked_for() -> None:
    first = started()
    known(first, {}, PRO)
    page = FakePage()
    page.storage = first.page.storage
    ear = Ear(page, custom_data=[{"name": "Mail", "source": "trait", "trait": "mail"}], identifier=False)
    ear.world()
    assert page.locks == ["k_segmentio_remote"]


def test_another_visitor_code_means_another_person() -> None:
    ear = started()
    known(ear, {"vip": True}, PRO)
    ear.page.set = []
    ear.world(code="fedcba9876543210")
    assert values(ear) == {}
    assert sorted(ear.page.set) == [["City", []], ["Group", []], ["Personas", []], ["Plan", []]]
    ask(ear)
    assert "COHORTS_fedcba9876543210" in ear.page.asked[-1]["keys"]


def reset(ear: Ear, anonymous_id: str = "anonymous-2") -> None:
    """The page calls `analytics.reset()`."""
    ear.page.user_id, ear.page.anonymous_id = None, anonymous_id
    ear.hear("reset")


def test_logging_out_forgets_and_reads_of_segments_new_id() -> None:
    page = FakePage()
    page.user_id = "u1"
    ear = started(page, user_id="segment")
    ask(ear)
    answer(ear, {"COHORTS_u1": {"vip": True}})
    assert values(ear)["Personas"] == ["vip"]
    reset(ear)
    assert values(ear) == {}
    ask(ear)
    assert "COHORTS_anonymous-2" in page.asked[-1]["keys"]


def test_after_a_reset_nothing_of_the_visitor_code_is_read_until_an_identify() -> None:
    identifies: list[dict[str, Any]] = [{"userId": "u2"}, {"traits": {}}]
    for identified in identifies:
        ear = started()
        known(ear, {"vip": True}, PRO)
        reset(ear)
        assert values(ear) == {}
        assert ear.page.set[-4:] == [[name, []] for name in ("Personas", "Plan", "City", "Group")]
        for _ in range(3):
            ear.wait(400_000)
            ear.event()
        assert ear.page.locks == []
        assert "vip" not in json.dumps(ear.page.storage)
        ear.page.user_id = identified.get("userId")
        ear.event(type="identify", **identified)
        ask(ear)
        answer(ear, {COHORTS: {"new": True}})
        assert values(ear)["Personas"] == ["new"]


def test_after_a_reset_another_visitor_code_is_somebody() -> None:
    ear = started()
    known(ear, {"vip": True}, PRO)
    reset(ear)
    ear.world(code="fedcba9876543210")
    ask(ear)
    assert "COHORTS_fedcba9876543210" in ear.page.asked[-1]["keys"]


def test_a_reset_holds_on_the_next_page_until_somebody_is_named() -> None:
    first = started()
    known(first, {"vip": True}, PRO)
    reset(first)
    for user_id in (None, "u2"):
        page = FakePage()
        page.storage = dict(first.page.storage)
        page.user_id, page.anonymous_id = user_id, "anonymous-2"
        ear = started(page)
        assert values(ear) == {}
        assert page.locks == (["k_segmentio_remote"] if user_id else [])


def test_a_reset_in_another_tab_holds_here() -> None:
    page = FakePage()
    here = started(page)
    known(here, {"vip": True}, PRO)
    there = FakePage()
    there.storage = page.storage
    reset(started(there))
    page.anonymous_id = "anonymous-2"
    here.event()
    assert values(here) == {}
    assert page.locks == []
    here.event(type="identify", userId="u2")
    assert page.locks == ["k_segmentio_remote"]


def test_an_answer_that_was_asked_for_before_a_reset_is_nobodys() -> None:
    ear = started()
    ask(ear)
    reset(ear)
    answer(ear, {COHORTS: {"vip": True}})
    assert values(ear) == {}
    ear = started()
    reset(ear)
    ask(ear)
    assert ear.page.asked == []
    assert ear.page.locks == []


def test_a_trait_takes_no_name_that_has_a_meaning() -> None:
    for name in ("cohorts", "groupId", "runtime", "__proto__"):
        sources = SOURCES + [{"name": "Odd", "source": "trait", "trait": name}]
        ear = Ear(custom_data=sources, identifier=False)
        ear.world()
        known(ear, {"vip": True}, {"traits": {"plan": "pro", name: "odd"}, "groupId": "g1"})
        assert values(ear)["Odd"] == "odd"
        assert ear.page.snippets == {"cohorts": ["vip"], "plan": "pro", "groupId": "g1"}


def test_a_visitor_code_in_a_cookie_is_decoded() -> None:
    for cookie, decoded, expected in (("a%2Bb", "a+b", "a+b"), ("a%", None, "a%"), ("a=b=", "a=b=", "a=b=")):
        page = FakePage()
        page.has_kameleoon = False
        page.kameleoon["document.cookie"] = "x=y; kameleoonVisitorCode=" + cookie
        if decoded:
            page.kameleoon["decodeURIComponent"] = decoded
        ear = Ear(page, custom_data=SOURCES, identifier=False, consent="none")
        ear.hear("world", visitor=None, ready=True)
        ask(ear)
        assert "COHORTS_" + expected in page.asked[0]["keys"]


def test_a_refusal_takes_back_what_kameleoon_was_given() -> None:
    ear = started()
    ear.page.kameleoon["Kameleoon.API.CurrentVisit.customData"] = {"Plan": "pro"}
    known(ear, {"vip": True}, {"traits": {"plan": "pro"}})
    ear.page.set = []
    ear.world(experimentLegalConsent=False, personalizationLegalConsent=False)
    assert ear.page.set == [["Personas", []], ["Plan", []]]
    ear.event()
    assert len(ear.page.set) == 2


def test_a_refusal_takes_back_where_nothing_is_kept() -> None:
    page = FakePage()
    page.storage_throws = True
    ear = started(page)
    known(ear, {"vip": True}, {})
    page.set = []
    ear.world(experimentLegalConsent=False, personalizationLegalConsent=False)
    assert page.set == [["Personas", []]]


def test_each_of_segments_ids_tells_people_apart() -> None:
    for before, after in (
        (("u1", "anonymous-1"), ("u2", "anonymous-1")),
        (("u1", "anonymous-1"), (None, "anonymous-1")),
        ((None, "anonymous-1"), (None, "anonymous-2")),
    ):
        ear = Ear(custom_data=SOURCES, identifier=False)
        ear.page.user_id, ear.page.anonymous_id = before
        ear.world()
        known(ear, {"vip": True}, PRO)
        ear.page.user_id, ear.page.anonymous_id = after
        ear.hear("reset")
        assert values(ear) == {}


def test_logging_in_reads_again() -> None:
    ear = started()
    known(ear, {"vip": True}, {})
    ear.page.user_id = "u1"
    ear.event(type="identify", userId="u1", traits={})
    assert values(ear)["Personas"] == ["vip"]
    assert ear.page.locks == ["k_segmentio_remote"]


def test_a_person_who_changed_between_two_pages() -> None:
    first = started()
    known(first, {"vip": True}, PRO)
    page = FakePage()
    page.storage = first.page.storage
    page.kameleoon["Kameleoon.API.CurrentVisit.customData"] = {"Plan": "pro"}
    ear = Ear(page, custom_data=SOURCES, identifier=False)
    ear.world(code="fedcba9876543210")
    assert values(ear) == {}
    assert page.set == [["Plan", []]]


def test_what_the_page_learns_counts_at_once_until_remote_data_confirms() -> None:
    ear = started()
    known(ear, {}, PRO)
    ear.event(type="identify", traits={"plan": "enterprise", "other": 1})
    ear.event(type="group", groupId="g2")
    assert (values(ear)["Plan"], values(ear)["Group"]) == ("enterprise", "g2")
    ear.wait(301_000)
    ear.event()
    known(ear, {}, PRO)
    assert values(ear)["Plan"] == "enterprise"
    ear.wait(301_000)
    ear.event()
    known(ear, {}, {"traits": {"plan": "enterprise"}, "groupId": "g2"})
    ear.wait(301_000)
    ear.event()
    known(ear, {}, PRO)
    assert (values(ear)["Plan"], values(ear)["Group"]) == ("pro", "g1")


def test_what_the_page_learned_ends_after_an_hour() -> None:
    for after, plan in ((3_600_000, "enterprise"), (3_600_001, "pro")):
        ear = started()
        known(ear, {}, PRO)
        ear.event(type="identify", traits={"plan": "enterprise"})
        ear.wait(after)
        ear.event()
        known(ear, {}, PRO)
        assert values(ear)["Plan"] == plan


def test_what_the_page_learns_is_there_on_the_next_page() -> None:
    first = started()
    first.event(type="identify", traits={"plan": "enterprise"})
    page = FakePage()
    page.storage = first.page.storage
    assert values(started(page)) == {"Plan": "enterprise"}


def test_learned_by_one_user_is_not_told_of_the_next() -> None:
    ear = started()
    ear.page.user_id = "u1"
    ear.event(type="identify", userId="u1", traits={"plan": "pro"})
    ear.page.user_id, ear.page.anonymous_id = "u2", "anonymous-2"
    ear.event(type="identify", userId="u2", traits={"address": {"city": "Oslo"}})
    assert values(ear) == {"City": "Oslo"}


def test_malformed_answers_are_named_and_leave_the_rest() -> None:
    odd: list[Any] = [[], "{}", None, 7, "<html>", [["a"]]]
    for data in odd:
        ear = started()
        known(ear, {"vip": True}, PRO)
        ear.wait(301_000)
        ear.event()
        ask(ear)
        answer(ear, {COHORTS: data, IDENTIFY: {"traits": {"plan": "free"}}, "common": COMMON})
        assert (values(ear)["Personas"], values(ear)["Plan"]) == (["vip"], "free")
        assert len(ear.status()["errors"]) == 1
        assert "personas" in ear.status()["errors"][0]["what"]


def test_answers_that_are_no_map_change_nothing() -> None:
    odd: list[Any] = [[], "{}", None, 7, "<html>"]
    for data in odd:
        ear = started()
        ask(ear)
        answer(ear, data)
        assert values(ear) == {}
        assert ear.page.set == []
        assert len(ear.status()["errors"]) == 1


def test_a_trait_that_cannot_be_a_value_is_named() -> None:
    ear = started()
    known(ear, {}, {"traits": {"plan": {"a": 1}}})
    assert "Plan" not in values(ear)
    assert ear.status()["errors"] == [
        {"what": 'custom data "Plan": a map; accepted: a text, number, boolean or a list of them'}
    ]


def test_nothing_without_consent_and_forgotten_when_refused() -> None:
    ear = Ear(custom_data=SOURCES, identifier=False)
    ear.world(experimentLegalConsent=None, personalizationLegalConsent=None)
    assert ear.page.locks == []
    ear.world()
    known(ear, {"vip": True}, PRO)
    ear.world(experimentLegalConsent=False, personalizationLegalConsent=False)
    assert values(ear) == {}
    assert "k_segmentio_audience" not in ear.page.storage
    assert "vip" not in json.dumps(ear.page.storage)


def test_a_yes_after_a_refusal_begins_anew() -> None:
    ear = started()
    known(ear, {"vip": True}, PRO)
    ear.world(experimentLegalConsent=False, personalizationLegalConsent=False)
    ear.page.set = []
    ear.page.kameleoon["Kameleoon.API.Visitor.customData"] = {"Plan": "their own"}
    ear.world()
    assert (values(ear), ear.page.set) == ({}, [])
    known(ear, {"vip": True}, PRO)
    assert values(ear) == {"Personas": ["vip"], "Plan": "pro", "City": "Rome", "Group": "g1"}


def test_a_yes_after_a_refusal_takes_what_another_tab_has() -> None:
    ear = started()
    known(ear, {"vip": True}, PRO)
    before, kept = values(ear), ear.page.storage["k_segmentio_audience"]
    ear.world(experimentLegalConsent=False, personalizationLegalConsent=False)
    ear.page.storage["k_segmentio_audience"] = kept
    ear.world()
    assert ear.page.locks == []
    assert values(ear) == before


def test_an_answer_that_comes_after_a_refusal_is_dropped() -> None:
    ear = started()
    ask(ear)
    ear.world(experimentLegalConsent=False, personalizationLegalConsent=False)
    answer(ear, {COHORTS: {"vip": True}, "common": COMMON})
    assert values(ear) == {}
    assert ear.page.storage == {}


def test_a_refusal_ends_a_request_that_waits() -> None:
    ear = started()
    ear.world(experimentLegalConsent=False, personalizationLegalConsent=False)
    ask(ear)
    assert ear.page.asked == []
    assert ear.page.locks == []


def test_hostile_storage_is_nothing() -> None:
    paths = ["address.city", "plan"]
    whole = {"person": [CODE, "", ""], "data": {}, "local": {}, "at": 0, "state": "present", "paths": paths}
    for name, odd in (
        ("person", "x"),
        ("person", [1, 2, 3]),
        ("person", []),
        ("data", []),
        ("local", {"plan": 3}),
        ("at", "x"),
        ("paths", None),
        ("state", "x"),
        ("state", None),
    ):
        page = FakePage()
        page.storage["k_segmentio_audience"] = json.dumps(dict(whole, **{name: odd}))
        ear = started(page)
        known(ear, {"vip": True}, PRO)
        assert values(ear)["Personas"] == ["vip"]
        assert ear.status()["errors"] == []


def test_a_reset_before_anybody_is_known_holds() -> None:
    first = started()
    known(first, {"vip": True}, PRO)
    for consent in ("kameleoon", "manual"):
        page = FakePage()
        page.storage = dict(first.page.storage)
        ear = Ear(page, custom_data=SOURCES, identifier=False, consent=consent)
        ear.hear("world", visitor=None, ready=True)
        reset(ear)
        assert page.storage == first.page.storage  # nothing is written before consent
        ear.hear("consent", given=True)
        ear.world()
        assert (values(ear), page.locks) == ({}, [])
        assert "vip" not in json.dumps(page.storage)
        ear.event(type="identify", userId="u2")
        ask(ear)
        answer(ear, {COHORTS: {"new": True}})
        assert values(ear)["Personas"] == ["new"]


def test_who_was_named_before_consent_is_somebody() -> None:
    ear = Ear(custom_data=SOURCES, identifier=False, consent="manual")
    ear.world()
    reset(ear)
    ear.event(type="identify", traits={"plan": "secret"})
    assert ear.page.storage == {}
    ear.hear("consent", given=True)
    assert "secret" not in json.dumps(ear.page.storage)
    ask(ear)
    assert COHORTS in ear.page.asked[0]["keys"]


def test_an_identify_that_was_called_before_the_reset_names_nobody() -> None:
    ear = started()
    known(ear, {"vip": True}, PRO)
    before = ear.page.anonymous_id
    reset(ear)
    for late in ({"type": "identify", "userId": "u1", "traits": {"plan": "pro"}}, {"type": "group", "groupId": "g1"}):
        ear.event(anonymousId=before, **late)
        assert (values(ear), ear.page.locks) == ({}, [])
    ear.event(type="identify", userId="u2", traits={"plan": "free"})
    assert values(ear) == {"Plan": "free"}


def test_a_refusal_takes_back_what_earlier_pages_gave() -> None:
    first = started()
    known(first, {"vip": True}, {"traits": {"plan": "pro"}})
    page = FakePage()
    page.storage = first.page.storage
    page.has_kameleoon = False
    ear = Ear(page, custom_data=SOURCES, identifier=False, consent="manual")
    ear.hear("consent", given=False)
    assert (page.storage, page.set) == ({}, [])
    page.has_kameleoon = True
    ear.kameleoon("Started")
    assert page.set == [["Personas", []], ["Plan", []]]
    ear.kameleoon("Started")
    assert len(page.set) == 2
    status = ear.status()
    assert (status["customData"], status["consent"]["experiment"]) == ({}, False)


def test_a_yes_ends_the_taking_back() -> None:
    ear = started()
    known(ear, {"vip": True}, PRO)
    ear.world(experimentLegalConsent=False, personalizationLegalConsent=False)
    ear.page.set = []
    ear.world()
    known(ear, {"vip": True}, PRO)
    ear.kameleoon("Started")
    assert ["Personas", []] not in ear.page.set


def test_what_is_kept_of_the_future_is_not_believed() -> None:
    first = started()
    known(first, {"vip": True}, PRO)
    first.event(type="identify", traits={"plan": "enterprise"})
    for set_back, believed in ((60_000, True), (60_001, False)):
        page = FakePage()
        page.storage = dict(first.page.storage)
        page.now = page.began = NOW - set_back
        ear = started(page)
        assert (page.locks == []) == believed
        assert values(ear)["Plan"] == ("enterprise" if believed else "pro")


def test_an_answer_of_the_future_is_no_other_tabs() -> None:
    ear, page = started(), FakePage()
    page.now += 3_600_000
    other = started(page)
    known(other, {"new": True}, PRO)
    ear.page.storage = page.storage
    ask(ear)
    assert len(ear.page.asked) == 1


def test_a_wall_clock_that_stands_still_or_is_set_back_keeps_nothing_fresh() -> None:
    for shift in (-3_600_000, 0):
        ear = started()
        known(ear, {"vip": True}, PRO)
        message = {"kind": "event", "at": NOW + shift, "up": 299_999, "event": {"type": "track"}}
        ear.brain.hear(json.dumps(message))
        assert ear.page.locks == []
        ear.brain.hear(json.dumps(dict(message, up=300_001)))
        assert ear.page.locks == ["k_segmentio_remote"]


def test_pauses_are_measured_on_the_pages_own_clock() -> None:
    ear = started()
    ask(ear)
    answer(ear, None, problem="no")
    message = {"kind": "event", "at": NOW - 3_600_000, "up": 2001, "event": {"type": "track"}}
    ear.brain.hear(json.dumps(message))
    assert ear.page.locks == ["k_segmentio_remote"]


def test_an_ordinary_event_asks_nothing_of_the_page() -> None:
    asked: list[str] = []
    for has_kameleoon in (True, False):
        page = FakePage()
        page.has_kameleoon = has_kameleoon
        page.kameleoon["document.cookie"] = "kameleoonVisitorCode=" + CODE
        ear = Ear(page, custom_data=SOURCES, identifier=False, consent="none")
        ear.hear("world", visitor={"code": CODE} if has_kameleoon else None, ready=True)
        known(ear, {"vip": True}, PRO)
        act, ear.brain._page._do = page.act, asked.append  # type: ignore[assignment] # noqa: SLF001
        ear.event()
        ear.event(type="page")
        ear.brain._page._do = act  # noqa: SLF001
    assert asked == []


def test_an_identify_that_is_told_again_is_kept_once() -> None:
    ear = started()
    known(ear, {"vip": True}, PRO)
    ear.page.written = []
    ear.event(type="identify", traits={"other": 1})
    assert ear.page.written == []
    for _ in range(5):
        ear.event(type="identify", traits={"plan": "enterprise"})
    assert sorted(ear.page.written) == ["k_segmentio_audience", "k_segmentio_values"]
    ear.wait(60_001)
    ear.event(type="identify", traits={"plan": "enterprise"})
    assert len(ear.page.written) == 3
    ear.event(type="identify", traits={"plan": "enterprise", "address": {"city": True}})
    ear.event(type="identify", traits={"plan": "enterprise", "address": {"city": 1}})
    assert json.dumps(values(ear)["City"]) == "1"


def test_many_personas_are_not_kept_and_that_is_said() -> None:
    ear = started()
    names = ["a persona that somebody gave a rather long name, number %d" % number for number in range(1000)]
    known(ear, dict.fromkeys(names, True), PRO)
    assert values(ear)["Personas"] == sorted(names)
    assert "k_segmentio_audience" in ear.page.storage
    assert "k_segmentio_values" not in ear.page.storage
    (error,) = ear.status()["errors"]
    assert error["what"].startswith("k_segmentio_values: ")


def test_blocked_storage_still_gives_values() -> None:
    page = FakePage()
    page.storage_throws = True
    ear = started(page)
    known(ear, {"vip": True}, PRO)
    assert values(ear)["Personas"] == ["vip"]


def test_nothing_configured_asks_nothing() -> None:
    page = FakePage()
    page.storage["k_segmentio_values"] = "{}"
    ear = Ear(page, identifier=False)
    ear.world()
    ear.event(type="identify", traits={"plan": "pro"})
    assert page.storage == {}
    assert ear.page.locks == []
    assert ear.page.published == {}
