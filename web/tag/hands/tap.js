// Keeps what crosses the seam for who debugs the page, where the address or, in this tab, an earlier page asks for it.

const MOST = 1000; // until it is known whether that may be seen

const isWanted = () => {
  try {
    return location.search.includes(BUNDLE.debugKey) || sessionStorage.getItem(BUNDLE.debugKey) !== null;
  } catch {
    // cookies are blocked, and storage with them
  }
};
ear.crossings = isWanted() ? /** @type {Crossing[]} */ ([]) : undefined;

/**
 * Lets a text cross the seam, and returns the answer.
 * @param {"told" | "asked"} way
 * @param {string} text
 * @param {Hear} cross
 */
export const crossing = (way, text, cross) => {
  /** @type {Crossing} */
  const one = [ear.clock(), way, text];
  if (ear.crossings && ear.crossings.length < MOST) ear.crossings.push(one);
  return (one[3] = cross(text));
};

/**
 * Shows it where the settings allow that, and keeps nothing else.
 * @param {boolean} allowed
 * @returns {boolean} whether somebody wants to see it
 */
export const mayShow = (allowed) => {
  if (!allowed) ear.crossings = undefined;
  return !!ear.crossings;
};
