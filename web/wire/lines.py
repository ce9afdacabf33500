"""The rails, and on them a line from each message's cause to its dot."""

from js import document

from bridge.wire.messages import LANES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bridge.wire.messages import Message
    from bridge.wire.timeline import Timeline

# As panel.css has them, in pixels.
_ROW, _HEADING = 28, 30
_FIRST_RAIL, _BETWEEN = 17.5, 18
_TURN = 9
_FAR = 12 * _ROW  # a longer line is but begun
_STUB = 14
_MOST = 50  # lines that are brought out
_SVG = "http://www.w3.org/2000/svg"


class Lines:
    """An image behind the rows."""

    def __init__(self) -> None:
        self.root = document.createElementNS(_SVG, "svg")
        self.root.setAttribute("class", "wire-lines")
        self.root.setAttribute("aria-hidden", "true")
        self._paths = {}
        for name in [lane for lane, _ in LANES] + ["chain"]:
            path = self._paths[name] = document.createElementNS(_SVG, "path")
            path.setAttribute("data-lane", name)
            self.root.append(path)
        self._places: dict[int, float] = {}  # of the dots, by number of the message
        self._timeline: Timeline | None = None

    def draw(
        self,
        keys: "list[str]",
        messages: "dict[str, Message]",
        timeline: "Timeline",
        opened: "Message | None",
        height: float,
    ) -> None:
        """Draw the lines of these rows; ``height`` is that of the card of the one that is open."""
        self._places, self._timeline = {}, timeline
        y = 0.0
        for key in keys:
            one = messages.get(key)
            if one:
                self._places[one["n"]] = y + _ROW / 2
            y += _ROW if one else _HEADING
            if one and one is opened:
                y += height
        self.root.setAttribute("height", str(y))
        parts: dict[str, list[str]] = {lane: [] for lane, _ in LANES}
        for key in keys:
            one = messages.get(key)
            cause = timeline.cause(one) if one else None
            if one and cause:
                parts[cause["lane"]].append(self._line(cause, one, is_whole=False))
        for lane, lines in parts.items():
            self._paths[lane].setAttribute("d", " ".join(lines))
        self.chain(opened)

    def chain(self, one: "Message | None") -> None:
        """Bring out what led to a message, and what it led to."""
        lines: list[str] = []
        timeline = self._timeline
        if one and timeline and one["n"] in self._places:
            effect, cause = one, timeline.cause(one)
            while cause:
                lines.append(self._line(cause, effect, is_whole=True))
                effect, cause = cause, timeline.cause(cause)
            waiting = [one]
            while waiting and len(lines) < _MOST:
                cause = waiting.pop()
                for effect in timeline.effects(cause):
                    lines.append(self._line(cause, effect, is_whole=True))
                    waiting.append(effect)
        self._paths["chain"].setAttribute("d", " ".join(lines))

    def _line(self, cause: "Message", effect: "Message", *, is_whole: bool) -> str:
        """Return the path from a dot down its rail, and over to another; of a far one but the end of it."""
        end = self._places.get(effect["n"])
        if end is None:
            return ""
        start = self._places.get(cause["n"], 0.0 if is_whole else None)
        x, to = _rail(cause["lane"]), _rail(effect["lane"])
        if start is None or (end - start > _FAR and not is_whole):
            start = end - _STUB
        if x == to:
            return "M%.1f %.1fV%.1f" % (x, start, end)
        turn = min(_TURN, max(1, end - start))
        side = _TURN if to > x else -_TURN
        return "M%.1f %.1fV%.1fQ%.1f %.1f %.1f %.1fH%.1f" % (x, start, end - turn, x, end, x + side, end, to)


def _rail(lane: str) -> float:
    return _FIRST_RAIL + _BETWEEN * [name for name, _ in LANES].index(lane)
