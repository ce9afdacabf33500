"""What the visitor allows: True (send), None (unknown: hold) or False (drop).

Kameleoon keeps one consent for experiments and one for personalizations; events fire before consent, and the bridge has
to test it by itself (Kameleoon's script of 2026; its documents, consent management).
"""

from bridge.shared.vocabulary import CONSENT_MODULES, EXPERIMENT, PERSONALIZATION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Consent:
    """The visitor's consent in the configured mode: ``kameleoon``, ``manual`` or ``none``."""

    def __init__(self, mode: str) -> None:
        self._mode = mode
        known = True if mode == "none" else None
        self._given: dict[str, bool | None] = {EXPERIMENT: known, PERSONALIZATION: known}

    def of(self, campaign_type: str) -> "bool | None":
        """Return the consent for ``experiment`` or ``personalization`` campaigns."""
        return self._given[campaign_type]

    def any(self) -> "bool | None":
        """Return the consent to link the visitor and to keep anything: one module's yes is enough, or one's no."""
        given = self._given.values()
        return True if True in given else False if False in given else None

    def visitor(self, visitor: "dict[str, Any]") -> None:
        """Take the legal consents of Kameleoon's visitor.

        A script without consent management names none: there is nothing to wait for.
        """
        if self._mode == "kameleoon":
            for kind in self._given:
                self._given[kind] = visitor.get(kind + "LegalConsent", True)

    def updated(self, update: "Any") -> None:
        """Take the detail of ``Kameleoon::LegalConsentUpdated``."""
        if self._mode == "kameleoon" and isinstance(update, dict):
            for module, kind in CONSENT_MODULES.items():
                if module in update:
                    self._given[kind] = update[module]

    def manual(self, given: "Any") -> None:
        """Take the page's own word (``kameleoonSegment.consent``), in the mode that asks for it."""
        if self._mode == "manual":
            for kind in self._given:
                self._given[kind] = bool(given)
