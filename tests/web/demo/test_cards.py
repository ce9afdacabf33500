"""The demo's lines for the sandbox's log."""

# ruff: noqa: D103  # the tests' names are sentences

from typing import Any

import pytest

from web.demo import cards


def track(n: int, event: str, **more: Any) -> "cards.Row":
    return {"n": n, "kind": "track", "event": {"event": event, "timestamp": f"2026-01-01T00:00:0{n}.000Z", **more}}


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ({"kind": "track", "event": {"event": "Add to cart"}}, ("Segment", "Add to cart")),
        (
            {"kind": "track", "event": {"event": "Experiment viewed", "properties": {"experiment_name": "Headline"}}},
            ("Segment", "Experiment viewed: Headline"),
        ),
        (
            {"kind": "track", "duplicate": True, "event": {"event": "In", "properties": {"audience_key": "vip"}}},
            ("Segment", "In: vip (again, dropped)"),
        ),
        ({"kind": "page", "event": {"name": "Home"}}, ("Segment", "page Home")),
        ({"kind": "screen", "event": {}}, ("Segment", "screen")),
        ({"kind": "identify", "event": {"userId": "u", "anonymousId": "a"}}, ("Segment", "identify u")),
        ({"kind": "identify", "event": {"anonymousId": "a"}}, ("Segment", "identify a")),
        ({"kind": "group", "event": {"groupId": "g"}}, ("Segment", "group")),
        (
            {"kind": "visit", "events": [{"eventType": "page"}, {"eventType": "experiment"}]},
            ("Kameleoon", "visit: page, experiment"),
        ),
        (
            {"kind": "data_api.get", "keys": ["IDENTIFY_a", "COHORTS_a", "COHORTS_b"]},
            ("Kameleoon", "data read: COHORTS, IDENTIFY"),
        ),
        ({"kind": "data_api.set", "maps": {"GROUP_a": {}}}, ("Kameleoon", "data written: GROUP")),
        (
            {"kind": "destination.received", "body": {"type": "track", "event": "Buy"}},
            ("Kameleoon", "destination: Buy"),
        ),
        ({"kind": "destination.received", "body": {"type": "page"}}, ("Kameleoon", "destination: page")),
        ({"kind": "conversion", "goal": "Buy"}, ("Kameleoon", "conversion: Buy")),
        ({"kind": "apikey.made"}, ("Kameleoon", "apikey.made")),
        (
            {"kind": "dropped", "path": "/v1/b", "reason": "body.batch[1].event: is missing", "about": {}},
            ("Dropped", "body.batch[1].event: is missing"),
        ),
        (
            {"kind": "rejected", "method": "POST", "path": "/v1/track", "reason": "event: is missing"},
            ("Rejected", "POST /v1/track: event: is missing"),
        ),
    ],
)
def test_each_row_has_a_line(row: "cards.Row", line: tuple[str, str]) -> None:
    assert cards.summary(row) == line


@pytest.mark.parametrize(
    ("event", "enriched"),
    [
        ({"properties": {"kameleoonVisitorCode": "code"}}, True),
        ({"traits": {"kameleoonVisitorCode": "code"}}, True),
        ({"properties": {}, "traits": None}, False),
        ({}, False),
    ],
)
def test_an_event_is_enriched_by_the_visitor_code(event: dict[str, Any], enriched: bool) -> None:
    assert cards.is_enriched({"event": event}) is enriched
    assert not cards.is_enriched({})


def test_a_line_tells_that_an_event_was_changed_and_is_enriched() -> None:
    enriched = {"event": {"properties": {"kameleoonVisitorCode": "code"}}}
    assert cards.tag({"event": {}}) == ""
    assert cards.tag(enriched) == "+ visitor code"
    assert cards.tag({"event": {}, "notes": ["body.userId: …"]}) == "changed"
    assert cards.tag({**enriched, "notes": ["body.userId: …"]}) == "changed · + visitor code"


def test_the_identifier_is_the_visitors_last() -> None:
    rows = [
        track(1, "Kameleoon identifier", properties={"k_visitorCode": "mine"}),
        track(2, "Kameleoon identifier", properties={"k_visitorCode": "mine"}),
        track(3, "Kameleoon identifier", properties={"k_visitorCode": "another's"}),
        track(4, "Kameleoon identifier", properties={"k_visitorCode": "mine"}) | {"duplicate": True},
        track(5, "Kameleoon identifier"),
        {"n": 6, "kind": "page", "event": {}},
    ]
    assert cards.find_identifier(rows, "mine") is rows[1]
    assert cards.find_identifier(rows, None) is None
    assert cards.find_identifier(rows, "nobody's") is None


def test_the_exposure_is_of_an_experiment_and_of_this_page_view() -> None:
    rows = [
        track(1, "Experiment viewed", properties={"campaign_type": "experiment"}),
        track(2, "Experiment viewed", properties={"campaign_type": "experiment"}),
        track(3, "Experiment viewed", properties={"campaign_type": "personalization"}),
    ]
    assert cards.find_exposure(rows, "2026-01-01T00:00:02.000Z") is rows[1]
    assert cards.find_exposure(rows, "2026-01-01T00:00:02.001Z") is None


def test_facts_begin_with_the_important_ones() -> None:
    properties = {"nonInteraction": 1, "variation_id": "2", "experiment_id": "1", "campaign_type": "experiment"}
    assert cards.facts(properties) == [
        ("experiment_id", "1"),
        ("variation_id", "2"),
        ("campaign_type", "experiment"),
        ("nonInteraction", "1"),
    ]


def test_the_identifier_says_whose_it_is() -> None:
    event = {"anonymousId": "a", "userId": None, "properties": {"k_visitorCode": "code"}}
    assert cards.identifier_facts(event) == [("k_visitorCode", "code"), ("anonymousId", "a")]
    assert event["properties"] == {"k_visitorCode": "code"}


@pytest.mark.parametrize(
    ("value", "shown"), [(["vip", "new"], "vip, new"), ("premium", "premium"), ([], ""), (None, "")]
)
def test_custom_data_is_shown_as_text(value: Any, shown: str) -> None:
    assert cards.known(value) == shown


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (
            {"state": "on", "engine": "micropython", "timings": {"ready": 151.6}, "errors": []},
            "Bridge on · MicroPython · ready after 152 ms",
        ),
        (
            {"state": "on", "engine": "pyodide", "timings": {"ready": 614}, "errors": [], "checked": 96},
            "Bridge on · Pyodide · ready after 614 ms · 96 messages checked",
        ),
        ({"state": "starting", "engine": "pyodide", "timings": {"ready": None}}, "Bridge starting · Pyodide"),
        ({"state": "failed", "errors": [{"what": "one"}, {"what": "two"}]}, "Bridge failed · 2 reported: two"),
    ],
)
def test_the_bridge_is_one_line(status: dict[str, Any], line: str) -> None:
    assert cards.status_line(status) == line
