"""The log as server-sent events, and as a page."""

# ruff: noqa: D103  # the tests' names are sentences

import json
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from bridge.sandbox.pages import log
from bridge.sandbox.storage import Storage
from tests.sandbox.folders import put

if TYPE_CHECKING:
    from concurrent.futures import Future

STREAM = {"accept": "text/event-stream"}


def following(sandbox: Any, headers: dict[str, str] = STREAM, **asked: object) -> Callable[[], str]:
    """Follow the log; what is returned ends that, and returns what was sent until then."""
    following: Future[str] = sandbox.portal.start_task_soon(text_of, sandbox, headers, asked)
    sandbox.get("/sandbox/log")  # one after the other: by now it follows

    def end() -> str:
        sandbox.get("/sandbox/log")
        sandbox.portal.call(sandbox.end_streams)
        return following.result(timeout=5)

    return end


async def text_of(sandbox: Any, headers: dict[str, str], asked: dict[str, object]) -> str:
    answer = await sandbox.http.get("/sandbox/log", params=asked, headers=headers)
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    text: str = answer.text
    return text


def events(text: str) -> list[dict[str, Any]]:
    """Return the rows of a stream, as a browser reads it (HTML Standard, "Interpreting an event stream")."""
    rows = []
    for block in text.split("\n\n")[:-1]:
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "event" not in fields and fields:
            row = json.loads(fields["data"])
            assert fields["id"] == str(row["n"])
            rows.append(row)
    return rows


def test_who_follows_gets_what_is_there_and_what_comes_each_once(sandbox: Any) -> None:
    sandbox.send("t", {"event": "A", "userId": "u"})
    end = following(sandbox)
    sandbox.send("t", {"event": "B", "userId": "u"})
    sandbox.send("p", {"userId": "u"})
    rows = events(end())
    assert [row["kind"] for row in rows] == ["track", "track", "page"]
    assert rows == sandbox.log()


def test_a_stream_begins_with_the_time(sandbox: Any) -> None:
    text = following(sandbox)()
    assert text.startswith("event: clock\ndata: 2026-11-22T12:00:00.500Z\n\n")


@pytest.mark.parametrize("how", ["after", "last-event-id", "both"])
def test_who_was_cut_off_goes_on_where_it_was(sandbox: Any, how: str) -> None:
    for name in "ABC":
        sandbox.send("t", {"event": name, "userId": "u"})
    known = str(sandbox.log()[1]["n"])
    headers = STREAM if how == "after" else {**STREAM, "last-event-id": known}
    asked = {"after": known} if how == "after" else {"after": 0} if how == "both" else {}
    rows = events(following(sandbox, headers, **asked)())
    assert [row["event"]["event"] for row in rows] == ["C"]


def test_an_id_that_is_none_is_as_good_as_none(sandbox: Any) -> None:
    sandbox.send("t", {"event": "A", "userId": "u"})
    assert len(events(following(sandbox, {**STREAM, "last-event-id": "x; drop"})())) == 1


def test_kinds_and_names_choose_also_among_what_comes(sandbox: Any) -> None:
    sandbox.send("p", {"userId": "u"})
    end = following(sandbox, kind="track", event="A")
    for name in "BAB":
        sandbox.send("t", {"event": name, "userId": "u"})
    assert [row["event"]["event"] for row in events(end())] == ["A"]


def test_who_joins_late_may_ask_for_the_last_rows_alone(sandbox: Any) -> None:
    for number in range(5):
        sandbox.send("t", {"event": str(number), "userId": "u"})
    end = following(sandbox, last=2)
    sandbox.send("t", {"event": "new", "userId": "u"})
    assert [row["event"]["event"] for row in events(end())] == ["3", "4", "new"]


def test_a_stream_goes_on_over_a_reset(sandbox: Any) -> None:
    sandbox.send("t", {"event": "A", "userId": "u"})
    end = following(sandbox)
    sandbox.post("/sandbox/reset")
    sandbox.send("t", {"event": "B", "userId": "u"})
    assert [row["event"]["event"] for row in events(end())] == ["A", "B"]


def test_a_quiet_stream_says_that_it_is_there(sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "KEEP_ALIVE_S", 0.001)
    was_quiet = threading.Event()
    follow = Storage.follow

    async def watched(self: Storage, *how: Any) -> Any:
        async for text in follow(self, *how):
            yield text
            if not text:
                was_quiet.set()

    monkeypatch.setattr(Storage, "follow", watched)
    end = following(sandbox)
    assert was_quiet.wait(5)
    assert "\n\n:\n\n" in end()


def test_letters_are_letters_in_a_stream(sandbox: Any) -> None:
    """MicroPython takes each half of an escaped pair for a letter; half a pair has no UTF-8, and is a question mark."""
    name = "Tür 🚪 \ud83d \\ud83d"
    sandbox.send("t", {"event": name, "userId": "u"})
    text = following(sandbox)()
    assert "Tür 🚪 ? \\\\ud83d" in text
    assert len(events(text)) == 1


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("*/*", "application/x-ndjson"),
        ("application/json", "application/x-ndjson"),
        ("", "application/x-ndjson"),
    ],
)
def test_a_browser_gets_a_page_and_everybody_else_lines(sandbox: Any, accept: str, kind: str) -> None:
    put(sandbox.web, "wire/log.html", b"<title>The wire</title>")
    answer = sandbox.get("/sandbox/log", headers={"accept": accept})
    assert (answer.headers["content-type"], answer.headers["vary"].split(",")[0]) == (kind, answer.headers["vary"])


@pytest.mark.parametrize("asked", ["after=x", "last=0", "last=x"])
def test_a_wrong_question_is_refused_before_the_stream_begins(sandbox: Any, asked: str) -> None:
    answer = sandbox.get(f"/sandbox/log?{asked}", headers=STREAM)
    assert (answer.status_code, asked.partition("=")[0] in answer.json()["error"]) == (400, True)


def test_a_page_of_another_site_cannot_follow(sandbox: Any) -> None:
    headers = {**STREAM, "origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert sandbox.get("/sandbox/log", headers=headers).status_code == 403
