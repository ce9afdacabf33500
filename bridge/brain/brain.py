"""The brain's front door: every message of the ear comes in here, in the order in which things happened."""

import json

from bridge.brain.audience import Audience
from bridge.brain.consent import Consent
from bridge.brain.custom_data import KEPT
from bridge.brain.enrichment import enrichment
from bridge.brain.exposures import Exposures
from bridge.brain.identifier import LOCK as IDENTIFIER_LOCK
from bridge.brain.identifier import Identifier
from bridge.brain.precedence import effective
from bridge.brain.remote import TIMER as REMOTE_TIMER
from bridge.shared.rules import SettingsError
from bridge.shared.vocabulary import CONSOLE_PREFIX, VISITOR_CODE, visitor_code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bridge.brain.seam import Page

_ERRORS_KEPT = 20
_HOPE = 5000  # ms after the first event in which a visitor code is waited for; a blocked Kameleoon costs no more
_SCANS = (0, 500, 2000)  # ms after which hybrid triggers that fire no event are looked for
_SCAN = "scan"


class Brain:
    """Decides. ``hear`` takes a message of the ear as JSON text and returns the answer as JSON text."""

    def __init__(self, page: "Page", built: "dict[str, Any]") -> None:
        self._page = page
        self._built = built
        self._on = False
        self._errors: list[dict[str, Any]] = []
        self._ready = False  # analytics.js is initialized
        self._visitor_code = ""
        self._loaded = False  # a run of the engine has begun and has not said Started yet
        self._scanning = False  # a look for unheard activations is due
        self._anonymous_id = ""
        self._user_id = ""
        self._waiting_since: float | None = None
        self._handlers = {
            "world": self._world,
            "event": self._event,
            "kameleoon": self._kameleoon,
            "command": self._command,
            "exposure": self._told,
            "consent": self._consent_given,
            "reset": self._reset,
            "locked": self._locked,
            "timer": self._timer,
            "remote": self._remote,
        }

    def hear(self, text: str) -> str:
        """Take a message; nothing is thrown, what goes wrong stands in ``status()``."""
        answer = None
        try:
            message = json.loads(text)
            kind = message["kind"]
            if kind == "settings":
                self._start(message)
            elif kind == "status":
                answer = self._status()
            elif self._on and kind in self._handlers:
                answer = self._handlers[kind](message)
                self._advance(message["at"])
        except Exception as error:
            self._report("%s: %s" % (type(error).__name__, error))
        return json.dumps(answer)

    def _report(self, what: str) -> None:
        """Note a problem for ``status()``, once."""
        if {"what": what} not in self._errors:
            self._errors = self._errors[-_ERRORS_KEPT:] + [{"what": what}]

    def _start(self, message: "dict[str, Any]") -> None:
        try:
            settings = effective(message, self._built)
        except SettingsError as error:
            self._report(str(error))
            self._page.call("console.error", ["%s %s" % (CONSOLE_PREFIX, error)], 0)
            return
        self._settings = settings
        self._consent = Consent(settings["consent"])
        self._identifier = Identifier(self._page)
        self._exposures = Exposures(self._page, settings, self._consent)
        self._audience = Audience(self._page, settings, self._report) if settings["custom_data"] else None
        if not self._audience:
            self._page.save(KEPT, None)  # of an earlier configuration
        self._on = True

    def _world(self, message: "dict[str, Any]") -> None:
        """What the ear saw change: Kameleoon's visitor, analytics.js."""
        visitor = message.get("visitor") or {}
        code = visitor_code(visitor.get("code"))
        if code:
            self._consent.visitor(visitor)
            if not self._visitor_code:
                self._scan_soon()
                self._new_run()
            self._visitor_code = code
        if message.get("ready") and not self._ready:
            self._ready = True
            self._who()

    def _event(self, message: "dict[str, Any]") -> "dict[str, Any]":
        """An event in analytics.js's pipeline: say what to set in it, or to hold it."""
        event = message["event"]
        self._identifier.passing(event.get("messageId"))
        if self._ready and (event.get("anonymousId") != self._anonymous_id or event.get("type") == "identify"):
            self._who()
        if self._audience and self._consent.any():
            self._audience.person(self._visitor_code, self._user_id, self._anonymous_id)
            self._audience.learn(event, message["at"])
        if not self._settings["enrich"]:
            return {}
        if self._visitor_code:
            # Without consent the visitor code is nobody's business, and no event waits for a consent banner.
            return {"set": enrichment(event, self._visitor_code)} if self._consent.any() else {}
        if self._waiting_since is None:
            self._waiting_since = message["at"]
        return {"hold": message["at"] - self._waiting_since < _HOPE}

    def _kameleoon(self, message: "dict[str, Any]") -> None:
        """A DOM event of Kameleoon's engine."""
        name, detail = message["name"], message.get("detail") or {}
        if name == "Loaded":
            self._loaded = True
            self._exposures.new_run()
            self._new_run()
        elif name == "Started":
            if not self._loaded:
                self._exposures.new_run()
            self._loaded = False
            self._new_run()
            self._scan_soon()
        elif name == "LegalConsentUpdated":
            self._consent.updated(detail.get("legalConsentUpdate"))
        else:
            kind = "experiment" if name == "ExperimentActivated" else "personalization"
            self._exposures.live(kind, detail.get(kind), detail.get("time"), message["at"])

    def _command(self, message: "dict[str, Any]") -> None:
        """A command of ``kameleoonQueue``: the SDKs' hybrid mode (Kameleoon, hybrid experimentation)."""
        if message["name"].split(".")[-2:] in (["Experiments", "trigger"], ["Experiments", "assignVariation"]):
            self._scan_soon()

    def _told(self, message: "dict[str, Any]") -> None:
        self._exposures.told(message["report"], message["at"])

    def _consent_given(self, message: "dict[str, Any]") -> None:
        self._consent.manual(message["given"])

    def _reset(self, _message: "dict[str, Any]") -> None:
        self._who()

    def _locked(self, message: "dict[str, Any]") -> None:
        if message["name"] == IDENTIFIER_LOCK:
            self._identifier.locked()
        elif self._audience:
            self._audience.locked(message["at"])

    def _remote(self, message: "dict[str, Any]") -> None:
        if self._audience:
            self._audience.heard(message)

    def _timer(self, message: "dict[str, Any]") -> None:
        if message["name"] == _SCAN:
            self._scanning = False
            self._exposures.find(message["at"])
        elif message["name"].startswith(REMOTE_TIMER):
            if self._audience:
                self._audience.timer(message["name"], message["at"])
        else:
            self._identifier.timer(message["name"])

    def _new_run(self) -> None:
        """Kameleoon's custom data is to be looked at again."""
        if self._audience:
            self._audience.new_run()

    def _who(self) -> None:
        """Read who Segment says is here."""
        self._user_id, self._anonymous_id = (
            self._page.call("analytics.user().%s" % name, [])[1] or "" for name in ("id", "anonymousId")
        )
        self._identifier.changed()

    def _scan_soon(self) -> None:
        if not self._scanning:
            self._scanning = True
            for delay in _SCANS:
                self._page.after(delay, _SCAN)

    def _advance(self, now: float) -> None:
        """Send what can be sent now."""
        visitor_code = self._visitor_code if self._ready else ""
        if visitor_code and self._settings["identifier"] and self._consent.any():
            self._identifier.link(visitor_code)
        if self._audience and self._consent.any():
            self._audience.person(self._visitor_code or self._cookie(), self._user_id, self._anonymous_id)
            self._audience.advance(now)
        elif self._audience and self._consent.any() is False:
            self._audience.refuse()
        self._exposures.flush(visitor_code, now)

    def _cookie(self) -> str:
        """Return the visitor code of an earlier page, for one where Kameleoon is not."""
        for cookie in (self._page.read("document.cookie") or "").split("; "):
            if cookie.startswith(VISITOR_CODE + "="):
                return visitor_code(cookie.split("=")[1])
        return ""

    def _status(self) -> "dict[str, Any]":
        status: dict[str, Any] = {"state": "on" if self._on else "off", "errors": self._errors}
        if self._on:
            status["identifier"] = {"linked": self._identifier.linked, "sent": self._identifier.sent}
            status["exposures"] = {
                "sent": self._exposures.sent,
                "held": self._exposures.held(),
                "dropped": self._exposures.dropped,
            }
            status["customData"] = self._audience.values if self._audience else {}
            status["held"] = self._exposures.held()
            status["dropped"] = self._exposures.dropped
        return status
