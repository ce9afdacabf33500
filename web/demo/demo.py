"""The demo, an ordinary PyScript page: the shop's buttons and the panel beside it, run by MicroPython.

What makes the panel follow the sandbox's log, and the presenter's bar what is so. This module never awaits at its top
level: meanwhile the page's other scripts would find it in ``document.currentScript``.
"""

import asyncio

from pyscript import document, when, window

from web.demo.bar import bar
from web.demo.events import Events
from web.demo.log import Log
from web.demo.page import by_id
from web.demo.visitor import show_status, show_visitor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

POLL = 0.7  # seconds
RETRY = 5  # seconds: a stopped sandbox must not fill the console


async def refresh() -> float:
    """Show what is new; return the seconds to wait until the next time."""
    answered = await log.read()
    if answered is None:
        return POLL
    if answered:
        events.show(log.rows())
    show_visitor()
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
    by_id("starting").hidden = True
    asyncio.create_task(follower.follow())
    asyncio.create_task(bar.follow())


events, log, follower = Events(), Log(), Follower()
start()
