"""Audience data: what Segment knows of the person at the browser, as values of the configured custom data.

Personas, traits and group come from Kameleoon's remote data (Kameleoon help, "Integrate Kameleoon with Segment", step
5); what the page itself learns from an identify or group call counts at once, until remote data confirms it.
"""

from bridge.brain.custom_data import CustomData
from bridge.brain.person import Person
from bridge.brain.remote import Remote
from bridge.brain.stamps import is_past
from bridge.brain.values import (
    AudienceDataError,
    custom_data_value,
    identify_values,
    is_same,
    known_names,
    persona_names,
    trait,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from bridge.brain.keeper import Keeper
    from bridge.brain.seam import Page

GROUP = ""  # stands for the group where traits go by their paths
MIN_FRESH_MS = 1000  # data are fresh for so long in any case: an answer is no reason to ask again
LEARNED_MS = 3_600_000  # what the page learned stands for so long against remote data that say otherwise
LEARNED_AGAIN_MS = 60_000  # what is learned again sooner is nothing new

# What is known of the person, as far as it decides what becomes of the values that Kameleoon may still have.
NOBODY = "nobody"  # is known to be here yet, or the visitor refused
PRESENT = "present"
NEWCOMER = "newcomer"  # took another person's place; until remote data answers, the other's values are cleared
LEFT = "left"  # analytics.reset(): the visitor code may still be theirs, so nothing is read until somebody is named
STATES = (PRESENT, NEWCOMER, LEFT)  # that are kept

# In ``k_segmentIO`` these are no trait's: Kameleoon's snippets have the personas, the group and their guard there, and
# JavaScript an object's prototype.
_NOT_FOR_TRAITS = ("cohorts", "groupId", "runtime", "__proto__")


class Audience:
    """Keeps the values right for the person who is here."""

    def __init__(
        self, page: "Page", keeper: "Keeper", settings: "dict[str, Any]", report: "Callable[[str], None]"
    ) -> None:
        self._page = page
        self._keeper = keeper
        self._report = report
        self._sources = settings["custom_data"]
        self._by_segment = settings["user_id"] == "segment"
        self._fresh_ms: int = max(settings["remote"]["ttl"] * 1000, MIN_FRESH_MS)
        self._paths = sorted(one["trait"] for one in self._sources if one["source"] == "trait")
        self._custom_data = CustomData(page, keeper, settings)
        self._remote = Remote(page, settings["sitecode"], settings["remote"]["data_host"], self._heard, report)
        self._state = NOBODY
        self._person = Person("")
        self._data: dict[str, Any] = {}  # the last sure answer
        self._answered_at: float = 0  # is kept: other pages know by it how fresh the answer is
        self._fresh_until: float = 0  # on the page's own clock
        self._learned: dict[str, list[Any]] = {}  # what the page learned, and when, by path
        self._made: tuple[Any, ...] | None = None  # the values of what is known, unless that has changed
        self._to_offer = True  # the values have to be given out

    @property
    def values(self) -> "dict[str, Any]":
        """Return the present values, by custom data name."""
        return self._custom_data.values

    def is_overwritten(self) -> bool:
        """Return whether somebody else fills ``k_segmentIO``: a snippet of Kameleoon's help."""
        return self._custom_data.is_overwritten()

    def new_run(self) -> None:
        """Begin another run of Kameleoon's script."""
        self._custom_data.new_run()
        self._to_offer = True

    def person(self, visitor_code: str, user_id: str, anonymous_id: str) -> None:
        """Say who is here, "" for what is not known yet. Another person's values are gone at once."""
        identity = (user_id or anonymous_id) if self._by_segment else visitor_code
        if not identity:
            return
        before = self._person
        if self._state == NOBODY:
            self._state = PRESENT
            before = self._recall() or Person(identity)
        if not anonymous_id:  # analytics.js has not said yet
            user_id, anonymous_id = before.user_id, before.anonymous_id
        self._person = Person(identity, user_id, anonymous_id)
        if self._person.as_kept() == before.as_kept():
            return
        if self._state == LEFT and not user_id and self._may_be_who_left(before):
            pass  # the new anonymous id names nobody
        elif self._state == LEFT or not before.is_same_as(self._person):
            self._replace(LEFT if self._has_left_elsewhere() else NEWCOMER)
        elif before.user_id != self._person.user_id:
            self._answered(0)  # logged in: what is known stays, and is read again
        self._keep()

    def left(self, *, allowed: bool) -> None:
        """Say that whoever was here has left: ``analytics.reset()``; only what is ``allowed`` is kept."""
        self._replace(LEFT)
        if allowed:
            self._keep()

    def _may_be_who_left(self, before: Person) -> bool:
        """Return whether the person's visitor code is that of who left, or whose it was is not known."""
        return before.identity == self._person.identity or not (before.identity or self._by_segment)

    def _replace(self, state: str) -> None:
        self._data, self._learned = {}, {}
        self._answered(0)
        self._state = state
        self._made, self._to_offer = None, True

    def _has_left_elsewhere(self) -> bool:
        """Return whether another tab heard that who was here has left, and nothing since."""
        kept = self._kept()
        return bool(kept and kept["state"] == LEFT and kept["person"] == self._person.as_kept())

    def learn(self, event: "dict[str, Any]", *, allowed: bool) -> None:
        """Take what an identify or group call says of this person, if it is ``allowed``."""
        kind, now = event.get("type"), self._page.at
        named = self._state == LEFT and kind == "identify"
        if named:
            self._state = NEWCOMER
        if not allowed:
            return
        learned = {}
        if kind == "identify":
            learned = {path: trait(event.get("traits"), path) for path in self._paths}
        elif kind == "group":
            learned = {GROUP: event.get("groupId")}
        news = [path for path in learned if learned[path] is not None and self._is_news(path, learned[path])]
        for path in news:
            self._learned[path] = [learned[path], now]
        if self._state == NOBODY:
            self._made = None
        elif news or named:
            self._keep()

    def _is_news(self, path: str, value: "Any") -> bool:
        """Return whether that was not learned just now: an event on hold is told several times."""
        before, at = self._learned.get(path, (None, 0))
        return not is_same(before, value) or self._page.at - at > LEARNED_AGAIN_MS

    def advance(self) -> None:
        """Ask where what is known is not fresh; give what is known to the page and to Kameleoon."""
        if self._state == NOBODY:
            return
        if self._state != LEFT and not self._is_fresh() and self._remote.may_ask():
            self._remote.ask(self._person.identity, self._shape(), self._is_still_needed)
        if self._to_offer:
            self._to_offer = False
            if self._made is None:
                self._made = self._make()
            self._custom_data.publish(self._made)
            self._custom_data.push(clear=self._state in (NEWCOMER, LEFT))

    def forget(self) -> None:
        """Know of nobody, and take their values out of the page: the visitor refused."""
        self._replace(NOBODY)
        self._person = Person("")
        self._custom_data.withdraw()

    def _answered(self, at: float) -> None:
        """Take the moment of the answer, 0 for none; one that is yet to come is not believed."""
        now = self._page.at
        self._answered_at = at if is_past(at, now) else 0
        self._fresh_until = self._page.up + self._fresh_ms - max(now - self._answered_at, 0)

    def _is_fresh(self) -> bool:
        return self._page.up < self._fresh_until

    def _is_still_needed(self) -> bool:
        """Return whether no other tab has the answer by now; take it where one has."""
        kept = self._kept()
        if kept and kept["person"] == self._person.as_kept() and kept["at"] > self._answered_at:
            self._take(kept)
            self._state = PRESENT
            self._made, self._to_offer = None, True
        return self._state in (PRESENT, NEWCOMER) and not self._is_fresh()

    def _heard(self, identity: str, maps: "dict[str, Any]") -> None:
        if identity != self._person.identity or self._state in (NOBODY, LEFT):
            return
        for part, found in maps.items():
            try:
                self._data[part] = self._parsed(part, found)
            except AudienceDataError as problem:
                self._report("remote data, %s: %s" % (part, problem))
        now = self._page.at
        self._answered(now)
        self._state = PRESENT
        remote = self._data.get("identify") or {}
        for path in list(self._learned):
            value, at = self._learned[path]
            if remote.get(path) == value or now - at > LEARNED_MS:
                del self._learned[path]
        self._keep()

    def _parsed(self, part: str, found: "Any") -> "Any":
        if part == "identify":
            return identify_values(found, self._paths)
        return persona_names(found) if part == "personas" else known_names(found)

    def _make(self) -> "tuple[Any, ...]":
        """Return the values by custom data name, what ``k_segmentIO`` gets, and the names of all personas."""
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
            if raw is not None and (source["source"] != "trait" or key not in _NOT_FOR_TRAITS):
                snippets[key] = raw
        return values, snippets, self._data.get("names") or []

    def _look_up(self, source: "dict[str, Any]") -> "tuple[bool, Any, str]":
        """Return whether a source's value is known, the value, and its name in ``k_segmentIO``."""
        if source["source"] == "personas":
            return "personas" in self._data, self._data.get("personas"), "cohorts"
        path = GROUP if source["source"] == "group" else source["trait"]
        key = path or "groupId"
        if path in self._learned:
            return True, self._learned[path][0], key
        return "identify" in self._data, (self._data.get("identify") or {}).get(path), key

    @property
    def trait_names(self) -> "list[str]":
        """Return the traits that are wanted: of an object in them all of it."""
        return self._paths + [path.split(".")[0] for path in self._paths]

    def _shape(self) -> "dict[str, Any]":
        """Return the parts of the maps that are wanted: the rest of a visitor's profile never gets here."""
        traits = dict.fromkeys(self.trait_names, 1)
        return {"personas": 1, "identify": {"groupId": 1, "traits": traits}, "names": {"cohorts": 1}}

    def _recall(self) -> "Person | None":
        """Take what another page left, and return of whom it is."""
        kept = self._kept()
        if kept is None:
            return None
        self._take(kept)
        self._state = kept["state"]
        return Person(*kept["person"])

    def _kept(self) -> "dict[str, Any] | None":
        """Return what is kept, if it is of the present configuration."""
        kept = self._keeper.audience()
        return kept if kept and kept["paths"] == self._paths and kept["state"] in STATES else None

    def _take(self, kept: "dict[str, Any]") -> None:
        self._data = kept["data"]
        self._answered(kept["at"])
        for path in kept["local"]:
            if is_past(kept["local"][path][1], self._page.at):
                self._learned.setdefault(path, kept["local"][path])

    def _keep(self) -> None:
        self._made, self._to_offer = None, True
        self._keeper.keep_audience(
            {
                "person": self._person.as_kept(),
                "data": self._data,
                "local": self._learned,
                "at": self._answered_at,
                "paths": self._paths,
                "state": self._state,
            }
        )
