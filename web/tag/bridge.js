/*
 * The ear, and the hands. From its first line on this script keeps what happens in the page, in order and with its time,
 * and it starts PyScript in a hidden frame; there the brain, written in Python, decides everything. What the brain asks
 * for is done here, each call guarded: on MicroPython a JavaScript exception cannot be caught in Python. Nothing in this
 * file may throw into the page, block it or be seen in it.
 *
 * BUNDLE is put in by the build: { version, engine, polyscript: file, engines: { name: [brain, module, …] } }.
 */
(() => {
  const script = document.currentScript
  if (!script || window.kameleoonSegment) return

  const HOLD = 1000 // ms: no customer's event waits longer for the brain
  const START = { micropython: 15000, pyodide: 60000 } // ms until a start counts as failed: Pyodide can hang
  const LOCK = 10000 // ms: a lock is given back, whatever happens
  const SPREAD = 200 // ms until other tabs, in processes of their own, see what this one has stored
  const CAMPAIGN = { id: 1, name: 1, associatedVariation: { id: 1, name: 1 } }
  const DETAIL = { time: 1, experiment: CAMPAIGN, personalization: CAMPAIGN, legalConsentUpdate: 1 }
  const VISITOR = { code: 1, experimentLegalConsent: 1, personalizationLegalConsent: 1 }

  const began = performance.now()
  const timings = {}
  const errors = []
  const heard = [] // JSON texts that the brain has not had yet
  const waiting = [] // customer's events on hold, in order: [payload, go on, until]
  const passed = new WeakSet() // events that were here already: the middleware may sit on stub and instance
  const hooked = new WeakSet()
  const releases = {}
  let state = 'starting'
  let engine = script.dataset.engine || BUNDLE.engine
  let frame, brain, busy, settling, world, ready, alarm, leaving

  const fault = (what) => { if (errors.push({ what: String(what) }) > 20) errors.shift() }
  const guarded = (f) => (...args) => { try { return f(...args) } catch (error) { fault(error) } }

  // The wanted parts of a value: shape 1 takes all, 0 nothing, else names with the shapes of their values.
  const pick = (value, shape) =>
    !shape ? null
      : shape === 1 || !value || typeof value !== 'object' ? value
        : Array.isArray(value) ? value.map((one) => pick(one, shape))
          : Object.fromEntries(Object.keys(shape).map((key) => [key, pick(value[key], shape[key])]))

  // The snippet's instance, or the one behind npm's AnalyticsBrowser, whose own methods answer with promises.
  const segment = () => (window.analytics && window.analytics.instance) || window.analytics

  // The value at 'a.b().c' below window, called with args where there are some.
  const reach = (path, args) => {
    let owner
    let value = window
    for (const key of path.split('.')) {
      const name = key.replace('()', '')
      owner = value
      value = name === 'analytics' ? segment() : owner[name]
      if (name !== key) value = value.call(owner)
    }
    return args ? value.apply(owner, args) : value
  }

  // ---- what the brain is told

  const tell = (text) => {
    busy = true
    try {
      return JSON.parse(brain(text))
    } catch (error) {
      fault(error)
    } finally {
      busy = false
      if (heard.length) queueMicrotask(drain)
    }
  }

  const drain = () => {
    while (brain && !busy && heard.length) tell(heard.shift())
    settle()
  }

  const hear = guarded((kind, more) => {
    if (state === 'failed') return
    heard.push(JSON.stringify({ kind, at: Date.now(), ...more }))
    drain()
  })

  const ask = (kind, more) => brain && !busy ? tell(JSON.stringify({ kind, at: Date.now(), ...more })) : undefined

  // ---- Segment: a source middleware sees each event before anything else does

  const settle = guarded(() => {
    while (waiting.length && !settling) {
      const [payload, go, until] = waiting[0]
      const left = leaving || state === 'failed' ? 0 : until - Date.now()
      settling = true // what the brain does now may lead back here
      const answer = (brain ? !busy && guarded(ask)('event', { event: payload.obj }) : { hold: true }) || {}
      settling = false
      if ((answer.hold || busy) && left > 0) {
        clearTimeout(alarm)
        alarm = setTimeout(settle, busy ? 0 : left)
        return stay()
      }
      waiting.shift()
      guarded(() => {
        // New objects: the event holds the caller's own (analytics.js 2.0)
        for (const field in answer.set) payload.obj[field] = { ...payload.obj[field], ...answer.set[field] }
      })()
      go()
    }
    if (state !== 'starting') window.removeEventListener('beforeunload', leave)
  })

  // An event on hold when the page goes is lost. Let go at beforeunload, analytics.js still sends it, or keeps it for the
  // next page. Listened to only while events are held: in Firefox it costs the back-forward cache.
  const stay = () => window.addEventListener('beforeunload', leave)
  const leave = () => {
    leaving = true
    settle()
    setTimeout(() => { leaving = false }, HOLD) // the visitor may have stayed
  }

  // analytics.js drops an event whose middleware has ended without next(), and waits for a promise.
  const middleware = async ({ payload, next }) => {
    if (payload.obj && !passed.has(payload.obj)) {
      passed.add(payload.obj)
      look()
      await new Promise((go) => {
        waiting.push([payload, go, Date.now() + HOLD])
        settle()
      })
    }
    next(payload)
  }

  const hookAnalytics = () => {
    const analytics = window.analytics
    if (!analytics || hooked.has(analytics) || !analytics.addSourceMiddleware) return
    hooked.add(analytics)
    analytics.addSourceMiddleware(middleware)
    analytics.on('initialize', () => setTimeout(look)) // the real instance replaces the stub right after
    analytics.on('reset', () => hear('reset'))
  }

  // ---- Kameleoon

  const command = (item) => {
    item = (item && item.command) || item
    if (Array.isArray(item)) hear('command', { name: String(item[0]), args: item.slice(1) })
  }

  const hookQueue = () => {
    const queue = window.kameleoonQueue
    if (!queue || !queue.push || hooked.has(queue.push)) return
    if (!hooked.has(queue) && Array.isArray(queue)) queue.forEach(guarded(command))
    hooked.add(queue)
    const push = queue.push // the engine puts an executing push in its place when it starts
    const listening = function (...items) {
      const result = push.apply(this, items)
      items.forEach(guarded(command))
      return result
    }
    hooked.add(listening)
    Object.defineProperty(queue, 'push', { value: listening, writable: true, configurable: true })
  }

  // ---- what changed: asked at each of the page's own events, and once a second

  const look = guarded(() => {
    guarded(hookAnalytics)()
    guarded(hookQueue)()
    let visitor
    try { visitor = pick(Kameleoon.API.Visitor, VISITOR) } catch {} // absent, or between two phases of its start
    const analytics = segment()
    const now = { visitor, ready: !!(analytics && analytics.initialized && analytics.user) }
    const text = JSON.stringify(now)
    if (text !== world) hear('world', now, (world = text))
  })

  let pause = 20
  const beat = () => {
    look()
    setTimeout(beat, pause = Math.min(pause * 1.5, 1000))
  }

  // ---- custom data: as the brain left it, also for the next page, where Kameleoon asks before Python is up

  const KEPT = 'k_segmentio_values'
  const who = () => (document.cookie.match(/(kameleoonVisitorCode|ajs_(user|anonymous)_id)=[^;]+/g) || []).sort().join()
  let kept = { values: {}, snippets: {} }
  const show = (next) => {
    const io = window.k_segmentIO = window.k_segmentIO || {}
    for (const key in kept.snippets) delete io[key]
    kept = next
    Object.assign(io, kept.snippets, { runtime: true }) // Kameleoon's snippets fetch nothing then
  }
  guarded(() => {
    const last = JSON.parse(localStorage.getItem(KEPT))
    if (last && last.who === who()) show(last)
  })()

  // ---- the hands

  const hands = {
    reach: (path, shape, args) => pick(reach(path, args), shape),
    after: (milliseconds, name) => { setTimeout(() => hear('timer', { name }), milliseconds) },
    lock: (name) => {
      const locked = () => new Promise((release) => {
        releases[name] = release
        setTimeout(release, LOCK)
        hear('locked', { name })
      })
      if (navigator.locks) navigator.locks.request(name, locked).catch(fault)
      else locked()
    },
    unlock: (name) => { setTimeout(releases[name], SPREAD) },
    publish: (values, snippets, personas) => {
      show({ values, snippets, personas })
      localStorage.setItem(KEPT, JSON.stringify({ ...kept, who: who() }))
    },
    retrieve: (number, keys, shape, address) => {
      const done = (data) => hear('remote', { number, data: pick(data, shape) })
      if (!address) return void Kameleoon.API.Data.retrieveDataFromRemoteSource(keys, done)
      fetch(address + encodeURIComponent(JSON.stringify(keys)))
        .then((answer) => answer.ok ? answer.json() : Promise.reject('the Data API answered ' + answer.status))
        .then(done, (problem) => hear('remote', { number, problem: String(problem) }))
    }
  }

  const act = (request) => {
    try {
      const [name, ...args] = JSON.parse(request)
      const value = hands[name](...args)
      return JSON.stringify([true, value === undefined ? null : value])
    } catch (error) {
      return JSON.stringify([false, String(error)])
    }
  }

  // ---- PyScript's kernel, in a friendly frame: the page's globals, prototypes and form controls stay as they are

  const fail = (error) => {
    if (state !== 'starting') return
    fault(error)
    state = 'failed'
    brain = null
    heard.length = 0
    if (frame) frame.remove()
    if (!leaving) console.warn('[kameleoon-segment] could not start: ' + error) // Firefox fails what is left undone
    settle()
    ready(status())
  }

  const boot = (settings) => {
    const base = new URL('.', script.src)
    const url = (file) => new URL(file, base).href
    const names = Object.keys(BUNDLE.engines)
    engine = names.includes(settings.engine) ? settings.engine : names[0]
    const [python, module, ...soon] = BUNDLE.engines[engine].map(url)
    frame = document.createElement('iframe')
    frame.hidden = true
    frame.style.setProperty('display', 'none', 'important')
    document.documentElement.append(frame)
    const page = frame.contentDocument
    page.open().close() // gives the frame the page's address: PyScript cannot resolve a URL against about:blank
    const add = (tag, attributes) => {
      const element = Object.assign(page.createElement(tag), { crossOrigin: 'anonymous', nonce: script.nonce }, attributes)
      page.head.append(element)
      return element
    }
    add('link', { rel: 'modulepreload', href: module })
    for (const href of soon) add('link', { rel: 'preload', as: 'fetch', href })
    const realm = frame.contentWindow
    realm.ear = { act, fault }
    realm.addEventListener('securitypolicyviolation', ({ disposition, blockedURI, violatedDirective }) => {
      if (disposition === 'enforce') fail(`the page's Content-Security-Policy (${violatedDirective}) blocks ${blockedURI}`)
    })
    realm.addEventListener('unhandledrejection', (event) => {
      event.preventDefault()
      fail(event.reason)
    })
    // Where Trusted Types are required, the page's policies end at the frame: there its default one is asked, too.
    const trust = window.trustedTypes && trustedTypes.defaultPolicy
    if (trust) realm.trustedTypes.createPolicy('default', { createScriptURL: (address) => trust.createScriptURL(address) })
    const onReady = ({ interpreter }) => {
      if (state !== 'starting') return
      timings.engine = performance.now() - began
      try {
        interpreter.runPython('import brain')
        brain = realm.ear.brain
        tell(JSON.stringify({ kind: 'settings', at: Date.now(), engines: names, ...settings }))
        state = ask('status').state
      } catch (error) {
        return fail(error)
      }
      timings.ready = performance.now() - began
      drain()
      ready(status())
    }
    add('script', {
      type: 'module',
      src: url(BUNDLE.polyscript),
      onerror: () => fail(BUNDLE.polyscript + ' did not load'),
      onload: guarded(() => realm[Symbol.for('polyscript')].define(null, {
        interpreter: engine,
        version: module,
        config: { files: { [python]: './brain.py' } },
        hooks: { main: { onReady } }
      }))
    })
    setTimeout(fail, START[engine], `no answer after ${START[engine] / 1000} s`)
  }

  // ---- the page API

  const status = () => {
    const told = ask('status') || {}
    return {
      engine,
      state,
      versions: { bridge: BUNDLE.version },
      timings: { ...timings },
      identifier: null,
      exposures: null,
      customData: {},
      held: 0,
      dropped: 0,
      ...told,
      errors: errors.concat(told.errors || [])
    }
  }

  const api = {
    ready: new Promise((resolve) => { ready = resolve }),
    status,
    customData: (name) => kept.values[name],
    exposure: (report) => hear('exposure', { report }),
    consent: (given) => hear('consent', { given }),
    personaNames: () => kept.personas || []
  }
  window.kameleoonSegment = api

  const { sitecode, config } = script.dataset
  const start = (more) => {
    try {
      boot({ attributes: { sitecode, engine: script.dataset.engine }, engine, ...more })
    } catch (error) {
      fail(error)
    }
  }
  for (const name of ['Loaded', 'Started', 'ExperimentActivated', 'PersonalizationActivated', 'LegalConsentUpdated']) {
    window.addEventListener('Kameleoon::' + name, guarded(({ detail }) => {
      look()
      hear('kameleoon', { name, detail: pick(detail, DETAIL) })
    }))
  }
  document.addEventListener('load', ({ target }) => { if (target.nodeName === 'SCRIPT') look() }, true)
  stay()
  beat()
  if (config) {
    fetch(config).then((answer) => {
      if (!answer.ok) throw `${config} answered ${answer.status}`
      return answer.text()
    }).then(
      (text) => start({ config: text, engine: script.dataset.engine || (guarded(JSON.parse)(text) || {}).engine || engine }),
      (error) => start({ problem: String(error) })
    )
  } else start()
})()
