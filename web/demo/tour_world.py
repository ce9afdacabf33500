"""What the tour's chapters ask of the page and of the sandbox's log: facts, conditions, and what can be done now."""

from bridge.shared.vocabulary import EXPOSURE_EVENT, IDENTIFIER_EVENT, IDENTIFIER_PROPERTY, VISITOR_CODE
from web.demo.situation import CONSENTS, PERSONA, PLANS
from web.demo.tour_story import VARIATION_B

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from web.demo.situation import Situation

    Row = dict[str, Any]

GOAL = "Add to cart"  # an event of the shop's, and a goal of the project's
_ENTERED, _EXITED = "Audience Entered", "Audience Exited"
_BRIDGES = (EXPOSURE_EVENT, IDENTIFIER_EVENT)


class World:
    """A moment of the page, with what the sandbox has received so far."""

    def __init__(self, now: "Situation", rows: "list[Row]") -> None:
        """Take a situation, with ``welcome``, the text of the banner, and the log's rows, the oldest first."""
        self._now = now
        self._rows = rows
        self.last: int = rows[-1]["n"] if rows else 0

    def fact(self, name: str) -> "Any":
        """Return what is so; None while it cannot be known."""
        now = self._now
        if name == "consent":
            answers = [answer for answer, consent in CONSENTS.items() if consent is now["consent"]]
            return answers[0] if now["started"] else None
        if name == "user":
            return ("in" if now["user"] else "out") if now["segment"] else None
        if name == "audience":
            changes = self._tracks((_ENTERED, _EXITED))
            return bool(changes) and changes[-1]["event"]["event"] == _ENTERED
        if name == "vip":
            return PERSONA in now["personas"] if now["started"] else None
        return now["variation"]

    def can(self, action: str) -> bool:
        """Return whether something can be done now."""
        if action in ("agree", "refuse", "view", "view-with", "view-without"):
            return bool(self._now["started"])
        return action in ("stranger", "show-b") or bool(self._now["segment"])

    def holds(self, condition: str, since: int) -> bool:
        """Return whether a condition holds; ``since`` is the number of the row before which nothing counts for it."""
        return bool(getattr(self, "_" + condition.replace("-", "_"))(since))

    # ---- the conditions

    def _arrived(self, _since: int) -> bool:
        return bool(self._now["segment"] and self._now["code"])

    def _sees_b(self, _since: int) -> bool:
        return bool(self._now["variation"] == VARIATION_B)

    def _exposed(self, _since: int) -> bool:
        exposures = self._tracks((EXPOSURE_EVENT,))
        return any(row["event"]["properties"].get("variation_id") == VARIATION_B for row in exposures)

    def _linked(self, _since: int) -> bool:
        return self._are_delivered(self._tracks((IDENTIFIER_EVENT,)))

    def _known(self, _since: int) -> bool:
        return bool(self._now["known"].get("Subscribed plan") == PLANS[-1])

    def _entered(self, since: int) -> bool:
        return self._are_delivered(self._tracks((_ENTERED,), since))

    def _welcomed(self, since: int) -> bool:
        exposures = self._tracks((EXPOSURE_EVENT,), since)
        kinds = [row["event"]["properties"].get("campaign_type") for row in exposures]
        return bool(self._now["welcome"]) and "personalization" in kinds

    def _converted(self, since: int) -> bool:
        ids = self._ids()
        return any(
            row["kind"] == "conversion" and row["goal"] == GOAL and [one for one in row["ids"] if one in ids]
            for row in self._after(since)
        )

    def _quiet(self, since: int) -> bool:
        own = [row for row in self._tracks((GOAL,), since) if not row["event"]["properties"].get(VISITOR_CODE)]
        return self._now["consent"] is False and bool(own) and not self._tracks(_BRIDGES, since)

    # ---- the log

    def _ids(self) -> "list[str]":
        return [self._now[name] for name in ("code", "anonymous", "user") if self._now[name]]

    def _after(self, since: int) -> "list[Row]":
        return [row for row in self._rows if row["n"] > since]

    def _tracks(self, names: "tuple[str, ...]", since: int = 0) -> "list[Row]":
        """Return what Segment was told of this visitor under these names, each message once."""
        ids = self._ids()
        found = []
        for row in self._after(since):
            if row["kind"] != "track" or row.get("duplicate") or row["event"]["event"] not in names:
                continue
            event = row["event"]
            properties = event.get("properties") or {}
            theirs = (event.get("anonymousId"), properties.get(VISITOR_CODE), properties.get(IDENTIFIER_PROPERTY))
            if [one for one in theirs if one and one in ids]:
                found.append(row)
        return found

    def _are_delivered(self, rows: "list[Row]") -> bool:
        """Return whether Kameleoon has received the last of these."""
        wanted = rows[-1]["event"].get("messageId") if rows else None
        received = [row["body"].get("messageId") for row in self._rows if row["kind"] == "destination.received"]
        return bool(wanted) and wanted in received
