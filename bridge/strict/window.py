"""What only the strict engine does to the page: it says what is wrong, and asks for personas' names by itself."""

import json
from collections.abc import Callable
from typing import Any

import js
from pyodide.ffi import create_once_callable, create_proxy, to_js

from bridge.models.violations import Violation
from bridge.shared.vocabulary import CONSOLE_PREFIX

EVENT = "kameleoonSegment:violation"


def report(violation: Violation) -> None:
    """Say a violation in the console, and as a DOM event on the page's window.

    Settings are not said twice in the console: the brain says what is wrong with them on any engine.
    """
    if violation.path != "settings":
        js.ear.act(json.dumps(["reach", "console.warn", 0, [f"{CONSOLE_PREFIX} {violation}"]]))
    page = js.parent
    detail = to_js({"detail": _given(violation.entry())}, depth=1, dict_converter=js.Object.fromEntries)
    event = page.CustomEvent.new(EVENT, detail)
    # After what is going on: a listener may call the bridge, which does not take a call within a call.
    js.queueMicrotask(create_once_callable(lambda: page.dispatchEvent(event)))


def serve_persona_names(settings: Callable[[], dict[str, Any]], problem: Callable[[str], None]) -> None:
    """Let ``kameleoonSegment.personaNames()`` ask by the bridge's own HTTP code where it knows none, before it returns.

    A request that fails is told to ``problem``.
    """
    api = js.parent.kameleoonSegment
    known = api.personaNames

    def names(*_: object) -> Any:  # noqa: ANN401 - an array of the page's
        if known().length:
            return known()
        from bridge.personas import persona_names  # noqa: PLC0415 - HTTP is a lot of Python, for the few that ask

        try:
            return _given(persona_names(settings()["sitecode"], settings()["remote"]["data_host"]))
        except Exception as error:  # noqa: BLE001 - nothing may throw into a customer's page
            problem(str(error))
            return known()

    api.personaNames = create_proxy(names)


def _given(value: object) -> Any:  # noqa: ANN401 - an object of the page's
    return js.parent.JSON.parse(json.dumps(value))
