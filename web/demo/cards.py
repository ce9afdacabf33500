"""What the demo says above the wire: plain Python, for MicroPython in the page and for unit tests."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ENGINES = {"micropython": "MicroPython", "pyodide": "Pyodide"}


def known(value: "Any") -> str:
    """Return the value of a custom data as it is shown: a list, a text, or nothing."""
    return ", ".join(value) if isinstance(value, list) else value or ""


def status_line(status: "dict[str, Any]") -> str:
    """Return one line for what the bridge says of itself."""
    engine = status.get("engine")
    timings = status.get("timings") or {}
    ready = timings.get("ready")
    booting = "its Python has started, the brain is read" if timings.get("engine") else "its Python is loading"
    errors = status.get("errors") or []
    checked = status.get("checked")
    return " · ".join(
        [f"Bridge {status['state']}"]
        + ([_ENGINES.get(engine, engine)] if engine else [])
        + ([booting] if status["state"] == "starting" else [])
        + ([f"ready after {round(ready)} ms"] if ready is not None else [])
        + ([f"{checked} messages checked"] if checked else [])
        + ([f"{len(errors)} reported: {errors[-1]['what']}"] if errors else [])
    )


def absent(*, is_loaded: bool) -> str:
    """Return one line for a page without a bridge: whether it may still come."""
    return "Bridge off: its tag did not load" if is_loaded else "Bridge: its tag is loading"
