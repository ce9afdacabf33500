"""Gives the values to Kameleoon, both ways: pushed with ``setCustomData``, and left where acquisition code reads them.

What Kameleoon already has is not set again. What is published stays in the page (``kameleoonSegment.customData``,
``k_segmentIO``) and is kept for the next page view, where it is needed before Python is up.
"""

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bridge.brain.keeper import Keeper
    from bridge.brain.seam import Page

_SET = "Kameleoon.API.Data.setCustomData"


class CustomData:
    """The configured custom data and what Kameleoon was given of them."""

    def __init__(self, page: "Page", keeper: "Keeper", names: "list[str]") -> None:
        self._page = page
        self._keeper = keeper
        self._names = names
        self._published = ""
        self._pushed: dict[str, str] = {}  # in this run of Kameleoon's script
        self._snippets: dict[str, Any] = {}  # what k_segmentIO has of us
        self.values: dict[str, Any] = {}

    def new_run(self) -> None:
        """Begin a run of Kameleoon's script: page-scope values are gone."""
        self._pushed = {}

    def publish(self, values: "dict[str, Any]", snippets: "dict[str, Any]", personas: "list[str]") -> None:
        """Leave the values where the page reads them, and keep them for the next one.

        ``values`` by custom data name, ``snippets`` as Kameleoon's snippets keep them in ``k_segmentIO``, ``personas``
        all names that the project knows.
        """
        cookies = sorted(self._keeper.identity_cookies().items())
        text = json.dumps([sorted(values.items()), sorted(snippets.items()), personas, cookies])
        if text != self._published:
            self._published = text
            self._keeper.keep_values(*self._show(values, snippets, personas))

    def is_overwritten(self) -> bool:
        """Return whether ``k_segmentIO`` has something else than what was published there."""
        ours = json.loads(json.dumps(self._snippets))  # as it comes back: MicroPython rounds to 16 digits
        io = self._page.read("k_segmentIO", dict.fromkeys(ours, 1)) or {}
        return any(io.get(name) not in (None, ours[name]) for name in ours)

    def withdraw(self) -> None:
        """Take everything out of the page and out of Kameleoon: the visitor refused."""
        for name in sorted(self._pushed):
            if self._pushed[name] != json.dumps([]):
                self._page.call(_SET, [name, [], True], 0)
        self._pushed = {}
        self._published = ""
        self._show({}, {}, [])

    def push(self, *, clear: bool) -> None:
        """Set in Kameleoon what it has not; ``clear``: also that another person's values are gone."""
        current = self._current()
        for name in self._names:
            if name not in self.values and not clear:
                continue
            value = self.values.get(name, [])
            text = json.dumps(value)
            if self._pushed.get(name) == text:
                continue
            has = name not in self._pushed and _same(current.get(name), value)
            if has or self._page.call(_SET, [name, value, True], 0)[0]:
                self._pushed[name] = text

    def _show(
        self, values: "dict[str, Any]", snippets: "dict[str, Any]", personas: "list[str]"
    ) -> "tuple[dict[str, Any], dict[str, Any], list[Any]]":
        """Leave the values in the page; return them as they are left there."""
        self.values, self._snippets = values, snippets
        answers = {name: {"value": values[name], "overwrite": True} for name in values}
        choices = [{"value": name, "label": name} for name in personas]
        self._page.publish(answers, snippets, choices)
        return answers, snippets, choices

    def _current(self) -> "dict[str, Any]":
        current: dict[str, Any] = {}
        for path in ("Kameleoon.API.Visitor.customData", "Kameleoon.API.CurrentVisit.customData"):
            found = self._page.read(path)
            if isinstance(found, dict):
                current.update(found)
        return current


def _same(current: "Any", value: "Any") -> bool:
    """Return whether Kameleoon has the value: it keeps texts, and lists in any order."""
    if isinstance(value, list):
        have = current if isinstance(current, list) else [] if current is None else None
        return have is not None and sorted(_text(one) for one in have) == sorted(_text(one) for one in value)
    return current is not None and _text(current) == _text(value)


def _text(value: "Any") -> str:
    return value if isinstance(value, str) else json.dumps(value)
