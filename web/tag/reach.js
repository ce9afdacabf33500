// Finds things in the page by their paths.

/**
 * Returns the value at "a.b" below window.
 * @param {string} path
 * @returns {any}
 */
export const at = (path) => {
  /** @type {any} */
  let value = window;
  for (const name of path.split(".")) value = value?.[name];
  return value;
};
