"""The wire as a panel: a row for each message, its dot on the rail of its lane, a line from what caused it.

Runs on MicroPython with ``js`` alone: in the demo, on the log's page, and in the overlay on customers' pages. Text goes
in through textContent. MicroPython cannot catch what JavaScript throws, so nothing is called here that might.
"""

import json

from js import document, window

from bridge.shared.redaction import Redaction
from bridge.wire.copying import as_test
from bridge.wire.messages import LANES
from bridge.wire.reading import in_lines, pretty
from bridge.wire.sight import FIELDS, LISTS, of_sight, unfit
from bridge.wire.timeline import Timeline
from web.wire.lines import Lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from bridge.wire.messages import Message

_MOST_ROWS = 200
_NEAR_END = 12  # pixels from the end of the list that still count as its end
_KEYS = {"ArrowDown": 1, "ArrowUp": -1, "PageDown": 10, "PageUp": -10, "Home": -9999, "End": 9999}


def element(tag: str, class_name: str = "", text: str = "") -> "Any":
    """Return a new element of the page."""
    made = document.createElement(tag)
    made.className = class_name
    made.textContent = text
    return made


def button(name: str, do: str, class_name: str = "") -> "Any":
    """Return a new button; ``do`` says what a click on it does."""
    made = element("button", class_name, name)
    made.type = "button"
    made.setAttribute("data-do", do)
    return made


