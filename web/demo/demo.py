"""The demo, an ordinary PyScript page, run by MicroPython: the presenter's bar. The wire beside it is wire.py.

This module never awaits at its top level: meanwhile the page's other scripts would find it in
``document.currentScript``.
"""

import asyncio

from pyscript import document, when, window

from web.demo.page import by_id, post, read_cookie, say, to_javascript, write_cookie
from web.demo.persona import Switch
from web.demo.shop import cart_count
from web.demo.visitor import user_id

POLL = 0.7  # seconds
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
    await switch.turn()


def show_who_is_here() -> None:
    """Show the buttons as they are the visitor's."""
    say("login", "Log out" if user_id() else "Log in")
    switch.show()


async def follow() -> None:
    """Show it again and again."""
    while True:
        show_who_is_here()
        await asyncio.sleep(POLL)


def start() -> None:
    """Bring the page to life."""
    for link in document.querySelectorAll(".choice a"):
        if link.href == window.location.href.split("#")[0]:
            link.setAttribute("aria-current", "page")
    say("cart-count", str(cart_count()))
    by_id("strict").setAttribute("aria-checked", "true" if read_cookie(STRICT) == "on" else "false")
    for button in document.querySelectorAll(".products button, .bar-actions button, #strict"):
        button.disabled = False
    asyncio.create_task(follow())


switch = Switch()
start()
