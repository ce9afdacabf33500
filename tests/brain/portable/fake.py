"""A page and a tag for the brain's tests, in the Python that CPython, MicroPython and Pyodide share.

The page stands below the seam: it is asked in JSON, gives what a shape wants and no more, and has one clock for the
time that it tells and for its timers.
"""

import json

from bridge.brain.brain import Brain
from bridge.brain.seam import Page
from bridge.shared.vocabulary import HEARD_KEY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CODE = "0123456789abcdef"
TAKEN_AFTER = 10  # ms
MAPS = 3  # that are asked for: personas, traits with the group, names
ACTIVE_EXPERIMENTS = "Kameleoon.API.Experiments.getActive"
EXPERIMENT_RECORDS = "Kameleoon.API.CurrentVisit.activatedExperiments"
PERSONALIZATION_RECORDS = "Kameleoon.API.CurrentVisit.activatedPersonalizations"
NOW = 1_795_311_129_481  # ms: above 2^31, where MicroPython's integers wrap when they cross to JavaScript
SETTINGS = {
    "sitecode": "abcde12345",
    "engine": "micropython",
    "identifier": True,
    "enrich": True,
    "analytics": "analytics",
    "consent": "kameleoon",
    "debug": False,
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
# What is found in a page where nothing is missing.
HEALTHY = {
    "analytics": {"VERSION": "1.84.3"},
    "Kameleoon.API": {},
    "Kameleoon.API.Core.getConfiguration": {"siteCode": "abcde12345"},
}
FACTS = {"engine": "micropython", "state": "on", "versions": {}, "timings": {}, "errors": []}  # the tag's


class PageError(Exception):
    """What a function of the page throws."""


class FakePage:
    """What the brain sees of a page: storage, Segment, Kameleoon; notes what it was asked to do."""

    def __init__(self) -> None:
        self.storage: dict[str, str] = {}
        self.anonymous_id = "anonymous-1"
        self.kameleoon: dict[str, Any] = dict(HEALTHY)  # what is found, or answered, at a path
        self.tracks: list[dict[str, Any]] = []
        self.timers: list[dict[str, int]] = []  # {"number", "delay", "due"}, in the order in which they were set
        self.locks: list[str] = []  # names, asked for or held
        self.said: list[str] = []
        self.user_id: str | None = None
        self.has_kameleoon = True
        self.asked: list[dict[str, Any]] = []
        self.published: dict[str, Any] = {}
        self.snippets: dict[str, Any] = {}
        self.personas: list[Any] = []
        self.set: list[Any] = []  # what setCustomData was called with
        self.overwrites: list[bool] = []  # its third argument
        self.analytics_throws = False
        self.drops = False  # a source middleware of the page's drops all of ours
        self.arriving: list[dict[str, Any]] = []  # {"id", "due"}: events of ours in analytics.js's pipeline
        self.accepted: list[str] = []  # message ids of what analytics.js took
        self.ordered: list[str] = []  # visitor codes that events are to carry
        self.written: list[str] = []  # keys, each time that something was kept
        self.user_throws = False
        self.fetch_throws = False
        self.storage_throws = False
        self.now = NOW
        self.began = NOW
        self.lock_numbers: dict[str, int] = {}

    def act(self, text: str) -> str:
        """Do what the brain asks for, as the tag does: JSON in, JSON out."""
        request = json.loads(text)
        try:
            answer = getattr(self, "_" + request[0])(*request[1:])
        except PageError as error:
            return json.dumps([False, str(error)])
        return json.dumps([True, answer])

    def _reach(self, path: str, shape: "Any", args: "list[Any] | None" = None) -> "Any":
        return pick(self._found(path) if args is None else self._called(path, args), shape)

    def _found(self, path: str) -> "Any":
        if path in self.kameleoon or path.startswith("document."):
            return self.kameleoon.get(path)
        if path == "k_segmentIO":
            return self.snippets
        raise PageError("TypeError")

    def _called(self, path: str, args: "list[Any]") -> "Any":
        if path.startswith("analytics.user()") and self.user_throws:
            raise PageError("TypeError: analytics.user is not a function")
        if path == "analytics.user().anonymousId":
            return self.anonymous_id
        if path == "analytics.user().id":
            return self.user_id
        if path == "Kameleoon.API.Data.setCustomData" and self.has_kameleoon:
            self.overwrites.append(args[2])
            return self.set.append(args[:2])
        if path == "analytics.track" and not self.analytics_throws:
            if not self.drops:
                self.arriving.append({"id": args[2]["messageId"], "due": self.now + TAKEN_AFTER})
            return self.tracks.append({"event": args[0], "properties": args[1], "options": args[2]})
        if path == "console.error":
            return self.said.append(args[0])
        if path in self.kameleoon:
            return self.kameleoon[path]
        raise PageError("TypeError")

    def _kept(self, key: str) -> "str | None":
        return self._storage().get(key)

    def _keep(self, key: str, text: str) -> None:
        self._storage()[key] = text
        self.written.append(key)

    def _forget(self, key: str) -> None:
        self._storage().pop(key, None)

    def _storage(self) -> "dict[str, str]":
        if self.storage_throws:
            raise PageError("SecurityError")
        return self.storage

    def _order(self, code: str) -> None:
        self.ordered.append(code)

    def _publish(self, answers: "dict[str, Any]", snippets: "dict[str, Any]", personas: "list[Any]") -> None:
        self.published, self.snippets, self.personas = answers, snippets, personas

    def _retrieve(self, number: int, keys: "Any", shape: "Any", address: str) -> None:
        throws = self.fetch_throws if address else not self.has_kameleoon
        if throws:
            raise PageError("ReferenceError")
        self.asked.append(
            {
                "number": number,
                "keys": sorted(keys) if isinstance(keys, list) else keys,
                "shape": shape,
                "address": address,
            }
        )

    def _after(self, number: int, milliseconds: int) -> None:
        self.timers.append({"number": number, "delay": milliseconds, "due": self.now + milliseconds})

    def _lock(self, number: int, name: str) -> None:
        self.locks.append(name)
        self.lock_numbers[name] = number

    def _unlock(self, number: int, _milliseconds: int) -> None:
        for name in list(self.locks):
            if self.lock_numbers[name] == number:
                self.locks.remove(name)


class Ear:
    """Tells a brain what happens; the clock stands still unless a test moves it."""

    def __init__(self, page: "FakePage | None" = None, **settings: "Any") -> None:
        self.page = page or FakePage()
        self.found: dict[str, Any] = {}  # what was told last of Kameleoon's getters
        self.journal: list[dict[str, Any]] = []  # what may bring an exposure
        self.code = ""
        self.settings = merged(SETTINGS, settings)
        self.numbered = 0
        self.earlier: dict[str, Any] = json.loads(self.page.storage.pop(HEARD_KEY, "{}"))
        for message in self.earlier.get("messages", []):
            message["number"] = self.number()
        self.start()

    def start(self) -> None:
        """Start a brain, or another one where the page has lost it: it is told again what may bring an exposure."""
        self.brain = Brain(Page(self.page.act), {"settings": self.settings, "table": {}})
        self.wants = self.hear("settings", attributes={}, config=None)
        for step in self.wants.get("steps", []):
            self.hear("begin", step=step)
        self.found = {}
        if self.earlier:
            self.hear("kept", **self.earlier)
        for message in self.journal:
            self.tell(message)

    def number(self) -> int:
        """Return the next message's number."""
        self.numbered += 1
        return self.numbered

    def leave(self) -> None:
        """The page is left: the tag keeps what the brain says for the next one."""
        unsent = self.hear("leaving")["unsent"]
        messages = self.earlier.get("messages", []) + self.journal
        messages = [message for message in messages if message["number"] in unsent]
        if messages:
            self.page.storage[HEARD_KEY] = json.dumps({"code": self.code, "messages": messages})

    @property
    def now(self) -> int:
        """Return the time in ms."""
        return self.page.now

    def wait(self, milliseconds: int) -> None:
        """Let time pass: each timer that is due tells so at its time, and what analytics.js took is told."""
        until = self.now + milliseconds
        while True:
            due = [one for one in self.page.timers + self.page.arriving if one["due"] <= until]
            if not due:
                break
            first = min(due, key=lambda one: (one["due"], one.get("number", 0)))
            self.page.now = max(self.page.now, first["due"])
            if "number" in first:
                self.page.timers.remove(first)
                self.hear("timer", number=first["number"])
            else:
                self.hear("taken", ids=self._taken())
        self.page.now = until
        self.scan()

    def _taken(self) -> "list[str]":
        taken = [one for one in self.page.arriving if one["due"] <= self.now]
        self.page.arriving = [one for one in self.page.arriving if one not in taken]
        ids = [one["id"] for one in taken]
        self.page.accepted += ids
        return ids

    def hear(self, kind: str, **more: "Any") -> "Any":
        message = dict(more)
        message["kind"] = kind
        message["at"] = self.now
        message["up"] = self.now - self.page.began
        if kind in ("kameleoon", "exposure", "consent"):
            message["number"] = self.number()
            self.journal.append(message)
        return self.tell(message)

    def tell(self, message: "dict[str, Any]") -> "Any":
        return json.loads(self.brain.hear(json.dumps(message)))

    def world(self, ready: bool = True, **visitor: "Any") -> None:
        """Kameleoon has a visitor, with consent unless told otherwise, and analytics.js is there."""
        known = {"code": CODE, "experimentLegalConsent": True, "personalizationLegalConsent": True}
        told = merged(known, visitor)
        self.code = told["code"] or ""
        self.hear("world", visitor=told, ready=ready)

    def event(self, **event: "Any") -> "Any":
        """An event passes through analytics.js."""
        known = {"type": "track", "messageId": "m", "anonymousId": self.page.anonymous_id, "properties": {}}
        return self.hear("event", event=pick(merged(known, event), self.wants.get("event", 1)))

    def pass_tracks(self) -> None:
        """Let analytics.js's pipeline have all that was tracked, and keep it."""
        self.wait(TAKEN_AFTER)

    def locked(self, name: str = "") -> None:
        """The lock of this name, or the first that was asked for, is ours."""
        self.hear("locked", number=self.page.lock_numbers[name or self.page.locks[0]])

    def link(self) -> None:
        """Run one linking through."""
        self.locked()
        self.pass_tracks()

    def remote(self, data: "Any" = None, **more: "Any") -> None:
        """The last question for remote data is answered, ``data`` being all that there is.

        With the wanted parts only, as the tag does. Keys that were asked for one by one are all answered.
        """
        asked = self.page.asked[-1]
        if isinstance(asked["keys"], list):
            self.hear("remote", number=asked["number"], data=pick(data, asked["shape"]), **more)
            return
        for one in self.page.asked[-MAPS:]:
            self.hear(
                "remote", number=one["number"], data=pick((data or {}).get(one["keys"], {}), one["shape"]), **more
            )

    def kameleoon(self, name: str, **detail: "Any") -> None:
        self.found = {}
        self.hear("kameleoon", name=name, detail=detail)

    def scan(self) -> None:
        """The tag asks Kameleoon's getters, and tells what is new."""
        known = self.page.kameleoon
        visit = {"activatedExperiments": known.get(EXPERIMENT_RECORDS)}
        visit["activatedPersonalizations"] = known.get(PERSONALIZATION_RECORDS)
        found = {"active": known.get(ACTIVE_EXPERIMENTS), "visit": visit}
        if found != self.found:
            self.found = found
            self.hear("found", active=found["active"], visit=visit)

    def status(self) -> "dict[str, Any]":
        return self.hear("status", facts=FACTS)  # type: ignore[no-any-return]

    def sent(self, event: str = "Experiment viewed") -> "list[dict[str, Any]]":
        return [track for track in self.page.tracks if track["event"] == event]


def pick(value: "Any", shape: "Any") -> "Any":
    """Return the wanted parts of a value: shape 1 takes all, 0 nothing, else names with the shapes of their values."""
    if shape == 0:
        return None
    if shape == 1 or not isinstance(value, (dict, list)):
        return value
    if isinstance(value, list):
        return [pick(one, shape) for one in value]
    return {name: pick(value[name], shape[name]) for name in shape if name in value}


def merged(below: "dict[str, Any]", above: "dict[str, Any]") -> "dict[str, Any]":
    """Return both, tables entry by entry."""
    result = dict(below)
    for name in above:
        both = isinstance(above[name], dict) and isinstance(below.get(name), dict)
        result[name] = merged(below[name], above[name]) if both else above[name]
    return result


def campaign(identity: int = 101, variation: "Any" = 1001, name: str = "Headline", label: str = "Bold") -> "Any":
    """Return a campaign as the tag picks it from an event's detail."""
    return {"id": identity, "name": name, "associatedVariation": {"id": variation, "name": label}}


def record(*times: "Any", variation: "Any" = 1001, identity: int = 101, kind: str = "experiment") -> "dict[str, Any]":
    """Return Kameleoon's record of a campaign's activations in this visit, as the tag picks it."""
    return {
        kind + "ID": identity,
        kind: {"name": "Headline"},
        "associatedVariationID": variation,
        "associatedVariation": {"name": "Bold"},
        "times": list(times),
    }
