"""Pages and browsers as they are: what was done to the built-ins, or is denied, before our tag comes. By name, scripts.

Without us analytics.js 2.0 and Kameleoon's script work with each of these (but where nothing can be kept, the second
says no and stops): what fails beside our tag, our tag broke.
"""

from collections.abc import Mapping


def script(code: str) -> str:
    """Return a script element."""
    return f"<script>{code}</script>"


# What Prototype.js 1.6.1 does to the built-ins that matter here (its lang/array.js, date.js, enumerable.js, number.js
# string.js; dom/event.js), in short: arrays and dates write themselves as JSON texts, which JSON.stringify then quotes;
# Array.from knows no iterables; arrays' methods are its own, for..in meets them; Event is an object of its own.
_PROTOTYPE_JS = """
  var $A = function (iterable) {
    if (!iterable) return []
    if ("toArray" in Object(iterable)) return iterable.toArray()
    var length = iterable.length || 0, results = new Array(length)
    while (length--) results[length] = iterable[length]
    return results
  }
  Array.from = $A
  Object.toJSON = function (object) { return JSON.stringify(object) }
  var each = function (iterator, context) {
    for (var i = 0; i < this.length; i++) iterator.call(context, this[i], i)
    return this
  }
  var collected = function (wanted) {
    return function (iterator, context) {
      var results = []
      this.each(function (value, index) { wanted(results, value, iterator.call(context, value, index)) })
      return results
    }
  }
  var all = function (array) { return Array.prototype.slice.call(array, 0) }
  Object.assign(Array.prototype, {
    each: each,
    map: collected(function (results, value, answer) { results.push(answer) }),
    filter: collected(function (results, value, answer) { if (answer) results.push(value) }),
    first: function () { return this[0] },
    last: function () { return this[this.length - 1] },
    size: function () { return this.length },
    toArray: function () { return all(this) },
    entries: function () { return all(this) },
    toJSON: function () { return "[" + all(this).map(Object.toJSON).join(", ") + "]" }
  })
  String.prototype.toArray = function () { return this.split("") }
  String.prototype.toJSON = function () { return '"' + this + '"' }
  Number.prototype.toJSON = function () { return isFinite(this) ? this.toString() : "null" }
  Date.prototype.toJSON = function () { return '"' + this.toISOString().slice(0, 19) + 'Z"' }
  window.Event = { observe: function () {}, KEY_RETURN: 13 }
"""

#: What a page has put in place of the browser's own objects and functions: scripts before all others of the page.
BUILT_INS: Mapping[str, str] = {
    "prototype.js": _PROTOTYPE_JS,
    # The first is of Kameleoon's own snippet: its script asks for the time of day then.
    "own performance": "var kameleoonStartLoadTime = Date.now(), performance = { rating: 'good' }",
    "console without methods": "window.console = {}",
    "fetch that never answers": """{
      const plain = window.fetch
      window.fetch = (...args) => /[/]v1[/]/.test(args[0]) ? plain(...args) : new Promise(() => {})
    }""",
    "fetch that throws": """{
      const plain = window.fetch
      window.fetch = (...args) => { if (/[/]v1[/]/.test(args[0])) return plain(...args); throw new Error("mine") }
    }""",
    "old polyfill of Promise": """{
      const Plain = window.Promise
      window.Promise = function (executor) { return new Plain(executor) }
      window.Promise.prototype = Plain.prototype
      for (const name of ["all", "race", "reject", "resolve"]) window.Promise[name] = Plain[name].bind(Plain)
    }""",
    "setTimeout never rings": """{
      const plain = window.setTimeout
      window.setTimeout = (then, ms, ...more) => ms > 60 ? 0 : plain(then, ms, ...more)
    }""",
    "setTimeout throws": """{
      const plain = window.setTimeout
      window.setTimeout = (then, ms, ...more) => {
        if (ms > 900) throw new Error("mine")
        return plain(then, ms, ...more)
      }
    }""",
    "JSON drops what is falsy": """{
      const { parse, stringify } = JSON
      const clean = (key, value) => key && !value ? undefined : value
      JSON.stringify = (value, replacer, space) => stringify(value, replacer || clean, space)
      JSON.parse = (text, reviver) => parse(text, reviver || clean)
    }""",
    "Object.prototype": """{
      Object.assign(Object.prototype, { hold: true, kind: "mine", number: "7", at: "noon", code: "mine" })
      const more = { extend: { value: Object.assign }, toJSON: { writable: true, value() { return this } } }
      Object.defineProperties(Object.prototype, more)
    }""",
    "Array.prototype": """
      Array.prototype.remove = function (one) { this.splice(this.indexOf(one), 1) }
      Array.prototype.at = Array.prototype.flat = Array.prototype.findLast = function () { return this.length }
    """,
    "URL is an address": "window.URL = location.href",
    "blind MutationObserver": """
      window.MutationObserver = class { observe() {} disconnect() {} takeRecords() { return [] } }
    """,
    "names of its own": "var Event = {}, Option = {}, Request = {}, Text = {}, Comment = {}",
}


def _locks(answer: str) -> str:
    return f"if (navigator.locks) LockManager.prototype.request = () => {{ {answer} }}"  # not in every frame there are


#: What the browser denies, or its user does: scripts of every frame, before anything else.
DENIED: Mapping[str, str] = {
    "no localStorage": """
      Object.defineProperty(window, "localStorage", { get() { throw new DOMException("denied", "SecurityError") } })
    """,
    # analytics.js fails where it can keep nothing at all.
    "localStorage is full": """{
      const plain = Storage.prototype.setItem
      Storage.prototype.setItem = function (key, value) {
        if (/^k_segmentio/.test(key)) throw new DOMException("full", "QuotaExceededError")
        plain.call(this, key, value)
      }
    }""",
    "no cookies": "Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set: () => {} })",
    "locks are refused": _locks("return Promise.reject(new DOMException('denied', 'SecurityError'))"),
    "locks are never granted": _locks("return new Promise(() => {})"),
    "locks throw": _locks("throw new DOMException('denied', 'SecurityError')"),
    "no locks": "delete Navigator.prototype.locks",
}

# The device's clock, in every frame: it begins where `top.clock` says, and may be set while the page is open.
_CLOCK = """{
  const Plain = Date, now = () => top.clock.frozen || Plain.now() + top.clock.shift
  if (window === top) top.clock = %s
  window.Date = class extends Plain { constructor(...args) { args.length ? super(...args) : super(now()) } }
  window.Date.now = now
}"""


def clock(setting: str) -> str:
    """Return a script of every frame, for a clock in place of the device's: `{frozen, shift}`, ms since 1970 and ms."""
    return _CLOCK % setting


#: Clocks of devices and of pages' tests that are not right: scripts of every frame.
CLOCKS: Mapping[str, str] = {
    "stands still": clock("{ frozen: Plain.now() }"),
    "a year ahead": clock("{ shift: 365 * 864e5 }"),
    "goes back an hour": clock("{ shift: 0 }") + "addEventListener('load', () => { top.clock.shift = -36e5 })",
}
