"""The brain's front door: every message of the tag comes in here, in the order in which things happened."""

import json

from bridge.brain.audience import Audience
from bridge.brain.consent import Consent
from bridge.brain.elsewhere import ID_NAMES, Elsewhere
from bridge.brain.enrichment import Enrichment
from bridge.brain.exposure_event import ExposureEvent
from bridge.brain.hints import hints, surroundings
from bridge.brain.identifier import Identifier
from bridge.brain.keeper import Keeper
from bridge.brain.ledger import Ledger
from bridge.brain.outgoing import Outgoing
from bridge.brain.pending import Pending
from bridge.brain.precedence import effective
from bridge.brain.stamps import is_time
from bridge.brain.witnesses import FOUND_SHAPES, Witnesses
from bridge.shared.rules import SettingsError
from bridge.shared.vocabulary import (
    CAMPAIGN_TYPES,
    CONSOLE_PREFIX,
    EXPERIMENT,
    MAX_ERRORS,
    NO_STATUS,
    PERSONALIZATION,
    VISITOR_CODE,
    visitor_code,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bridge.brain.seam import Page

ON = "on"
OFF = "off"  # there are no settings yet, or wrong ones

# Kameleoon's events that tell of an activation, and of what type of campaign.
ACTIVATED = {"ExperimentActivated": EXPERIMENT, "PersonalizationActivated": PERSONALIZATION}

# Where the present run of Kameleoon's script is, as its events say.
NOT_LOADED = "not loaded"
LOADED = "loaded"  # a run has begun, and has not said Started yet
STARTED = "started"

# What may follow from any message, once it has begun: at the start the tag begins one after another, in separate tasks,
# and the last one when all is told that was heard so far.
STEPS = ("identifier", "order", "exposures", "audience")

COOKIE_MS = 1000  # a cookie that was read is not read again for so long


class Brain:
    """Decides. ``hear`` takes a message of the tag as JSON text and returns the answer as JSON text."""

    def __init__(self, page: "Page", built: "dict[str, Any]") -> None:
        self._page = page
        self._built = built
        self._state = OFF
        self._errors: list[dict[str, Any]] = []
        self._segment_ready = False  # analytics.js is initialized
        self._run = NOT_LOADED
        self._visitor_code = ""
        self._anonymous_id = ""
        self._user_id = ""
        self._cookie_code, self._cookie_until = (
            "",
            0.0,
        )  # the visitor code's cookie as it was read, and how long that holds
        self._refused = False  # so all of ours was forgotten
        self._handlers = {
            "world": self._world,
            "event": self._event,
            "kameleoon": self._kameleoon,
            "found": self._found,
            "exposure": self._told,
            "consent": self._consent_given,
            "kept": self._kept,
            "taken": self._taken,
            "leaving": self._leaving,
            "reset": self._reset,
            "locked": self._page.hear,
            "timer": self._page.hear,
            "remote": self._page.hear,
            "begin": self._begin,
        }
        self._steps = {
            "order": self._order,
            "identifier": self._link,
            "audience": self._find_audience,
            "exposures": self._expose,
        }
        self._begun: list[str] = []  # of these

    def hear(self, text: str) -> str:
        """Take a message; nothing is thrown, what goes wrong stands in ``status()``."""
        answer: Any = None
        try:
            message = json.loads(text)
            self._page.begin(message)
            kind = message["kind"]
            if kind == "settings":
                answer = self._start(message)
            elif kind == "status":
                answer = self._status(message["facts"])
            elif self._state == ON and kind in self._handlers and not self._page.called_off(message):
                answer = self._handlers[kind](message)
                for step in self._begun:
                    self._steps[step]()
        except Exception as error:
            self._report("%s: %s" % (type(error).__name__, error))
        return json.dumps(answer)

    def _report(self, what: str) -> None:
        """Note a problem for ``status()``, once."""
        if {"what": what} not in self._errors:
            self._errors = (self._errors + [{"what": what}])[-MAX_ERRORS:]

    def _start(self, message: "dict[str, Any]") -> "dict[str, Any]":
        """Begin with the settings of this page; return the state, and what is to be told: in shapes, nothing more."""
        try:
            settings = effective(message, self._built)
        except SettingsError as error:
            for problem in error.problems[:MAX_ERRORS]:
                self._report(problem)
                self._page.call("console.error", ["%s %s" % (CONSOLE_PREFIX, problem)], 0)
            return {"state": OFF}
        self._settings = settings
        self._keeper = Keeper(self._page, self._report)
        self._consent = Consent(settings["consent"])
        self._enrichment = Enrichment(self._page, self._keeper, enabled=settings["enrich"])
        self._outgoing = Outgoing(self._page, enrich=settings["enrich"])
        self._identifier = Identifier(self._page, self._keeper, self._outgoing, enabled=settings["identifier"])
        event = ExposureEvent(self._page, settings["sitecode"], settings["exposures"])
        ledger = Ledger(self._page, self._keeper)
        self._exposures = Pending(self._page, ledger, self._consent, event, self._outgoing)
        self._witnesses = Witnesses(self._page, ledger, settings["exposures"], self._exposures)
        self._elsewhere = Elsewhere(settings["exposures"])
        self._audience = None
        if settings["custom_data"]:
            self._audience = Audience(self._page, self._keeper, settings, self._report)
        else:
            self._keeper.forget_audience()  # of an earlier configuration
        self._state = ON
        return {
            "state": ON,
            "event": self._event_shape(),
            "found": FOUND_SHAPES,
            "steps": STEPS,
            "debug": settings["debug"],
        }

    def _event_shape(self) -> "dict[str, Any]":
        """Return the parts of an event of the page's that are read: it may be of any size."""
        shape: dict[str, Any] = dict.fromkeys(("type", "messageId", "event", "userId", "anonymousId", "groupId"), 1)
        shape["properties"] = dict.fromkeys((VISITOR_CODE,) + ID_NAMES, 1)
        shape["traits"] = dict.fromkeys([VISITOR_CODE] + (self._audience.trait_names if self._audience else []), 1)
        return shape

    def _world(self, message: "dict[str, Any]") -> None:
        """What the tag saw change: Kameleoon's visitor, analytics.js."""
        visitor = message.get("visitor") or {}
        code = visitor_code(visitor.get("code"))
        if code or False in visitor.values():  # one who refused may have no code
            self._consent.visitor(visitor)
        if code:
            if not self._visitor_code:
                self._new_custom_data()
            self._visitor_code = code
        if message.get("ready") and not self._segment_ready:
            self._segment_ready = True
            self._look_who_is_here()

    def _begin(self, message: "dict[str, Any]") -> None:
        """Another step, with all that is known by now."""
        self._begun.append(message["step"])

    def _event(self, message: "dict[str, Any]") -> "dict[str, Any]":
        """An event in analytics.js's pipeline, or one that was there: say whether it waits for a visitor code."""
        event = message["event"]
        self._identifier.retry()
        self._exposures.retry()
        self._elsewhere.passing(event)
        another = event.get("anonymousId") != self._anonymous_id
        if self._segment_ready and (another or event.get("type") == "identify"):
            self._look_who_is_here()
        if event.get("type") in ("identify", "group"):
            self._learn(event)
        return {"hold": self._enrichment.holds(self._visitor_code, self._consent.any(), self._page.up)}

    def _learn(self, event: "dict[str, Any]") -> None:
        """Learn from an identify or group call of who is here.

        One that was called before ``reset()`` may come after it: it has the anonymous id of who has left.
        """
        if not self._audience or (self._anonymous_id and event.get("anonymousId") != self._anonymous_id):
            return
        allowed = bool(self._consent.any())
        if allowed:
            self._audience.person(self._visitor_code, self._user_id, self._anonymous_id)
        self._audience.learn(event, allowed=allowed)

    def _kameleoon(self, message: "dict[str, Any]") -> None:
        """A DOM event of Kameleoon's script."""
        name, detail = message["name"], message.get("detail") or {}
        at = detail.get("time")
        if name in ACTIVATED:
            self._activated(message)
        elif name == "Loaded":
            self._new_run(LOADED, at, message["at"])
        elif name == "Started":
            if self._run == LOADED:
                self._run = STARTED
                self._new_custom_data()
            else:
                self._new_run(STARTED, at, message["at"])
        elif name == "LegalConsentUpdated":
            self._consent.updated(detail.get("legalConsentUpdate"))

    def _activated(self, message: "dict[str, Any]") -> None:
        """Kameleoon's event of an activation."""
        kind, detail = ACTIVATED[message["name"]], message.get("detail")
        if isinstance(detail, dict):
            number = message.get("number", 0)
            self._witnesses.live(kind, detail.get(kind), detail.get("time"), message["at"], number)

    def _new_run(self, state: str, began: "Any", now: float) -> None:
        """Another run of Kameleoon's script, and so another view: a page load, or its reload in a single-page app."""
        self._run = state
        self._exposures.new_view()
        self._witnesses.new_run(began if is_time(began) else now)
        self._new_custom_data()

    def _found(self, message: "dict[str, Any]") -> None:
        """What Kameleoon's getters say changed; between two runs they may still speak of the last one."""
        if self._run != LOADED:
            self._witnesses.found(message.get("active"), message.get("visit"), message["at"])

    def _told(self, message: "dict[str, Any]") -> None:
        """The body of a custom integration: ``kameleoonSegment.exposure``."""
        self._witnesses.told(message.get("report"), message["at"], message.get("number", 0))

    def _consent_given(self, message: "dict[str, Any]") -> None:
        """The page's own word: ``kameleoonSegment.consent``."""
        self._consent.manual(message["given"])

    def _kept(self, message: "dict[str, Any]") -> None:
        """What an earlier page heard, and had not sent when it was left. The tag kept it where anybody may write."""
        code = visitor_code(message.get("code"))
        self._witnesses.earlier_page(code)
        for one in message["messages"]:
            if not isinstance(one, dict) or not is_time(one.get("at")):
                continue
            if one.get("kind") == "exposure":
                self._told(one)
            elif one.get("name") in ("Loaded", "Started"):
                self._witnesses.earlier_page(code)
            elif one.get("name") in ACTIVATED:
                self._activated(one)
        self._witnesses.earlier_page(None)

    def _taken(self, message: "dict[str, Any]") -> None:
        """Analytics.js took events of ours."""
        self._outgoing.taken(message["ids"])

    def _leaving(self, _message: "dict[str, Any]") -> "dict[str, Any]":
        """The page is being left: say which messages are to be told on the next one."""
        return {"unsent": self._exposures.unsent}

    def _reset(self, _message: "dict[str, Any]") -> None:
        """``analytics.reset()``."""
        self._look_who_is_here()
        if self._audience:
            self._audience.left(allowed=bool(self._consent.any()))

    def _new_custom_data(self) -> None:
        """Kameleoon's custom data is to be looked at again."""
        if self._audience:
            self._audience.new_run()

    def _look_who_is_here(self) -> None:
        """Read who Segment says is here."""
        self._user_id, self._anonymous_id = self._page.segment_id("id"), self._page.segment_id("anonymousId")
        self._identifier.changed()

    def _order(self) -> None:
        """Say which visitor code events carry."""
        self._enrichment.order(self._visitor_code, self._consent.any())

    def _link(self) -> None:
        """Send the identifier, if that can be done now."""
        if self._consent.any() and self._visitor_code and self._segment_ready:
            self._identifier.link(self._visitor_code)

    def _find_audience(self) -> None:
        """Ask for the audience of who is here, and set what is known."""
        if self._consent.any() and self._audience:
            self._audience.person(self._visitor_code or self._code_in_cookie(), self._user_id, self._anonymous_id)
            self._audience.advance()

    def _expose(self) -> None:
        """Send the exposures that can be sent now; forget all where the visitor refused."""
        self._exposures.flush(self._visitor_code if self._segment_ready else "")
        refuses = self._consent.any() is False
        if refuses and not self._refused:
            self._forget()
        self._refused = refuses

    def _code_in_cookie(self) -> str:
        """Return the visitor code that Kameleoon's cookie has, "" for none; looked at once a second."""
        if self._page.up >= self._cookie_until:
            self._cookie_until = self._page.up + COOKIE_MS
            self._cookie_code = visitor_code(self._page.decoded_cookie(VISITOR_CODE))
        return self._cookie_code

    def _forget(self) -> None:
        """Forget everything: the visitor refused."""
        self._outgoing.forget()
        self._identifier.forget()
        self._exposures.forget()
        if self._audience:
            self._audience.forget()
        self._keeper.forget_all()

    def _snippets(self) -> "list[str]":
        """Return what snippets of Kameleoon's help do beside us."""
        found = []
        if self._elsewhere.identifier and self._settings["identifier"]:
            found.append("it sends the identifier")
        if self._audience and self._audience.is_overwritten():
            found.append("it fills k_segmentIO")
        return found

    def _status(self, facts: "dict[str, Any]") -> "dict[str, Any]":
        """Return ``kameleoonSegment.status()``: the tag's ``facts`` (engine, state, versions, …), and ours."""
        status = dict(NO_STATUS)
        status.update(facts)
        if self._state == ON:
            exposures = self._exposures
            status.update(surroundings(self._page, ready=self._segment_ready, visitor_code=self._visitor_code))
            status["sitecode"] = self._settings["sitecode"]
            status["settings"] = self._settings
            status["consent"] = {kind: self._consent.of(kind) for kind in CAMPAIGN_TYPES}
            status["identifier"] = {"linked": self._identifier.linked, "sent": self._identifier.sent}
            status["exposures"] = {"sent": exposures.sent, "held": exposures.held, "dropped": exposures.dropped}
            status["customData"] = self._audience.values if self._audience else {}
            status["held"] = exposures.held
            status["dropped"] = exposures.dropped
            twice = self._elsewhere.twice(exposures.campaigns)
            status["hints"] = hints(status, self._settings, self._page.up, twice, self._snippets())
        status["errors"] = (facts["errors"] + self._errors)[-MAX_ERRORS:]
        return status
