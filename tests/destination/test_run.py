"""A run: events and subscriptions through the whole destination, and the delivery of what comes out."""

import socketserver
import threading
from typing import Any, ClassVar

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.destination import jsjson
from bridge.destination.actions import ACTIONS, PRESETS, Subscription
from bridge.destination.delivery import Answer, Send, deliver, is_retried
from bridge.destination.errors import DestinationError
from bridge.destination.http_sender import http_sender
from bridge.destination.jsvalues import Json
from bridge.destination.request import BASE_URL, Request, event_request
from bridge.destination.run import FAILED, NOT_SUBSCRIBED, SENT, Result, run

KEY = "c2VjcmV0LWFwaS1rZXk="
SETTINGS = {"apiKey": KEY, "sitecode": "abcde12345"}
EVENT: dict[str, Any] = {
    "type": "track",
    "event": "X",
    "timestamp": "2024-04-05T12:39:11.600Z",
    "messageId": "m",
    "properties": {"kameleoonVisitorCode": "code"},
}


def track(event: dict[str, Any], **changes: Any) -> Result:
    """Return what the first preset, changed, does with an event."""
    preset = PRESETS[0].model_copy(update=changes)
    return run(event, SETTINGS, [preset])[0]


def body(event: dict[str, Any]) -> str | None:
    """Return the exact body that an event becomes."""
    request = track(event).request
    return request.body_raw if request else None


def test_every_preset_answers_for_itself() -> None:
    """Every preset answers for itself."""
    results = run({**EVENT, "type": "page"}, SETTINGS)
    assert [(result.fired, result.outcome) for result in results] == [
        (None, NOT_SUBSCRIBED),
        ("Page Calls", SENT),
        (None, NOT_SUBSCRIBED),
        (None, NOT_SUBSCRIBED),
    ]
    assert set(results[0].as_json()) == set(results[1].as_json())


@pytest.mark.parametrize(
    ("subscribe", "outcome"),
    [
        ("", "Failed to validate subscription"),
        (None, "Failed to validate subscription"),
        (5, "Failed to validate subscription"),
        ("nonsense", "Invalid subscription : Cannot read properties of undefined (reading 'type')"),
        ("type", "Invalid subscription : Value token is missing"),
    ],
)
def test_filter_that_cannot_be_used_sends_nothing(subscribe: Any, outcome: str) -> None:
    """Filter that cannot be used sends nothing."""
    result = track(EVENT, subscribe=subscribe)
    assert (result.outcome, result.fired, result.request, result.error) == (outcome, "Track Calls", None, None)


@pytest.mark.parametrize("code", [{}, {"kameleoonVisitorCode": None}, {"kameleoonVisitorCode": ""}])
def test_empty_visitor_code_disappears_from_the_properties(code: dict[str, Any]) -> None:
    """Empty visitor code disappears from the properties."""
    properties = {**code, "a": 1.0}
    assert '"properties":{"a":1}' in str(body({**EVENT, "properties": properties}))


def test_visitor_code_keeps_its_place_among_the_properties() -> None:
    """Visitor code keeps its place among the properties."""
    properties: dict[str, Any] = {"a": None, "kameleoonVisitorCode": 7.0, "2": "", "1": {}}
    assert '"properties":{"1":{},"2":"","a":null,"kameleoonVisitorCode":"7"}' in str(
        body({**EVENT, "properties": properties})
    )


@pytest.mark.parametrize(
    ("context", "message"),
    [
        (None, "Cannot destructure property 'personas' of '{}' as it is null."),
        ({"personas": None}, "Cannot read properties of null (reading 'computation_class')"),
    ],
)
def test_null_where_the_runtime_looks_for_an_audience(context: Any, message: str) -> None:
    """Null where the runtime looks for an audience."""
    result = track({**EVENT, "context": context})
    assert result.error is not None
    assert (result.outcome, result.error.name, str(result.error)) == (FAILED, "TypeError", message)
    assert not result.error.retried


