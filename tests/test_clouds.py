"""What counts as sent to Segment or Kameleoon, and the events in it."""

# ruff: noqa: D103  # the tests' names are sentences

import json

import pytest

from bridge.clouds import collects, events_in


@pytest.mark.parametrize(
    ("method", "url", "cloud"),
    [
        ("POST", "https://api.segment.io/v1/t", "segment"),
        ("POST", "https://events.shop.example/v1/batch?x=1", "segment"),
        ("POST", "https://api.segment.io/v2/something-new", "segment"),
        ("POST", "https://events.eu1.segmentapis.com/v1/p", "segment"),
        ("GET", "https://api.segment.io/v1/pixel/track?data=e30=", "segment"),
        ("POST", "https://eu-data.kameleoon.eu/visit/events?siteCode=abcde12345", "kameleoon"),
        ("POST", "https://data.kameleoon.io/map/maps?siteCode=abcde12345", "kameleoon"),
        ("POST", "https://data.shop.example/visit/events?siteCode=abcde12345", "kameleoon"),
        ("GET", "https://data.kameleoon.io/map/maps?siteCode=abcde12345&keys=[]", None),
        ("GET", "https://abcde12345.kameleoon.io/engine.js", None),
        ("GET", "https://cdn.segment.com/v1/projects/KEY/settings", None),
        ("GET", "https://data.kameleoon.io/visit/events?siteCode=abcde12345", "kameleoon"),
        ("OPTIONS", "https://api.segment.io/v1/t", None),
        ("POST", "https://shop.example/v1/tea", None),
        ("POST", "https://shop.example/pay?next=/v1/t", None),
        ("POST", "https://notkameleoon.com/pay", None),
    ],
)
def test_who_collects(method: str, url: str, cloud: str | None) -> None:
    assert collects(method, url) == cloud


@pytest.mark.parametrize(
    ("body", "is_segments"),
    [
        ('{"type": "page", "anonymousId": "a"}', True),
        ('{"userId": 7, "groupId": "g"}', True),
        ('{"batch": []}', True),
        ('{"series": []}', True),
        (None, True),
        (b"\x1f\x8b\x08\x00".decode("utf-8", "replace"), True),
        ('{"html": "<p>"}', False),
        ("[]", False),
        ("title=Home", False),
        ("[" * 100_000, False),
    ],
)
def test_a_sites_own_api_is_known_by_what_it_takes(body: str | None, is_segments: bool) -> None:
    """It may have a path like Segment's; at Segment's own host everything is Segment's."""
    assert collects("POST", "https://shop.example/api/v1/page", body) == ("segment" if is_segments else None)
    assert collects("POST", "https://api.segment.io/v1/page", body) == "segment"


@pytest.mark.parametrize(
    ("body", "cloud"),
    [
        ({"type": "track", "event": "Buy", "messageId": "ajs-1"}, "segment"),
        ({"writeKey": "k", "batch": [{"type": "page", "messageId": "ajs-1"}]}, "segment"),
        ({"type": "order", "messageId": "1"}, None),
        ({"type": ["track"], "messageId": "1"}, None),
        ({"batch": ["messageId"], "messageId": 1}, None),
        (["messageId"], None),
    ],
)
def test_at_an_address_of_the_site_its_own_what_is_sent_tells(body: object, cloud: str | None) -> None:
    assert collects("POST", "https://shop.example/evs/t", json.dumps(body)) == cloud
    assert collects("POST", "https://shop.example/evs/t", "{" + json.dumps(body)) is None


def test_the_event_of_a_call_has_its_type() -> None:
    assert events_in("https://h/v1/p", '{"messageId": "m"}') == [{"type": "page", "messageId": "m"}]
    assert events_in("https://h/v1/track", '{"type": "screen"}') == [{"type": "screen"}]


def test_events_are_found_at_an_address_of_the_sites_own() -> None:
    one = {"type": "track", "event": "Buy", "messageId": "ajs-1"}
    assert events_in("https://shop.example/evs/t", json.dumps(one)) == [one]
    assert events_in("https://shop.example/evs/b", json.dumps({"batch": [one, 7]})) == [one]
    assert events_in("https://shop.example/orders", json.dumps({"type": "order", "messageId": "1"})) == []


def test_a_batch_has_its_events_in_order() -> None:
    batch = {"batch": [{"type": "track", "event": "A"}, "not an event", {"type": "page"}]}
    assert events_in("https://h/v1/b", json.dumps(batch)) == [{"type": "track", "event": "A"}, {"type": "page"}]


@pytest.mark.parametrize("body", [None, "", "{", "[" * 100_000, "[]", "1", '{"batch": 1}', '{"batch": {"a": 1}}'])
def test_what_is_no_event_is_none(body: str | None) -> None:
    assert events_in("https://h/v1/batch", body) == []
    assert events_in("https://h/v1/m", body) == []
    assert events_in("https://h/other", body) == []
