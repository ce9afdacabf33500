"""What the page keeps in localStorage: under which key, of what shape, how much of it, and how it is forgotten.

Anybody may write to a site's storage, and it may be blocked: what is not of the right shape counts as nothing.
"""

import json

from bridge.brain.jsontext import dumps
from bridge.brain.stamps import is_past
from bridge.shared.vocabulary import (
    AUDIENCE_KEY,
    EXPOSURES_KEY,
    HEARD_KEY,
    LINKED_KEY,
    MAX_KEPT,
    ORDER_KEY,
    PAIRS_KEY,
    SEGMENT_ID_COOKIES,
    VALUES_KEY,
    VISITOR_CODE,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from bridge.brain.seam import Page

MAX_PAIRS = 20  # the latest
MAX_EXPOSURES = 200  # the latest
_AUDIENCE_KINDS = (
    ("person", list),
    ("data", dict),
    ("local", dict),
    ("paths", list),
    ("at", (int, float)),
    ("state", str),
)


class Keeper:
    """Keeps, gives back, forgets."""

    def __init__(self, page: "Page", report: "Callable[[str], None]") -> None:
        self._page = page
        self._report = report

    # ---- who is linked: LINKED_KEY holds the anonymous id that was linked last, as Kameleoon's own snippet left it;
    # PAIRS_KEY a list of [anonymous id, visitor code]

    def linked_id(self) -> "str | None":
        """Return the anonymous id that was linked last, by whatever snippet."""
        found = self._read(LINKED_KEY)
        return found if isinstance(found, str) else None

    def pairs(self) -> "list[list[str]]":
        """Return the pairs of anonymous id and visitor code that are linked."""
        found = self._load(PAIRS_KEY)
        if not isinstance(found, list):
            return []
        return [one for one in found if isinstance(one, list) and len(one) == len(("anonymous id", "visitor code"))]

    def keep_pair(self, anonymous_id: str, visitor_code: str) -> None:
        """Keep a pair that is linked."""
        self._save(PAIRS_KEY, (self.pairs() + [[anonymous_id, visitor_code]])[-MAX_PAIRS:])

    def keep_linked_id(self, anonymous_id: str) -> None:
        """Keep which anonymous id was linked last, where Kameleoon's own snippet looks for it."""
        self._page.keep(LINKED_KEY, anonymous_id)

    # ---- exposures: when each variation was last sent, in ms, by key

    def exposures(self) -> "dict[str, float]":
        """Return when each variation was last sent."""
        found = self._load(EXPOSURES_KEY)
        now = self._page.at
        return {key: found[key] for key in found if is_past(found[key], now)} if isinstance(found, dict) else {}

    def keep_exposures(self, times: "dict[str, float]") -> None:
        """Keep when each variation was last sent."""
        latest = sorted(times, key=lambda key: times[key])[-MAX_EXPOSURES:]
        self._save(EXPOSURES_KEY, {key: times[key] for key in latest})

    # ---- audience data: of whom, what remote data said and when, what the page learned, for which traits

    def audience(self) -> "dict[str, Any] | None":
        """Return ``{person, data, at, local, paths, state}`` as it was kept, None for nothing."""
        found = self._load(AUDIENCE_KEY)
        if not isinstance(found, dict) or not all(isinstance(found.get(name), kind) for name, kind in _AUDIENCE_KINDS):
            return None
        texts = len(found["person"]) == len(("identity", "user id", "anonymous id")) and all(
            isinstance(one, str) for one in found["person"]
        )
        learned = all(isinstance(one, list) and len(one) == len(("value", "at")) for one in found["local"].values())
        return found if texts and learned else None

    def keep_audience(self, known: "dict[str, Any]") -> None:
        """Keep audience data for the next page and for other tabs."""
        self._save(AUDIENCE_KEY, known)

    def keep_values(
        self,
        answers: "dict[str, Any]",
        snippets: "dict[str, Any]",
        personas: "list[str]",
        cookies: "dict[str, Any]",
        mode: str,
    ) -> None:
        """Keep what the page reads for the next one: the tag shows it there before the brain is up.

        It does so only where consent is known to be given, in the ``mode`` of the settings, and while the ``cookies``
        that say who is here read the same: another person's values are not shown.
        """
        kept = {"values": answers, "snippets": snippets, "personas": personas, "cookies": cookies, "mode": mode}
        self._save(VALUES_KEY, kept)

    def value_names(self) -> "list[str]":
        """Return the custom data of which a value is kept."""
        kept = self._load(VALUES_KEY)
        values = kept.get("values") if isinstance(kept, dict) else None
        if not isinstance(values, dict):
            return []
        return [name for name in values if isinstance(values[name], dict) and values[name].get("value") != []]

    def identity_cookies(self) -> "dict[str, str | None]":
        """Return the cookies that say who is here, as they stand, by name."""
        return {name: self._page.cookie(name) for name in (VISITOR_CODE,) + SEGMENT_ID_COOKIES}

    # ---- forgetting

    def forget_audience(self) -> None:
        """Forget what is known of the person."""
        self._forget(AUDIENCE_KEY, VALUES_KEY)

    def forget_order(self) -> None:
        """Forget which visitor code the next page's first events carry: the tag keeps it."""
        self._forget(ORDER_KEY)

    def forget_all(self) -> None:
        """Forget everything: nothing of ours is left in the site's storage."""
        self.forget_audience()
        self._forget(LINKED_KEY, PAIRS_KEY, EXPOSURES_KEY, HEARD_KEY, ORDER_KEY)

    def _read(self, key: str) -> "Any":
        ok, found = self._page.kept(key)
        if not ok:  # storage is blocked, or it is too long
            self._report("localStorage: %s" % found)
        return found if ok else None

    def _load(self, key: str) -> "Any":
        try:
            return json.loads(self._read(key) or "null")
        except (TypeError, ValueError):
            return None

    def _save(self, key: str, value: "Any") -> None:
        text = dumps(value)
        if len(text) > MAX_KEPT:
            self._report("%s: %d characters are too many to keep; accepted: up to %d" % (key, len(text), MAX_KEPT))
            self._forget(key)
        else:
            self._page.keep(key, text)

    def _forget(self, *keys: str) -> None:
        for key in keys:
            self._page.forget(key)