class Panel:
    """Fills an element with the wire; ``add`` what happens."""

    def __init__(self, root: "Any") -> None:
        """Put the panel into an element, which is emptied."""
        self._root = root
        #: Returns what is known of the page, as ``bridge.doctor.sight`` has it, without the messages: for "Save".
        self.evidence: Callable[[], dict[str, Any]] = _address
        #: Is told how many messages there are, and the last one, whenever that changes.
        self.told: Callable[[int, Message], None] = _unheard
        self.timeline = self._shown_timeline = Timeline()
        self._lanes = [lane for lane, _ in LANES]
        self._words = ""
        self._cleared = 0  # number of the last message that "Clear" took out of sight
        self._until: int | None = None  # number of the last message that is shown while new ones are not
        self._is_paused = False
        self._top = 0.0  # how far down the list was last
        self._is_due = False
        self._open: Message | None = None
        self._current = 0  # number of the message whose row the Tab key reaches
        self._keys: list[str] = []  # of what the list shows, in order
        self._items: dict[str, Any] = {}  # by key
        self._messages: dict[str, Message] = {}  # by key
        self._build()

    def add(self, messages: "list[Message]") -> None:
        """Show further messages."""
        if messages:
            self.timeline.add(messages)
            self._soon()

    def say(self, text: str) -> None:
        """Show a line above the list, none for ""."""
        if self._note.textContent != text:
            self._note.textContent = text

    # ---- its parts

    def _build(self) -> None:
        root = self._root
        root.replaceChildren()
        root.classList.add("wire-panel")
        lanes = element("div", "wire-lanes")
        lanes.setAttribute("role", "group")
        lanes.setAttribute("aria-label", "Lanes that are shown")
        for lane, name in LANES:
            one = button("", "lane")
            one.setAttribute("data-lane", lane)
            one.setAttribute("aria-pressed", "true")
            one.append(_dot(lane), element("span", "", name))
            lanes.append(one)
        tools = element("div", "wire-tools")
        search = element("input")
        search.type = "search"
        search.placeholder = "Search"
        search.setAttribute("aria-label", "Search the messages")
        self._pause = button("Pause", "pause")
        self._pause.setAttribute("aria-pressed", "false")
        self._file = element("input")
        self._file.type = "file"
        self._file.accept = ".json,application/json"
        self._file.hidden = True
        self._file.setAttribute("aria-label", "Evidence file")
        tools.append(search, self._pause, button("Clear", "clear"), button("Save", "save"), button("Open", "open"))
        tools.append(self._file)
        self._note = element("p", "wire-note")
        self._note.setAttribute("role", "status")
        self._scroller = element("div", "wire-scroll")
        self._lines = Lines()
        self._list = element("ol", "wire-rows")
        self._list.setAttribute("aria-label", "Messages")
        self._empty = element("p", "wire-empty", "Nothing on the wire yet.")
        self._scroller.append(self._lines.root, self._list, self._empty)
        self._new = button("", "follow", "wire-new")
        self._new.hidden = True
        root.append(lanes, tools, self._note, self._scroller, self._new)
        root.addEventListener("click", self._clicked)
        root.addEventListener("keydown", self._pressed)
        root.addEventListener("focusin", self._focused)
        root.addEventListener("mouseover", self._pointed)
        root.addEventListener("mouseleave", self._left)
        root.addEventListener("toggle", self._unfolded, True)  # noqa: FBT003 - it does not bubble
        search.addEventListener("input", self._searched)
        self._file.addEventListener("change", self._chosen)
        self._scroller.addEventListener("scroll", self._scrolled)
        window.ResizeObserver.new(self._resized).observe(self._scroller)

    # ---- what is shown

    def _soon(self) -> None:
        """Show what is new once before the page is painted next."""
        if not self._is_due:
            self._is_due = True
            window.requestAnimationFrame(self._show)

    def _show(self, *_: "Any") -> None:
        self._is_due = False
        timeline = self._shown_timeline
        wanted = [one for one in timeline.wanted(self._lanes, self._words) if one["n"] > self._cleared]
        until = self._until
        shown = wanted if until is None else [one for one in wanted if one["n"] <= until]
        self._tell_new(len(wanted) - len(shown))
        messages = self.timeline.all()
        if messages:
            self.told(len(messages), messages[-1])
        self._fill(shown[-_MOST_ROWS:])
        if self._until is None:
            self._to_end()

    def _to_end(self) -> None:
        self._scroller.scrollTop = self._scroller.scrollHeight
        self._top = self._scroller.scrollTop

    def _tell_new(self, count: int) -> None:
        self._new.hidden = not count
        if count:
            self._new.textContent = "%d new" % count

    def _fill(self, shown: "list[Message]") -> None:
        """Bring the list to these messages, with a heading before each page view; what stays is not touched."""
        keys: list[str] = []
        view = 0
        self._messages = {}
        for one in shown:
            if one["view"] != view:
                view = one["view"]
                keys.append("Page view %d %s" % (view, self._shown_timeline.address(view)))
            keys.append(str(one["n"]))
            self._messages[keys[-1]] = one
        staying = set(keys)
        for key in self._keys:
            if key not in staying:
                self._items.pop(key).remove()
        before = [key for key in self._keys if key in self._items]
        place = 0
        for key in keys:
            if place < len(before) and before[place] == key:
                place += 1
                continue
            item = self._items[key] = self._row(self._messages[key]) if key in self._messages else self._heading(key)
            self._list.insertBefore(item, self._items[before[place]] if place < len(before) else None)
        self._keys = keys
        self._empty.hidden = bool(keys)
        self._empty.textContent = "Nothing matches." if self.timeline.all() else "Nothing on the wire yet."
        if str(self._current) not in self._messages and shown:
            self._reach(shown[-1])
        self._draw()

    def _draw(self) -> None:
        self._lines.draw(self._keys, self._messages, self._shown_timeline, self._open, self._open_height())

    def _open_height(self) -> float:
        card = self._card()
        return card.offsetHeight if card else 0

    def _heading(self, key: str) -> "Any":
        words = key.split(" ", 3)
        made = element("li", "wire-view")
        made.append(element("span", "", " ".join(words[:3])), element("span", "wire-where", " " + words[3]))
        return made

    def _row(self, one: "Message") -> "Any":
        row = button("", "row", "wire-row")
        row.setAttribute("data-n", str(one["n"]))
        row.setAttribute("aria-expanded", "false")
        row.tabIndex = -1
        dot = _dot(one["lane"])
        what = element("span", "wire-what")
        what.append(element("span", "wire-hidden", dict(LANES)[one["lane"]] + ": "), element("b", "", one["title"]))
        if one["about"]:
            what.append(element("span", "wire-about", " " + one["about"]))
        row.append(dot, what)
        if one["state"]:
            row.append(element("span", "wire-state " + one["state"], one["state"]))
        row.append(element("span", "wire-ms", "%d ms" % one["at_ms"]))
        item = element("li", "wire-item")
        item.setAttribute("data-lane", one["lane"])
        item.append(row)
        return item

    # ---- a card

    def _card(self) -> "Any":
        return self._list.querySelector(".wire-card") if self._open else None

    def _turn(self, one: "Message") -> None:
        """Open a message's card, or close it where it is open."""
        is_open = self._open is one
        self._close()
        if not is_open:
            self._open = one
            item = self._items[str(one["n"])]
            item.firstElementChild.setAttribute("aria-expanded", "true")
            card = self._made_card(one)
            item.append(card)
            self._hold()
            for part in (card, item.firstElementChild):
                part.scrollIntoView(_nearest())
        self._draw()
        self._follow_again()

    def _close(self) -> None:
        card = self._card()
        if card:
            card.previousElementSibling.setAttribute("aria-expanded", "false")
            card.remove()
        self._open = None

    def _made_card(self, one: "Message") -> "Any":
        timeline = self._shown_timeline
        card = element("div", "wire-card")
        card.append(_text_box("What matters", pretty(one["data"])))
        cause = timeline.cause(one)
        self._link(card, "Caused by", [cause] if cause else [])
        self._link(card, "Led to", timeline.effects(one))
        buttons = element("div", "wire-buttons")
        buttons.append(button("Copy JSON", "copy-json"))
        if as_test(one, timeline):
            buttons.append(button("Copy as pytest", "copy-test"))
        copied = element("span", "wire-copied")
        copied.setAttribute("role", "status")
        buttons.append(copied)
        more = element("details")
        more.append(element("summary", "", "All of it"))
        card.append(buttons, more)
        return card

    def _link(self, card: "Any", name: str, messages: "list[Message]") -> None:
        if not messages:
            return
        line = element("p", "wire-links")
        line.append(element("span", "", name))
        for one in messages[:8]:
            link = button("", "go")
            link.setAttribute("data-n", str(one["n"]))
            link.append(_dot(one["lane"]), element("span", "", (one["title"] + " " + one["about"])[:60]))
            line.append(link)
        card.append(line)

    def _unfolded(self, event: "Any") -> None:
        """Show all of a message where that was unfolded."""
        if self._open and event.target.tagName == "DETAILS":
            if event.target.childElementCount == 1:
                event.target.append(_text_box("All of it", pretty(self._open["raw"])))
            self._draw()

    def _copy(self, text: str) -> None:
        """Put a text into the clipboard, in each context: an address by http has no other way."""
        area = element("textarea", "wire-hidden")
        area.value = text
        self._root.append(area)
        area.select()
        is_done = document.execCommand("copy")
        area.remove()
        copied = self._root.querySelector(".wire-copied")
        copied.textContent = "Copied" if is_done else "The browser does not copy: select the text above"

    # ---- following what is new

    def _hold(self) -> None:
        """Show nothing new until somebody asks for it."""
        if self._until is None:
            messages = self._shown_timeline.all()
            self._until = max([one["n"] for one in messages]) if messages else 0

    def _follow_again(self) -> None:
        """Show what is new again, where nothing speaks against it."""
        if self._until is not None and not self._is_paused and not self._open and self._is_at_end():
            self._until = None
            self._soon()

    def _is_at_end(self) -> bool:
        box = self._scroller
        return bool(box.scrollHeight - box.scrollTop - box.clientHeight < _NEAR_END)

    def _scrolled(self, _event: "Any") -> None:
        top = self._scroller.scrollTop
        if self._is_at_end():
            self._follow_again()
        elif top < self._top:
            self._hold()
        self._top = top

    def _set_pause(self, is_paused: bool) -> None:  # noqa: FBT001
        self._is_paused = is_paused
        self._pause.setAttribute("aria-pressed", "true" if is_paused else "false")
        self._hold()

    # ---- what its reader does

    def _clicked(self, event: "Any") -> None:
        target = event.target.closest("[data-do]")
        if target:
            do = getattr(self, "_do_" + target.getAttribute("data-do").replace("-", "_"))
            do(target)

    def _do_row(self, target: "Any") -> None:
        one = self._messages[target.getAttribute("data-n")]
        self._reach(one)
        self._turn(one)

    def _do_lane(self, target: "Any") -> None:
        lane = target.getAttribute("data-lane")
        is_shown = lane in self._lanes
        self._lanes = [one for one, _ in LANES if (one == lane) != (one in self._lanes)]
        target.setAttribute("aria-pressed", "false" if is_shown else "true")
        self._refresh()

    def _do_pause(self, _target: "Any") -> None:
        self._set_pause(not self._is_paused)
        if not self._is_paused:
            self._do_follow(None)

    def _do_follow(self, _target: "Any") -> None:
        self._set_pause(False)  # noqa: FBT003
        self._close()
        self._until = None
        self._show()

    def _do_clear(self, _target: "Any") -> None:
        messages = self._shown_timeline.all()
        self._cleared = max([one["n"] for one in messages]) if messages else 0
        self._do_follow(None)

    def _do_save(self, _target: "Any") -> None:
        save(self._sight(), "kameleoon-segment.json")

    def _do_open(self, _target: "Any") -> None:
        self._file.value = ""
        self._file.click()

    def _do_live(self, _target: "Any") -> None:
        self._switch(self.timeline)
        self.say("")

    def _do_go(self, target: "Any") -> None:
        number = int(target.getAttribute("data-n"))
        for one in self._shown_timeline.all():
            if one["n"] == number:
                self._go(one)
                return

    def _do_copy_json(self, _target: "Any") -> None:
        if self._open:
            self._copy(pretty(self._open["raw"]))

    def _do_copy_test(self, _target: "Any") -> None:
        if self._open:
            self._copy(as_test(self._open, self._shown_timeline))

    def _go(self, one: "Message") -> None:
        """Open a message's card, whatever hides its row."""
        self._close()
        if str(one["n"]) not in self._messages:
            self._words, self._cleared = "", 0
            self._root.querySelector("input").value = ""
            self._lanes = [lane for lane, _ in LANES]
            for lane in self._root.querySelectorAll("[data-lane][aria-pressed]"):
                lane.setAttribute("aria-pressed", "true")
            self._hold()
            self._show()
        if str(one["n"]) in self._messages:
            self._turn(one)
            self._focus(one)

    def _searched(self, event: "Any") -> None:
        self._words = event.target.value
        self._refresh()

    def _refresh(self) -> None:
        self._close()
        self._show()
        self._follow_again()

    def _focused(self, event: "Any") -> None:
        row = event.target.closest(".wire-row")
        if row:
            self._chain(row.getAttribute("data-n"))

    def _pointed(self, event: "Any") -> None:
        row = event.target.closest(".wire-row")
        if row:
            self._chain(row.getAttribute("data-n"))

    def _left(self, _event: "Any") -> None:
        self._lines.chain(self._open)

    def _chain(self, key: str) -> None:
        one = self._messages.get(key)
        if one:
            self._lines.chain(one)

    def _pressed(self, event: "Any") -> None:
        row = event.target.closest(".wire-row")
        if event.key == "Escape" and self._open:
            one = self._open
            self._turn(one)
            self._focus(one)
            event.stopPropagation()
        elif row and event.key in _KEYS:
            event.preventDefault()
            rows = [key for key in self._keys if key in self._messages]
            place = rows.index(row.getAttribute("data-n")) + _KEYS[event.key]
            self._focus(self._messages[rows[max(0, min(len(rows) - 1, place))]])

    def _focus(self, one: "Message") -> None:
        self._reach(one)
        row = self._items[str(one["n"])].firstElementChild
        row.focus()
        row.scrollIntoView(_nearest())

    def _reach(self, one: "Message") -> None:
        """Let the Tab key reach this row, and no other."""
        for key, index in ((str(self._current), -1), (str(one["n"]), 0)):
            item = self._items.get(key)
            if item:
                item.firstElementChild.tabIndex = index
        self._current = one["n"]

    def _resized(self, *_: "Any") -> None:
        if self._until is None:
            self._to_end()
        self._draw()

    # ---- files

    def _sight(self) -> "dict[str, Any]":
        """Return the evidence file: what is known of the page, and its messages."""
        sight = self.evidence()
        sight["schema"] = 1
        sight["messages"] = self.timeline.all()
        return Redaction().table(sight)

    def _chosen(self, event: "Any") -> None:
        file = event.target.files.item(0)
        if file:
            name = file.name
            window.Response.new(file).json().then(
                lambda value: self._read(name, value),
                lambda why: self._refuse(name, "must be JSON" if why.name == "SyntaxError" else "cannot be read"),
            )

    def _refuse(self, name: str, problem: str) -> None:
        self.say("%s: %s; give a file that Save or the doctor's --save has written" % (name, problem))

    def _read(self, name: str, value: "Any") -> None:
        """Show a file's value, JavaScript's, in place of what happens now."""
        try:
            sight = _sight(value)
            problem = unfit(sight)
        except (ValueError, RuntimeError, MemoryError):
            problem = "must hold less"
        if problem:
            self._refuse(name, problem)
            return
        timeline = Timeline()
        timeline.add(of_sight(sight))
        self._switch(timeline)
        looked = str(sight.get("looked_at") or "")[:16].replace("T", " ")
        self.say("%s, seen %s" % (name, looked + " UTC" if looked else "at an unknown time"))
        self._note.append(button("Back to live", "live"))

    def _switch(self, timeline: "Timeline") -> None:
        self._shown_timeline = timeline
        self._cleared = 0
        self._close()
        for key in self._keys:
            self._items.pop(key).remove()
        self._keys = []
        self._set_pause(False)  # noqa: FBT003
        self._until = None
        self._show()


