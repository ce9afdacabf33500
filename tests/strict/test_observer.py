"""The observer reads everything that crosses the seam, and changes nothing of it."""

import json
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.models.settings import table
from bridge.shared.vocabulary import NO_STATUS
from bridge.strict.observer import Observer
from bridge.strict.watch import Watch

if TYPE_CHECKING:
    from bridge.models.violations import Violation

BUILT = {"settings": {"sitecode": "abcde12345"}, "table": table()}
FACTS = {"engine": "pyodide", "state": "on", "versions": {}, "timings": {}, "errors": []}
ERRORS = [{"what": "known"}]
STATUS = json.dumps({**NO_STATUS, **FACTS, "errors": ERRORS})
ASKED = json.dumps({"kind": "status", "at": 1, "up": 0, "facts": FACTS})


class Seam:
    """An observer between a brain and a page that give prepared answers."""

    def __init__(self, brain: str = "null", page: str = "[true, null]") -> None:
        self.found: list[Violation] = []
        self.passed: list[str] = []
        self.observer = Observer(BUILT, self.found.append)
        watch = Watch()
        watch.hand_over(self.observer.see)
        self._hear = watch.hearing(lambda text: self._note(text, brain))
        self._act = watch.acting(lambda text: self._note(text, page))

    def _note(self, text: str, answer: str) -> str:
        self.passed.append(text)
        return answer

    def tell(self, kind: str, **more: Any) -> str:
        """Let the ear tell something; return what it gets."""
        return self._hear(json.dumps({"kind": kind, "at": 1, "up": 0, **more}))

    def ask(self, *request: Any) -> str:
        """Let the brain ask something; return what it gets."""
        return self._act(json.dumps(request))

    def hear(self, text: str) -> str:
        """Let the ear say any text."""
        return self._hear(text)

    def act(self, text: str) -> str:
        """Let the brain ask any text."""
        return self._act(text)


def test_what_was_said_before_the_observer_came_is_checked_too() -> None:
    """In its order, once; and then goes on."""
    watch = Watch()
    act = watch.acting(lambda _text: "[true, null]")
    hear = watch.hearing(lambda _text: act('["after", 1, -1]') and STATUS)
    wrong = json.dumps({"kind": "consent", "at": 1, "up": 0, "given": "yes"})
    assert hear(wrong) == STATUS
    found: list[Violation] = []
    watch.hand_over(Observer(BUILT, found.append).see)
    assert [one.path for one in found] == ["consent.given", "after.milliseconds"]
    assert json.loads(hear(ASKED))["errors"][1:] == [one.entry() for one in found]


def test_an_observer_that_is_late_gets_the_first_thousand() -> None:
    """The settings among them; what is kept has an end."""
    watch = Watch()
    hear = watch.hearing(lambda _text: "null")
    for number in range(1000):
        hear(str(number))
    seen: list[tuple[str, ...]] = []
    watch.hand_over(lambda *what: seen.append(what))
    assert [what[1] for what in seen if what[0] == "told"] == [str(number) for number in range(500)]
    assert len(seen) == 1000


def test_right_messages_pass_unchanged() -> None:
    """Texts go through as they are, and nobody hears of them."""
    seam = Seam(brain='{"hold" : true}')
    event = {"type": "track", "event": "Added", "messageId": "m", "anonymousId": "a"}
    assert seam.tell("event", event=event) == '{"hold" : true}'
    assert seam.ask("after", 1, 5) == "[true, null]"
    assert seam.passed == [json.dumps({"kind": "event", "at": 1, "up": 0, "event": event}), '["after", 1, 5]']
    assert seam.found == []


def test_wrong_messages_pass_unchanged_too() -> None:
    """It is the brain that decides what becomes of them."""
    seam = Seam()
    assert seam.tell("consent", given="yes") == "null"
    assert seam.passed == ['{"kind": "consent", "at": 1, "up": 0, "given": "yes"}']
    assert [str(one) for one in seam.found] == [
        'consent.given: "yes"; input should be a valid boolean; accepted: true or false'
    ]


