"""What only the strict engine does to the page: it says what is wrong."""

import json

import js
from pyodide.ffi import create_once_callable, to_js

from bridge.models.violations import Violation

EVENT = "kameleoonSegment:violation"


def report(violation: Violation) -> None:
    """Say a violation in the console, and as a DOM event on the page's window.

    Settings are not said twice in the console: the brain says what is wrong with them on any engine.
    """
    entry = violation.entry()
    if violation.path != "settings":
        js.ear.act(json.dumps(["reach", "console.warn", 0, [f"[kameleoon-segment] {entry['what']}"]]))
    page = js.parent
    detail = to_js({"detail": page.JSON.parse(json.dumps(entry))}, dict_converter=js.Object.fromEntries)
    event = page.CustomEvent.new(EVENT, detail)
    # After what is going on: a listener may call the bridge, which does not take a call within a call.
    js.queueMicrotask(create_once_callable(lambda: page.dispatchEvent(event)))
