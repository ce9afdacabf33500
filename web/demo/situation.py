"""What each control of the presenter's bar shows, and why it cannot act: plain Python, for the page and for unit tests.

A situation is a dict of what is so now: ``segment``, whether analytics.js has started; ``anonymous``, its anonymous id
or None; ``code``, Kameleoon's visitor code or None; ``started``, whether Kameleoon's script has; ``variation``, the id
that the visitor sees, as a text, or None; ``user``, who is logged in, or None; ``plan`` and ``company``, what Segment
knows; ``known``, Kameleoon's custom data by name, and ``personas``, a list, of it; ``consent``, true, false or None for
unknown; ``status``, what the bridge says of itself, or None; ``slow``, whether the network is; ``busy``, what is under
way, "" for nothing.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Situation = dict[str, Any]

PERSONA = "vip"
PLANS = ("basic", "premium")
COMPANIES = ("studio-nord", "atelier-sud")
ENGINES = {"micropython": "MicroPython", "pyodide": "Pyodide"}
CONSENTS = {"yes": True, "no": False, "unknown": None}

_SECOND = 1000  # ms
_NO_SEGMENT = "Waits for analytics.js"
_NO_KAMELEOON = "Waits for Kameleoon's script"
_NO_USER = "Log in first"
_NO_CONSENT = "Needs the visitor's consent: without it the bridge asks nobody for personas"


def controls(now: "Situation") -> "dict[str, tuple[bool, str]]":
    """Return for each control whether it is on, and why it cannot act, "" where it can."""
    segment = "" if now["segment"] else _NO_SEGMENT
    kameleoon = "" if now["started"] else _NO_KAMELEOON
    account = segment or ("" if now["user"] else _NO_USER)
    persona = segment or kameleoon or ("" if now["consent"] else _NO_CONSENT)
    engine = (now["status"] or {}).get("engine")
    found = {
        "new-visitor": (False, ""),
        "login": (bool(now["user"]), segment),
        PERSONA: (PERSONA in now["personas"], persona),
        "network-fast": (not now["slow"], ""),
        "network-slow": (now["slow"], ""),
    }
    for plan in PLANS:
        found["plan-" + plan] = (bool(now["user"]) and now["plan"] == plan, account)
    for company in COMPANIES:
        found["company-" + company] = (bool(now["user"]) and now["company"] == company, account)
    for name, answer in CONSENTS.items():
        found["consent-" + name] = (bool(now["started"]) and now["consent"] is answer, kameleoon)
    for name in ENGINES:
        found["engine-" + name] = (engine == name, "")
    if now["busy"]:
        found = {name: (on, now["busy"]) for name, (on, _) in found.items()}
    return found


def engine_note(status: "dict[str, Any] | None", waited_ms: float, files: "list[tuple[str, bool]]") -> str:
    """Return how the bridge's engine is: its boot time, a running clock with what is loading, or why there is none.

    ``waited_ms``: how long ago the page view began. ``files``: those that a start asks for, with whether each is here.
    """
    if status is None:
        return _clock(waited_ms) + " · loading the tag"
    state: str = status["state"]
    if state == "starting":
        return _clock(waited_ms) + " · " + _loading(files)
    if state == "on":
        return f"ready in {duration(status['timings']['ready'])}"
    errors = status.get("errors") or []
    return state + (": " + errors[-1]["what"] if errors else "")


def _loading(files: "list[tuple[str, bool]]") -> str:
    missing = [name for name, here in files if not here]
    if not files:
        return "waiting for the page"
    if not missing:
        return "starting Python"
    return f"loading {_known(missing[0])} ({len(files) - len(missing)} of {len(files)} files)"


#: What a file of the bundle is, by a part of its name: the first that fits.
_FILES = (
    ("polyscript", "PyScript"),
    ("pydantic", "pydantic"),
    ("stdlib", "Python's library"),
    ("micropython", "MicroPython"),
    ("pyodide", "Pyodide"),
    ("strict", "the strict engine"),
)


def _known(name: str) -> str:
    for part, what in _FILES:
        if part in name:
            return what
    return "the brain"


def _clock(milliseconds: float) -> str:
    return f"{milliseconds / _SECOND:.1f} s"


def duration(milliseconds: float) -> str:
    """Return how long something took, as one says it: ``182 ms``, ``2.4 s``."""
    return f"{round(milliseconds)} ms" if milliseconds < _SECOND else _clock(milliseconds)
