// Reads and calls what is in the page, by its path.

import { at } from "../reach.js";
import { pick } from "./pick.js";

const page = frameElement?.ownerDocument;

/** Returns whether the page is still there: in Firefox timers go on for a moment, and `parent` is then the next page. */
export const isHere = () => {
  try {
    return parent.document === page;
  } catch {
    return false; // the next page is somebody else's, or there is none
  }
};

/** Returns Segment's instance: the snippet's, or the one behind npm's AnalyticsBrowser, whose methods answer with promises. */
export const segment = () => {
  const found = at(ear.analytics, parent);
  return found?.instance || found;
};

/**
 * Returns the address of a file of the bundle.
 * @param {string} file
 */
export const url = (file) => new URL(file, ear.script.src).href;

const MOST = 1000; // entries of an object or array
const MOST_LETTERS = 100_000; // of a text: Kameleoon takes values of 1,000
const DEEPEST = 9;
let out = 0; // how many were left out

/**
 * Returns a copy of a value, of any size.
 * @param {any} value
 */
export const copied = (value, depth = 0) => {
  if (typeof value === "bigint") return String(value);
  if (!value || typeof value !== "object") return value?.length > MOST_LETTERS ? void out++ : value;
  if (value.toISOString) return isNaN(value) ? null : value.toISOString();
  if (depth > DEEPEST) return void out++;
  const names = Object.keys(value);
  if (names.length > MOST) names.sort((one, other) => Number(!value[one]) - Number(!value[other])); // a persona that was left is false
  out += names.splice(MOST).length;
  const part = (name) => copied(value[name], depth + 1);
  return Array.isArray(value) ? names.map(part) : Object.fromEntries(names.map((name) => [name, part(name)]));
};

/**
 * Returns a copy of the wanted parts of a value, of any size, and says what had to be left out.
 * @param {any} value
 * @param {Shape} shape
 * @param {string} what that is
 * @returns {any}
 */
export const picked = (value, shape, what) => {
  out = 0;
  const copy = pick(value, shape, copied);
  if (out) ear.fault(`${what}: ${out} entries left out, there are too many or they are too long`);
  return copy;
};

const OWN = /^(console|decodeURIComponent|document)\b/; // the page's may be anybody's

/**
 * Returns the value at 'a.b().c' below the page's window, or what it returns for args where there are some.
 * @param {string} path
 * @param {any[]} [args]
 * @returns {any}
 */
export const reach = (path, args) => {
  let owner;
  /** @type {any} */
  let value = OWN.test(path) ? window : parent;
  for (const key of path.split(".")) {
    const name = key.replace("()", "");
    owner = value;
    value = name === "analytics" ? segment() : owner[name];
    if (name !== key) value = value.call(owner);
  }
  return args ? value.apply(owner, args) : value;
};
