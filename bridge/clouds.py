"""What a page sends to either cloud: which of its requests count somewhere, and the Segment events in them.

Whatever the host, for both may be reached by a site's own: analytics.js 2.0 posts to ``<apiHost>/<letter>``, apiHost
being ``api.segment.io/v1`` unless its settings name another, with or without a ``v1`` in it: then what is sent tells.
Segment's HTTP API has the long names. Kameleoon's scripts and SDKs post to ``<data host>/visit/events``, and remote
data is written by POST to ``/map/maps`` (Data API). What is only read (engine.js, settings, ``/map/map``) does not
count.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

from bridge.models.segment import BATCH, CALLS, EVENTS

Cloud = Literal["segment", "kameleoon"]

_END = r"/?(?=[?#]|$)"
#: The address of what counts; m: analytics.js's own statistics.
_SEGMENT_PATH = re.compile(rf"/v1/({'|'.join(CALLS)}|m|pixel/[\w-]+){_END}")
_KAMELEOON_PATH = re.compile(rf"/(visit/events|map/maps?){_END}")
#: The address of remote data, which is read; /data is that of Kameleoon's scripts up to 2022.
REMOTE_DATA_PATH = re.compile(rf"/(map/maps?|data){_END}")
#: Whatever is sent to these counts.
_HOSTS: Mapping[Cloud, re.Pattern[str]] = {
    "segment": re.compile(r"^https?://api\.segment\.io/"),
    "kameleoon": re.compile(r"^https?://([^/]*\.)?kameleoon\.(com|eu|io|net)/"),
}
_VISIT_PATH = re.compile(rf"/visit/events{_END}")  # an image may send what no POST can
#: A call of Segment's tracking API is of somebody (HTTP Tracking API, "Identities"), or has a batch of such; what
#: analytics.js counts of itself is a series. What a site's own API takes at such an address has none of them.
_OF_SEGMENT = frozenset({"userId", "anonymousId", "batch", "series"})
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def collects(method: str, url: str, body: str | None = None) -> Cloud | None:
    """Return whose data collection a request is for, None for every other request.

    Args:
        method: The request's.
        url: Its address, which decides alone where it is at the cloud's own host, or where its body is not known.
        body: What it has, as a text: at a host of the site's own, a path like Segment's may be one of its own API, and
            an event of analytics.js may go to any other.
    """
    path = urlsplit(url).path
    segment = _SEGMENT_PATH.search(path)
    if method.upper() == "GET":
        if segment and segment[1].startswith("pixel/"):
            return "segment"
        return "kameleoon" if _VISIT_PATH.search(path) else None
    if method.upper() in _READING:
        return None
    if _HOSTS["segment"].search(url) or (segment and _is_of_segment(body)) or _is_event(body or ""):
        return "segment"
    return "kameleoon" if _KAMELEOON_PATH.search(path) or _HOSTS["kameleoon"].search(url) else None


def _is_of_segment(body: str | None) -> bool:
    """Return whether a body may be one that Segment takes: it is not known, or says of whom it is."""
    if not body:
        return True
    sent = _parsed(body)
    if sent is None:
        return "\ufffd" in body  # compressed: it is no text
    return isinstance(sent, dict) and not _OF_SEGMENT.isdisjoint(sent)


def _parsed(body: str) -> Any:  # noqa: ANN401 - JSON
    """Return what a body says, None where it is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _is_event(body: str) -> bool:
    """Return whether a body is an event of analytics.js, or a batch of them."""
    if '"messageId"' not in body:
        return False
    sent = _parsed(body)
    batch = sent.get("batch") if isinstance(sent, dict) else None
    several = batch if isinstance(batch, list) else [sent]
    return any(isinstance(one, dict) and "messageId" in one and str(one.get("type")) in EVENTS for one in several)


def events_in(url: str, body: str | None) -> list[dict[str, Any]]:
    """Return the events in a request to Segment's tracking API, each of a batch; none where it is no such request.

    What came by a call of its own has a ``type``, too: that of the call, unless it says another.
    """
    call = _call(url)
    if not body or (call is None and not _is_event(body)):
        return []
    sent = _parsed(body)
    if not isinstance(sent, dict):
        return []
    if call != BATCH and not (call is None and "batch" in sent):
        return [{"type": call, **sent}]
    events = sent.get("batch")
    return [event for event in events if isinstance(event, dict)] if isinstance(events, list) else []


def takes_events(url: str) -> bool:
    """Return whether events are sent to this address, as with each call of Segment's tracking API."""
    return _call(url) is not None


def _call(url: str) -> str | None:
    path = _SEGMENT_PATH.search(urlsplit(url).path)
    return CALLS.get(path[1]) if path else None
