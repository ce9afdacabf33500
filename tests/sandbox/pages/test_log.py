"""The log: what tests and the demo rely on."""

# ruff: noqa: D103  # the tests' names are sentences

import json
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bridge.sandbox.pages.log import MAX_WAIT_S

SITE = "siteCode=abcde12345"


def one_of_each(sandbox: Any) -> None:
    sandbox.send("t", {"event": "A", "userId": "u", "messageId": "m"})
    sandbox.post(f"/map/maps?{SITE}", json={"k": {"a": 1}})
    sandbox.get(f"/map/map?{SITE}&key=k")
    sandbox.get("/kameleoon/segmentio/getapikey?id=a&secret=b")
    sandbox.send("t", {})


def test_rows_are_in_order_numbered_and_dated(sandbox: Any) -> None:
    one_of_each(sandbox)
    rows = sandbox.log()
    kinds = ["track", "data_api.set", "data_api.get", "apikey.made", "dropped"]
    assert [row["kind"] for row in rows] == kinds
    numbers = [row["n"] for row in rows]
    assert numbers == sorted(set(numbers))
    assert {datetime.fromisoformat(row["at"]) for row in rows} == {sandbox.clock.now}


def test_a_reader_gets_what_is_new(sandbox: Any) -> None:
    one_of_each(sandbox)
    rows = sandbox.log()
    assert sandbox.log(after=rows[2]["n"]) == rows[3:]
    assert sandbox.log(after=rows[-1]["n"]) == []


@pytest.mark.parametrize("after", ["-1", "x", "1.5", str(2**63), "9" * 5000])
def test_a_wrong_number_is_refused(sandbox: Any, after: str) -> None:
    assert sandbox.get(f"/sandbox/log?after={after}").status_code == 400


def test_a_reader_chooses_kinds_and_names(sandbox: Any) -> None:
    one_of_each(sandbox)
    sandbox.send("t", {"event": "B", "userId": "u"})
    sandbox.send("p", {"name": "A", "userId": "u"})
    assert [row["kind"] for row in sandbox.log("page", "data_api.get")] == ["data_api.get", "page"]
    assert [row["event"]["event"] for row in sandbox.log("track")] == ["A", "B"]
    assert [row["event"]["event"] for row in sandbox.log(event="A")] == ["A"]
    assert sandbox.log("page", event="A") == []
    first = sandbox.log("track")[0]["n"]
    assert [row["event"]["event"] for row in sandbox.log("track", after=first)] == ["B"]


def waiting(sandbox: Any, **asked: object) -> Future[list[dict[str, Any]]]:
    """Ask for rows that may not be there yet; once this returns, the sandbox has looked and waits."""
    asking: Future[list[dict[str, Any]]] = sandbox.portal.start_task_soon(rows_of, sandbox, asked)
    sandbox.get("/sandbox/log")  # one after the other: by now it has looked
    return asking


async def rows_of(sandbox: Any, asked: dict[str, object]) -> list[dict[str, Any]]:
    answer = await sandbox.http.get("/sandbox/log", params={"wait": MAX_WAIT_S, **asked})
    return [json.loads(line) for line in answer.text.splitlines()]


def test_an_answer_waits_for_what_is_asked_for_and_for_nothing_else(sandbox: Any) -> None:
    one_of_each(sandbox)
    asking = waiting(sandbox, kind="track", event="A", count=2)
    sandbox.send("t", {"event": "B", "userId": "u"})
    sandbox.send("p", {"userId": "u"})
    assert not asking.done()
    sandbox.send("t", {"event": "A", "userId": "u"})
    assert [row["event"]["event"] for row in asking.result(timeout=5)] == ["A", "A"]


def test_any_number_of_readers_wait_for_the_same(sandbox: Any) -> None:
    asking = [waiting(sandbox) for _ in range(3)]
    sandbox.send("t", {"event": "A", "userId": "u"})
    assert [[row["kind"] for row in one.result(timeout=5)] for one in asking] == [["track"]] * 3


def test_a_reader_waits_over_a_reset(sandbox: Any) -> None:
    sandbox.send("t", {"event": "A", "userId": "u"})
    asking = waiting(sandbox, after=sandbox.log()[-1]["n"])
    sandbox.post("/sandbox/reset")
    sandbox.send("t", {"event": "B", "userId": "u"})
    assert [row["event"]["event"] for row in asking.result(timeout=5)] == ["B"]


def test_what_is_there_is_answered_at_once_and_what_does_not_come_when_the_time_is_over(sandbox: Any) -> None:
    one_of_each(sandbox)
    assert len(sandbox.log("track", wait=MAX_WAIT_S)) == 1
    assert len(sandbox.log("track", wait=0.01, count=2)) == 1


@pytest.mark.parametrize("asked", ["wait=-1", "wait=61", "wait=nan", "wait=inf", "wait=x", "count=0", "count=x"])
def test_a_wrong_wait_is_refused(sandbox: Any, asked: str) -> None:
    answer = sandbox.get(f"/sandbox/log?{asked}")
    assert (answer.status_code, asked.partition("=")[0] in answer.json()["error"]) == (400, True)


def test_a_name_that_the_log_does_not_know_is_refused(sandbox: Any) -> None:
    """It would choose nothing, and a test that waits would see an event that it did not ask for, at once."""
    one_of_each(sandbox)
    for asked, said in (
        ("events=B&wait=1", "query.events: no such parameter; did you mean event?"),
        ("timeout=1", "query.timeout: no such parameter; accepted: after, count, event, kind, last, wait"),
    ):
        answer = sandbox.get(f"/sandbox/log?{asked}")
        assert (answer.status_code, answer.json()["error"]) == (400, said)


def test_reset_empties_everything_and_numbers_go_on(sandbox: Any) -> None:
    one_of_each(sandbox)
    last = sandbox.log()[-1]["n"]
    assert sandbox.post("/sandbox/reset").status_code == 200
    assert sandbox.log() == []
    assert sandbox.get(f"/map/map?{SITE}&key=k").json() == {}
    sandbox.send("t", {"event": "A", "userId": "u", "messageId": "m"})
    rows = sandbox.log("track", after=last)
    assert [row.get("duplicate") for row in rows] == [None]


def test_a_page_of_another_site_cannot_read_it(sandbox: Any) -> None:
    for answer in (sandbox.get("/sandbox/log"), sandbox.request("OPTIONS", "/sandbox/reset")):
        assert "access-control-allow-origin" not in answer.headers


def test_everything_is_kept_when_the_sandbox_starts_again(start: Any, tmp_path: Path) -> None:
    database = tmp_path / "kept.sqlite3"
    one_of_each(start(database))
    start.stop()
    again = start(database)
    assert len(again.log()) == 5
    assert again.get(f"/map/map?{SITE}&key=k").json() == {"a": 1}
    again.send("t", {"event": "A", "userId": "u", "messageId": "m"})
    assert again.log()[-1]["duplicate"] is True
