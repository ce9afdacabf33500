"""The tour in the page: its card beside what it speaks of, its keys, and what it does to the shop's visitor."""

import asyncio

from pyscript import document, when, window

from web.demo import actions
from web.demo.bar import bar
from web.demo.now import situation
from web.demo.page import by_id, say
from web.demo.record import record
from web.demo.tour_place import EDGE, place
from web.demo.tour_player import DONE, OFF, PREPARING, SHOWING, Player
from web.demo.tour_story import OTHER_PRODUCT, PRODUCT, REMEDIES, STEPS
from web.demo.tour_world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_KEY = "demo-tour"  # of the tab's storage
_BETWEEN_TICKS = 0.15  # seconds
_LONGEST_TICK_MS = 1000  # a laptop that slept has not read
_SHEET_MS = 300  # that the wire's sheet takes to move
_RING = 6  # pixels around what is spoken of


class Tour:
    """The tour: the player, and what is seen of it."""

    def __init__(self) -> None:
        self._player = Player(STEPS, REMEDIES)
        self._shown = ""  # the chapter whose text is shown
        self._is_sheet_due = self._is_row_due = False  # to be brought into sight for this chapter, once
        self._is_row_brought = False
        self._quiet_until = 0.0  # while the wire's sheet moves
        self._ticked = window.performance.now()
        self._kept = ""

    def begin(self) -> None:
        """Go on where the last page view was left, or begin where the address says so."""
        address = window.URL.new(window.location.href)
        asked = address.searchParams
        if asked.has("tour"):
            pace, patience = _number(asked.get("pace"), 1), _number(asked.get("patience"), 15)
            for name in ("tour", "pace", "patience"):
                asked.delete(name)
            window.history.replaceState(None, "", address.pathname + address.search)
            self.start(pace, patience)
        elif _tab():
            self._player.resume(_tab().getItem(_KEY) or "")
        self._show_whole()

    def start(self, pace: float = 1, patience: float = 15) -> None:
        """Begin the story; ``pace`` is how many times as fast as usual, ``patience`` in seconds."""
        self._player.start(pace, patience * 1000)
        self._show_whole()

    async def play(self) -> None:
        """Play, as long as the page is there."""
        while True:
            now = window.performance.now()
            passed, self._ticked = min(now - self._ticked, _LONGEST_TICK_MS), now
            if self._player.state != OFF and document.visibilityState == "visible":
                action = self._player.tick(passed, World(_situation(), record.rows))
                self.keep()
                self.show()
                if action:
                    await self._do(action)
            await asyncio.sleep(_BETWEEN_TICKS)

    async def _do(self, action: str) -> None:
        doing = _ACTIONS[action]()
        if doing:
            await bar.do("The tour is at it", doing)
        self._ticked = window.performance.now()

    def keep(self) -> None:
        """Keep how far it has come, for the next page view of this tab."""
        text = self._player.kept()
        if text != self._kept and _tab():
            self._kept = text
            _tab().setItem(_KEY, text)

    # ---- what a presenter does

    def press(self, what: str) -> None:
        """Do what a key or a button of the card says."""
        player = self._player
        if what.isdigit():
            player.go(int(what) - 1)
        else:
            {
                "back": player.back,
                "pause": player.turn_pause,
                "forward": player.forward,
                "over": lambda: player.start(player.pace, player.patience_ms),
                "end": player.stop,
            }[what]()
        self.keep()
        self._show_whole()

    def is_on(self) -> bool:
        """Return whether the tour is on."""
        return self._player.state != OFF

    # ---- what is seen

    def _show_whole(self) -> None:
        """Show the card or take it away; by keyboard it is at hand at once."""
        on = self.is_on()
        was_hidden = by_id("tour").hidden
        by_id("tour").hidden = by_id("tour-ring").hidden = not on
        if on:
            self.show()
            if was_hidden or by_id("tour").contains(document.activeElement):
                by_id("tour-pause").focus(window.JSON.parse('{"preventScroll": true}'))
        elif not was_hidden:
            by_id("tour-start").focus()

    def show(self) -> None:
        """Show the chapter that is on, how far it is, and what it waits for."""
        player = self._player
        if player.state == OFF:
            return
        step = player.step()
        if self._shown != step["title"]:
            self._shown = step["title"]
            say("tour-title", step["title"])
            say("tour-say", step["say"])
            by_id("tour-ring").classList.remove("placed")
            self._is_sheet_due = self._is_row_due = True
            self._is_row_brought = False
            _follow_wire()
        say("tour-count", f"{player.at + 1} of {len(STEPS)}")
        say("tour-note", self._note())
        by_id("tour-note").classList.toggle("late", player.is_late())
        by_id("tour-pause").setAttribute("aria-pressed", "true" if player.paused else "false")
        by_id("tour-back").disabled = player.at == 0
        by_id("tour-forward").disabled = player.state == DONE
        chapters = document.querySelectorAll("#tour-chapters button")
        for number in range(len(STEPS)):
            chapter = chapters[number]
            filled = 1 if number < player.at else player.progress() if number == player.at else 0
            chapter.style.setProperty("--filled", str(filled))
            if number == player.at:
                chapter.setAttribute("aria-current", "step")
            else:
                chapter.removeAttribute("aria-current")
        self._place(step)

    def _note(self) -> str:
        player = self._player
        if player.state == DONE:
            return "That is the story. “Start over” tells it again."
        if player.is_late():
            return str(player.step()["late"]) + " Press → to go on without it."
        if player.state == PREPARING:
            return "Making it so …"
        if player.state != SHOWING or player.waited_ms:
            return "Waiting for it to happen …"
        return "✓ It happened." + (" Paused: press Space to go on." if player.paused else "")

    def _turn_sheet(self, first: str) -> None:
        """On a phone open the wire's sheet where the chapter speaks of the wire, and close it where it does not."""
        handle = document.querySelector(".wire-handle")
        if not self._is_sheet_due or not handle:
            return
        self._is_sheet_due = False
        is_wanted = first.startswith("wire:") or bool(document.querySelector(".wire " + first.split(" ", 1)[0]))
        is_open = handle.getAttribute("aria-expanded") == "true"
        if handle.getClientRects().length and is_open is not is_wanted:
            handle.click()
            self._quiet_until = window.performance.now() + _SHEET_MS

    def _bring_row(self, first: str) -> None:
        """Scroll to the row of the wire that the chapter speaks of, where what came later has moved it out of sight.

        The wire may be about to show what is new, which moves it once more; then it keeps still.
        """
        row = _row(first) if first.startswith("wire:") and self._is_row_due else None
        if row and _can_be_seen(row):
            self._is_row_due = not self._is_row_brought
        elif row:
            self._is_row_brought = True
            row.scrollIntoView(window.JSON.parse('{"block": "center"}'))

    def _place(self, step: "dict[str, Any]") -> None:
        """Put the ring around what the chapter speaks of, and the card beside it."""
        card, ring = by_id("tour"), by_id("tour-ring")
        self._turn_sheet(step["at"][0])
        if window.performance.now() < self._quiet_until:
            return
        self._bring_row(step["at"][0])
        target = _first_seen(step["at"])
        ring.hidden = target is None
        view = window.document.documentElement
        if target is None:
            box = (0, view.clientHeight, view.clientWidth, 0)
        else:
            if not ring.classList.contains("placed") and _may_be_scrolled_to(target):
                target.scrollIntoView(window.JSON.parse('{"block": "nearest"}'))
            rect = target.getBoundingClientRect()
            box = (rect.left - _RING, rect.top - _RING, rect.width + 2 * _RING, rect.height + 2 * _RING)
            for name, value in zip(("left", "top", "width", "height"), box):  # noqa: B905 - not on MicroPython
                ring.style.setProperty(name, f"{value}px")
            ring.classList.add("placed")
        left, top = place(box, (card.offsetWidth, card.offsetHeight), (view.clientWidth, view.clientHeight))
        if target and _sheet(target):
            top = EDGE  # over the shop, and not over the wire
        card.style.setProperty("left", f"{left}px")
        card.style.setProperty("top", f"{top}px")


