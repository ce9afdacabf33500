"""The seam: all that the brain may do to the page goes through here.

Only JSON text crosses it: interpreters convert null, integers and containers differently, and MicroPython wraps
integers at 2^31. What the page does is done by the ear's ``act``, which catches: a JavaScript exception cannot be
caught in MicroPython.
"""

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Page:
    """What the brain may do to the page, through ``act``: JSON text in, JSON text out.

    Unit tests put another class of this shape in its place.
    """

    def __init__(self, act: "Callable[[str], str]") -> None:
        self._hands = act

    def call(self, path: str, args: "list[Any]", shape: "Any" = 1) -> "tuple[bool, Any]":
        """Call the function at ``path`` below ``window`` (``a.b().c``).

        ``shape`` says which parts of the result are wanted: 0 for none, 1 for all, else names with the shapes of their
        values. Returns (whether it did not throw, the result or the error's text).
        """
        return self._act(["reach", path, shape, args])

    def read(self, path: str, shape: "Any" = 1) -> "Any":
        """Return the value at ``path`` below ``window``, cut to ``shape``; None where there is none."""
        ok, value = self._act(["reach", path, shape])
        return value if ok else None

    def load(self, key: str) -> "Any":
        """Return what ``save`` put there, None where nothing is, or nothing that can be read."""
        try:
            return json.loads(self.call("localStorage.getItem", [key])[1] or "null")
        except (TypeError, ValueError):
            return None

    def save(self, key: str, value: "Any") -> None:
        """Keep a value for other page views and tabs; None removes it."""
        if value is None:
            self.call("localStorage.removeItem", [key])
        else:
            self.call("localStorage.setItem", [key, json.dumps(value)])

    def publish(self, answers: "dict[str, Any]", snippets: "dict[str, Any]", personas: "list[Any]") -> None:
        """Leave custom data where the page reads it: answers by name, ``k_segmentIO``'s content, persona names."""
        self._act(["publish", answers, snippets, personas])

    def retrieve(self, number: int, keys: "list[str]", shape: "Any", address: str) -> bool:
        """Ask for remote data; the ear reports ``remote``. Return False where that cannot be asked.

        Through Kameleoon's engine, or at ``address`` (an URL that ends where the keys belong) where that is given.
        """
        return self._act(["retrieve", number, keys, shape, address])[0]

    def after(self, milliseconds: int, name: str) -> None:
        """Make the ear report ``name`` in so many milliseconds."""
        self._act(["after", milliseconds, name])

    def lock(self, name: str) -> None:
        """Ask for the lock that all tabs of the site share; the ear reports ``locked`` once it is ours."""
        self._act(["lock", name])

    def unlock(self, name: str) -> None:
        """Give the lock back."""
        self._act(["unlock", name])

    def _act(self, request: "list[Any]") -> "tuple[bool, Any]":
        ok, value = json.loads(self._hands(json.dumps(request)))
        return ok, value
