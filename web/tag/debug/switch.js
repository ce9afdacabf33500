// The switch: in the page's address, and remembered for the tab.

const KEY = BUNDLE.debugKey;

/** @typedef {"overlay" | "events" | "off"} Mode */

/**
 * Returns what a value of the switch means.
 * @param {string | null} value
 * @returns {Mode}
 */
const meaning = (value) => (value === null || value === "off" ? "off" : value === "events" ? "events" : "overlay");

/**
 * Returns what is wanted of this page: as its address says, which the tab remembers, else as the tab does.
 * @returns {Mode}
 */
export const remembered = () => {
  const named = new URLSearchParams(location.search).get(KEY);
  try {
    if (named === null) return meaning(sessionStorage.getItem(KEY));
    if (named === "off") sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, named);
  } catch {
    // cookies are blocked, and storage with them: it holds for this page
  }
  return meaning(named);
};

/** Forgets the switch. */
export const forget = () => {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // nothing is remembered
  }
};
