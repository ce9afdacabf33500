// Custom data as the brain left it. It is shown again on the next page, where Kameleoon asks before Python is up.

import { guarded } from "./facts.js";

/** @type {Values} */
export let kept = { values: {}, snippets: {}, personas: [] };

/**
 * Puts custom data where the page reads it.
 * @param {Values} next
 */
export const show = (next) => {
  const io = (window.k_segmentIO = window.k_segmentIO || {});
  for (const key in kept.snippets) delete io[key];
  kept = next;
  Object.assign(io, kept.snippets, { runtime: true }); // Kameleoon's snippets fetch nothing then
};

/** @param {string} name */
const cookie = (name) => {
  const found = document.cookie.split("; ").find((one) => one.startsWith(name + "="));
  return found ? found.slice(name.length + 1) : null;
};

/** Shows what the brain kept on an earlier page, if the cookies that say who is here read as they did then. */
export const recall = guarded(() => {
  const last = JSON.parse(/** @type {string} */ (localStorage.getItem(BUNDLE.valuesKey)));
  const cookies = last?.cookies;
  if (cookies && Object.keys(cookies).every((name) => cookie(name) === cookies[name])) show(last);
});
