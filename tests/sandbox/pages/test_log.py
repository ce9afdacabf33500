"""The log: what tests and the demo rely on."""

# ruff: noqa: D103  # the tests' names are sentences

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

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