def _first_seen(places: "tuple[str, ...]") -> "Any":
    """Return the first of these elements that is seen, None where none is."""
    for selector in places:
        found = _row(selector) if selector.startswith("wire:") else document.querySelector(selector)
        if found and found.getClientRects().length and _can_be_seen(found):
            return found
    return None


def _row(place: str) -> "Any":
    """Return the newest row of the wire that ``wire:LANE:TEXT`` names."""
    _, lane, text = place.split(":")
    rows = document.querySelectorAll(f".wire-item[data-lane={lane}]")
    for number in range(rows.length - 1, -1, -1):
        if text in rows[number].textContent:
            return rows[number]
    return None


def _sheet(element: "Any") -> "Any":
    """Return the wire's sheet that an element is in, None where it is in none or the wire is beside the shop."""
    sheet = element.closest(".wire-sheet")
    return sheet if sheet and window.getComputedStyle(sheet).position == "fixed" else None


def _can_be_seen(element: "Any") -> bool:
    """Return whether an element is not hidden in the wire: scrolled away there, or in a sheet that is closed."""
    sheet = _sheet(element)
    if sheet and not sheet.classList.contains("open") and not element.matches(".wire-handle"):
        return False
    inner = element.getBoundingClientRect()
    for outer in (element.closest(".wire-scroll"), sheet):
        around = outer.getBoundingClientRect() if outer else inner
        if inner.top < around.top or inner.bottom > around.bottom:
            return False
    return True


