// What the brain left for the next page, where it is wanted before Python is up: custom data, for which Kameleoon asks, once
// consent is known to be given there; and the visitor code that events carry.

import { ear, guarded } from "./ear.js";

/** @type {Values} */
export let custom = { values: {}, snippets: {}, personas: [] };
/** @type {any} */
let last; // what an earlier page left, until it is shown or the brain is up
/** @type {{ code: string, cookie?: string | null, config?: string } | null} */
let order; // what events carried there

/**
 * Puts custom data where the page reads it.
 * @param {Values} next
 */
export const show = (next) => {
  last = null;
  const io = (window.k_segmentIO = window.k_segmentIO || {});
  for (const key in custom.snippets) delete io[key];
  custom = next;
  Object.assign(io, custom.snippets, { runtime: true }); // Kameleoon's snippets fetch nothing then
};

/** Returns Kameleoon's visitor. */
export const visitor = () => {
  try {
    return window.Kameleoon.API.Visitor;
  } catch {
    // absent, or between two phases of its start
  }
};

/**
 * Returns whether the visitor is known to allow what a message is of, or anything at all where none is given.
 * @param {Message} [message]
 */
export const allowed = (message) => {
  if (ear.mode === "none") return true;
  if (ear.mode === "manual") return ear.given;
  const who = ear.mode && visitor();
  return (
    who?.code &&
    ["experiment", "personalization"].some((type) => {
      const given = who[type + "LegalConsent"]; // a script without consent management names none
      const concerned = !message || message.detail?.[type] || message.report?.[type + "ID"];
      return concerned && (given || given === undefined);
    })
  );
};

/**
 * Returns the visitor code that an event carries, if that can be said without the brain. What it said stands. Before it is
 * up, Kameleoon's script says who is here, and whether that is allowed; before that one is there, what held on the last page
 * holds still, as far as one can tell.
 */
export const ordered = () => {
  if (ear.facts.state !== "starting") return ear.code;
  const enrich = ear.enrich ?? order?.code;
  if (!enrich) return;
  const code = visitor()?.code;
  if (code) return allowed() && /^[^_]/.test(code) && code; // old scripts wrote a prefix: see the brain
  const now = cookie(BUNDLE.code);
  return ear.mode !== "manual" && now && order?.cookie === now && now.includes(order.code) && order.code;
};

/** Returns whether the visitor was here before, with these settings. */
export const isKnown = () => !!order;

/**
 * Returns a cookie as it stands, null where there is none.
 * @param {string} name
 */
export const cookie = (name) => {
  const found = document.cookie.split("; ").find((one) => one.startsWith(name + "="));
  return found ? found.slice(name.length + 1) : null;
};

/** Shows what an earlier page left, if the cookies that say who is here read as they did then, and consent is given. */
export const recalled = guarded(() => {
  const cookies = last?.cookies;
  if (cookies && allowed() && Object.keys(cookies).every((name) => cookies[name] === cookie(name))) show(last);
});

/**
 * Returns what is kept under a key; nothing where it cannot be read: the brain says why.
 * @param {string} key
 */
const read = (key) => {
  try {
    const text = localStorage.getItem(key);
    return text && text.length < BUNDLE.longest ? JSON.parse(text) : null;
  } catch {
    return null;
  }
};

/** Looks for what an earlier page left. */
export const recall = guarded(() => {
  const { config } = ear.script;
  last = read(BUNDLE.valuesKey);
  ear.mode = last?.mode || (!config && BUNDLE.consent);
  if (!config) ear.enrich = BUNDLE.enrich;
  order = read(BUNDLE.orderKey);
  if (order?.config !== config) order = null; // of other settings
  recalled();
});
