/* The visitor code's cookie, and what is kept in localStorage (1.6, 9.13). */
import { DAY, guarded } from "./common.js";
import { isConsentGiven } from "./consent.js";
import { dialect } from "./dialect.js";

/** Nothing is written before consent: until then values live here, and survive single-page loads. */
const held = new Map();
/** @type {string | null} */
let heldCode = null;

/**
 * @param {string} key
 * @returns {string | null}
 */
export const readStored = (key) => (held.has(key) ? held.get(key) : localStorage.getItem(key));

/**
 * @param {string} key
 * @param {string} value
 */
export function store(key, value) {
  if (isConsentGiven()) localStorage.setItem(key, value);
  else held.set(key, value);
}

/** @param {string} key */
export function removeStored(key) {
  held.delete(key);
  localStorage.removeItem(key);
}

/** Once consent is given. */
export function releaseStorage() {
  if (!isConsentGiven()) return;
  held.forEach((value, key) => localStorage.setItem(key, value));
  held.clear();
  if (heldCode) writeCode(heldCode);
}

/** What consent has not let out of memory. */
export function forgetHeld() {
  held.clear();
  heldCode = null;
}

/** Without the dialect's own prefix; another's is part of the code. */
export function readCode() {
  if (heldCode) return heldCode;
  const found = document.cookie.match(/(?:^|; )kameleoonVisitorCode=([^;]+)/);
  if (!found) return null;
  const value = guarded(() => decodeURIComponent(found[1])) || found[1];
  return value.startsWith(dialect.cookiePrefix) ? value.slice(dialect.cookiePrefix.length) : value;
}

/** @param {string} code */
export function writeCode(code) {
  heldCode = isConsentGiven() ? null : code;
  if (heldCode) return;
  const host = location.hostname;
  const domain = /[a-z]/.test(host) && host.includes(".") ? `; domain=${host.split(".").slice(-2).join(".")}` : "";
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie =
    `kameleoonVisitorCode=${encodeURIComponent(dialect.cookiePrefix + code)}; max-age=${(365 * DAY) / 1000}; path=/${domain}` +
    `; SameSite=Lax${secure}`;
}
