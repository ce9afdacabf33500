"""Stands at the seam, where all is JSON text: reads what enters and leaves the brain, and changes nothing of it."""

import json
from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bridge.brain.precedence import effective
from bridge.models.audience import without_ids
from bridge.models.messages import BRAIN_ANSWERS, PAGE_ANSWERS, named, request_adapter, telling_adapter
from bridge.models.settings import Settings
from bridge.models.violations import Violation, violations
from bridge.shared.rules import SettingsError
from bridge.shared.vocabulary import MAX_ERRORS

MAX_VIOLATIONS = 100  # that are told: a page that floods its console is no easier to read
_SETTINGS: TypeAdapter[Settings] = TypeAdapter(Settings)


class Observer:
    """Checks every message against its model; ``report`` gets each violation, once.

    Nothing is thrown: the brain and the page get the texts that they would get without an observer, but for the
    violations in the answer to ``status``, and ``checked``: how many messages were.
    """

    def __init__(self, built: dict[str, Any], report: Callable[[Violation], None]) -> None:
        self._built = built
        self._report = report
        self._found: list[Violation] = []
        self._checked = 0  # messages to the brain and to the page, but for who asks for the status
        self._checks: dict[str, Callable[..., str | None]] = {
            "told": self._told,
            "answered": self._answered,
            "asked": self._asked,
            "done": self._done,
        }
        self.settings: dict[str, Any] = {}  #: those in force

    def see(self, what: str, *texts: str) -> str | None:
        """Check what crossed the seam; return the answer that the page should have instead, None for the same.

        ``what`` with its JSON texts: ``told`` (the brain), ``answered`` (what it was told, its answer), ``asked`` (the
        page), ``done`` (what it was asked, its answer).
        """
        try:
            return self._checks[what](*texts)
        except Exception as error:  # noqa: BLE001 - nothing may break in a customer's page
            self._note(Violation("strict engine", "", f"{type(error).__name__}: {error}"))
            return None

    def problem(self, what: str) -> None:
        """Note what is wrong with remote data."""
        self._note(Violation("remote", "", what))

    def _told(self, text: str) -> None:
        message = json.loads(text)
        self._checked += message["kind"] != "status"
        if "data" in message:
            message["data"] = without_ids(message["data"])
        self._check(message["kind"], message, telling_adapter(message))
        if message["kind"] == "settings":
            try:
                self.settings = effective(message, self._built)
            except SettingsError as error:
                for problem in error.problems:
                    self._note(Violation("settings", "", problem))
            else:
                self._check("settings", self.settings, _SETTINGS)

    def _answered(self, text: str, answer: str) -> str | None:
        """Check the brain's answer; return another one where violations are asked for."""
        kind = json.loads(text)["kind"]
        if kind not in BRAIN_ANSWERS:
            return None
        told = json.loads(answer)
        self._check(f"{kind} answer", told, BRAIN_ANSWERS[kind])
        if kind != "status":
            return None
        told["errors"] = (told["errors"] + [violation.entry() for violation in self._found])[-MAX_ERRORS:]
        told["checked"] = self._checked
        return json.dumps(told)

    def _asked(self, text: str) -> None:
        request = named(json.loads(text))
        self._checked += 1
        self._check(request.get("path", request["name"]), request, request_adapter(request))

    def _done(self, text: str, answer: str) -> None:
        request = json.loads(text)
        ok, value = json.loads(answer)
        what = request[1] if request[0] == "reach" else request[0]
        if ok and what in PAGE_ANSWERS:
            self._check(f"{what} answer", value, PAGE_ANSWERS[what])

    def _check(self, name: str, data: object, adapter: TypeAdapter[Any]) -> None:
        try:
            adapter.validate_json(json.dumps(data))
        except ValidationError as error:
            for violation in violations(name, data, adapter, error):
                self._note(violation)

    def _note(self, violation: Violation) -> None:
        if violation not in self._found and len(self._found) < MAX_VIOLATIONS:
            self._found.append(violation)
            self._report(violation)
