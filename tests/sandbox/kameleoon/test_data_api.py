"""Kameleoon's Data API as the page engine, the SDKs and the seeds' snippets use it."""

# ruff: noqa: D103  # the tests' names are sentences

import json
from datetime import timedelta
from typing import Any

import pytest

S = "siteCode=abcde12345"


def read(sandbox: Any, key: str, site: str = S) -> object:
    answer = sandbox.get(f"/map/map?{site}&key={key}")
    assert answer.status_code == 200
    return answer.json()


def write(sandbox: Any, maps: object, query: str = S) -> Any:
    return sandbox.post(f"/map/maps?{query}", json=maps)


def test_what_is_written_is_read_by_each_of_the_ways(sandbox: Any) -> None:
    personas, traits = {"vip": True, "lost": False}, {"traits": {"plan": "pro", "n": 0, "x": None}, "groupId": "g"}
    assert write(sandbox, {"COHORTS_v": personas, "IDENTIFY_v": traits}).status_code == 204
    assert read(sandbox, "COHORTS_v") == personas
    assert sandbox.get(f"/data?key=IDENTIFY_v&{S}").json() == traits
    keys = json.dumps(["IDENTIFY_v", "nobody", "COHORTS_v"])
    answer = sandbox.get("/map/maps", params={"siteCode": "abcde12345", "keys": keys})
    assert answer.json() == {"IDENTIFY_v": traits, "nobody": {}, "COHORTS_v": personas}
    assert answer.headers["access-control-allow-origin"] == "*"


def test_an_unknown_key_is_an_empty_map(sandbox: Any) -> None:
    assert read(sandbox, "COHORTS_nobody") == {}


def test_projects_do_not_see_each_others_maps(sandbox: Any) -> None:
    write(sandbox, {"common": {"cohorts": ["a"]}})
    assert read(sandbox, "common", "siteCode=zzzzz99999") == {}


def test_writing_merges_fields_and_null_deletes_one(sandbox: Any) -> None:
    write(sandbox, {"k": {"a": 1, "b": 2}})
    write(sandbox, {"k": {"b": None, "c": [3]}})
    assert read(sandbox, "k") == {"a": 1, "c": [3]}


@pytest.mark.parametrize("by", ["setting", "query"])
def test_writing_replaces_when_told_so(start: Any, by: str) -> None:
    sandbox = start(map_mode="replace") if by == "setting" else start()
    query = S if by == "setting" else f"{S}&mode=replace"
    write(sandbox, {"k": {"a": 1, "b": 2}}, query)
    write(sandbox, {"k": {"b": None, "c": 3}}, query)
    assert read(sandbox, "k") == {"c": 3}


def test_an_empty_map_deletes_the_key(sandbox: Any) -> None:
    write(sandbox, {"k": {"a": 1}, "other": {"b": 2}})
    write(sandbox, {"k": {}})
    assert (read(sandbox, "k"), read(sandbox, "other")) == ({}, {"b": 2})


def test_maps_expire(sandbox: Any) -> None:
    write(sandbox, {"usual": {"a": 1}})
    write(sandbox, {"short": {"a": 1}}, f"{S}&ttlHours=2")
    sandbox.clock.move(timedelta(hours=2) - timedelta(milliseconds=1))
    assert read(sandbox, "short") == {"a": 1}
    sandbox.clock.move(timedelta(milliseconds=1))
    assert read(sandbox, "short") == {}
    write(sandbox, {"short": {"b": 1}}, f"{S}&ttlHours=8784")
    assert read(sandbox, "short") == {"b": 1}
    sandbox.clock.move(timedelta(hours=2206))
    assert (read(sandbox, "usual"), read(sandbox, "short")) == ({}, {"b": 1})


