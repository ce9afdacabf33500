"""The words for mistakes are the same on each interpreter."""

from bridge.shared.wording import cut, kind, one_of, shown, suggestion, unknown, wrong

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def test_a_value_is_json_with_letters_as_they_are() -> None:
    for value, text in (("é", '"é"'), ([1, None, True], "[1, null, true]"), ({"a": "ü"}, '{"a": "ü"}')):
        assert shown(value) == text


def test_what_is_long_is_cut_short() -> None:
    assert shown("x" * 100) == '"' + "x" * 59 + "…"
    assert cut("x" * 60) == "x" * 60
    assert cut("x" * 61) == "x" * 60 + "…"


def test_a_secret_is_never_shown() -> None:
    for value, place in (("hunter2", "remote.api-key"), ({"clientSecret": "hunter2"}, ""), ([{"Write Key": 1}], "x")):
        assert shown(value, place) == "(not shown)"
    assert shown("monkey", "key") == '"monkey"'


def test_of_visitors_data_only_the_kind_is_said() -> None:
    kinds: list[Any] = [
        (True, "a boolean"),
        (1.5, "a number"),
        ("", "a text"),
        ([], "a list"),
        ({}, "a map"),
        (None, "nothing"),
    ]
    for value, text in kinds:
        assert kind(value) == text


def test_a_third_of_a_words_letters_may_be_wrong_and_one_in_any_case() -> None:
    for word, meant in (
        ("id", "ids"),  # one letter is missing
        ("xonly", "only"),  # one too many
        ("onlyx", "only"),
        ("sitcde", "sitecode"),  # two are missing, of six
        ("Data-Host", "data_host"),
        ("onyl", ""),  # two are wrong, of four
        ("xitcde", ""),  # three, of six
        ("abconly", ""),  # three, of seven
        ("e", ""),
        ("eventually", ""),
    ):
        assert suggestion(word, ["ids", "only", "sitecode", "event", "data_host"]) == meant


def test_sentences() -> None:
    assert wrong("remote.ttl", "-1", "0 or more") == "remote.ttl: -1; accepted: 0 or more"
    assert one_of(["a", "b"]) == "a or b"
    assert unknown("field", "evnt", ["only", "event"]) == "no such field; did you mean event?"
    assert unknown("field", "zzzzzz", ["only", "event"]) == "no such field; accepted: event, only"
