// Finds things in the page by their paths.

/**
 * Returns the value at "a.b" below the page's window.
 * @param {string} path
 * @param {any} value that window
 * @returns {any}
 */
export const at = (path, value) => {
  for (const name of path.split(".")) value = value?.[name];
  return value;
};
