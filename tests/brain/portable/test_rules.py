"""How settings are checked, and how mistakes are told."""

from bridge.shared.rules import SettingsError, check, with_defaults
from bridge.shared.secrets import secrets
from bridge.shared.wording import suggestion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TABLE = {
    "type": "object",
    "additionalProperties": False,
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
            "additionalProperties": False,
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
SOURCES = {
    "type": "array",
    "items": {
        "discriminator": "source",
        "oneOf": [
            {
                "type": "object",
                "additionalProperties": False,
                "properties": {"source": {"const": "trait"}, "trait": {"type": "string"}},
                "required": ["source", "trait"],
            },
            {"type": "object", "additionalProperties": False, "properties": {"source": {"const": "group"}}},
        ],
    },
}


def test_unknown_keys_get_a_suggestion() -> None:
    given: dict[str, Any] = {"sitecode": "abcde12345"}
    wrong = check(dict(given, exposure={}), TABLE)
    assert wrong == ["exposure: no such setting; did you mean exposures?"]
    wrong = check(dict(given, exposures={"zzz": 1}), TABLE)
    assert wrong == ["exposures.zzz: no such setting; accepted: event, only"]
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


def test_patterns() -> None:
    path: dict[str, Any] = {"type": "string", "pattern": "^[A-Za-z_$][A-Za-z0-9_$]*([.][A-Za-z_$][A-Za-z0-9_$]*)*$"}
    for right in ("analytics", "shop.analytics", "$a_1._b.c", "a" * 1000, "a." * 499 + "a"):
        assert check(right, path) == []
    for wrong in ("", "a..b", ".a", "a.", "1a", "a b", "a\n", "a()", "é", "a" * 1001, "a" * 1_000_000):
        assert len(check(wrong, path)) == 1
    host: dict[str, Any] = {"type": "string", "pattern": "^(https?://)?[-A-Za-z0-9_.]+(:[0-9]+)?(/[-A-Za-z0-9_.]+)*/?$"}
    for right in ("data.a-b.example", "127.0.0.1:8000", "http://a.example/", "https://a.example:8/x/y-z/", "a" * 200):
        assert check(right, host) == []
    for wrong in ("", "[", "a b", "a:", "a:b", "ftp://a", "a/?b", "//a", "a//b", "a#b", "a;b", "a@b", "é", "a\n"):
        assert len(check(wrong, host)) == 1


def test_a_table_is_checked_as_what_it_says_to_be() -> None:
    assert check([{"source": "trait", "trait": "plan"}, {"source": "group"}], SOURCES, "custom_data") == []
    for one, text in (
        ({"source": "trait", "trait": 7}, "[0].trait: 7; accepted: string"),
        ({"source": "trait"}, "[0].trait: missing; accepted: string"),
        ({"source": "group", "trait": "plan"}, "[0].trait: no such setting; accepted: source"),
        ({"source": "traits"}, '[0].source: "traits"; accepted: group or trait'),
        ({"source": ["trait"]}, '[0].source: ["trait"]; accepted: group or trait'),
        ({}, "[0].source: null; accepted: group or trait"),
        ("trait", "[0].source: null; accepted: group or trait"),
    ):
        assert check([one], SOURCES, "custom_data") == ["custom_data" + text]


def test_what_is_accepted_is_said_as_well_as_the_rules_can() -> None:
    assert check(7, {"type": "string", "description": "a host"}, "host") == ["host: 7; accepted: a host"]
    assert check(7, {"type": "string"}, "host") == ["host: 7; accepted: string"]
    assert check(7, {"const": 8}, "host") == ["host: 7; accepted: another value"]
    assert check(7, {"const": 7}, "host") == []


def test_a_rule_for_one_kind_of_value_says_nothing_of_others() -> None:
    assert check(7, {"pattern": "^a$"}) == []
    assert check("x", {"minimum": 0}) == []
    assert check(False, {"minimum": 1}) == []


def test_long_values_are_cut_short() -> None:
    assert len(check({"sitecode": "x" * 5000}, TABLE)[0]) < 120


def test_secrets_are_found_and_never_shown() -> None:
    for name in ("apiKey", "api_key", "API-KEY", "client_secret", "clé_secrète_secret", "writeKey", "write_key"):
        config = {"sitecode": "abcde12345", "exposures": {"properties": [{name: "hunter2"}]}}
        problems = check(config, TABLE)
        assert problems == [
            "exposures.properties[0].%s: a secret does not belong into a page; take it out" % name,
            "exposures.properties: no such setting; accepted: event, only",
        ]
    assert secrets({"monkey": 1, "key": ["v"]}) == []


def test_secrets_are_found_by_their_looks() -> None:
    for secret in (
        "sk_live_51HabcDEF4567890",
        "eyJhbGci.eyJzdWIi.c2lnbmF0",
        "eyJpZCI6ImEiLCJzZWNyZXQiOiJiIn0=",  # the API key that Kameleoon makes
        "https://user:hunter2@data.example",
        "see https://:hunter2@data.example.",
        "user:hunter2@data.example",
        "-----BEGIN RSA PRIVATE KEY-----",
        "token=xoxp-1234567890-abc",
        "github_pat_11ABCDEFG0abcdefgh_x",
        "AKIAIOSFODNN7EXAMPLE",
        "sgp_" + "a1" * 32,
    ):
        assert secrets({"a": [secret]}) == ["a[0]"]
        assert secrets({"a": {secret: 1}}) == ["a.(not shown)"]
    for text in (
        "10:30@cafe.example",
        "mailto:a@b.example",
        "SIP:a@b.example",
        "a:b@c",
        "desk_live_2026summersale",
        "eyJ",
    ):
        assert secrets([text, "https://a.example:80/@" + text]) == []


def test_a_mistake_is_one_line() -> None:
    error = SettingsError("a\nb", "c\u2028\x85é")
    assert error.problems == ["a\\u000ab", "c\\u2028\\u0085é"]
    assert str(error) == "\n".join(error.problems)


def test_a_number_has_bounds() -> None:
    assert check(8, {"maximum": 7, "description": "7 at most"}, "a") == ["a: 8; accepted: 7 at most"]
    for value in (7, "x", True):
        assert check(value, {"maximum": 7 if value is not True else 0}) == []


def test_no_two_items_are_named_alike() -> None:
    table = {"x-distinct": "name"}
    items: list[Any] = [{"name": "P"}, 7, {}, {"name": "Q"}, {"name": "P"}, {"name": ["P"]}]
    told = 'a[4].name: "P" stands in a[0].name, too; accepted: each name once; take one out, or give it another'
    assert check(items, table, "a") == [told]
    assert check(items[:4], table, "a") == []
    assert check("PP", table, "a") == []


def test_no_item_is_in_both_lists() -> None:
    table = {"x-disjoint": ["only", "except"]}
    told = "a.except[1]: 7 stands in a.only[0], too; accepted: each in one of the two; take it out of the other"
    assert check({"only": [7, 7, []], "except": [8, 7, "7", []]}, table, "a") == [told]
    for value in ({"only": [7]}, {"except": [7], "only": None}, {"only": 7, "except": [7]}, [7]):
        assert check(value, table, "a") == []


def test_defaults_reach_into_tables() -> None:
    assert with_defaults({"sitecode": "x"}, TABLE)["exposures"] == {"event": "Experiment viewed", "only": None}
    assert sorted(with_defaults({}, TABLE)) == ["engine", "exposures"]
    table = {"properties": {"remote": {"properties": {"ttl": {"default": 300}}}}}
    assert with_defaults({"remote": {}}, table) == {"remote": {"ttl": 300}}
    assert with_defaults({}, table) == {}
