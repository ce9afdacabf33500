"""The seam: what is asked of the page, what comes back, and who is called back."""

import json

from bridge.brain.seam import Page
from tests.brain.portable.fake import NOW, FakePage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def test_a_shape_takes_the_wanted_parts() -> None:
    fake = FakePage()
    fake.kameleoon["Kameleoon.API.Visitor"] = {"code": "c", "visits": [{"start": 1, "end": 2}, {"start": 3}], "more": 7}
    page = Page(fake.act)
    assert page.read("Kameleoon.API.Visitor", {"code": 1, "visits": {"start": 1}}) == {
        "code": "c",
        "visits": [{"start": 1}, {"start": 3}],
    }
    assert page.call("Kameleoon.API.Visitor", [], 0) == (True, None)
    assert page.read("Kameleoon.API.Nobody") is None
    ok, problem = page.call("Kameleoon.API.Nobody", [])
    assert not ok
    assert isinstance(problem, str)


def test_each_timer_calls_back_once_at_its_time() -> None:
    fake = FakePage()
    page = Page(fake.act)
    called: list[Any] = []
    page.after(500, lambda now: called.append(["late", now]))
    page.after(0, lambda now: called.append(["soon", now]))
    numbers = [timer["number"] for timer in fake.timers]
    assert [timer["delay"] for timer in fake.timers] == [500, 0]
    page.hear({"kind": "timer", "at": NOW, "number": numbers[1]})
    page.hear({"kind": "timer", "at": NOW + 500, "number": numbers[0]})
    page.hear({"kind": "timer", "at": NOW + 501, "number": numbers[0]})
    assert called == [["soon", NOW], ["late", NOW + 500]]


def test_a_timer_that_is_called_off_calls_nobody() -> None:
    fake = FakePage()
    page = Page(fake.act)
    called: list[float] = []
    timer = page.after(500, called.append)
    told: dict[str, Any] = {"kind": "timer", "at": NOW + 500, "number": timer}
    assert not page.called_off(told)
    page.cancel(timer)
    assert page.called_off(told)
    page.hear(told)
    assert called == []


def test_a_number_that_nobody_waits_for_is_nothing() -> None:
    Page(FakePage().act).hear({"kind": "timer", "at": NOW, "number": 99})


def test_a_lock_is_given_back_by_its_number() -> None:
    asked: list[Any] = []

    def act(text: str) -> str:
        asked.append(json.loads(text))
        return "[true, null]"

    page = Page(act)
    got: list[float] = []
    one, other = page.lock("a", got.append), page.lock("b", got.append)
    page.hear({"kind": "locked", "at": NOW, "number": other})
    page.unlock(other, 200)
    assert got == [NOW]
    assert asked == [["lock", one, "a"], ["lock", other, "b"], ["unlock", other, 200]]


def test_an_answer_reaches_who_asked() -> None:
    fake = FakePage()
    page = Page(fake.act)
    heard: list[Any] = []
    assert page.retrieve(["common"], {"common": 1}, "", heard.append)
    answer = {"kind": "remote", "at": NOW, "number": fake.asked[0]["number"], "data": {"common": {}}}
    page.hear(answer)
    page.hear(answer)
    assert heard == [answer]
    fake.has_kameleoon = False
    assert not page.retrieve(["common"], {"common": 1}, "", heard.append)


def test_cookies_are_read_whole() -> None:
    fake = FakePage()
    page = Page(fake.act)
    assert page.cookie("a") is None
    fake.kameleoon["document.cookie"] = "aa=1; a=x=y%20; b="
    assert (page.cookie("a"), page.cookie("b"), page.cookie("c")) == ("x=y%20", "", None)