def test_what_the_brain_asks_and_gets() -> None:
    """Requests, the page's answers where they are known, and the brain's answers."""
    seam = Seam(brain='{"hold": 1}', page='[true, [{"id": "101"}]]')
    seam.ask("reach", "Kameleoon.API.Experiments.getActivatedInVisit", 1, [])
    seam.ask("after", 1, -1)
    seam.tell("event", event={"type": "track", "event": "Added", "messageId": "m", "anonymousId": "a"})
    assert [one.path for one in seam.found] == [
        "Kameleoon.API.Experiments.getActivatedInVisit answer[0].id",
        "after.milliseconds",
        "event answer.hold",
    ]


def test_an_answer_that_failed_is_not_checked() -> None:
    """It is the error's text."""
    seam = Seam(page='[false, "TypeError"]')
    seam.ask("reach", "Kameleoon.API.Experiments.getActivatedInVisit", 1, [])
    assert seam.found == []


def test_status_has_the_violations_after_the_brains_own_errors() -> None:
    """The last twenty of all, each violation with its path, value and rule."""
    seam = Seam(brain=STATUS)
    assert json.loads(seam.tell("status", facts=FACTS))["errors"] == ERRORS
    for number in range(25):
        seam.tell("consent", given=number)
    errors = json.loads(seam.tell("status", facts=FACTS))["errors"]
    assert [error["value"] for error in errors] == [str(number) for number in range(5, 25)]
    assert set(errors[0]) == {"what", "path", "value", "rule"}


def test_status_says_how_many_messages_were_checked() -> None:
    """Those to the brain and to the page; who asks for the status does not count."""
    seam = Seam(brain=STATUS)
    assert json.loads(seam.tell("status", facts=FACTS))["checked"] == 0
    for number in range(3):
        seam.tell("timer", number=number + 1)
        seam.ask("after", number + 4, 500)
    assert json.loads(seam.tell("status", facts=FACTS))["checked"] == 6


def test_answers_of_which_nothing_is_known_are_right() -> None:
    """The page's to requests that have no answer, or any."""
    seam = Seam()
    seam.ask("publish", {"Plan": {"value": "pro", "overwrite": True}}, {"plan": "pro"}, [])
    seam.ask("reach", "console.error", 0, ["x"])
    assert seam.found == []


def test_what_cannot_be_read_is_told() -> None:
    """Instead of an exception in the page, and once."""
    seam = Seam()
    assert seam.hear("{") == "null"
    assert [one.path for one in seam.found] == ["strict engine"]


def test_a_flood_is_cut_off() -> None:
    """A hundred different lines are more than anybody reads."""
    seam = Seam()
    for number in range(200):
        seam.tell("consent", given=number)
    assert len(seam.found) == 100


def test_settings_are_checked_as_they_take_effect() -> None:
    """The build's, the page's and the tag's together; what the brain refuses is a violation."""
    told = {"engine": "pyodide", "engines": ["micropython", "pyodide"]}
    seam = Seam(brain='{"state": "on"}')
    seam.tell("settings", attributes={"engine": "pyodide"}, **told)
    assert seam.found == []
    assert seam.observer.settings["engine"] == "pyodide"
    seam.tell("settings", attributes={"sitecode": "NOPE"}, **told)
    (found,) = seam.found
    assert str(found).startswith('settings: data-sitecode: "NOPE"; accepted: ')


def test_settings_are_checked_against_the_models_too() -> None:
    """A build whose table lets pass what the models do not."""
    found: list[Violation] = []
    observer = Observer({"settings": {"sitecode": "NOPE", "engine": "pyodide"}, "table": {}}, found.append)
    observer.see("told", json.dumps({"kind": "settings", "at": 1, "up": 0, "attributes": {}, "engines": ["pyodide"]}))
    assert "settings.sitecode" in [one.path for one in found]


@settings(deadline=None)
@given(st.text() | st.sampled_from(["[]", "null", "7", "{}", '{"kind": []}', '["reach"]', "[[]]", "[" * 100_000]))
def test_no_text_breaks_it(text: str) -> None:
    """Whatever crosses gets the answer it would get without an observer."""
    seam = Seam(brain="not JSON", page="not JSON")
    assert seam.hear(text) == "not JSON"
    assert seam.act(text) == "not JSON"
    assert seam.passed == [text, text]
