"""Where the tour's card stands: beside what it speaks of, and never on it where there is room."""

_GAP = 16  # pixels between a card and what it speaks of
EDGE = 10  #: pixels between a card and the edge of the window

TYPE_CHECKING = False
if TYPE_CHECKING:
    Box = tuple[float, float, float, float]  # left, top, width, height


def place(target: "Box", card: "tuple[float, float]", window: "tuple[float, float]") -> "tuple[float, float]":
    """Return left and top of a card of this width and height, beside the target or, without room, at the other end.

    Left of what is on the right, where the wire is: the card would hide it. Else below, right, left or above.
    """
    left, top, width, height = target
    wide, high = card
    most_left, most_top = window[0] - wide - EDGE, window[1] - high - EDGE

    def within(value: float, most: float) -> float:
        return max(EDGE, min(value, most))

    beside = within(top, most_top)
    under = within(left + max(0, width - wide), most_left)  # texts begin on the left, and should stay readable
    is_right = left + width / 2 > window[0] / 2
    if is_right and left - _GAP - wide >= EDGE:
        return left - _GAP - wide, beside
    if top + height + _GAP <= most_top:
        return under, top + height + _GAP
    if left + width + _GAP <= most_left:
        return left + width + _GAP, beside
    if left - _GAP - wide >= EDGE:
        return left - _GAP - wide, beside
    if top - _GAP - high >= EDGE:
        return under, top - _GAP - high
    is_low = top + height / 2 > window[1] / 2
    return under, (EDGE if is_low else most_top)
