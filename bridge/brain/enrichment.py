"""The visitor code in every Segment event, where the Kameleoon (Actions) destination reads it.

The brain says which code, and that stands until it says otherwise: no event waits for Python to be asked. Putting it in
is the tag's part.
"""

from bridge.shared.vocabulary import VISITOR_CODE_WAIT_MS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bridge.brain.keeper import Keeper
    from bridge.brain.seam import Page


class Enrichment:
    """Says which visitor code the events of the page's own carry, and whether one waits for a code."""

    def __init__(self, page: "Page", keeper: "Keeper", *, enabled: bool) -> None:
        self._page = page
        self._enabled = enabled
        self._ordered = ""
        self._waiting_since: float | None = None  # the first event that had no visitor code
        if not enabled:
            keeper.forget_order()  # of an earlier configuration

    def order(self, visitor_code: str, consent: "bool | None") -> None:
        """Let events carry the code from now on; none without consent: then it is nobody's business."""
        code = visitor_code if self._enabled and consent else ""
        if code != self._ordered:
            self._ordered = code
            self._page.order(code)

    def holds(self, visitor_code: str, consent: "bool | None", up: float) -> bool:
        """Return whether an event that came at ``up`` waits for a visitor code; none waits for a consent banner."""
        if not self._enabled or visitor_code or consent is False:
            return False
        if self._waiting_since is None:
            self._waiting_since = up
        return up - self._waiting_since < VISITOR_CODE_WAIT_MS
