"""A page and an ear for the brain's tests, in the Python that CPython, MicroPython and Pyodide share."""

import json

from bridge.brain.brain import Brain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CODE = "0123456789abcdef"
NOW = 1_795_311_129_481  # ms: above 2^31, where MicroPython's integers wrap when they cross to JavaScript
SETTINGS = {
    "sitecode": "abcde12345",
    "engine": "micropython",
    "identifier": True,
    "enrich": True,
    "consent": "kameleoon",
    "user_id": "visitor_code",
    "custom_data": [],
    "remote": {"ttl": 300, "data_host": None},
    "exposures": {
        "event": "Experiment viewed",
        "dialect": "segment",
        "personalizations": True,
        "personalization_event": None,
        "only": None,
        "except": None,
        "once_per": "view",
        "properties": {},
    },
}


class FakePage:
    """What the brain sees of a page: storage, Segment, Kameleoon; notes what it was asked to do."""

    def __init__(self) -> None:
        self.storage: dict[str, str] = {}
        self.anonymous_id = "anonymous-1"
        self.kameleoon: dict[str, Any] = {}  # answers by path
        self.tracks: list[dict[str, Any]] = []
        self.timers: list[Any] = []
        self.locks: list[str] = []
        self.said: list[str] = []
        self.user_id: str | None = None
        self.has_engine = True
        self.asked: list[dict[str, Any]] = []
        self.published: dict[str, Any] = {}
        self.snippets: dict[str, Any] = {}
        self.personas: list[Any] = []
        self.set: list[Any] = []  # what setCustomData was called with
        self.analytics_throws = False
        self.storage_throws = False

    def call(self, path: str, args: "list[Any]", shape: "Any" = 1) -> "tuple[bool, Any]":
        args = json.loads(json.dumps(args))  # as it crosses the seam
        if path.startswith("localStorage."):
            if self.storage_throws:
                return False, "SecurityError"
            if path.endswith("getItem"):
                return True, self.storage.get(args[0])
            self.storage[args[0]] = args[1]
            return True, None
        if path == "analytics.user().anonymousId":
            return True, self.anonymous_id
        if path == "analytics.user().id":
            return True, self.user_id
        if path == "Kameleoon.API.Data.setCustomData":
            if not self.has_engine:
                return False, "TypeError"
            self.set.append(args[:2])
            return True, None
        if path == "analytics.track":
            if self.analytics_throws:
                return False, "TypeError"
            self.tracks.append({"event": args[0], "properties": args[1], "options": args[2]})
            return True, None
        if path == "console.error":
            self.said.append(args[0])
            return True, None
        if path in self.kameleoon:
            return True, self.kameleoon[path]
        return False, "TypeError"

    def read(self, path: str, shape: "Any" = 1) -> "Any":
        return self.kameleoon.get(path)

    def load(self, key: str) -> "Any":
        try:
            return None if self.storage_throws else json.loads(self.storage.get(key, "null"))
        except ValueError:
            return None

    def save(self, key: str, value: "Any") -> None:
        if value is None:
            self.storage.pop(key, None)
        elif not self.storage_throws:
            self.storage[key] = json.dumps(value)

    def publish(self, answers: "dict[str, Any]", snippets: "dict[str, Any]", personas: "list[Any]") -> None:
        self.published, self.snippets, self.personas = answers, snippets, personas

    def retrieve(self, number: int, keys: "list[str]", shape: "Any", address: str) -> bool:
        if not address and not self.has_engine:
            return False
        self.asked.append({"number": number, "keys": sorted(keys), "shape": shape, "address": address})
        return True

    def after(self, milliseconds: int, name: str) -> None:
        self.timers.append([milliseconds, name])

    def lock(self, name: str) -> None:
        self.locks.append(name)

    def unlock(self, name: str) -> None:
        if name in self.locks:
            self.locks.remove(name)


class Ear:
    """Tells a brain what happens; the clock stands still unless a test moves it."""

    def __init__(self, page: "FakePage | None" = None, **settings: "Any") -> None:
        self.page = page or FakePage()
        self.now = NOW
        self.brain = Brain(self.page, {"settings": merged(SETTINGS, settings), "table": {}})  # type: ignore[arg-type]
        self.hear("settings", attributes={}, config=None)

    def hear(self, kind: str, **more: "Any") -> "Any":
        message = dict(more)
        message["kind"] = kind
        message["at"] = self.now
        return json.loads(self.brain.hear(json.dumps(message)))

    def world(self, ready: bool = True, **visitor: "Any") -> None:
        """Kameleoon has a visitor, with consent unless told otherwise, and analytics.js is there."""
        known = {"code": CODE, "experimentLegalConsent": True, "personalizationLegalConsent": True}
        self.hear("world", visitor=merged(known, visitor), ready=ready)

    def event(self, **event: "Any") -> "Any":
        """An event passes through analytics.js."""
        known = {"type": "track", "messageId": "m", "anonymousId": self.page.anonymous_id, "properties": {}}
        return self.hear("event", event=merged(known, event))

    def pass_tracks(self) -> None:
        """Let analytics.js's pipeline have all that was tracked, as the ear hears it."""
        for track in list(self.page.tracks):
            self.event(messageId=track["options"]["messageId"], event=track["event"])
        for timer in list(self.page.timers):
            if timer[1].startswith("taken "):
                self.page.timers.remove(timer)
                self.hear("timer", name=timer[1])

    def locked(self) -> None:
        """The lock that was asked for is ours."""
        self.hear("locked", name=self.page.locks[0])

    def link(self) -> None:
        """Run one linking through."""
        self.locked()
        self.pass_tracks()

    def kameleoon(self, name: str, **detail: "Any") -> None:
        self.hear("kameleoon", name=name, detail=detail)

    def scan(self) -> None:
        """The brain's look for unheard activations is due."""
        self.hear("timer", name="scan")

    def status(self) -> "dict[str, Any]":
        return self.hear("status")  # type: ignore[no-any-return]

    def sent(self, event: str = "Experiment viewed") -> "list[dict[str, Any]]":
        return [track for track in self.page.tracks if track["event"] == event]


def merged(below: "dict[str, Any]", above: "dict[str, Any]") -> "dict[str, Any]":
    """Return both, tables entry by entry."""
    result = dict(below)
    for name in above:
        both = isinstance(above[name], dict) and isinstance(below.get(name), dict)
        result[name] = merged(below[name], above[name]) if both else above[name]
    return result


def campaign(identity: int = 101, variation: "int | None" = 1001, name: str = "Headline", label: str = "Bold") -> "Any":
    """Return a campaign as the ear picks it from an event's detail."""
    return {"id": identity, "name": name, "associatedVariation": {"id": variation, "name": label}}
