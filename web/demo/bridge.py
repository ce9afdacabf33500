"""What the bridge says of itself: asked rarely once it runs, since each question crosses its seam."""

from pyscript import window

from web.demo.page import reach, to_python

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FRESH_MS = 2000


class _Bridge:
    def __init__(self) -> None:
        self._said: dict[str, Any] | None = None
        self._at = 0.0

    def status(self) -> "dict[str, Any] | None":
        """Return its status, at most some seconds old; None while there is none in the page."""
        bridge = reach("kameleoonSegment")
        if not bridge:
            return None
        at = window.performance.now()
        if not self._said or self._said["state"] == "starting" or at - self._at > _FRESH_MS:
            self._said, self._at = to_python(bridge.status()), at
        return self._said


status = _Bridge().status
