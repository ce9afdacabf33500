"""Settings in the page: how mistakes are told, and what wins over what."""

import json

from bridge.brain.settings import SettingsError, check, effective, find_secret, suggestion, with_defaults

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TABLE = {
    "type": "object",
    "properties": {
        "sitecode": {
            "type": "string",
            "minLength": 10,
            "maxLength": 10,
            "pattern": "^[a-z0-9]+$",
            "description": "code",
        },
        "engine": {"type": "string", "enum": ["micropython", "pyodide"], "default": "micropython"},
        "exposures": {
            "type": "object",
            "default": {},
            "properties": {
                "event": {"type": "string", "default": "Experiment viewed"},
                "only": {
                    "anyOf": [{"type": "array", "items": {"type": "integer", "minimum": 0}}, {"type": "null"}],
                    "default": None,
                    "description": "ids",
                },
            },
        },
    },
    "required": ["sitecode"],
}
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


def test_a_wrong_attribute_is_named_as_it_is_written() -> None:
    assert refused(attributes={"sitecode": "ABC"}) == 'data-sitecode: "ABC"; accepted: code'
    assert refused(attributes={"engine": "cobol"}) == 'data-engine: "cobol"; accepted: "micropython" or "pyodide"'


def test_an_engine_that_the_bundle_lacks() -> None:
    message = refused(attributes={"engine": "pyodide"}, engines=["micropython"])
    assert message == 'engine: "pyodide" is not in this bundle; accepted: micropython'


def test_an_unusable_configuration() -> None:
    assert refused(problem="/x.json answered 404").startswith("data-config: /x.json answered 404;")
    for text in ("{", "[]", "null", '"x"', "<html>"):
        assert refused(config=text).startswith("data-config: ")


def test_unknown_keys_get_a_suggestion() -> None:
    assert refused(config='{"exposure": {}}') == "exposure: no such setting; did you mean exposures?"
    assert refused(config='{"exposures": {"zzz": 1}}') == "exposures.zzz: no such setting; accepted: event, only"
    assert suggestion("evnt", ["event", "only"]) == "event"
    assert suggestion("zzzzzz", ["event", "only"]) == ""


def test_values() -> None:
    wrong: list[Any] = [True, "x", [True], [-1], [1.5], ["1"], {}]
    for value in wrong:
        problems = check({"sitecode": "abcde12345", "exposures": {"only": value}}, TABLE)
        assert len(problems) == 1
        assert problems[0].startswith("exposures.only: ")
        assert problems[0].endswith("; accepted: ids")
    right: list[Any] = [None, [], [0, 12345678901]]
    for value in right:
        assert check({"sitecode": "abcde12345", "exposures": {"only": value}}, TABLE) == []
    for code in ("abcde1234", "abcde123456", "ABCDE12345", "abcde1234\n", 1234567890, None):
        assert len(check({"sitecode": code}, TABLE)) == 1
    assert check({}, TABLE) == ["sitecode: missing; accepted: code"]


def test_long_values_are_cut_short() -> None:
    assert len(check({"sitecode": "x" * 5000}, TABLE)[0]) < 120


def test_secrets_are_found_and_never_shown() -> None:
    for name in ("apiKey", "api_key", "API-KEY", "client_secret", "writeKey", "write_key"):
        config = {"sitecode": "abcde12345", "exposures": {"properties": [{name: "hunter2"}]}}
        problems = check(config, TABLE)
        assert problems == ["exposures.properties[0].%s: a secret does not belong into a page; take it out" % name]
    assert find_secret({"monkey": 1, "key": ["v"]}) == ""


def test_defaults_reach_into_tables() -> None:
    assert with_defaults({"sitecode": "x"}, TABLE)["exposures"] == {"event": "Experiment viewed", "only": None}
