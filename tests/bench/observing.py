"""What a page under measurement notes of itself: a script before all others, which only watches."""

import json

from tests.bench.contenders import Contender

# Events are told apart by the text of a request, which costs each contender the same few microseconds. Nothing here
# looks at the page again and again, but for custom data, whose coming nothing announces.
_OBSERVE = """<script>
window.observed = (() => {
  const looks = new Set()
  const observed = {
    marks: {}, counts: {}, tasks: [], painted: 0, open: 0,
    /* Notes the first time that something happens, in ms since the navigation began, and how often it does. */
    note(name) {
      observed.marks[name] ??= performance.now()
      observed.counts[name] = (observed.counts[name] || 0) + 1
      looks.forEach((look) => look())
    },
    /* A promise of a condition that changes with what is noted. */
    until: (condition) => new Promise((resolve) => {
      const look = () => condition() && (looks.delete(look), resolve())
      looks.add(look)
      look()
    }),
    all: (names) => observed.until(() => names.every((name) => name in observed.marks)),
    count: (name, number) => observed.until(() => (observed.counts[name] || 0) >= number),
    answered: () => observed.until(() => !observed.open),
    /* Does something in a task of its own; a promise of the ms until the other promise is kept. */
    timed: (run, done) => new Promise((resolve) => setTimeout(() => {
      observed.tasks.length = 0
      const began = performance.now()
      run()
      done().then(() => resolve(performance.now() - began))
    })),
  }
  const names = { "kameleoon identifier": "identifier", "experiment viewed": "exposure" }
  const leaves = (address, body) => {
    const [, call] = /\\/v1\\/([a-z])$/.exec(address) || []
    if (!call) return
    if (call === "p") return observed.note("page()")
    if (call === "i") return observed.note("identify")
    const [, event = ""] = /"event":"([^"]*)"/.exec(body) || []
    observed.note(names[event.toLowerCase()] || event)
  }
  const { fetch } = window, { sendBeacon } = navigator, { open, send } = XMLHttpRequest.prototype
  window.fetch = function (address, options) {
    leaves(String(address), options && options.body)
    const answer = fetch.apply(this, arguments)
    const ended = () => { if (!--observed.open) looks.forEach((look) => look()) }
    observed.open++
    answer.then(ended, ended)
    return answer
  }
  navigator.sendBeacon = function (address, body) {
    leaves(String(address), body)
    return sendBeacon.apply(this, arguments)
  }
  const addresses = new WeakMap()
  XMLHttpRequest.prototype.open = function (method, address) {
    addresses.set(this, String(address))
    return open.apply(this, arguments)
  }
  XMLHttpRequest.prototype.send = function (body) {
    leaves(addresses.get(this), body)
    return send.apply(this, arguments)
  }
  const watch = (type, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true })
  watch("longtask", ({ duration }) => observed.tasks.push(duration))
  watch("largest-contentful-paint", ({ startTime }) => { observed.painted = startTime })
  const there = __CUSTOM_DATA__
  const timer = there && setInterval(() => there() && (clearInterval(timer), observed.note("custom data")), 5)
  return observed
})()
</script>"""
PATIENCE_MS = 120_000  # for what has to come, on a slow processor and network
#: The page's own first calls.
CALLS = 'analytics.on("initialize", () => observed.note("initialised")); analytics.page()'
#: What it noted of its main thread, and of its largest paint.
READ = """() => {
  const { marks, tasks, painted } = observed
  const blocked = tasks.reduce((sum, duration) => sum + duration - 50, 0)
  return { marks, painted, blocked, longest: Math.max(0, ...tasks), tasks: tasks.length }
}"""


def observe(contender: Contender) -> str:
    """Return the script element for a contender's page."""
    condition = f"() => {contender.custom_data}" if contender.custom_data else "null"
    return _OBSERVE.replace("__CUSTOM_DATA__", condition)


def wait(names: frozenset[str]) -> str:
    """Return JavaScript that waits until a page has noted all of these, and its bridge, where it has one, is up."""
    return f"""async () => {{
      const names = {json.dumps(sorted(names))}, missing = () => names.filter((name) => !(name in observed.marks))
      await Promise.race([
        observed.all(names).then(() => window.kameleoonSegment?.ready),
        new Promise((_, reject) => setTimeout(() => reject(new Error("never came: " + missing())), {PATIENCE_MS})),
      ])
    }}"""
