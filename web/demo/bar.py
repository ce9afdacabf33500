"""The presenter's bar: each control shows what is so now, and says why where it cannot act."""

import asyncio

from pyscript import document, when, window

from web.demo import actions, situation
from web.demo.now import engine_files
from web.demo.now import situation as read_situation
from web.demo.page import by_id, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_BETWEEN_LOOKS = 0.15  # seconds


class Bar:
    """The bar, and what it is busy with."""

    def __init__(self) -> None:
        self._busy = ""

    async def follow(self) -> None:
        """Show what is so, again and again, as long as the page is there."""
        while True:
            if document.visibilityState == "visible":
                self.show()
            await asyncio.sleep(_BETWEEN_LOOKS)

    def show(self) -> None:
        """Show what is so now."""
        now = read_situation(self._busy)
        for name, (on, why) in situation.controls(now).items():
            _show_control(by_id(name), on, why)
        say("login", "Log out" if now["user"] else "Log in")
        for link in document.querySelectorAll(".choice a[data-variation]"):
            seen = link.dataset.variation == now["variation"]
            link.classList.toggle("seen", seen)
            _set(link, "aria-description", "what the visitor sees" if seen else "")
        say("engine-note", _engine_note(now["status"]))
        _show_consent(now)

    async def do(self, what: str, action: "Any") -> "Any":
        """Do something that takes a while; meanwhile no control acts, and each says what is under way."""
        self._busy = what
        self.show()
        result = await action
        self._busy = ""
        self.show()
        return result

    async def press(self, name: str) -> None:
        """Do what a control is for."""
        kind, _, choice = name.partition("-")
        if name == "new-visitor":
            await self.do("A new visitor is on the way", actions.forget_and_open("/?new"))
        elif name == "login":
            (actions.log_out if read_situation("")["user"] else actions.log_in)()
        elif name == situation.PERSONA:
            await self._turn(by_id(name).getAttribute("aria-checked") == "false")
        elif kind == "plan":
            actions.choose_plan(choice)
        elif kind == "company":
            actions.choose_company(choice)
        elif kind == "consent":
            actions.consent(choice)
        elif kind == "engine":
            actions.use_engine(choice)
        elif kind == "network":
            actions.use_network(choice)
        self.show()

    async def _turn(self, entered: bool) -> None:  # noqa: FBT001
        if await self.do("On its way from Segment to Kameleoon", actions.change_audience(entered)):
            await self.do("The bridge reads the news; then the page opens anew", actions.next_view(entered))


def _engine_note(status: "dict[str, Any] | None") -> str:
    if not status and document.readyState == "complete":
        return "no bridge in this page"
    starting = not status or status["state"] == "starting"
    return situation.engine_note(status, window.performance.now(), engine_files() if starting else [])


def _show_control(control: "Any", on: bool, why: str) -> None:  # noqa: FBT001
    """Show whether a control is on, and why it cannot act: it stays reachable by keyboard, to say so."""
    role = control.getAttribute("role") or ""
    if role == "switch":
        _set(control, "aria-checked", "true" if on else "false")
    elif control.hasAttribute("aria-pressed"):
        _set(control, "aria-pressed", "true" if on else "false")
    _set(control, "aria-disabled", "true" if why else "false")
    _set(control, "data-reason", why)
    _set(control, "aria-description", why)


def _set(element: "Any", name: str, value: str) -> None:
    """Set an attribute, only when it changes; "" removes it."""
    if (element.getAttribute(name) or "") == value:
        return
    if value:
        element.setAttribute(name, value)
    else:
        element.removeAttribute(name)


def _show_consent(now: "situation.Situation") -> None:
    """Show the shop's consent banner: the question while there is no answer, and what a no means."""
    asked = now["started"] and now["consent"] is None
    refused = now["started"] and now["consent"] is False
    by_id("consent-question").hidden = not asked
    by_id("consent-refused").hidden = not refused


@when("click", ".bar [id], .consent button")
async def press(event: "Any") -> None:
    """Do what was pressed, where it can act."""
    control = event.currentTarget
    if control.tagName == "BUTTON" and control.getAttribute("aria-disabled") != "true":
        await bar.press(control.getAttribute("data-action") or control.id)


@when("click", "#presenter")
def open_or_close() -> None:
    """Open the bar on a phone, or close it."""
    _open_sheet(by_id("presenter").getAttribute("aria-expanded") == "false")


@when("keydown", document)
def close_by_key(event: "Any") -> None:
    """Close it by Escape."""
    if event.key == "Escape" and by_id("presenter").getAttribute("aria-expanded") == "true":
        _open_sheet(False)  # noqa: FBT003
        by_id("presenter").focus()


def _open_sheet(opened: bool) -> None:  # noqa: FBT001
    by_id("presenter").setAttribute("aria-expanded", "true" if opened else "false")
    by_id("controls").classList.toggle("open", opened)


bar = Bar()
