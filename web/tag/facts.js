// What the tag knows of itself, and what went wrong in it.

/** @type {Facts} */
export const facts = {
  engine: BUNDLE.engine,
  state: "starting",
  versions: { bridge: BUNDLE.version },
  timings: {},
  errors: [],
};

/** What the brain wants to know; nothing as long as it is not up. @type {Wants} */
export const wants = {};

/**
 * Notes what went wrong: the latest are shown in status().
 * @param {unknown} what
 */
export const fault = (what) => {
  if (facts.errors.push({ what: String(what) }) > BUNDLE.maxErrors) facts.errors.shift();
};

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
      fault(error);
    }
  };
