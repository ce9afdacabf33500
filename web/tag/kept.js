// Custom data as the brain left it. It is shown again on the next page, where Kameleoon asks before Python is up: once
// consent is known to be given there.

import { ear, guarded } from "./ear.js";

/** @type {Values} */
export let custom = { values: {}, snippets: {}, personas: [] };
/** @type {any} */
let last; // what an earlier page left, until it is shown or the brain is up

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

/** Shows what an earlier page left, if the cookies that say who is here read as they did then, and consent is given. */
export const recalled = guarded(() => {
  const cookies = last?.cookies;
  const isSame = (name) => {
    const found = document.cookie.split("; ").find((one) => one.startsWith(name + "="));
    return cookies[name] === (found ? found.slice(name.length + 1) : null);
  };
  if (cookies && allowed() && Object.keys(cookies).every(isSame)) show(last);
});

/** Looks for what an earlier page left. */
export const recall = guarded(() => {
  const text = localStorage.getItem(BUNDLE.valuesKey);
  last = text && text.length < BUNDLE.longest && JSON.parse(text);
  ear.mode = last?.mode || (!ear.script.config && BUNDLE.consent);
  recalled();
});
