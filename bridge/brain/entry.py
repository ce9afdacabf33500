"""The way into the page, and out of it: the only module of page code that imports ``js``."""

import js

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

act = js.ear.act  #: does what the brain asks for: JSON text in, JSON text out; it catches


def listen(hear: "Callable[[str], str]") -> None:
    """Let the ear call ``hear``, JSON text in, JSON text out."""
    try:
        from pyodide.ffi import create_proxy  # noqa: PLC0415 - only Pyodide drops callbacks after the first call
    except ImportError:
        js.ear.brain = hear
    else:
        js.ear.brain = create_proxy(hear)
