"""The demo's evidence file: what the page knows of itself, as the doctor would see it (bridge/doctor/sight.py)."""

from pyscript import window
from pyscript.js_modules import look

from bridge.wire.messages import KAMELEOON, SEGMENT, inside, text
from web.demo.page import to_python

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bridge.wire.messages import Message
    from bridge.wire.timeline import Timeline

_CLOUDS = ("/v1/", "/visit/events", "/sandbox/")  # what is sent to these is told by the messages, or is the demo's own
_EXCERPT = 300  # characters of a script


class Evidence:
    """What is known of this page view, as it goes on."""

    def __init__(self, timeline: "Timeline", view: int) -> None:
        self._timeline, self._view = timeline, view
        self._statuses: list[dict[str, Any]] = []
        self._storage: list[dict[str, Any]] = []

    def note(self, status: "dict[str, Any]") -> None:
        """Take note of what the bridge says of itself, and of what is stored, where that is new."""
        now = to_python(look.moment())
        at_ms = now["at_ms"]
        if status and not (self._statuses and self._statuses[-1]["status"] == status):
            self._statuses.append({"at_ms": at_ms, "status": status})
        stored = {name: now[name] for name in ("local", "session", "cookies")}
        if not self._storage or any(self._storage[-1][name] != stored[name] for name in stored):
            stored["at_ms"] = at_ms
            self._storage.append(stored)

    def sight(self) -> "dict[str, Any]":
        """Return all that is known, without the messages."""
        end = to_python(look.end())
        last = self._statuses[-1]["status"] if self._statuses else {}
        versions = dict(last.get("versions") or {})
        if text(inside(end, "segment", "version")):
            versions["segment"] = end["segment"]["version"]
        here = str(window.location.href).split("#", 1)[0]
        requests = self._loaded() + self._sent()
        return {
            "url": here,
            "final_url": here,
            "looked_at": window.Date.new().toISOString(),
            "versions": versions,
            "wait_s": round(window.performance.now() / 1000, 1),
            "sent": True,
            "policies": [{"where": "meta", "value": value} for value in end["policies"]],
            "requests": requests,
            "scripts": [_script(one) for one in end["scripts"]],
            "has_global": bool(self._statuses),
            "statuses": self._statuses,
            "storage": self._storage,
            "kameleoon": end["kameleoon"],
            "segment": end["segment"],
            "banner": end["banner"],
            "metrics": {
                "bytes": sum([one.get("bytes", 0) for one in requests]),
                "requests": len(requests),
                "load_ms": end["load_ms"],
            },
        }

    def _loaded(self) -> "list[dict[str, Any]]":
        """Return what the page loaded, as the browser's list of resources has it."""
        entries = to_python(window.performance.getEntriesByType("resource")) or []
        return [
            {
                "at_ms": entry["startTime"],
                "method": "GET",
                "url": entry["name"],
                "kind": entry["initiatorType"],
                "status": entry.get("responseStatus") or None,
                "bytes": entry.get("encodedBodySize") or 0,
            }
            for entry in entries
            if not any(part in entry["name"] for part in _CLOUDS)
        ]

    def _sent(self) -> "list[dict[str, Any]]":
        """Return what this page view sent to either cloud, by the messages."""
        sent = []
        for one in self._timeline.all():
            if one["view"] == self._view:
                body = _body(one)
                if body:
                    path = "/v1/" + text(body.get("type")) if one["lane"] == SEGMENT else "/visit/events"
                    url = str(window.location.origin) + path
                    request = {"at_ms": one["at_ms"], "method": "POST", "url": url, "kind": "fetch", "status": 200}
                    request["cloud"], request["body"] = one["lane"], body
                    sent.append(request)
        return sent


def _body(one: "Message") -> "Any":
    """Return what a message says was sent: a Segment event, or a visit's events; None for every other message."""
    if one["lane"] == SEGMENT and not one["state"]:
        return inside(one["raw"], "event") if inside(one["raw"], "n") else None
    return one["raw"] if one["lane"] == KAMELEOON and inside(one["raw"], "kind") == "visit" else None


def _script(one: "dict[str, Any]") -> "dict[str, Any]":
    excerpt = one["text"].strip()[:_EXCERPT] if one["marks"] and not one["src"] else ""
    return {"src": one["src"], "attributes": one["attributes"], "excerpt": excerpt, "marks": one["marks"]}
