"""The seam: all that the brain may do to the page goes through here.

Only JSON text crosses it: interpreters convert null, integers and containers differently, and MicroPython wraps
integers at 2^31. What the page does is done by the tag's ``act``, which catches: a JavaScript exception cannot be
caught in MicroPython. Who waits for a timer, a lock or an answer is called back from here.
"""

import json

from bridge.brain.jsontext import dumps, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Moment = Callable[[float], None]  # is called with the time in ms


class Page:
    """What the brain may do to the page, through ``act``: JSON text in, JSON text out."""

    def __init__(self, act: "Callable[[str], str]") -> None:
        self._do = act
        self.at: float = 0  #: the time of what is being told, in ms since 1970: for what is kept or sent
        self.up: float = 0  #: … in ms since the page began, on a clock that nobody sets: for durations
        self._number = 0  # of the last timer, lock or question
        self._waiting: dict[int, Callable[[dict[str, Any]], None]] = {}  # who waits, by number

    def begin(self, message: "dict[str, Any]") -> None:
        """Take the time from what is being told."""
        self.at = message["at"]
        self.up = message["up"]

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

    def cookie(self, name: str) -> "str | None":
        """Return the cookie of that name as it stands, None where there is none."""
        for cookie in (self.read("document.cookie") or "").split("; "):
            if cookie.startswith(name + "="):
                return str(cookie[len(name) + 1 :])
        return None

    def decoded_cookie(self, name: str) -> "str | None":
        """Return the cookie of that name as it was meant, as it stands where that cannot be read."""
        cookie = self.cookie(name)
        ok, text = self.call("decodeURIComponent", [cookie])
        return text if ok and cookie else cookie

    def segment_id(self, name: str) -> str:
        """Return an id of Segment's user, ``id`` or ``anonymousId``; "" where there is none."""
        ok, value = self.call("analytics.user().%s" % name, [])
        return value if ok and isinstance(value, str) else ""

    def kept(self, key: str) -> "tuple[bool, Any]":
        """Return (True, the text in localStorage, None for none), or (False, why it cannot be had)."""
        return self._act(["kept", key])

    def keep(self, key: str, text: str) -> None:
        """Keep a text in localStorage; a long one has to be JSON."""
        self._do('["keep", %s, %s]' % (dumps(key), quoted(text)))

    def forget(self, key: str) -> None:
        """Remove what is kept in localStorage."""
        self._act(["forget", key])

    def order(self, visitor_code: str) -> None:
        """Let each of the page's own events carry this visitor code, "" for none, until another is named."""
        self._act(["order", visitor_code])

    def publish(self, answers: "dict[str, Any]", snippets: "dict[str, Any]", personas: "list[Any]") -> None:
        """Leave custom data where the page reads it: answers by name, ``k_segmentIO``'s content, persona names."""
        self._act(["publish", answers, snippets, personas])

    def after(self, milliseconds: int, then: "Moment") -> int:
        """Call ``then`` with the time in so many milliseconds; returns what ``cancel`` calls it off by."""
        number = self._wait(lambda message: then(message["at"]))
        self._act(["after", number, milliseconds])
        return number

    def cancel(self, timer: int) -> None:
        """Call a timer off: what the page tells of it says nothing."""
        self._waiting.pop(timer, None)

    def called_off(self, message: "dict[str, Any]") -> bool:
        """Return whether this tells of a timer that nobody waits for any more."""
        return message["kind"] == "timer" and message["number"] not in self._waiting

    def lock(self, name: str, then: "Moment") -> int:
        """Ask for the lock that all tabs of the site share; ``then`` is called with the time once it is ours.

        Returns what ``unlock`` gives it back by.
        """
        number = self._wait(lambda message: then(message["at"]))
        self._act(["lock", number, name])
        return number

    def unlock(self, lock: int, milliseconds: int) -> None:
        """Give a lock back after so many milliseconds."""
        self._act(["unlock", lock, milliseconds])

    def retrieve(self, keys: "Any", shape: "Any", address: str, then: "Callable[[dict[str, Any]], None]") -> bool:
        """Ask for remote data; ``then`` is called with the answer: ``at``, and ``data`` or ``problem``.

        ``keys`` is a list, or one key. Asked is Kameleoon's script, or ``address`` (an URL that ends where the keys
        belong) where that is given. Returns False where that cannot be asked.
        """
        return self._act(["retrieve", self._wait(then), keys, shape, address])[0]

    def hear(self, message: "dict[str, Any]") -> None:
        """Call back who waits for this timer, lock or answer."""
        then = self._waiting.pop(message["number"], None)
        if then:
            then(message)

    def _wait(self, then: "Callable[[dict[str, Any]], None]") -> int:
        self._number += 1
        self._waiting[self._number] = then
        return self._number

    def _act(self, request: "list[Any]") -> "tuple[bool, Any]":
        ok, value = json.loads(self._do(dumps(request)))
        return ok, value