def test_settings_are_checked_before_the_filter() -> None:
    """Settings are checked before the filter."""
    results = run({"type": "alias"}, {"sitecode": "x"})
    assert [result.outcome for result in results] == [FAILED] * 4


@pytest.mark.parametrize("mapping", [None, "x", [], 5, {"@path": "$.event"}, {"@literal": None}])
def test_odd_mapping_ends_in_an_error(mapping: Any) -> None:
    """Odd mapping ends in an error."""
    result = track(EVENT, mapping=mapping)
    assert result.error is not None
    assert result.error.name == "AggregateAjvError"


def test_deep_event_ends_as_in_javascript() -> None:
    """Deep event ends as in JavaScript."""
    deep: Json = {}
    for _ in range(5000):
        deep = {"d": deep}
    result = track({**EVENT, "properties": deep})
    assert result.error is not None
    assert (result.error.name, str(result.error)) == ("RangeError", "Maximum call stack size exceeded")


def test_no_depth_of_an_event_is_a_crash() -> None:
    """Between what is sent and what ends as in JavaScript there is no depth that breaks the run."""
    deep: Json = {}
    outcomes: list[str] = []
    for _ in range(600):
        deep = {"d": deep}
        outcomes.append(track({**EVENT, "properties": deep}).outcome)
    assert outcomes == sorted(outcomes, reverse=True)
    assert set(outcomes) == {SENT, FAILED}


@pytest.mark.parametrize("settings", [{"apiKey": f"{KEY}日", "sitecode": "x"}, {"apiKey": f"{KEY}\n", "sitecode": "x"}])
def test_key_that_no_header_can_hold_is_not_shown(settings: dict[str, str]) -> None:
    """Key that no header can hold is not shown."""
    (result,) = run(EVENT, settings, PRESETS[:1])
    assert str(result.error) == "Basic [API key] is not a legal HTTP header value"


def test_sitecode_in_the_headers() -> None:
    """Sitecode in the headers."""
    assert event_request({}, {"apiKey": "k", "sitecode": "é"}).headers["x-segment-settings"] == "é"
    assert "x-segment-settings" not in event_request({}, {"apiKey": "k", "sitecode": "undefined"}).headers
    with pytest.raises(DestinationError, match=r"^日 is not a legal HTTP header value$"):
        event_request({}, {"apiKey": "k", "sitecode": "日"})


def test_content_length_counts_bytes() -> None:
    """Content length counts bytes."""
    request = event_request({"name": "é😀\ud800"}, SETTINGS)
    assert request.body_raw == '{"name":"é😀\\ud800","properties":{}}'
    assert request.headers["content-length"] == str(len(request.body_raw.encode()))


@pytest.mark.parametrize("status", [None, 408, 423, 429, 500, 502, 503, 504, 599])
def test_status_that_is_retried(status: int | None) -> None:
    """Status that is retried."""
    assert is_retried(status)


@pytest.mark.parametrize("status", [300, 304, 400, 401, 403, 404, 409, 410, 422, 451, 501])
def test_status_that_is_final(status: int) -> None:
    """Status that is final."""
    assert not is_retried(status)


@pytest.mark.parametrize(
    ("answer", "message", "retried"),
    [
        (Answer(503), "Service Unavailable", True),
        (Answer(403, "No Way"), "No Way", False),
        (Answer(599), "599", True),
        (Answer(304), "Not Modified", False),
    ],
)
def test_answer_that_is_an_error(answer: Answer, message: str, retried: bool) -> None:
    """An answer without 2xx is an error with its status text."""
    (result,) = run(EVENT, SETTINGS, PRESETS[:1], send=lambda _request: answer)
    assert result.error is not None
    assert result.request is not None
    assert result.error.as_json() == {"name": "HTTPError", "message": message, "status": answer.status, "code": None}
    assert result.error.retried is retried


