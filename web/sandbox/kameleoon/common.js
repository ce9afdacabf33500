/* What knows nothing of Kameleoon. */

export const DAY = 24 * 3600 * 1000; // ms

/**
 * Foreign code may throw what it likes: the page only ever sees a line in the console (1.2, 1.4, 2.5, 3.2).
 * @template T
 * @param {() => T} run
 */
export function guarded(run) {
  try {
    return run();
  } catch (error) {
    console.log("Kameleoon:", error);
    return undefined;
  }
}

/** @param {string | null} text JSON; null when it is none */
export function readJson(text) {
  try {
    return JSON.parse(/** @type {string} */ (text));
  } catch {
    return null;
  }
}

/**
 * @param {number} length
 * @param {string} alphabet
 */
export function randomText(length, alphabet) {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join("");
}

export const nonce = () => randomText(16, "0123456789abcdef");

/**
 * FNV-1a with a final mix. Kameleoon takes sha256; buckets only need to be stable and even.
 * @param {string} text
 */
export function hash(text) {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) || 0), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/**
 * @template {{ id: number, name: string }} T
 * @param {T[]} list
 * @param {string | number} key
 */
export const byIdOrName = (list, key) => list.find((item) => item.id === Number(key) || item.name === key) || null;
