"""The messages of a session in the order of their times: who caused whom, and which are wanted."""

from bridge.wire.messages import SEGMENT, inside
from bridge.wire.reading import compact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bridge.wire.messages import Message


class Timeline:
    """The last messages, in order."""

    MOST = 500

    def __init__(self) -> None:
        self._messages: list[Message] = []
        self._by_id: dict[str, list[Message]] = {}
        self._by_cause: dict[str, list[Message]] = {}
        self._urls: dict[int, str] = {}  # by page view
        self._texts: dict[int, str] = {}  # that are searched, by number
        self._last = 0  # number of the message that came last

    def add(self, messages: "list[Message]") -> None:
        """Take messages in, each at its place: before what was later, after what was at the same time."""
        for one in messages:
            self._last += 1
            one["n"] = self._last
            place = len(self._messages)
            while place and _is_before(one, self._messages[place - 1]):
                place -= 1
            self._messages.insert(place, one)
            for names, index in ((one["ids"], self._by_id), (one["causes"], self._by_cause)):
                for name in names:
                    index.setdefault(name, []).append(one)
            url = inside(one["data"], "url") if one["lane"] == SEGMENT else None
            if isinstance(url, str) and "://" in url:
                self._urls.setdefault(one["view"], url)
        self._forget(len(self._messages) - self.MOST)

    def clear(self) -> None:
        """Forget all messages; numbers go on."""
        self._messages, self._by_id, self._by_cause, self._texts, self._urls = [], {}, {}, {}, {}

    def all(self) -> "list[Message]":
        """Return all messages, in order."""
        return list(self._messages)

    def wanted(self, lanes: "Any", words: str) -> "list[Message]":
        """Return the messages of these lanes which hold each of these words, in whatever case, somewhere."""
        found = [one for one in self._messages if one["lane"] in lanes]
        for part in words.lower().split():
            found = [one for one in found if part in self._text(one)]
        return found

    def url(self, view: int) -> str:
        """Return the address of a page view, as far as its messages say it, "" where they do not."""
        return self._urls.get(view, "")

    def address(self, view: int) -> str:
        """Return path and query of a page view, "" where no message says them."""
        url = self.url(view)
        return "/" + url.split("://", 1)[1].partition("/")[2] if url else ""

    def cause(self, effect: "Message") -> "Message | None":
        """Return the latest earlier message that has one of a message's causes among its ids."""
        latest = None
        for name in effect["causes"]:
            for one in self._by_id.get(name, ()):
                if _is_before(one, effect) and (latest is None or _is_before(latest, one)):
                    latest = one
        return latest

    def effects(self, cause: "Message") -> "list[Message]":
        """Return the messages that a message caused, in order."""
        found: list[Message] = []
        for name in cause["ids"]:
            for one in self._by_cause.get(name, ()):
                if self.cause(one) is cause and not any(one is other for other in found):
                    found.append(one)
        return sorted(found, key=lambda one: (one["view"], one["at_ms"], one["n"]))

    def _forget(self, count: int) -> None:
        """Forget so many of the earliest messages."""
        for one in self._messages[: max(0, count)]:
            self._texts.pop(one["n"], None)
            for names, index in ((one["ids"], self._by_id), (one["causes"], self._by_cause)):
                for name in names:
                    index[name] = [other for other in index.get(name, ()) if other is not one]
                    if not index[name]:
                        del index[name]
        self._messages = self._messages[max(0, count) :]

    def _text(self, one: "Message") -> str:
        """Return what a message is searched in: all that its card shows first."""
        found = self._texts.get(one["n"])
        if found is None:
            said = [one[name] for name in ("title", "about", "lane", "state")]
            found = self._texts[one["n"]] = " ".join(said + [compact(one["data"])]).lower()
        return found


def _is_before(one: "Message", other: "Message") -> bool:
    return (one["view"], one["at_ms"], one["n"]) < (other["view"], other["at_ms"], other["n"])
