// Reads and calls what is in the page, by its path.

/**
 * Returns the wanted parts of a value, of arrays those of each of theirs.
 * @param {any} value
 * @param {Shape} shape
 * @returns {any}
 */
export const pick = (value, shape) => {
  if (!shape) return null;
  if (shape === 1 || !value || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((one) => pick(one, shape));
  return Object.fromEntries(Object.keys(shape).map((key) => [key, pick(value[key], shape[key])]));
};

/** Returns the snippet's instance, or the one behind npm's AnalyticsBrowser, whose own methods answer with promises. */
export const segment = () => window.analytics?.instance || window.analytics;

/**
 * Returns the value at 'a.b().c' below window, or what it returns for args where there are some.
 * @param {string} path
 * @param {any[]} [args]
 * @returns {any}
 */
export const reach = (path, args) => {
  let owner;
  /** @type {any} */
  let value = window;
  for (const key of path.split(".")) {
    const name = key.replace("()", "");
    owner = value;
    value = name === "analytics" ? segment() : owner[name];
    if (name !== key) value = value.call(owner);
  }
  return args ? value.apply(owner, args) : value;
};
