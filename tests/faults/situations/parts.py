"""Parts that come late or never; consent; what stands beside us."""

from tests.faults.situation import CALLS, VISIT, Situation

REQUIRED = {"consent": "required"}
ANSWER = VISIT + "probe.after(1200, () => Kameleoon.API.Core.%s('BOTH'))"
NO_VISIT = "probe.after(2600, () => { probe.done = true })"
LATE = """
probe.after(2500, () => analytics.track("Later"))
probe.after(3500, () => analytics.track("Last"))
probe.after(3600, () => { probe.done = true })
"""
OWN_LATE = {"page": 1, "Early": 1, "Later": 1, "Last": 1}
# A customer's own gate: nothing goes to Segment until the visitor has opted in, which lasts.
GATE = "analytics.addSourceMiddleware(({ payload, next }) => { if (localStorage.optedIn) next(payload) });"
# Right after ours: its script has just run.
GATE_AFTER = f"""document.addEventListener("load", ({{ target }}) => {{
  if (String(target.src).endsWith("/bridge.js")) {GATE}
}}, true)"""
OPT_IN = VISIT + "probe.after(2550, () => { localStorage.optedIn = 1 })"
THROWS = """
{ const seen = new Set()
  analytics.addSourceMiddleware(({ payload, next }) => {
    if (!seen.has(payload.obj.messageId)) { seen.add(payload.obj.messageId); throw new Error("customer's") }
    next(payload)
  }) };
"""

SITUATIONS = [
    Situation("no Kameleoon", kameleoon=None, exposures=0, identifiers=0),
    Situation("Kameleoon late", "after 2 s", kameleoon_after=2000),
    Situation("no Segment", segment=False, visit=NO_VISIT, own={}, exposures=0, identifiers=0),
    Situation("Segment late", "after 1.5 s", segment_after=1500, visit=LATE, own=OWN_LATE),
    Situation("consent unknown", kameleoon=REQUIRED, exposures=0, identifiers=0),
    Situation("consent refused", kameleoon=REQUIRED, visit=ANSWER % "disableLegalConsent", exposures=0, identifiers=0),
    Situation("consent given late", kameleoon=REQUIRED, visit=ANSWER % "enableLegalConsent"),
    Situation(
        "middleware until opt-in",
        "one of the customer's drops all; the visitor opts in and comes again",
        calls=GATE + CALLS,
        visit=OPT_IN,
        reloads=True,
        config={"exposures": {"once_per": "visitor"}},
    ),
    Situation(
        "late middleware, opt-in",
        "as before, but it stands behind ours",
        first=GATE_AFTER,
        visit=OPT_IN,
        reloads=True,
        config={"exposures": {"once_per": "visitor"}},
        own={},
    ),
    Situation("middleware that throws", "at each event's first try", calls=THROWS + CALLS),
]
