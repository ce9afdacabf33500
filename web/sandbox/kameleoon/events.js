/* DOM events (1.3). */

/**
 * On window, does not bubble, always with the time.
 * @param {string} name without its beginning, `Kameleoon::`
 * @param {Record<string, unknown>} detail
 */
export function emit(name, detail) {
  window.dispatchEvent(new CustomEvent(`Kameleoon::${name}`, { detail: { ...detail, time: Date.now() } }));
}