def _nearest() -> "Any":
    """Return the options to scroll no further than is needed."""
    return window.JSON.parse('{"block": "nearest"}')


def _unheard(_count: int, _last: "Message") -> None:
    """Nobody wants to know."""


def _address() -> "dict[str, Any]":
    here = str(window.location.href)
    return {"url": here, "final_url": here}


def _sight(value: "Any") -> "Any":
    """Return of an evidence file what is shown, of its lists the end: all may be more than Python has room for."""
    if window.Object(value) is not value or window.Array.isArray(value):
        return None
    found = {name: _python(getattr(value, name)) for name in FIELDS if hasattr(value, name)}
    for name in LISTS:
        part: Any = getattr(value, name, None)
        if window.Array.isArray(part):
            start = max(0, part.length - Timeline.MOST)
            found[name] = [_python(part.at(place)) for place in range(start, part.length)]
        elif hasattr(value, name):
            found[name] = part
    return found


def _python(value: "Any") -> "Any":
    return json.loads(window.JSON.stringify(value))


def save(value: "dict[str, Any]", name: str) -> None:
    """Let the browser keep a value as a file."""
    link = element("a")
    blob = window.Blob.new(window.Array.of(in_lines(value)), window.JSON.parse('{"type": "application/json"}'))
    link.href = window.URL.createObjectURL(blob)
    link.download = name
    link.click()


def _dot(lane: str) -> "Any":
    made = element("i", "wire-dot", dict(LANES)[lane].split()[-1][0])
    made.setAttribute("data-lane", lane)
    made.setAttribute("aria-hidden", "true")
    return made


def _text_box(name: str, text: str) -> "Any":
    made = element("pre", "", text)
    made.tabIndex = 0  # it scrolls
    made.setAttribute("role", "region")
    made.setAttribute("aria-label", name)
    return made
