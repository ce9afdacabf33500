"""The demo, an ordinary PyScript page: the shop's buttons and the panel beside it, run by MicroPython.

The presenter's bar, and what makes the panel follow the sandbox's log. This module never awaits at its top level:
meanwhile the page's other scripts would find it in ``document.currentScript``.
"""

import asyncio

from pyscript import document, when, window

from web.demo.events import Events
from web.demo.log import Log
from web.demo.page import by_id, post, read_cookie, say, to_javascript, write_cookie
from web.demo.persona import Switch
from web.demo.shop import cart_count
from web.demo.visitor import show_status, show_visitor, user_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

POLL = 0.7  # seconds
RETRY = 5  # seconds: a stopped sandbox must not fill the console
STRICT = "demo-strict"  # cookie; the server reads it


# ---- the presenter's bar


@when("click", "#login")
def log_in_or_out() -> None:
    """Do what the button says."""
    if user_id():
        window.analytics.reset()
    else:
        window.analytics.identify("customer-4711", to_javascript({"name": "Ada", "plan": "premium"}))
        window.analytics.group("studio-nord")
    show_who_is_here()


@when("click", "#new-visitor")
async def start_anew() -> None:
    """Empty the sandbox, and come back as somebody else."""
    await post("/sandbox/reset")
    window.location.assign("/?new")


@when("click", "#strict")
def switch_engine() -> None:
    """Come back with the bridge on the other engine."""
    write_cookie(STRICT, "off" if read_cookie(STRICT) == "on" else "on")
    window.location.reload()


@when("click", "#vip")
async def turn() -> None:
    """Turn the persona's switch."""
    await switch.turn(log.has_delivered, refresh)


# ---- the panel


def show_who_is_here() -> None:
    """Show the visitor, and the switch as it is theirs."""
    show_visitor()
    switch.show()


async def refresh() -> float:
    """Show what is new; return the seconds to wait until the next time."""
    answered = await log.read()
    if answered is None:
        return POLL
    if answered:
        events.show(log.rows())
    show_who_is_here()
    show_status()
    return POLL if answered else RETRY


@when("toggle", "#log", capture=True)  # it does not bubble
def unfold(event: "Any") -> None:
    """Show all of a row that was opened."""
    log.unfold(event.target)


class Follower:
    """Reads the log while somebody looks: only a page that is seen asks."""

    def __init__(self) -> None:
        self._at_work = False

    async def follow(self) -> None:
        """Read again and again, until nobody looks."""
        if self._at_work:
            return
        self._at_work = True
        while document.visibilityState == "visible":
            await asyncio.sleep(await refresh())
        self._at_work = False


@when("visibilitychange", document)
async def look() -> None:
    """Begin where the page is seen again."""
    await follower.follow()


def start() -> None:
    """Bring the page to life."""
    for link in document.querySelectorAll(".choice a"):
        if link.href == window.location.href.split("#")[0]:
            link.setAttribute("aria-current", "page")
    say("cart-count", str(cart_count()))
    by_id("strict").setAttribute("aria-checked", "true" if read_cookie(STRICT) == "on" else "false")
    for button in document.querySelectorAll(".products button, .bar-actions button, #strict"):
        button.disabled = False
    asyncio.create_task(follower.follow())


events, log, switch, follower = Events(), Log(), Switch(), Follower()
start()
