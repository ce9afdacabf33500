"""What the page keeps, and that all of it can be forgotten."""

import json

from bridge.brain.keeper import MAX_EXPOSURES, MAX_PAIRS, Keeper
from bridge.brain.seam import Page
from bridge.shared import vocabulary
from tests.brain.portable.fake import CODE, NOW, FakePage

KEYS = sorted(getattr(vocabulary, name) for name in dir(vocabulary) if name.endswith("_KEY") and name != "COMMON_KEY")
COOKIES = {"kameleoonVisitorCode": CODE, "ajs_user_id": None, "ajs_anonymous_id": "%22a=1%22"}
AUDIENCE = {"person": [CODE, "", ""], "data": {}, "local": {}, "at": NOW, "state": "present", "paths": []}


def seen_from(page: FakePage) -> Page:
    """Return what the brain has of a page, at the present time."""
    seen = Page(page.act)
    seen.begin({"at": page.now, "up": 0})
    return seen


def full(page: FakePage) -> Keeper:
    """Return a keeper that has kept something of everything."""
    keeper = Keeper(seen_from(page), page.said.append)
    keeper.keep_linked_id("anonymous-1")
    keeper.keep_pair("anonymous-1", CODE)
    keeper.keep_exposures({"experiment:101:1001": NOW})
    keeper.keep_audience(AUDIENCE)
    for key in ("k_segmentio_heard", "k_segmentio_order"):  # the tag's
        page.storage[key] = "{}"
    keeper.keep_values({"Plan": {"value": "pro", "overwrite": True}}, {"plan": "pro"}, [], COOKIES, "none")
    return keeper


def test_what_is_kept_comes_back() -> None:
    keeper = full(FakePage())
    assert keeper.linked_id() == "anonymous-1"
    assert keeper.pairs() == [["anonymous-1", CODE]]
    assert keeper.exposures() == {"experiment:101:1001": NOW}
    assert keeper.audience() == AUDIENCE


def test_every_key_that_the_vocabulary_names_is_forgotten() -> None:
    page = FakePage()
    keeper = full(page)
    assert sorted(page.storage) == KEYS
    page.storage["theirs"] = "stays"
    keeper.forget_audience()
    assert [key for key in KEYS if key not in page.storage] == ["k_segmentio_audience", "k_segmentio_values"]
    keeper.forget_all()
    assert page.storage == {"theirs": "stays"}


def test_the_latest_are_kept() -> None:
    page = FakePage()
    keeper = Keeper(seen_from(page), page.said.append)
    for number in range(MAX_PAIRS + 5):
        keeper.keep_pair("anonymous-%d" % number, CODE)
    assert [pair[0] for pair in keeper.pairs()] == ["anonymous-%d" % number for number in range(5, MAX_PAIRS + 5)]
    assert len(keeper.pairs()) == 20
    keeper.keep_exposures({"experiment:%d:1" % number: NOW + number for number in range(MAX_EXPOSURES + 5)})
    assert len(keeper.exposures()) == MAX_EXPOSURES == 200
    assert min(keeper.exposures().values()) == NOW + 5


def test_values_say_whose_they_are_and_whose_consent_they_need() -> None:
    page = FakePage()
    page.kameleoon["document.cookie"] = "a=b; ajs_anonymous_id=%22a=1%22; kameleoonVisitorCode=" + CODE
    assert full(page).identity_cookies() == COOKIES
    kept = json.loads(page.storage["k_segmentio_values"])
    assert (kept["cookies"], kept["mode"]) == (COOKIES, "none")


def test_values_that_are_kept_have_names() -> None:
    page = FakePage()
    keeper = full(page)
    assert keeper.value_names() == ["Plan"]
    for odd in ("{", "7", "[]", '{"values": []}', '{"values": {"Plan": 7}}', '{"values": {"Plan": {"value": []}}}'):
        page.storage["k_segmentio_values"] = odd
        assert keeper.value_names() == []


def test_what_is_too_long_is_not_kept_and_said() -> None:
    page = FakePage()
    keeper = full(page)
    for length, said in ((vocabulary.MAX_KEPT - 200, 0), (vocabulary.MAX_KEPT, 1)):
        page.said.clear()
        keeper.keep_audience(dict(AUDIENCE, data={"names": ["x" * length]}))
        assert len(page.said) == said
        assert ("k_segmentio_audience" in page.storage) != said
    assert page.said[0].startswith("k_segmentio_audience: 100")


def test_why_nothing_can_be_read_is_said() -> None:
    page = FakePage()
    page.storage_throws = True
    assert full(page).exposures() == {}
    assert set(page.said) == {"localStorage: SecurityError"}


def test_blocked_storage_is_empty_storage() -> None:
    page = FakePage()
    page.storage_throws = True
    keeper = full(page)
    keeper.forget_all()
    assert (keeper.linked_id(), keeper.pairs(), keeper.exposures(), keeper.audience()) == (None, [], {}, None)
