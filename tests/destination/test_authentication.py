"""The test of the settings."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.destination.authentication import authenticate
from bridge.destination.delivery import Answer
from bridge.destination.errors import DestinationError
from bridge.destination.request import BASE_URL, Request

SITECODE = "1q2w3e4r5t"


def key(text: str) -> str:
    """Return an API key that holds this text."""
    return base64.b64encode(text.encode()).decode()


def asked(api_key: Any, sitecode: Any = SITECODE) -> str:
    """Return the query that the settings lead to."""
    requests: list[Request] = []

    def send(request: Request) -> Answer:
        requests.append(request)
        return Answer(200)

    authenticate({"apiKey": api_key, "sitecode": sitecode}, send)
    (request,) = requests
    assert request.method == "GET"
    assert request.body_raw is None
    return request.url.removeprefix(f"{BASE_URL}/getapikey?")


def problem(api_key: Any, sitecode: Any = SITECODE) -> str:
    """Return what is wrong with the settings."""
    with pytest.raises(DestinationError) as error:
        asked(api_key, sitecode)
    return str(error.value).removeprefix("Credentials are invalid:  ")


@pytest.mark.parametrize(
    ("credentials", "query"),
    [
        ('{"id":"a","secret":"b"}', "id=a&secret=b"),
        ('[1,"a"]', "0=1&1=a"),
        ('"str"', "0=s&1=t&2=r"),
        ("5", ""),
        ("{}", ""),
        ('{"b":null,"c":[1,[2,null]],"2":1.50,"1":true,"o":{}}', "1=true&2=1.5&b=null&c=1,2,&o=[object%20Object]"),
        ('{"id":"a b#c","secret":"d"}', "id=a%20b"),
        ('{"x":"\\"<>`{}|^\\\\\'%&+"}', "x=%22%3C%3E%60%7B%7D%7C%5E%5C%27%&+"),
        ('{"e":"\\u00e9\\ud800\\t","f":" "}', "e=%C3%A9%EF%BF%BD&f="),
        ('{"id":"é"}', "id=C)"),  # as Node reads UTF-8 as ASCII
    ],
)
def test_every_member_of_the_key_is_in_the_query(credentials: str, query: str) -> None:
    """Every member of the key is in the query."""
    assert asked(key(credentials)) == query


@pytest.mark.parametrize(
    "text", ["eyJpZCI6ImEifQ", "eyJpZCI6 ImEifQ==", "eyJpZCI6ImEifQ======", "eyJpZCI6ImEifQ==YQ=="]
)
def test_base64_is_read_as_node_does(text: str) -> None:
    """Base64 is read as Node does."""
    assert asked(text) == "id=a"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Unexpected end of JSON input"),
        ("[", "Unexpected end of JSON input"),
        ("tru", "Unexpected end of JSON input"),
        ('"\\', "Unexpected end of JSON input"),
        ("[" * 100_000, "Maximum call stack size exceeded"),
        ("null", "Cannot convert undefined or null to object"),
        ("{bad", "Expected property name or '}' in JSON at position 1"),
        ('{"a":1,}', "Expected double-quoted property name in JSON at position 7"),
        ('{"a" 1}', "Expected ':' after property name in JSON at position 5"),
        ('{"a":1', "Expected ',' or '}' after property value in JSON at position 6"),
        ('{"a":[1 2]}', "Expected ',' or ']' after array element in JSON at position 8"),
        ('{"a":1}x', "Unexpected non-whitespace character after JSON at position 7"),
        ('{"a":"b', "Unterminated string in JSON at position 7"),
        ('"a\nb"', "Bad control character in string literal in JSON at position 2"),
        ('{"a":"\\x"}', "Bad escaped character in JSON at position 7"),
        ('"\\u00e"', "Bad Unicode escape in JSON at position 6"),
        ("-x", "No number after minus sign in JSON at position 1"),
        ("NaN", '"NaN" is not valid JSON'),
        ("undefined", '"undefined" is not valid JSON'),
        ("[1,]", "Unexpected token ']', \"[1,]\" is not valid JSON"),
        ("nux", "Unexpected token 'x', \"nux\" is not valid JSON"),
        ("abcdefghijklmnopqrstuvwxyz", "Unexpected token 'a', \"abcdefghij\"... is not valid JSON"),
        ("[1,2,3,4,5,6,7,8,x,9,10,11,12,13]", "Unexpected token 'x', ...\"4,5,6,7,8,x,9,10,11,\"... is not valid JSON"),
        ("[1,2,3,4,5,6,7,8,9,10,11,x]", "Unexpected token 'x', ...\"8,9,10,11,x]\" is not valid JSON"),
    ],
)
def test_key_that_is_not_json(text: str, message: str) -> None:
    """Key that is not JSON."""
    assert problem(key(text)) == message


def test_what_looks_like_credentials_is_not_quoted() -> None:
    """What looks like credentials is not quoted."""
    message = problem(key('{"id":"a","secret":xyz}'))
    assert message == "Unexpected token 'x', ... is not valid JSON"


@pytest.mark.parametrize("sitecode", ["", "1q2w3e4", "1q2w3e4r5t6", None, "😀" * 10])
def test_sitecode_has_ten_characters(sitecode: str | None) -> None:
    """Sitecode has ten characters."""
    assert problem("", sitecode) == "Invalid project sitecode. Please check your sitecode"


def test_sitecode_may_be_a_number() -> None:
    """Sitecode may be a number."""
    assert asked(key("{}"), 1234567890.0) == ""


def test_missing_settings_are_told_as_a_bad_payload() -> None:
    """Missing settings are told as a bad payload."""
    with pytest.raises(DestinationError) as error:
        authenticate({}, lambda _request: Answer(200))
    assert (error.value.name, error.value.status) == ("AggregateAjvError", 400)


def test_status_is_in_the_message() -> None:
    """Status is in the message."""
    with pytest.raises(DestinationError, match=r"^Credentials are invalid: 403 Forbidden$"):
        authenticate({"apiKey": key("{}"), "sitecode": SITECODE}, lambda _request: Answer(403))


@given(
    st.text()
    | st.text().map(key)
    | st.recursive(st.none() | st.text() | st.floats(), st.lists).map(json.dumps).map(key)
)
def test_any_key_is_asked_for_or_refused(api_key: str) -> None:
    """Any key is asked for or refused."""
    try:
        query = asked(api_key)
    except DestinationError as error:
        assert str(error).startswith("Credentials are invalid:  ")  # noqa: PT017 - both ways are right
    else:
        assert query.isascii()
        assert " " not in query
