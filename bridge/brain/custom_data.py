"""Gives the values to Kameleoon, both ways: pushed with ``setCustomData``, and left where acquisition code reads them.

What Kameleoon already has is not set again. What is published stays in the page (``kameleoonSegment.customData``,
``k_segmentIO``) and is kept for the next page view, where it is needed before Python is up.
"""

import json

from bridge.brain.values import is_same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bridge.brain.keeper import Keeper
    from bridge.brain.seam import Page

_SET = "Kameleoon.API.Data.setCustomData"


class CustomData:
    """The configured custom data and what Kameleoon was given of them."""

    def __init__(self, page: "Page", keeper: "Keeper", settings: "dict[str, Any]") -> None:
        self._page = page
        self._keeper = keeper
        self._names = [one["name"] for one in settings["custom_data"]]
        self._consent_mode = settings["consent"]
        self._published: tuple[Any, ...] | None = None
        self._cookies: dict[str, Any] = {}  # when that was
        self._pushed: dict[str, Any] = {}  # in this run of Kameleoon's script
        self._withdrawn: list[str] = []  # names; a script that has only begun does not take it
        self._snippets: dict[str, Any] = {}  # what k_segmentIO has of us
        self.values: dict[str, Any] = {}

    def new_run(self) -> None:
        """Begin a run of Kameleoon's script: page-scope values are gone."""
        self._pushed = {}
        self._take_back()
        self._withdrawn = []

    def publish(self, made: "tuple[Any, ...]") -> None:
        """Leave the values where the page reads them, and keep them for the next one.

        They are values by custom data name, ``k_segmentIO``'s as Kameleoon's snippets keep them there, and all names of
        personas that the project knows.
        """
        self._withdrawn = []
        cookies = self._keeper.identity_cookies()
        if cookies == self._cookies and (made is self._published or is_same(made, self._published)):
            return
        self._published, self._cookies = made, cookies
        answers, snippets, personas = self._show(*made)
        self._keeper.keep_values(answers, snippets, personas, cookies, self._consent_mode)

    def is_overwritten(self) -> bool:
        """Return whether ``k_segmentIO`` has something else than what was published there."""
        ours = json.loads(json.dumps(self._snippets))  # as it comes back: MicroPython rounds to 16 digits
        io = self._page.read("k_segmentIO", dict.fromkeys(ours, 1)) or {}
        return any(io.get(name) not in (None, ours[name]) for name in ours)

    def withdraw(self) -> None:
        """Take everything out of the page and out of Kameleoon, what earlier pages set too: the visitor refused."""
        given = set(self._keeper.value_names())
        given.update(name for name in self._pushed if self._pushed[name] != [])
        self._withdrawn = [name for name in self._names if name in given]
        self._take_back()
        self._pushed = {}
        self._published = None
        self._show({}, {}, [])

    def _take_back(self) -> None:
        for name in self._withdrawn:
            self._page.call(_SET, [name, [], True], 0)

    def push(self, *, clear: bool) -> None:
        """Set in Kameleoon what it has not; ``clear``: also that another person's values are gone."""
        current = self._current()
        for name in self._names:
            if name not in self.values and not clear:
                continue
            value = self.values.get(name, [])
            if name in self._pushed and is_same(self._pushed[name], value):
                continue
            has = name not in self._pushed and _has(current.get(name), value)
            if has or self._page.call(_SET, [name, value, True], 0)[0]:
                self._pushed[name] = value

    def _show(
        self, values: "dict[str, Any]", snippets: "dict[str, Any]", personas: "list[str]"
    ) -> "tuple[dict[str, Any], dict[str, Any], list[Any]]":
        """Leave the values in the page; return them as they are left there."""
        self.values, self._snippets = values, snippets
        answers = {name: {"value": values[name], "overwrite": True} for name in values}
        self._page.publish(answers, snippets, personas)
        return answers, snippets, personas

    def _current(self) -> "dict[str, Any]":
        current: dict[str, Any] = {}
        for path in ("Kameleoon.API.Visitor.customData", "Kameleoon.API.CurrentVisit.customData"):
            found = self._page.read(path)
            if isinstance(found, dict):
                current.update(found)
        return current


def _has(current: "Any", value: "Any") -> bool:
    """Return whether Kameleoon has the value: it keeps texts, and lists in any order."""
    if isinstance(value, list):
        have = current if isinstance(current, list) else [] if current is None else None
        if have is None or len(have) != len(value):
            return False
        return sorted(_text(one) for one in have) == sorted(_text(one) for one in value)
    return current is not None and _text(current) == _text(value)


def _text(value: "Any") -> str:
    return value if isinstance(value, str) else json.dumps(value)
