"""A card as a test: what a message of each kind comes to. tests/browser/demo/test_wire.py runs such tests."""

import ast
from typing import Any

import pytest

from bridge.wire.copying import as_test
from bridge.wire.reading import in_lines
from bridge.wire.timeline import Timeline
from tests.wire.recorded import CODE, timeline


def copied(made: Timeline, lane: str, title: str, about: str = "") -> str:
    """Return the test of the last such message."""
    found = [one for one in made.all() if (one["lane"], one["title"]) == (lane, title) and about in one["about"]]
    return as_test(found[-1], made)


@pytest.mark.parametrize(
    ("lane", "title", "about", "lines"),
    [
        (
            "kameleoon",
            "Experiment activated",
            "Homepage headline",
            ["kameleoon_segment.force_variation(214500, ", "kameleoon_segment.wait_for_exposure(experiment_id=214500"],
        ),
        (
            "segment",
            "Experiment viewed",
            "Homepage headline",
            ['event["properties"]["experiment_name"] == "Homepage headline"'],
        ),
        (
            "segment",
            "Experiment viewed",
            "Welcome for VIPs",
            ['personas=["vip"]', "page.reload()", "experiment_id=320100"],
        ),
        ("destination", "Delivered", "Kameleoon identifier", ["wait_for_identifier()", "kameleoonVisitorCode"]),
        ("segment", "Add to cart", "", ["analytics.track(...call)", 'wait_for("Add to cart")']),
        ("segment", "Identify", "customer-4711", ["analytics.identify(...call)", '["plan"] == "premium"']),
        ("segment", "Group", "studio-nord", ["analytics.group(...call)"]),
        ("segment", "Page", "Home", ['"type":"page"', "page.goto("]),
        ("bridge", "Custom data set", "Subscribed plan", ['["customData"]["Subscribed plan"] == "premium"']),
        ("data-api", "Remote data read", "vip", ["kameleoon_segment.remote(", "wait_for_function("]),
    ],
)
def test_a_card_does_what_caused_it_and_asserts_what_it_says(
    lane: str, title: str, about: str, lines: list[str]
) -> None:
    """In the calls of the test kit."""
    text = copied(timeline(), lane, title, about)
    (test,) = [one for one in ast.parse(text).body if isinstance(one, ast.FunctionDef)]
    assert test.name.startswith("test_")
    assert [line for line in lines if line not in text] == [], text
    assert CODE not in text, "another visitor has another code"


def test_what_a_test_cannot_see_is_no_test() -> None:
    """As what the bridge is told of itself."""
    made = timeline()
    assert copied(made, "bridge", "Bridge on") == ""
    assert copied(made, "kameleoon", "Visitor") == ""


def test_what_only_forces_a_variation_is_not_in_the_address_of_a_test() -> None:
    """And where no message says the address, it is that of the documents."""
    said: dict[str, Any] = {
        "n": 0, "at_ms": 1.0, "view": 1, "lane": "segment", "title": "Buy", "about": "", "state": "", "ids": [],
        "causes": [], "data": {}, "raw": {"type": "track", "event": "Buy", "messageId": "m", "properties": {"n": 1}},
    }  # fmt: skip
    made = Timeline()
    made.add([said])
    assert 'page.goto("https://shop.example/")' in as_test(said, made)
    page = {**said, "title": "Page", "data": {"url": "https://x.example/a?kameleoonForce=1:2&b=3#c"}, "raw": {}}
    made.add([page])
    assert 'page.goto("https://x.example/a?b=3")' in as_test(said, made)


def test_a_file_of_evidence_has_a_line_for_each_name_and_part() -> None:
    """So that it can be read, and compared."""
    assert in_lines({"a": 1, "b": [], "c": [{"d": "é"}, 2]}) == (
        '{\n "a": 1,\n "b": [],\n "c": [\n  {"d": "é"},\n  2\n ]\n}\n'
    )
