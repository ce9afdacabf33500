"""Which requests would count somewhere: those that hand data to Segment or to Kameleoon.

Whatever the host, for both may be reached by a site's own: analytics.js 2.0 posts to ``<apiHost>/<letter>``, apiHost
being ``api.segment.io/v1`` unless its settings name another; Segment's HTTP API has the long names, and pixels by GET.
Kameleoon's scripts and SDKs post to ``<data host>/visit/events`` (Data API, "Send visitor events"), and remote data is
written by POST to ``/map/maps``. What is only read (engine.js, settings, ``/map/map``) does not count.
"""

import re
from urllib.parse import urlsplit

from bridge.doctor.sight import Cloud

_SEGMENT = re.compile(
    r"/v1/(t|p|i|g|a|s|b|m|track|page|identify|group|alias|screen|batch|import|pixel/[\w-]+)/?$", re.IGNORECASE
)
_KAMELEOON_HOST = re.compile(r"(^|\.)kameleoon\.(com|eu|io|net)$")
_KAMELEOON_PATH = re.compile(r"/(visit/events|map/maps?)/?$")
_READING = {"GET", "HEAD", "OPTIONS"}


def collects(method: str, url: str) -> Cloud | None:
    """Return whose data collection a request is for, None for every other request."""
    address = urlsplit(url)
    host, path, reads = address.hostname or "", address.path, method.upper() in _READING
    if _SEGMENT.search(path) and (not reads or "/pixel/" in path):
        return "segment"
    if host == "api.segment.io" and not reads:
        return "segment"
    if path.endswith("/visit/events") and method.upper() != "OPTIONS":
        return "kameleoon"
    if not reads and (_KAMELEOON_PATH.search(path) or _KAMELEOON_HOST.search(host)):
        return "kameleoon"
    return None
