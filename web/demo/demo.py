"""The demo, an ordinary PyScript page, run by MicroPython: what a presenter has. The wire beside it is wire.py.

This module never awaits at its top level: meanwhile the page's other scripts would find it in
``document.currentScript``.
"""

import asyncio

from pyscript import document, window

from web.demo.bar import bar
from web.demo.page import by_id
from web.demo.tour import tour


def start() -> None:
    """Bring the page to life."""
    for link in document.querySelectorAll(".choice a"):
        if link.href == window.location.href.split("#")[0]:
            link.setAttribute("aria-current", "page")
    by_id("starting").hidden = True
    by_id("tour-start").disabled = by_id("presenter").disabled = False
    asyncio.create_task(bar.follow())
    tour.begin()
    asyncio.create_task(tour.play())


start()