def sender(handler: Any) -> Send:
    """Answer that is an error."""
    return http_sender(httpx.Client(transport=httpx.MockTransport(handler)))


def test_request_goes_out_as_built() -> None:
    """Request goes out as built."""
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(204)

    (result,) = run(
        EVENT, {**SETTINGS, "sitecode": "é"}, PRESETS[:1], base_url="http://here/segmentio", send=sender(handler)
    )
    assert result.outcome == SENT
    assert result.request is not None
    (request,) = seen
    assert (request.method, str(request.url)) == ("POST", "http://here/segmentio")
    assert request.content.decode() == result.request.body_raw
    sent = {name.decode().lower(): value.decode("latin-1") for name, value in request.headers.raw}
    assert result.request.headers.items() <= sent.items()


class _Receiver(socketserver.StreamRequestHandler):
    """Keeps the headers of a request byte for byte, and says yes."""

    arrived: ClassVar[list[dict[str, str]]] = []

    def handle(self) -> None:
        lines = [line.decode("latin-1").removesuffix("\r\n") for line in iter(self.rfile.readline, b"\r\n")]
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
        self.rfile.read(int(headers["content-length"]))
        self.arrived.append(headers)
        self.wfile.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")


def test_header_values_arrive_as_the_dry_run_shows_them() -> None:
    """Pasted with blanks and tabs around them, the real client would refuse them; it takes what is shown."""
    pasted = [("  key \t", "\tabcde12345 "), ("a\tb c", "\u0085é\u00a0"), ("", " "), ("key", " undefined")]
    with socketserver.TCPServer(("127.0.0.1", 0), _Receiver) as server, httpx.Client(trust_env=False) as client:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/segmentio"
        for api_key, sitecode in pasted:
            settings = {"apiKey": api_key, "sitecode": sitecode}
            (result,) = run(EVENT, settings, PRESETS[:1], base_url=address, send=http_sender(client))
            assert (result.outcome, result.error) == (SENT, None)
            assert result.request is not None
            assert result.request.headers.items() <= _Receiver.arrived[-1].items()
        server.shutdown()
    assert [arrived["authorization"] for arrived in _Receiver.arrived] == [
        "Basic   key",
        "Basic a\tb c",
        "Basic",
        "Basic key",
    ]
    assert [arrived["x-segment-settings"] for arrived in _Receiver.arrived] == [
        "abcde12345",
        "\u0085é\u00a0",
        "",
        "undefined",
    ]


@pytest.mark.parametrize("api_key", ["key\n", "\r\nkey", "k\0y"])
def test_line_ends_in_a_setting_are_refused(api_key: str) -> None:
    """By Segment's client, also around the key; the message does not show it."""
    (result,) = run(EVENT, {**SETTINGS, "apiKey": api_key}, PRESETS[:1])
    assert result.error is not None
    assert (result.error.name, str(result.error)) == ("TypeError", "Basic [API key] is not a legal HTTP header value")


def test_a_counter_of_a_template_is_seen_by_this_subscription_only() -> None:
    """`increment` writes into the event, as in the runtime; each subscription has an event of its own."""
    others = {key: value for key, value in PRESETS[0].mapping.items() if key not in ("event", "userId")}
    mapping = {"event": {"@liquid": "{% increment n %}"}, "userId": {"@path": "$.n"}, **others}
    event = dict(EVENT)
    subscriptions = [Subscription(name="S", subscribe='type != "x"', partner_action="logEvent", mapping=mapping)] * 2
    bodies = [result.request.body for result in run(event, SETTINGS, subscriptions) if result.request]
    assert [(body["event"], body["userId"]) for body in bodies] == [("0", "1")] * 2
    assert event == EVENT


