"""Audience data: what Segment knows of the person at the browser, as values of the configured custom data.

Personas, traits and group come from Kameleoon's remote data (Kameleoon help, "Integrate Kameleoon with Segment", step
5); what the page itself learns from an identify or group call counts at once, until remote data confirms it.
"""

from bridge.brain.custom_data import CustomData
from bridge.brain.remote import Remote
from bridge.brain.values import AudienceDataError, custom_data_value, identify_values, known_names, persona_names, trait

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from bridge.brain.seam import Page

STORE = "k_segmentio_audience"
GROUP = ""  # stands for the group where traits go by their paths
_LEAST = 1000  # ms that data are fresh in any case: an answer is no reason to ask again
_LOCAL = 3_600_000  # ms that what the page learned stands against remote data that say otherwise


class Audience:
    """Keeps the values right for the person who is here."""

    def __init__(self, page: "Page", settings: "dict[str, Any]", report: "Callable[[str], None]") -> None:
        self._page = page
        self._report = report
        self._sources = settings["custom_data"]
        self._by_segment = settings["user_id"] == "segment"
        self._ttl = max(settings["remote"]["ttl"] * 1000, _LEAST)
        self._paths = sorted(one["trait"] for one in self._sources if one["source"] == "trait")
        self._custom_data = CustomData(page, [one["name"] for one in self._sources])
        self._remote = Remote(page, settings["sitecode"], settings["remote"]["data_host"], self._answered, report)
        self._person: list[str] = []  # whose remote data, Segment's user id, its anonymous id
        self._data: dict[str, Any] = {}  # the last sure answer
        self._at: float = 0  # when it came
        self._local: dict[str, list[Any]] = {}  # what the page learned, and when
        self._changed = False  # another person's values may still be in Kameleoon
        self._news = True  # the values have to be given out anew

    @property
    def values(self) -> "dict[str, Any]":
        """Return the present values, by custom data name."""
        return self._custom_data.values

    def new_run(self) -> None:
        """Begin another run of Kameleoon's engine."""
        self._custom_data.new_run()
        self._news = True

    def person(self, visitor_code: str, user_id: str, anonymous_id: str) -> None:
        """Say who is here, "" for what is not known yet. Another person's values are gone at once."""
        identity = (user_id or anonymous_id) if self._by_segment else visitor_code
        if not identity:
            return
        before = self._person or self._recall()
        self._person = [identity, user_id, anonymous_id] if anonymous_id else [identity] + (before[1:] or ["", ""])
        if self._person == before:
            return
        if before and not _same_person(before, self._person):
            self._data, self._local, self._at = {}, {}, 0
            self._changed = True
        elif before and before[1] != self._person[1]:
            self._at = 0  # logged in: what is known stays, and is read again
        self._keep()

    def learn(self, event: "dict[str, Any]", now: float) -> None:
        """Take what an identify or group call says of this person."""
        learned = {}
        if event.get("type") == "identify":
            learned = {path: trait(event.get("traits"), path) for path in self._paths}
        elif event.get("type") == "group":
            learned = {GROUP: event.get("groupId")}
        for place in learned:
            if learned[place] is not None:
                self._local[place] = [learned[place], now]
        if learned and self._person:
            self._keep()

    def advance(self, now: float) -> None:
        """Ask where what is known is not fresh; give what is known to the page and to Kameleoon."""
        if not self._person:
            return
        if now - self._at >= self._ttl and self._remote.may_ask(now):
            self._remote.ask(self._person[0], self._shape())
        if self._news:
            self._news = False
            self._offer()

    def locked(self, now: float) -> None:
        """Go on asking, unless another tab has the answer by now."""
        person = list(self._person)
        if self._recall() == person and now - self._at < self._ttl:
            self._news = True
            self._remote.stop()
        else:
            self._remote.go(now)

    def heard(self, message: "dict[str, Any]") -> None:
        """Take an answer of remote data."""
        self._remote.heard(message)

    def timer(self, name: str, now: float) -> None:
        """Take a timer of remote data."""
        self._remote.timer(name, now)

    def refuse(self) -> None:
        """Forget everything: the visitor refused."""
        if self._person or self._page.load(STORE) is not None:
            self._person, self._data, self._local, self._at = [], {}, {}, 0
            self._page.save(STORE, None)
            self._custom_data.publish({}, {}, [])

    def _answered(self, identity: str, maps: "dict[str, Any]", now: float) -> None:
        if not self._person or identity != self._person[0]:
            return
        for part, found in maps.items():
            try:
                self._data[part] = self._parsed(part, found)
            except AudienceDataError as problem:
                self._report("remote data, %s: %s" % (part, problem))
        self._at = now
        self._changed = False
        remote = self._data.get("identify") or {}
        for place in list(self._local):
            value, at = self._local[place]
            if remote.get(place) == value or now - at > _LOCAL:
                del self._local[place]
        self._keep()

    def _parsed(self, part: str, found: "Any") -> "Any":
        if part == "identify":
            return identify_values(found, self._paths)
        return persona_names(found) if part == "personas" else known_names(found)

    def _offer(self) -> None:
        values: dict[str, Any] = {}
        snippets: dict[str, Any] = {}
        for source in self._sources:
            known, raw, key = self._look_up(source)
            if not known:
                continue
            try:
                value, left_out = custom_data_value(raw)
                values[source["name"]] = value
            except AudienceDataError as error:
                left_out = [str(error)]
            for problem in left_out:
                self._report('custom data "%s": %s' % (source["name"], problem))
            if raw is not None:
                snippets[key] = raw
        self._custom_data.publish(values, snippets, self._data.get("names") or [])
        self._custom_data.push(clear=self._changed)

    def _look_up(self, source: "dict[str, Any]") -> "tuple[bool, Any, str]":
        """Return whether a source's value is known, the value, and its name in ``k_segmentIO``."""
        if source["source"] == "personas":
            return "personas" in self._data, self._data.get("personas"), "cohorts"
        place = GROUP if source["source"] == "group" else source["trait"]
        key = place or "groupId"
        if place in self._local:
            return True, self._local[place][0], key
        return "identify" in self._data, (self._data.get("identify") or {}).get(place), key

    def _shape(self) -> "dict[str, Any]":
        """Return the parts of the maps that are wanted: the rest of a visitor's profile never gets here."""
        names = self._paths + [path.split(".")[0] for path in self._paths]
        return {"personas": 1, "identify": {"groupId": 1, "traits": dict.fromkeys(names, 1)}, "names": {"cohorts": 1}}

    def _recall(self) -> "list[str]":
        """Take what another page or tab left, and return of whom it is."""
        kept = self._page.load(STORE)
        if not _is_whole(kept) or kept["paths"] != self._paths:
            return []
        person: list[str] = kept["person"]
        if kept["at"] > self._at or not self._person:
            self._data, self._at = kept["data"], kept["at"]
        for place in kept["local"]:
            self._local.setdefault(place, kept["local"][place])
        return person

    def _keep(self) -> None:
        self._news = True
        kept = {"person": self._person, "data": self._data, "local": self._local, "at": self._at, "paths": self._paths}
        self._page.save(STORE, kept)


def _is_whole(kept: "Any") -> bool:
    """Return whether this was kept by us: anybody may write to a site's storage."""
    if not isinstance(kept, dict):
        return False
    kinds = (("person", list), ("data", dict), ("local", dict), ("paths", list), ("at", (int, float)))
    if not all(isinstance(kept.get(name), kind) for name, kind in kinds):
        return False
    texts = len(kept["person"]) == len(("identity", "user id", "anonymous id")) and all(
        isinstance(one, str) for one in kept["person"]
    )
    return texts and all(isinstance(one, list) and len(one) == len(("value", "at")) for one in kept["local"].values())


def _same_person(before: "list[str]", now: "list[str]") -> bool:
    """Return whether two sightings are of one person: one remote identity, and nobody logged out in between."""
    anonymous = not before[2] or before[2] == now[2]
    return before[0] == now[0] and anonymous and (not before[1] or before[1] == now[1])
