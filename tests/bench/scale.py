"""How the cost grows: an event on its way, bursts, large data, and what is held after many events or route changes.

Each yields cells: the case, and what it measured. The page without a bridge does the same work where it has any: it
reports a burst of exposures by hand, and sends the same events.
"""

from collections.abc import Iterator

from tests.bench.conditions import PLAIN
from tests.bench.contenders import NONE, Contender
from tests.bench.stage import ISOLATED, TRAIT, Stage, Visitor
from tests.bench.visits import COLD, expected
from tests.faults.situations.events import ACTIVATIONS, BY_HAND, EVENTS

Measured = tuple[str, dict[str, float]]

EVENTS_IN_A_ROW = 500
IN_A_ROW = f"{EVENTS_IN_A_ROW} events in a row"
PERSONAS = (1_000, 10_000)
TRAITS = (100, 1_000)
BURSTS = (100, 1_000)
HELD_AFTER_EVENTS = (200, 2_000)
HELD_AFTER_ROUTES = (5, 50)

# The first source middleware, before that of any tag, which is fetched first.
_FIRST = """let entered
analytics.addSourceMiddleware(({ payload, next }) => { entered = performance.now(); next(payload) })"""
# What puts anything into an event needs one: what it costs analytics.js to have it is nobody's.
_EMPTY = """
analytics.addSourceMiddleware(({ payload, next }) => next(payload))"""
# Tracks one event after the other, each when analytics.js has done with the one before: its work is not in between.
_IN_A_ROW = """async (count) => {
  let seen
  analytics.addSourceMiddleware(({ payload, next }) => {
    seen?.(performance.now() - entered)
    next(payload)
  })
  const times = []
  for (let n = 0; n < count; n++) {
    seen = (time) => times.push(time)
    await analytics.track("Timed", { n })
  }
  seen = undefined
  times.sort((one, other) => one - other)
  return { "event, p50": times[Math.floor(count / 2)], "event, p95": times[Math.floor(count * 0.95)] }
}"""
# From where the answer with the personas was there.
_SINCE_THE_ANSWER = """() => {
  const answers = performance.getEntriesByType("resource").filter(({ name }) => name.includes("/map/map"))
  return observed.marks["custom data"] - answers[0].responseEnd
}"""
_IDENTIFY = f"""(many) => {{
  const traits = {{ {TRAIT}: "pro" }}
  for (let n = 1; n < many; n++) traits["trait " + n] = "value " + n
  return observed.timed(() => analytics.identify("u1", traits), () => observed.count("identify", 1))
}}"""
_EXPOSURES = f"""(many) => observed.timed(() => {{{ACTIVATIONS}}}, () => observed.count("exposure", many))"""
_EVENTS = f"""(many) => observed.timed(() => {{{EVENTS}}}, () => observed.count("Burst", many))"""
_BURSTS = {"exposures": _EXPOSURES, "events": _EVENTS}
_ROUTES = """async ([from, to, exposures]) => {
  for (let n = from + 1; n <= to; n++) {
    const started = new Promise((resolve) => addEventListener("Kameleoon::Started", resolve, { once: true }))
    history.pushState({}, "", "/route-" + n)
    await started
    if (exposures) await observed.count("exposure", n + 1)
  }
}"""


def per_event(stage: Stage, contender: Contender) -> Iterator[Measured]:
    """Yield the ms that an event spends in source middlewares; without the bridge in one that does nothing."""
    with stage.visitor(PLAIN) as visitor:
        visitor.open(contender, inline=_FIRST if contender.engine else _FIRST + _EMPTY, headers=ISOLATED)
        visitor.wait(expected(contender, COLD))
        yield IN_A_ROW, visitor.page.evaluate(_IN_A_ROW, EVENTS_IN_A_ROW)


def scaled(stage: Stage, contender: Contender) -> Iterator[Measured]:
    """Yield the ms until large things are done, and how they block the page: personas, traits, bursts."""
    for many in PERSONAS:
        with stage.visitor(PLAIN) as visitor:
            stage.remote.personas = {f"persona {number}": True for number in range(many)}
            _open(visitor, contender)
            found = visitor.read()
            done = {"done": visitor.page.evaluate(_SINCE_THE_ANSWER)} if contender is not NONE else {}
            yield case(many, "personas"), done | _blocking(found)
    for many in TRAITS:
        with stage.visitor(PLAIN) as visitor:
            _open(visitor, contender)
            yield case(many, "traits"), _done(visitor, _IDENTIFY, many)
    for what, script in _BURSTS.items():
        for many in BURSTS:
            with stage.visitor(PLAIN) as visitor:
                _open(visitor, contender, BY_HAND if contender is NONE else "")
                yield case(many, what), _done(visitor, script, many)


def held(stage: Stage, contender: Contender) -> Iterator[Measured]:
    """Yield the MB that a page holds after few and after many events, and route changes of a single-page app."""
    with stage.visitor(PLAIN) as visitor:
        _open(visitor, contender, _FIRST)
        sent = 0
        for many in HELD_AFTER_EVENTS:
            visitor.page.evaluate(_IN_A_ROW, many - sent)
            sent = many
            visitor.rest()
            yield f"after {case(many, 'events')}", visitor.memory()
    with stage.visitor(PLAIN) as visitor:
        visitor.open(contender, singlePage=True)
        visitor.wait(expected(contender, COLD))
        changed = 0
        for many in HELD_AFTER_ROUTES:
            visitor.page.evaluate(_ROUTES, [changed, many, contender is not NONE])
            changed = many
            visitor.rest()
            yield f"after {case(many, 'routes')}", visitor.memory()


def case(many: int, what: str) -> str:
    """Return the name of so many of something."""
    return f"{many:,} {what}"


def _open(visitor: Visitor, contender: Contender, inline: str = "") -> None:
    """Open a page without an experiment: its exposures are the bench's."""
    visitor.open(contender, inline=inline, experiments=[])
    visitor.wait(expected(contender, COLD) - {"exposure"})


def _done(visitor: Visitor, script: str, many: int) -> dict[str, float]:
    """Return the ms that something takes to be done, and how it blocks the page."""
    done = visitor.page.evaluate(script, many)
    visitor.rest()
    return {"done": done} | _blocking(visitor.read())


def _blocking(found: dict[str, float]) -> dict[str, float]:
    return {name: found[name] for name in ("blocked", "longest")}