def test_redirect_is_followed_with_a_get() -> None:
    """Redirect is followed with a get."""
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(f"{request.method} {request.url.path}")
        return httpx.Response(301, headers={"location": "/moved"}) if len(seen) == 1 else httpx.Response(200)

    deliver(event_request({}, SETTINGS), sender(handler))
    assert seen == ["POST /segmentio", "GET /moved"]


@pytest.mark.parametrize(
    ("failure", "name", "code", "message"),
    [
        (httpx.ReadTimeout("x"), "TimeoutError", "ETIMEDOUT", "Request timed out after 10000ms"),
        (httpx.ConnectError("x"), "FetchError", None, f"request to {BASE_URL}/getapikey failed, reason: ConnectError"),
    ],
)
def test_no_answer_is_retried_and_shows_no_credentials(
    failure: Exception, name: str, code: str | None, message: str
) -> None:
    """No answer is retried and shows no credentials."""

    def handler(_request: httpx.Request) -> httpx.Response:
        raise failure

    with pytest.raises(DestinationError) as error:
        deliver(Request("GET", f"{BASE_URL}/getapikey?id=a&secret=b", {}), sender(handler))
    assert error.value.as_json() == {"name": name, "message": message, "status": None, "code": code}
    assert error.value.retried


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(st.characters(exclude_categories=[]), max_size=12)
    | st.sampled_from(
        ["track", "$.event", "{{event}}", "{{ event | upcase }}", "lower", "decode", "right", ".", "@path"]
    ),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(
            st.text(max_size=3) | st.sampled_from(["type", "kameleoonVisitorCode", "personas", "1", "value", "mode"]),
            children,
            max_size=4,
        )
    ),
    max_leaves=10,
)
DIRECTIVE_NAMES = st.sampled_from(
    [
        "@if",
        "@case",
        "@replace",
        "@arrayPath",
        "@path",
        "@json",
        "@flatten",
        "@merge",
        "@template",
        "@literal",
        "@transform",
        "@excludeWhenNull",
        "@liquid",
        "@nope",
    ]
)
OPTIONS = st.sampled_from(
    [
        "exists",
        "blank",
        "then",
        "else",
        "operator",
        "value",
        "pattern",
        "replacement",
        "mode",
        "separator",
        "direction",
        "objects",
        "apply",
        "mapping",
    ]
)
MAPPINGS = st.recursive(
    JSON_VALUES,
    lambda children: (
        st.dictionaries(DIRECTIVE_NAMES, children, max_size=1)
        | st.dictionaries(OPTIONS, children, max_size=4)
        | st.lists(children, max_size=2)
    ),
    max_leaves=6,
)
FIELD_NAMES = st.sampled_from(sorted({field.key for action in ACTIONS.values() for field in action.fields}))


@given(
    st.dictionaries(FIELD_NAMES | st.sampled_from(["traits"]), JSON_VALUES).map(lambda event: {**EVENT, **event})
    | JSON_VALUES,
    st.dictionaries(FIELD_NAMES, MAPPINGS).map(lambda mapping: {**PRESETS[0].mapping, **mapping}) | MAPPINGS,
    st.sampled_from(['type != "x"', PRESETS[0].subscribe]) | st.text(max_size=5) | JSON_VALUES,
    st.sampled_from(sorted(ACTIONS)),
    st.just(SETTINGS) | JSON_VALUES,
)
def test_any_event_mapping_and_filter_give_a_result(
    event: Json, mapping: Json, subscribe: Json, action: str, settings: Json
) -> None:
    """Any event mapping and filter give a result."""
    subscription = Subscription(name="S", subscribe=subscribe, partner_action=action, mapping=mapping)
    (result,) = run(event, settings, [subscription])
    assert (result.error is not None) == (result.outcome == FAILED)
    assert (result.request is not None) == (result.outcome == SENT)
    if result.request is not None:
        assert result.request.body_raw == jsjson.stringify(result.request.body)
    assert jsjson.stringify(result.as_json()) is not None
    assert KEY not in str(result.error)
