"""Pages that own the built-ins, and clocks that are not right."""

from collections.abc import Iterator

from tests.browser.situations import BUILT_INS, CLOCKS
from tests.faults.situation import Situation

#: Beside those that the browser tests have, too.
MORE = {
    # As Angular's zone.js 0.14, in what matters: a Promise of its own, timers and listeners wrapped.
    "zone.js": """{
      window.Promise = class ZoneAwarePromise extends Promise {
        then(done, failed) { return super.then(done && ((v) => done(v)), failed && ((e) => failed(e))) }
      }
      for (const name of ["setTimeout", "setInterval", "requestAnimationFrame", "queueMicrotask"]) {
        const plain = window[name]
        window[name] = (run, ...more) => plain.call(window, (...args) => run(...args), ...more)
      }
      const plain = EventTarget.prototype.addEventListener
      EventTarget.prototype.addEventListener = function (name, run, options) {
        const wrapped = typeof run === "function" ? function (event) { return run.call(this, event) } : run
        plain.call(this, name, wrapped, options)
      }
    }""",
    # Instrumentation that hands on an answer of its own making, a little later.
    "fetch that answers later": """{
      const plain = window.fetch
      window.fetch = (url, options) => {
        if (typeof url !== "string") throw new TypeError("not a text")
        return new Promise((done, failed) =>
          plain(url, options).then((answer) => setTimeout(done, 5, answer.clone()), failed))
      }
    }""",
    "JSON.parse makes dates": """{
      const { parse } = JSON
      const dated = (_key, value) => /^\\d{4}-\\d\\d-\\d\\dT/.test(value) ? new Date(value) : value
      JSON.parse = (text) => parse(text, dated)
    }""",
    "console that throws": """{
      const no = () => { throw new Error("no console") }
      window.console = { log: no, info: no, debug: no, warn: no, error: no }
    }""",
    "Array iterator replaced": """{
      const plain = Array.prototype[Symbol.iterator]
      Array.prototype[Symbol.iterator] = function () { return plain.call(this) }
    }""",
}


def clocks() -> Iterator[Situation]:
    """Yield each clock, with Kameleoon and, where an event waits for its visitor code, without."""
    for name, code in CLOCKS.items():
        yield Situation(f"clock {name}", everywhere=code)
        yield Situation(f"{name}, alone", everywhere=code, kameleoon=None, exposures=0, identifiers=0)


SITUATIONS = [*(Situation(name, first=code) for name, code in {**BUILT_INS, **MORE}.items()), *clocks()]
