"""Settings in the page: what wins over what."""

import json

from bridge.brain.precedence import effective
from bridge.shared.rules import SettingsError
from tests.brain.portable.test_rules import TABLE

BUILT = {"settings": {"sitecode": "abcde12345", "exposures": {"event": "Seen"}}, "table": TABLE}


def refused(**given: "object") -> str:
    try:
        effective(dict(given), BUILT)
    except SettingsError as error:
        return str(error)
    raise AssertionError("accepted")


def test_the_tag_wins_over_the_configuration_and_that_over_the_build() -> None:
    config = json.dumps({"sitecode": "bbbbbbbbbb", "exposures": {"only": [1]}})
    settings = effective({"attributes": {"sitecode": "cccccccccc"}, "config": config}, BUILT)
    assert settings == {
        "sitecode": "cccccccccc",
        "engine": "micropython",
        "exposures": {"event": "Seen", "only": [1]},
    }


def test_a_table_stands_for_itself_where_there_is_none_to_add_to() -> None:
    built = {"settings": {"sitecode": "abcde12345"}, "table": TABLE}
    settings = effective({"config": json.dumps({"exposures": {"event": "Seen"}})}, built)
    assert settings["exposures"] == {"event": "Seen", "only": None}
    assert refused(config=json.dumps({"exposures": 7})) == "exposures: 7; accepted: object"


def test_a_wrong_attribute_is_named_as_it_is_written() -> None:
    assert refused(attributes={"sitecode": "ABC"}) == 'data-sitecode: "ABC"; accepted: code'
    assert refused(attributes={"engine": "cobol"}) == 'data-engine: "cobol"; accepted: "micropython" or "pyodide"'


def test_an_engine_that_the_bundle_lacks() -> None:
    message = refused(attributes={"engine": "pyodide"}, engines=["micropython"])
    assert message == 'engine: "pyodide" is not in this bundle; accepted: micropython'


def test_an_unusable_configuration() -> None:
    assert refused(problem="/x.json answered 404").startswith("data-config: /x.json answered 404;")
    told = refused(problem="cannot fetch https://user:hunter2@a.example/x.json")
    assert told == "data-config: (not shown); accepted is the URL of a JSON configuration"
    for text in ("{", "[]", "null", '"x"', "<html>"):
        assert refused(config=text).startswith("data-config: ")


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert effective({"config": "\ufeff" + json.dumps({"engine": "pyodide"})}, BUILT)["engine"] == "pyodide"


def test_each_mistake_is_a_line() -> None:
    told = refused(attributes={"engine": "co\nbol"}, config=json.dumps({"a\nb": 1, "sitecode": "\n"}))
    assert told.split("\n") == [
        "a\\u000ab: no such setting; accepted: engine, exposures, sitecode",
        'data-engine: "co\\nbol"; accepted: "micropython" or "pyodide"',
        'sitecode: "\\n"; accepted: code',
    ]