def _may_be_scrolled_to(element: "Any") -> bool:
    """Return whether it stays where it is: the wire may become a sheet, once its Python is there."""
    return not element.closest(".wire") or bool(document.querySelector(".wire-handle") and not _sheet(element))


def _follow_wire() -> None:
    """Let the wire show what is new, unless it was paused: an earlier chapter's row, or a card, may have held it."""
    follow = document.querySelector(".wire-new")
    if follow and not document.querySelector(".wire-tools [aria-pressed='true']"):
        follow.click()


def _situation() -> "dict[str, Any]":
    now = situation("")
    now["welcome"] = by_id("welcome").textContent
    return now


def _tab() -> "Any":
    """Return what the tab keeps, None where the browser keeps nothing: there, asking for it would throw."""
    return window.sessionStorage if window.navigator.cookieEnabled else None


def _number(text: "Any", usual: float) -> float:
    """Return a number of the address above 0, else the usual one."""
    try:
        return max(float(text), 0.1)
    except (TypeError, ValueError):
        return usual


_ACTIONS: "dict[str, Callable[[], Any]]" = {
    "stranger": actions.stranger,
    "show-b": lambda: actions.open_page(actions.SHOW_B),
    "agree": lambda: actions.consent("yes"),
    "refuse": lambda: actions.consent("no"),
    "log-in": actions.log_in,
    "log-out": actions.log_out,
    "enter": lambda: actions.change_audience(True),  # noqa: FBT003
    "leave": lambda: actions.change_audience(False),  # noqa: FBT003
    "view": actions.view,
    "view-with": lambda: actions.next_view(True),  # noqa: FBT003
    "view-without": lambda: actions.next_view(False),  # noqa: FBT003
    "cart": lambda: actions.add_to_cart(PRODUCT),
    "cart-again": lambda: actions.add_to_cart(OTHER_PRODUCT),
}
_KEYS = {" ": "pause", "ArrowLeft": "back", "ArrowRight": "forward", "r": "over", "R": "over", "Escape": "end"}


@when("keydown", document)
def press_key(event: "Any") -> None:
    """Do what a key says, where nobody writes and nothing else is meant by it."""
    if event.defaultPrevented or event.ctrlKey or event.metaKey or event.altKey or event.repeat:
        return
    if event.target.closest("input, textarea, select, [contenteditable]"):
        return
    key = str(event.key)
    if not tour.is_on():
        if key in ("t", "T"):
            event.preventDefault()
            tour.start()
        return
    what = key if len(key) == 1 and "1" <= key <= str(len(STEPS)) else _KEYS.get(key)
    if not what:
        return
    if key == " " and event.target.closest("button, a, summary, [role]"):
        return  # it presses what has the focus
    if key == "Escape" and event.target.closest(".wire.open"):
        return  # it closes the wire
    event.preventDefault()
    tour.press(what)


@when("click", "#tour-start")
def press_start() -> None:
    """Begin the story."""
    tour.start()


@when("click", "#tour button")
def press_button(event: "Any") -> None:
    """Do what a button of the card says."""
    tour.press(event.currentTarget.value)


tour = Tour()
