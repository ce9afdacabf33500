"""Reads the maps of Kameleoon's remote data: one request for all keys, one tab at a time, a bounded number of tries.

``COHORTS_<id>`` holds personas, ``IDENTIFY_<id>`` traits and group id, ``common`` all persona names (Kameleoon help,
"Integrate Kameleoon with Segment", step 5).
"""

import random

from bridge.shared.vocabulary import COMMON_KEY, DATA_HOST, cohorts_key, identify_key, origin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from bridge.brain.seam import Page

LOCK = "k_segmentio_remote"
TIMER = "remote"
_PATIENCE = 10_000  # ms for an answer
_TRIES = 3
_PAUSE = 1000  # ms before another try, doubled each time, times 1 to 2
_REST = 60_000  # ms before asking again after the last try


class Remote:
    """Asks; ``done`` takes (id, {"personas", "identify", "names": map}, time) when the answer is sure."""

    def __init__(
        self,
        page: "Page",
        site_code: str,
        host: "str | None",
        done: "Callable[[str, dict[str, Any], float], None]",
        report: "Callable[[str], None]",
    ) -> None:
        self._page = page
        self._report = report
        self._site_code = site_code
        self._host = host
        self._done = done
        self._identity = ""
        self._shape: dict[str, Any] = {}
        self._number = 0  # of the request that is under way
        self._asking = False
        self._direct = False  # past Kameleoon's engine
        self._tries = 0
        self._not_before: float = 0

    def may_ask(self, now: float) -> bool:
        """Return whether a request may begin."""
        return not self._asking and now >= self._not_before

    def ask(self, identity: str, shape: "dict[str, Any]") -> None:
        """Ask for the maps of ``identity`` as soon as no other tab does."""
        keys = {"personas": cohorts_key(identity), "identify": identify_key(identity), "names": COMMON_KEY}
        self._keys = keys
        self._identity = identity
        self._shape = {keys[part]: shape[part] for part in keys}
        self._asking = True
        self._page.lock(LOCK)

    def go(self, now: float) -> None:
        """Send the request: through Kameleoon's engine, or to the Data API where there is none."""
        self._number += 1
        self._page.after(_PATIENCE, "%s %d" % (TIMER, self._number))
        keys = [self._keys[part] for part in sorted(self._keys)]
        if self._direct or not self._page.retrieve(self._number, keys, self._shape, ""):
            address = "%s/map/maps?siteCode=%s&keys=" % (origin(self._host or DATA_HOST), self._site_code)
            if not self._page.retrieve(self._number, keys, self._shape, address):
                self._failed("cannot be asked", now)

    def heard(self, message: "dict[str, Any]") -> None:
        """Take an answer.

        Kameleoon's engine answers ``{}`` for "nothing stored" and for "failed" alike (engine 2026): only one that has
        any of the asked maps, ``common`` among them, is sure.
        """
        if not self._asking or message.get("number") != self._number:
            return
        data = message.get("data")
        if message.get("problem") or not isinstance(data, dict):
            self._failed(message.get("problem") or "the answer is no map of maps", message["at"])
        elif not self._direct and not any(key in data for key in self._keys.values()):
            self._direct = self._host is not None  # another way to ask, where the customer names one
            self._again(message["at"], 0 if self._direct else _REST)  # else most likely nothing is stored at all
        else:
            self.stop()
            self._tries = 0
            maps = {part: data.get(key, {}) for part, key in self._keys.items()}
            self._done(self._identity, maps, message["at"])

    def timer(self, name: str, now: float) -> None:
        """Give up a request that has no answer."""
        if self._asking and name == "%s %d" % (TIMER, self._number):
            self._failed("no answer in %d s" % (_PATIENCE // 1000), now)

    def stop(self) -> None:
        """End the request; other tabs may ask."""
        self._asking = False
        self._page.unlock(LOCK)

    def _failed(self, problem: str, now: float) -> None:
        self._report("remote data: %s; what is known stays" % problem)
        self._tries = (self._tries + 1) % _TRIES
        pause = _PAUSE * 2 ** (self._tries - 1) * (1 + random.random())  # noqa: S311 - tabs should not retry together
        self._again(now, pause if self._tries else _REST)

    def _again(self, now: float, pause: float) -> None:
        self.stop()
        self._not_before = now + pause
        self._page.after(int(pause) + 1, TIMER)
