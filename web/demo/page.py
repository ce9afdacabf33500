"""What the demo's Python reads of the page and writes to it. All text goes in through textContent.

MicroPython cannot catch what JavaScript throws, so nothing is called here that might. Between the two go JSON texts,
since integers above 2^31 would arrive as others.
"""

import json

from pyscript import document, fetch, window

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def by_id(name: str) -> "Any":
    """Return an element of the page."""
    return document.getElementById(name)


def say(name: str, text: str) -> None:
    """Put text into an element, only when it changed: a text that is being copied stays selected."""
    target = by_id(name)
    if target.textContent != text:
        target.textContent = text


def element(tag: str, class_name: str = "", text: str = "") -> "Any":
    """Return a new element."""
    made = document.createElement(tag)
    made.className = class_name
    made.textContent = text
    return made


def clock(time: str) -> str:
    """Return the time of day, here, of a moment."""
    return str(window.Date.new(time).toLocaleTimeString("en-GB"))


def reach(path: str) -> "Any":
    """Return what is at a path below ``window``, else None: Kameleoon and analytics.js are async tags."""
    place = window
    for name in path.split("."):
        place = getattr(place, name, None)
    return place or None


def to_python(value: "Any") -> "Any":
    """Return a JavaScript value as Python's own; None for undefined, which has no JSON."""
    text = window.JSON.stringify(value)
    return json.loads(text) if isinstance(text, str) else None


def to_javascript(value: "Any") -> "Any":
    """Return a Python value as JavaScript's own."""
    return window.JSON.parse(json.dumps(value))


def read_cookie(wanted: str) -> str:
    """Return what a cookie keeps, else nothing: a cookie, since reading storage throws where that is blocked."""
    for cookie in document.cookie.split("; "):
        name, _, value = str(cookie).partition("=")
        if name == wanted:
            return value
    return ""


def write_cookie(name: str, value: str) -> None:
    """Keep something in a cookie, for a year."""
    document.cookie = f"{name}={value}; path=/; max-age=31536000; samesite=lax"


async def post(address: str, body: str = "") -> bool:
    """Send something to the sandbox; return whether that answered, and the panel says so where it does not."""
    try:
        await fetch(address, method="POST", body=body)
    except Exception:
        return False
    return True
