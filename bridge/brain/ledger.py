"""When each variation was last reported: what all pages kept, and what this one has handed over."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bridge.brain.keeper import Keeper
    from bridge.brain.seam import Page

FRESH_MS = 1000  # what is kept is read once in that time: what other tabs kept takes about as long to be seen


class Ledger:
    """Times in ms since 1970, by an activation's key."""

    def __init__(self, page: "Page", keeper: "Keeper") -> None:
        self._page = page
        self._keeper = keeper
        self._kept: dict[str, float] = {}  # as it was read
        self._read_up: float | None = None
        self._handed: dict[str, float] = {}  # by this page
        self._accepted: dict[str, float] = {}  # taken by analytics.js, and to be kept

    def last(self, key: str) -> "float | None":
        """Return when a variation was last reported, None for never."""
        times = [found[key] for found in (self.kept(), self._handed) if key in found]
        return max(times) if times else None

    def has(self, key: str, at: float) -> bool:
        """Return whether this very activation was reported before: by a brain that the page has lost since, say.

        Where the page's clock stands still, another activation has that time, too.
        """
        return self.kept().get(key) == at and self._handed.get(key) != at

    def kept(self) -> "dict[str, float]":
        """Return what is kept."""
        up = self._page.up
        if self._read_up is None or up - self._read_up >= FRESH_MS:
            self._kept, self._read_up = self._keeper.exposures(), up
        return self._kept

    def hand(self, key: str, at: float) -> None:
        """Note what is handed over."""
        self._handed[key] = at

    def dropped(self, key: str, at: float) -> None:
        """Take back what was handed over."""
        if self._handed.get(key) == at:
            del self._handed[key]

    def accepted(self, key: str, at: float) -> None:
        """Note what was taken: it is kept with all others that the same message brings."""
        self._accepted[key] = max(at, self._accepted.get(key, 0))

    def keep(self) -> None:
        """Keep what was noted."""
        if self._accepted:
            self._read_up = None
            times = self.kept()
            for key in self._accepted:
                times[key] = max(self._accepted[key], times.get(key, 0))
            self._accepted = {}
            self._keeper.keep_exposures(times)

    def forget(self) -> None:
        """Know of nothing: the visitor refused."""
        self._read_up = None
        self._handed, self._accepted = {}, {}
