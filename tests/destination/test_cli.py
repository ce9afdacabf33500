"""``python -m bridge destination``: output, exit codes, and what it says of wrong input."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from bridge.cli import main

EVENT = {"type": "track", "event": "É", "timestamp": "2024-04-05T12:39:11Z", "messageId": "m", "properties": {"a": 1}}
SETTINGS = {"apiKey": "very-secret", "sitecode": "abcde12345"}
MAPPING = {"a": {"@path": "$.event"}}


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """Write an event, settings and a mapping, and return where."""
    contents = {"event": EVENT, "settings": SETTINGS, "mapping": MAPPING}
    for name, value in contents.items():
        (tmp_path / name).write_text(json.dumps(value), "utf-8")
    return {name: str(tmp_path / name) for name in contents}


def run_arguments(files: dict[str, str], *more: str) -> list[str]:
    """Return the arguments of a run."""
    return ["destination", "run", "--event", files["event"], "--settings", files["settings"], *more]


def output(capsys: pytest.CaptureFixture[str]) -> list[Any]:
    """Return the printed JSON, line by line."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def refusal(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Run with wrong input and return the one line that says what to do."""
    assert main(arguments) == 2
    streams = capsys.readouterr()
    assert streams.out == ""
    (line,) = streams.err.splitlines()
    assert "very-secret" not in line
    return line


