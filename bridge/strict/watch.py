"""Sits at the seam from the first message on, and keeps what crosses it until the observer is there.

The observer needs pydantic, which is half of what there is to load: the brain does not wait for it.
"""

from collections.abc import Callable

MAX_CROSSINGS = 1000  # that are kept: an observer that never comes costs the page no more
Text = Callable[[str], str]
See = Callable[..., str | None]  # what happened, and its JSON texts; may return another text for the page


class Watch:
    """Passes everything on as it is, and shows it to whoever observes."""

    def __init__(self) -> None:
        self._kept: list[tuple[str, ...]] = []
        self._see: See = self._keep

    def hearing(self, hear: Text) -> Text:
        """Return the brain's ``hear``, watched."""

        def watched(text: str) -> str:
            self._see("told", text)
            answer = hear(text)
            return self._see("answered", text, answer) or answer

        return watched

    def acting(self, act: Text) -> Text:
        """Return the page's ``act``, watched."""

        def watched(text: str) -> str:
            self._see("asked", text)
            answer = act(text)
            self._see("done", text, answer)
            return answer

        return watched

    def hand_over(self, see: See) -> None:
        """Show ``see`` all that was kept, in order, and from now on everything."""
        while self._kept:
            see(*self._kept.pop(0))
        self._see = see

    def _keep(self, *seen: str) -> None:
        if len(self._kept) < MAX_CROSSINGS:
            self._kept.append(seen)


watch = Watch()
