"""On phones the wire is a sheet from below: closed, its handle says how much there is, and what was last."""

from web.wire.panel import element

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bridge.wire.messages import Message
    from web.wire.panel import Panel


class Sheet:
    """Gives an element a handle, which panel.css shows on narrow screens alone."""

    def __init__(self, root: "Any", panel: "Panel") -> None:
        """Make a sheet of the element that holds the panel."""
        self._root = root
        self._count, self._last = element("b", "", "The wire"), element("span", "wire-last")
        self._handle = element("button", "wire-handle")
        self._handle.type = "button"
        self._handle.setAttribute("aria-expanded", "false")
        self._handle.append(self._count, self._last)
        root.classList.add("wire-sheet")
        root.prepend(self._handle)
        self._handle.addEventListener("click", self._turned)
        root.addEventListener("keydown", self._pressed)
        panel.told = self._tell

    def _tell(self, count: int, last: "Message") -> None:
        self._count.textContent = "1 message" if count == 1 else "%d messages" % count
        self._last.textContent = last["title"] + " " + last["about"]

    def _turned(self, _event: "Any") -> None:
        self._open(self._handle.getAttribute("aria-expanded") == "false")

    def _pressed(self, event: "Any") -> None:
        if event.key == "Escape" and self._handle.getAttribute("aria-expanded") == "true":
            self._open(False)  # noqa: FBT003
            self._handle.focus()

    def _open(self, is_open: bool) -> None:  # noqa: FBT001
        self._handle.setAttribute("aria-expanded", "true" if is_open else "false")
        self._root.classList.toggle("open", is_open)
