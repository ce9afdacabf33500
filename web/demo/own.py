"""Whose a row of the sandbox's log is: others in the room use the same sandbox. Plain Python, for page and tests."""

from bridge.shared.vocabulary import IDENTIFIER_PROPERTY, VISITOR_CODE
from bridge.wire.messages import identity_of, inside, text, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    Row = dict[str, Any]

_MOST_OTHERS = 400  # rows


class Own:
    """The rows of one visitor: those that name them, and those that name nobody."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._others: list[tuple[Row, set[str]]] = []  # so far: what comes later may say whose they are

    def take(self, rows: "list[Row]", ids: "Iterable[str]") -> "list[Row]":
        """Return which of these rows, and of those before them, have turned out to be theirs, the oldest first.

        ``ids`` are those that the visitor has now; a row of theirs tells of others.
        """
        known = len(self._names)
        self._names.update(ids)
        if not rows and len(self._names) == known:
            return []
        waiting = self._others + [(row, _names(row)) for row in rows]
        taken: list[Row] = []
        count = -1
        while count != len(taken):
            count = len(taken)
            others = []
            for row, names in waiting:
                if not names or names & self._names:
                    self._names.update(names)
                    taken.append(row)
                else:
                    others.append((row, names))
            waiting = others
        self._others = waiting[-_MOST_OTHERS:]
        return sorted(taken, key=lambda row: row["n"])


def _names(row: "Row") -> "set[str]":
    """Return what a row says of whose it is: ids of a person, and the event's that it is about."""
    names = [inside(row, "visitorCode"), inside(row, "messageId")] + texts(inside(row, "ids"))
    for event in (inside(row, "event"), inside(row, "body")):
        names += [inside(event, name) for name in ("anonymousId", "userId", "messageId")]
        for field in ("properties", "traits"):
            names += [inside(event, field, name) for name in (VISITOR_CODE, IDENTIFIER_PROPERTY)]
    keys = texts(inside(row, "keys")) + list(inside(row, "maps") or {})
    return {one for one in [text(name) for name in names] + [identity_of(key) for key in keys] if one}