def test_run_prints_a_line_per_preset(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """Run prints a line per preset."""
    assert main(run_arguments(files)) == 0
    lines = output(capsys)
    assert [line["fired"] for line in lines] == ["Track Calls", None, None, None]
    assert [list(line) for line in lines] == [["fired", "outcome", "method", "url", "headers", "body", "error"]] * 4
    assert lines[0]["headers"]["authorization"] == "Basic very-secret"
    assert lines[1] == {**dict.fromkeys(lines[1]), "outcome": "not subscribed"}


@pytest.mark.parametrize("filter_text", ['type = "track"', "nonsense"])
def test_run_fails_when_a_subscription_does(
    filter_text: str, files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Run fails when a subscription does."""
    path = tmp_path / "subscriptions"
    path.write_text(
        json.dumps([{"name": "N", "subscribe": filter_text, "partnerAction": "page", "mapping": {}}]), "utf-8"
    )
    assert main(run_arguments(files, "--subscriptions", str(path))) == 1
    (line,) = output(capsys)
    assert line["fired"] == "N"
    assert line["method"] is None


def test_run_names_every_subscription(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """In words, beside the JSON: also those whose filter did not match."""
    assert main(run_arguments(files)) == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "Track Calls: sent",
        'Page Calls: not subscribed: the event, of type "track", does not match type = "page"',
        'Group Calls: not subscribed: the event, of type "track", does not match type = "group"',
        'Identify Calls: not subscribed: the event, of type "track", does not match type = "identify"',
    ]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"event": {}}, 'not subscribed: the event, without a type, does not match type = "track"'),
        (
            {"event": {"type": "track", "properties": 3}},
            (
                "error: the event lacks timestamp; the event lacks messageId; "
                "Event properties or user traits must be an object but it was a number"
            ),
        ),
        ({"settings": {"apiKey": ""}}, "error: the settings lack sitecode"),
        (
            {"mapping": {"type": "track", "timestamp": {"@template": "{{at}}"}}},
            (
                'error: the event lacks timestamp, mapped from {"@template":"{{at}}"}; '
                "the mapping lacks messageId (required: type, timestamp, messageId)"
            ),
        ),
    ],
)
def test_run_says_what_is_lacking(
    changed: dict[str, Any], told: str, files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Where it is to be given: in the event, in the mapping or in the settings."""
    name, more = "Track Calls", []
    for what, value in changed.items():
        Path(files[what]).write_text(json.dumps(value), "utf-8")
    if "mapping" in changed:
        subscription = {"subscribe": 'type = "track"', "partnerAction": "logEvent", "mapping": changed["mapping"]}
        Path(files["mapping"]).write_text(json.dumps([subscription]), "utf-8")
        name, more = "subscription 1", ["--subscriptions", files["mapping"]]
    main(run_arguments(files, *more))
    assert capsys.readouterr().err.splitlines()[0] == f"{name}: {told}"


def test_a_filter_that_cannot_be_used_is_shown(
    files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what the runtime says of it."""
    path = tmp_path / "subscriptions"
    path.write_text(json.dumps([{"name": "N", "subscribe": "nonsense", "partnerAction": "page"}]), "utf-8")
    assert main(run_arguments(files, "--subscriptions", str(path))) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("N: Invalid subscription")
    assert line.endswith('its filter is "nonsense"')


def test_each_mistake_in_subscriptions_is_a_line(
    files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By its number."""
    path = tmp_path / "subscriptions"
    path.write_text(json.dumps([{"partnerAction": "page"}, {"name": 1}, {"partnerAction": "none"}]), "utf-8")
    assert main(run_arguments(files, "--subscriptions", str(path))) == 2
    lines = capsys.readouterr().err.splitlines()
    places = [line.removeprefix(f"error: {path}: ").split(": ")[:2] for line in lines]
    assert places == [
        ["subscription 2", "name"],
        ["subscription 2", "partnerAction"],
        ["subscription 3", "partnerAction names no action; accepted"],
    ]


def test_run_reads_standard_input(
    files: dict[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run reads standard input."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbf" + json.dumps(EVENT).encode())))
    assert main(run_arguments({**files, "event": "-"})) == 0
    assert output(capsys)[0]["body"]["event"] == "É"


def test_standard_input_is_for_one_option(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """Standard input is for one option."""
    assert "once" in refusal(run_arguments({**files, "event": "-", "settings": "-"}), capsys)


@pytest.mark.parametrize(
    ("filter_text", "answer", "code"),
    [
        ('type = "track"', {"matches": True, "parse_error": None}, 0),
        ('type = "page"', {"matches": False, "parse_error": None}, 0),
        ("type", {"matches": False, "parse_error": "Value token is missing"}, 1),
        (
            "properties.\\. = 1",
            {"matches": False, "parse_error": "Cannot read properties of null (reading 'reduce')"},
            1,
        ),
    ],
)
def test_match(
    filter_text: str, answer: dict[str, Any], code: int, files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Match."""
    assert main(["destination", "match", "--filter", filter_text, "--event", files["event"]]) == code
    assert output(capsys) == [answer]


def test_map(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """Map."""
    arguments = ["destination", "map", "--mapping", files["mapping"], "--event", files["event"]]
    assert main(arguments) == 0
    assert output(capsys) == [{"output": {"a": "É"}, "error": None}]
    Path(files["mapping"]).write_text('{"a": {"@nope": 1}}', "utf-8")
    assert main(arguments) == 1
    assert output(capsys) == [{"output": None, "error": "ValidationError: /a has an invalid directive: @nope."}]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "line 1, column 2"),
        (b'{\n"apiKey": very-secret}', "line 2, column 11"),
        (b"[]", "must be a JSON object"),
        (b'{"a": NaN}', "NaN is not JSON"),
        (b'{"a": "\xff"}', "byte 8 is not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 151 + b"{}" + b"}" * 151, "at most 150 levels"),
    ],
)
@pytest.mark.parametrize("name", ["event", "settings"])
def test_bad_file_is_named_with_the_place(
    name: str, content: bytes, told: str, files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Bad file is named with the place."""
    Path(files[name]).write_bytes(content)
    line = refusal(run_arguments(files), capsys)
    assert line.startswith(f"error: {files[name]}: ")
    assert told in line
    assert f"the {name} must be" in line


def test_missing_file_is_named(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """Missing file is named."""
    line = refusal(run_arguments({**files, "event": "no/such/file"}), capsys)
    assert line == "error: no/such/file: cannot be read (No such file or directory); the event must be a JSON file"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({}, "must be a JSON list"),
        ([5], "subscription 1: "),
        ([{"partnerAction": "page"}, {"subscribe": "x"}], "subscription 2: partnerAction: Field required"),
        ([{"partnerAction": "pagee"}], "accepted: an object with partnerAction (logEvent, page, group, identify)"),
    ],
)
def test_bad_subscriptions_are_told_with_what_is_accepted(
    content: Any, told: str, files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bad subscriptions are told with what is accepted."""
    path = tmp_path / "subscriptions"
    path.write_text(json.dumps(content), "utf-8")
    assert told in refusal(run_arguments(files, "--subscriptions", str(path)), capsys)


def test_deep_mapping_is_an_error_of_the_mapping(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """A mapping that is read but too deep to be resolved ends as in JavaScript."""
    Path(files["mapping"]).write_text('{"@literal":' * 150 + "1" + "}" * 150, "utf-8")
    assert main(["destination", "map", "--mapping", files["mapping"], "--event", files["event"]]) in (0, 1)
    (line,) = output(capsys)
    assert line in ({"output": 1, "error": None}, {"output": None, "error": "Maximum call stack size exceeded"})


def test_deepest_event_that_is_accepted_runs(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """Deepest event that is accepted runs."""
    deep: Any = {}
    for _ in range(148):
        deep = {"d": deep}
    Path(files["event"]).write_text(json.dumps({**EVENT, "properties": deep}), "utf-8")
    assert main(run_arguments(files)) == 0
    assert output(capsys)[0]["body"]["properties"] == deep


@pytest.mark.parametrize(
    "arguments", [["destination"], ["destination", "run"], ["destination", "match", "--event", "x"]]
)
def test_missing_arguments_are_wrong_usage(arguments: list[str]) -> None:
    """Missing arguments are wrong usage."""
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
