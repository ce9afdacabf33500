// What the ear knows of itself, and what went wrong; the hidden frame is given this object, and adds what it can do.

/** The browser's own, whatever the page has put in its place. @type {PromiseConstructor} */
export const Promise = /** @type {any} */ ((async () => {})().constructor);

let end;
const start = new Promise((resolve) => {
  end = resolve;
});

/**
 * Returns what a function returns when the brain has started, or could not.
 * @template T
 * @param {() => T} then
 */
export const started = async (then) => {
  await start;
  return then();
};

export const ear = /** @type {Ear} */ (
  /** @type {unknown} */ ({
    facts: {
      engine: BUNDLE.engine,
      state: "starting",
      versions: { bridge: BUNDLE.version },
      timings: {},
      errors: [],
    },
    heard: [],
    journal: [],
    numbered: 0,
    lost: 0,
    alarm: 0,
    began: document.createEvent("Event").timeStamp,
    shift: 0,
    analytics: BUNDLE.analytics,
    code: "", // its own, as the next one: pages give all objects members
    enrich: undefined,
    clock: () => {
      const { realm } = ear;
      return realm ? realm.performance.now() + ear.shift : document.createEvent("Event").timeStamp;
    },
    started: end,
    // What went wrong: the latest are shown in status().
    fault: (what) => {
      if (ear.facts.errors.push({ what: String(what) }) > BUNDLE.maxErrors) ear.facts.errors.shift();
    },
  })
);

/**
 * Calls back later: by the frame's clock where there is one, for the page's may be anybody's.
 * @param {() => void} then
 * @param {number} [milliseconds]
 */
export const later = (then, milliseconds) => (ear.realm || window).setTimeout(then, milliseconds);

/**
 * Returns the same function, but that what it throws is noted, and it returns undefined then.
 * @template {(...args: any[]) => any} F
 * @param {F} f
 * @returns {(...args: Parameters<F>) => ReturnType<F> | undefined}
 */
export const guarded =
  (f) =>
  (...args) => {
    try {
      return f(...args);
    } catch (error) {
      ear.fault(error);
    }
  };
