"""Every recorded case of the real destination, one test each."""

import json
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from bridge.cli import main
from bridge.destination import fql, jsjson
from bridge.destination.actions import ACTIONS, PRESETS, Subscription
from bridge.destination.authentication import authenticate
from bridge.destination.delivery import Answer
from bridge.destination.errors import DestinationError
from bridge.destination.mapping import transform
from bridge.destination.request import Request
from bridge.destination.run import NOT_SUBSCRIBED, run
from tests.vectors.kameleoon import VECTORS, without_stack_trace

Case = dict[str, Any]
EVERY = "every subscription"


def by_id(case: Case) -> str:
    """Return a case's id."""
    return str(case["id"])


def subscriptions(case: Case) -> list[Subscription]:
    """Return a case's subscriptions."""
    if case["subscriptions"] == "presets":
        return list(PRESETS)
    return [Subscription.model_validate(item) for item in case["subscriptions"]]


def event(case: Case) -> Any:
    """Return a case's event."""
    return jsjson.parse(case["event_raw"]) if "event_raw" in case else case["event"]


def check_lines(lines: list[Case], expected: Case) -> Case:
    """Check the lines of a run against the recording, and return the one that tells."""
    fired = [line for line in lines if line["outcome"] != NOT_SUBSCRIBED]
    if expected["fired"] == EVERY:
        assert fired == lines
        fired = [{**fired[0], "fired": EVERY}]
    telling = (fired or lines)[0]
    assert len(fired) <= 1
    assert telling == {key: expected[key] for key in telling}
    return telling


def test_presets_are_the_recorded_ones() -> None:
    """Presets are the recorded ones."""
    presets = [preset.model_dump(by_alias=True) | {"type": "automatic"} for preset in PRESETS]
    assert presets == VECTORS["presets"]
    assert jsjson.stringify([preset["mapping"] for preset in presets]) == jsjson.stringify(
        [preset["mapping"] for preset in VECTORS["presets"]]
    )
    assert set(ACTIONS) == {preset["partnerAction"] for preset in VECTORS["presets"]}


@pytest.mark.parametrize("case", VECTORS["vectors"], ids=by_id)
def test_event_becomes_the_recorded_request(case: Case) -> None:
    """Event becomes the recorded request."""
    results = run(event(case), case["settings"], subscriptions(case))
    check_lines([result.as_json() for result in results], case["expected"])
    raw = case["expected"].get("body_raw")
    if raw is not None:
        assert [result.request.body_raw for result in results if result.request] == [raw]


@pytest.mark.parametrize("case", VECTORS["vectors"], ids=by_id)
def test_command_line_prints_the_recorded_result(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Command line prints the recorded result."""
    arguments = ["destination", "run"]
    files = {"event": event(case), "settings": case["settings"], "subscriptions": case["subscriptions"]}
    if files["subscriptions"] == "presets":
        del files["subscriptions"]
    for option, value in files.items():
        path = tmp_path / f"{option}.json"
        path.write_text(json.dumps(value), "utf-8")
        arguments += [f"--{option}", str(path)]
    code = main(arguments)
    lines = [jsjson.parse(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == len(subscriptions(case))
    telling = check_lines(lines, case["expected"])
    assert code == (1 if telling["error"] else 0)


@pytest.mark.parametrize("case", VECTORS["authentication"], ids=by_id)
def test_settings_are_tested_as_recorded(case: Case) -> None:
    """Settings are tested as recorded."""
    requests: list[Request] = []

    def send(request: Request) -> Answer:
        requests.append(request)
        return Answer(int(case["answer_status"]))

    error = None
    try:
        authenticate(case["settings"], send)
    except DestinationError as problem:
        error = problem.as_json()
    sent = [{"method": request.method, "url": request.url} for request in requests]
    assert case["expected"] == {"ok": error is None, "request": sent[0] if sent else None, "error": error}


@pytest.mark.parametrize("case", VECTORS["http_answers"], ids=by_id)
def test_answer_ends_the_subscription_as_recorded(case: Case) -> None:
    """Answer ends the subscription as recorded."""
    requests: list[str] = []
    status = HTTPStatus(int(case["answer_status"]))

    def send(request: Request) -> Answer:
        requests.append(f"{request.method} {request.url}")
        return Answer(status, status.phrase)

    first = VECTORS["vectors"][0]
    (result,) = run(first["event"], first["settings"], PRESETS[:1], send=send)
    assert case["expected"] == {
        "outcome": result.outcome,
        "request_count": len(requests),
        "requests": requests,
        "error": result.error and result.error.as_json(),
    }


@pytest.mark.parametrize("case", VECTORS["fql"]["cases"], ids=lambda case: case["fql"] or "empty")
def test_filter_is_read_and_matches_as_recorded(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    """Filter is read and matches as recorded."""
    subject = VECTORS["fql"]["event"]
    if case["parse_error"] is None:
        assert fql.as_json(fql.parse(case["fql"])) == case["ast"]
    assert fql_command(case["fql"], subject, capsys) == {key: case[key] for key in ("matches", "parse_error")}


def fql_command(text: str, subject: Case, capsys: pytest.CaptureFixture[str]) -> Any:
    """Return what the command line prints for a filter."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", StandardInput(subject))
        main(["destination", "match", f"--filter={text}", "--event", "-"])
    return json.loads(capsys.readouterr().out)


class StandardInput:
    """A standard input that holds one JSON value."""

    def __init__(self, value: Any) -> None:
        self.buffer = self
        self.value = value

    def read(self) -> bytes:
        """Return the value as JSON."""
        return json.dumps(self.value).encode()


@pytest.mark.parametrize("case", VECTORS["mapping_kit"]["cases"], ids=lambda case: json.dumps(case["mapping"]["a"]))
def test_mapping_is_resolved_as_recorded(case: Case) -> None:
    """Mapping is resolved as recorded."""
    output = error = None
    try:
        output = transform(case["mapping"], VECTORS["mapping_kit"]["input"])
    except DestinationError as problem:
        error = str(problem)
    assert (output, error) == (case["output"], without_stack_trace(case["error"]))