@pytest.mark.parametrize(
    ("query", "body", "reason"),
    [
        ("", {}, "query.siteCode: Field required"),
        ("siteCode=ABCDE12345", {}, "query.siteCode: String should match pattern"),
        ("siteCode=abcde12345%0A", {}, "query.siteCode: String should have at most 10"),
        (f"{S}&ttlHours=8785", {}, "query.ttlHours: Input should be less than or equal to 8784"),
        (
            f"{S}&ttlHours=soon",
            {},
            "query.ttlHours: Input should be a valid integer, unable to parse string as an integ",
        ),
        (f"{S}&mode=add", {}, "query.mode: Input should be 'merge' or 'replace', got \"add\""),
        (S, [], "body: Input should be a valid dictionary, got a list"),
        (S, {"k": 5}, "body.k: Input should be a valid dictionary, got 5"),
        (S, {"k": None}, "body.k: Input should be a valid dictionary, got null"),
        (S, {"ok": {"a": 1}, "k" * 101: {}}, "String should have at most 100 characters"),
        (S, {"ok": {"a": 1}, "k": {"f" * 1025: 1}}, "String should have at most 1024 characters"),
    ],
)
def test_a_wrong_write_is_refused_and_changes_nothing(sandbox: Any, query: str, body: object, reason: str) -> None:
    answer = write(sandbox, body, query)
    assert answer.status_code == 400
    assert reason in answer.json()["error"]
    assert len(answer.json()["error"]) < 300
    assert read(sandbox, "ok") == {}
    assert answer.headers["access-control-allow-origin"] == "*"


def test_limits_are_what_kameleoon_accepts(sandbox: Any) -> None:
    key, name = "k" * 100, "f" * 1024
    assert write(sandbox, {key: {name: 1}}).status_code == 204
    assert read(sandbox, key) == {name: 1}
    empty = len(json.dumps({"big": {"text": ""}}))
    for size, status in ((1024 * 1024, 204), (1024 * 1024 + 1, 413)):
        body = json.dumps({"big": {"text": "x" * (size - empty)}})
        assert sandbox.post(f"/map/maps?{S}", content=body).status_code == status
    zstd = sandbox.post(f"/map/maps?{S}", content=b"x", headers={"content-encoding": "zstd"})
    assert (zstd.status_code, zstd.json()["error"]) == (415, 'content-encoding: must be gzip or identity, got "zstd"')
    many = json.dumps([str(n) for n in range(101)])
    assert sandbox.get("/map/maps", params={"siteCode": "abcde12345", "keys": many}).status_code == 400
    hundred = json.dumps([str(n) for n in range(100)])
    assert len(sandbox.get("/map/maps", params={"siteCode": "abcde12345", "keys": hundred}).json()) == 100


@pytest.mark.parametrize(
    "path", ["/map/map?key=k", f"/map/map?{S}", f"/map/maps?{S}&keys=k", f"/map/maps?{S}&keys=[1]"]
)
def test_a_wrong_read_is_refused(sandbox: Any, path: str) -> None:
    answer = sandbox.get(path)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("query.")


def test_reads_and_writes_are_logged(sandbox: Any) -> None:
    write(sandbox, {"k": {"a": 1}}, f"{S}&ttlHours=2&mode=replace")
    read(sandbox, "k")
    written, got = sandbox.log()
    assert {key: written[key] for key in ("kind", "siteCode", "maps", "ttlHours", "mode")} == {
        "kind": "data_api.set",
        "siteCode": "abcde12345",
        "maps": {"k": {"a": 1}},
        "ttlHours": 2,
        "mode": "replace",
    }
    assert (got["kind"], got["keys"], got["maps"]) == ("data_api.get", ["k"], {"k": {"a": 1}})


def test_visits_are_taken_in_as_lines_and_as_json(sandbox: Any) -> None:
    path = f"/visit/events?{S}&visitorCode=v1&engine=true"
    lines = "eventType=experiment&nonce=0011&id=7&variationId=8\neventType=customData&valuesCountMap=%7B%22a%22%3A1%7D"
    assert sandbox.post(path, content=lines, headers={"content-type": "text/plain"}).status_code == 204
    assert sandbox.post(f"{path}&json=true", json=[{"eventType": "page", "n": 1}]).status_code == 204
    first, second = sandbox.log("visit")
    assert (first["siteCode"], first["visitorCode"]) == ("abcde12345", "v1")
    assert first["events"] == [
        {"eventType": "experiment", "nonce": "0011", "id": "7", "variationId": "8"},
        {"eventType": "customData", "valuesCountMap": '{"a":1}'},
    ]
    assert second["events"] == [{"eventType": "page", "n": 1}]


def test_bots_are_refused_when_told_so(start: Any) -> None:
    bot = {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}
    path = f"/map/map?{S}&key=k"
    assert start().get(path, headers=bot).status_code == 200
    strict = start(reject_bots=True)
    assert strict.get(path, headers=bot).status_code == 403
    assert strict.get(path, headers={"user-agent": "Mozilla/5.0 Firefox/140.0"}).status_code == 200
