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
ANSWER_WITHIN_MS = 10_000
NO_ANSWER = "no answer in %d s" % (ANSWER_WITHIN_MS // 1000)
MAX_TRIES = 3
FIRST_PAUSE_MS = 1000  # before another try, doubled each time, times 1 to 2
REST_AFTER_TRIES_MS = 60_000  # before asking again after the last try
SEEN_BY_TABS_MS = 200  # until other tabs see the answer that was stored

# The ways to ask, in this order, as long as no answer is sure.
BY_LIST = "by Kameleoon's script, all keys in one list"  # where the page has no script, the Data API is asked
BY_KEY = "by Kameleoon's script, key by key"  # those up to 2022 know no lists: they answer {} to one
BY_DATA_API = "by the Data API"  # where the customer names one


class _Request:
    """A request for the maps of one person; ``parts`` names each map's key, ``shape`` what is wanted of it."""

    def __init__(self, identity: str, shape: "dict[str, Any]") -> None:
        self.identity = identity
        self.parts = {"personas": cohorts_key(identity), "identify": identify_key(identity), "names": COMMON_KEY}
        self.shape = {self.parts[part]: shape[part] for part in self.parts}
        self.lock = 0
        self.timer = 0
        self.answers: dict[str, Any] = {}  # by key, where each key is asked for by itself


class Remote:
    """Asks; ``done`` takes (id, {part: map}) when the answer is sure: "personas", "identify", "names".

    A part of which nothing came is left out.
    """

    def __init__(
        self,
        page: "Page",
        site_code: str,
        host: "str | None",
        done: "Callable[[str, dict[str, Any]], None]",
        report: "Callable[[str], None]",
    ) -> None:
        self._page = page
        self._report = report
        self._site_code = site_code
        self._host = host
        self._done = done
        self._request: _Request | None = None
        self._way = BY_LIST
        self._tries = 0
        self._not_before: float = 0  # on the page's own clock

    def may_ask(self) -> bool:
        """Return whether a request may begin."""
        return self._request is None and self._page.up >= self._not_before

    def ask(self, identity: str, shape: "dict[str, Any]", still_needed: "Callable[[], bool]") -> None:
        """Ask for the maps of ``identity`` as soon as no other tab does, if they are still needed then."""
        request = self._request = _Request(identity, shape)

        def locked(_now: float) -> None:
            if still_needed():
                self._send(request)
            else:  # another tab had the answer
                self._end(request)

        request.lock = self._page.lock(LOCK, locked)

    def _send(self, request: _Request) -> None:
        """Send the request: by Kameleoon's script, or to the Data API where there is none."""
        request.timer = self._page.after(ANSWER_WITHIN_MS, lambda _now: self._give_up(request))
        keys = [request.parts[part] for part in sorted(request.parts)]
        if self._way != BY_DATA_API and self._ask_kameleoon(request, keys):
            return
        address = "%s/map/maps?siteCode=%s&keys=" % (origin(self._host or DATA_HOST), self._site_code)
        if not self._page.retrieve(keys, request.shape, address, lambda answer: self._heard(request, answer)):
            self._failed(request, "cannot be asked")

    def _ask_kameleoon(self, request: _Request, keys: "list[str]") -> bool:
        """Ask Kameleoon's script; return False where there is none."""
        if self._way == BY_LIST:
            return self._page.retrieve(keys, request.shape, "", lambda answer: self._heard(request, answer))
        return all(self._ask_for(key, request) for key in keys)

    def _ask_for(self, key: str, request: _Request) -> bool:
        return self._page.retrieve(key, request.shape[key], "", lambda answer: self._heard_of(key, request, answer))

    def _heard_of(self, key: str, request: _Request, answer: "dict[str, Any]") -> None:
        """Take the answer for one key."""
        request.answers[key] = answer.get("data") or {}
        if len(request.answers) == len(request.parts):
            self._heard_each(request)

    def _heard_each(self, request: _Request) -> None:
        """Take the answers for single keys; of a key that has none, what is known stays."""
        if request is not self._request:
            return  # it was given up
        if any(request.answers.values()):
            self._take(request, request.answers)
        else:
            self._try_another_way(request)

    def _heard(self, request: _Request, answer: "dict[str, Any]") -> None:
        """Take the answer for all keys.

        Kameleoon's script answers ``{}`` for "nothing stored" and for "failed" alike (its build of 2026): only an
        answer that has any of the asked maps, ``common`` among them, is sure.
        """
        if request is not self._request:
            return  # it was given up
        data = answer.get("data")
        if answer.get("problem") or not isinstance(data, dict):
            self._failed(request, answer.get("problem") or "the answer is no map of maps")
        elif self._way != BY_DATA_API and not any(key in data for key in request.parts.values()):
            self._try_another_way(request)
        else:
            self._take(request, {key: data.get(key, {}) for key in request.parts.values()})

    def _take(self, request: _Request, maps: "dict[str, Any]") -> None:
        if self._way == BY_KEY:
            self._way = BY_LIST  # it may have been a failure
        self._end(request)
        self._tries = 0
        self._done(request.identity, {part: maps[key] for part, key in request.parts.items() if key in maps})

    def _try_another_way(self, request: _Request) -> None:
        if self._way == BY_LIST:
            self._way = BY_KEY
            self._again(request, 0)
        elif self._host is None:  # most likely nothing is stored at all
            self._way = BY_LIST
            self._again(request, REST_AFTER_TRIES_MS)
        else:
            self._way = BY_DATA_API
            self._again(request, 0)

    def _give_up(self, request: _Request) -> None:
        if any(request.answers.values()):
            self._say(NO_ANSWER)
            self._heard_each(request)
        else:
            self._failed(request, NO_ANSWER)

    def _say(self, problem: str) -> None:
        self._report("remote data: %s; what is known stays" % problem)

    def _failed(self, request: _Request, problem: str) -> None:
        self._say(problem)
        self._tries = (self._tries + 1) % MAX_TRIES
        pause = FIRST_PAUSE_MS * 2 ** (self._tries - 1) * (1 + random.random())  # noqa: S311 - tabs should not retry together
        self._again(request, pause if self._tries else REST_AFTER_TRIES_MS)

    def _again(self, request: _Request, pause: float) -> None:
        """Let the next request begin after a pause in ms."""
        self._end(request)
        self._not_before = self._page.up + pause
        self._page.after(int(pause) + 1, lambda _now: None)  # whatever the page tells then, the brain looks again

    def _end(self, request: _Request) -> None:
        self._request = None
        self._page.cancel(request.timer)
        self._page.unlock(request.lock, SEEN_BY_TABS_MS)
