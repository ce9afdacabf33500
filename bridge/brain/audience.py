"""Audience data: what Segment knows of the person at the browser, as values of the configured custom data.

Personas, traits and group come from Kameleoon's remote data (Kameleoon help, "Integrate Kameleoon with Segment", step
5); what the page itself learns from an identify or group call counts at once, until remote data confirms it.
"""

from bridge.brain.custom_data import CustomData
from bridge.brain.person import Person
from bridge.brain.remote import Remote
from bridge.brain.values import AudienceDataError, custom_data_value, identify_values, known_names, persona_names, trait

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from bridge.brain.keeper import Keeper
    from bridge.brain.seam import Page

GROUP = ""  # stands for the group where traits go by their paths
MIN_FRESH_MS = 1000  # data are fresh for so long in any case: an answer is no reason to ask again
LEARNED_MS = 3_600_000  # what the page learned stands for so long against remote data that say otherwise

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
        self._keeper = keeper
        self._report = report
        self._sources = settings["custom_data"]
        self._by_segment = settings["user_id"] == "segment"
        self._fresh_ms: int = max(settings["remote"]["ttl"] * 1000, MIN_FRESH_MS)
        self._paths = sorted(one["trait"] for one in self._sources if one["source"] == "trait")
        self._custom_data = CustomData(page, keeper, [one["name"] for one in self._sources])
        self._remote = Remote(page, settings["sitecode"], settings["remote"]["data_host"], self._answered, report)
        self._state = NOBODY
        self._person = Person("")
        self._data: dict[str, Any] = {}  # the last sure answer
        self._answered_at: float = 0
        self._learned: dict[str, list[Any]] = {}  # what the page learned, and when, by path
        self._to_offer = True  # the values have to be given out anew

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
        if self._state == NOBODY:
            self._state = PRESENT
            before = self._recall() or Person(identity)
        else:
            before = self._person
        if not anonymous_id:  # analytics.js has not said yet
            user_id, anonymous_id = before.user_id, before.anonymous_id
        self._person = Person(identity, user_id, anonymous_id)
        if self._person.as_kept() == before.as_kept():
            return
        if self._state == LEFT and identity == before.identity and not user_id:
            pass  # the new anonymous id names nobody
        elif self._state == LEFT or not before.is_same_as(self._person):
            self._replace(LEFT if self._has_left_elsewhere() else NEWCOMER)
        elif before.user_id != self._person.user_id:
            self._answered_at = 0  # logged in: what is known stays, and is read again
        self._keep()

    def left(self) -> None:
        """Say that whoever was here has left: ``analytics.reset()``."""
        if self._state != NOBODY:
            self._replace(LEFT)
            self._keep()

    def _replace(self, state: str) -> None:
        self._data, self._learned, self._answered_at = {}, {}, 0
        self._state = state

    def _has_left_elsewhere(self) -> bool:
        """Return whether another tab heard that who was here has left, and nothing since."""
        kept = self._kept()
        return bool(kept and kept["state"] == LEFT and kept["person"] == self._person.as_kept())

    def learn(self, event: "dict[str, Any]", now: float) -> None:
        """Take what an identify or group call says of this person."""
        if self._state == LEFT and event.get("type") == "identify":
            self._state = NEWCOMER
            self._keep()
        learned = {}
        if event.get("type") == "identify":
            learned = {path: trait(event.get("traits"), path) for path in self._paths}
        elif event.get("type") == "group":
            learned = {GROUP: event.get("groupId")}
        for path in learned:
            if learned[path] is not None:
                self._learned[path] = [learned[path], now]
        if learned and self._state != NOBODY:
            self._keep()

    def advance(self, now: float) -> None:
        """Ask where what is known is not fresh; give what is known to the page and to Kameleoon."""
        if self._state == NOBODY:
            return
        if self._state != LEFT and not self._is_fresh(now) and self._remote.may_ask(now):
            self._remote.ask(self._person.identity, self._shape(), self._is_still_needed)
        if self._to_offer:
            self._to_offer = False
            self._offer()

    def forget(self) -> None:
        """Know of nobody, and take their values out of the page: the visitor refused."""
        self._replace(NOBODY)
        self._person = Person("")
        self._to_offer = True  # to who is here next
        self._custom_data.withdraw()

    def _is_fresh(self, now: float) -> bool:
        return now - self._answered_at < self._fresh_ms

    def _is_still_needed(self, now: float) -> bool:
        """Return whether no other tab has the answer by now; take it where one has."""
        kept = self._kept()
        if kept and kept["person"] == self._person.as_kept() and kept["at"] > self._answered_at:
            self._take(kept)
            self._state = PRESENT
            self._to_offer = True
        return self._state in (PRESENT, NEWCOMER) and not self._is_fresh(now)

    def _answered(self, identity: str, maps: "dict[str, Any]", now: float) -> None:
        if identity != self._person.identity or self._state in (NOBODY, LEFT):
            return
        for part, found in maps.items():
            try:
                self._data[part] = self._parsed(part, found)
            except AudienceDataError as problem:
                self._report("remote data, %s: %s" % (part, problem))
        self._answered_at = now
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
            if raw is not None and (source["source"] != "trait" or key not in _NOT_FOR_TRAITS):
                snippets[key] = raw
        self._custom_data.publish(values, snippets, self._data.get("names") or [])
        self._custom_data.push(clear=self._state in (NEWCOMER, LEFT))

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
        self._data, self._answered_at = kept["data"], kept["at"]
        for path in kept["local"]:
            self._learned.setdefault(path, kept["local"][path])

    def _keep(self) -> None:
        self._to_offer = True
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
