// The page is about to be left: nothing waits any more, and what may be sent is kept for the next page.

import { ear, guarded, later } from "./ear.js";
import { settle } from "./holding.js";
import { allowed, visitor } from "./kept.js";

const MOST = 50; // messages that are kept
const SENT_WITHIN_MS = 10; // by analytics.js, of its pipeline's end
const late = new Set(); // hands over what is not sent yet
let leaving = false;

/**
 * Notes an event that analytics.js has in its pipeline. A timer of its own stands between there and its destination, which
 * keeps events for the next page: where the page is left before, it is handed over at once.
 * @param {any} context
 * @param {any} instance of analytics.js
 */
export const hurry = (context, instance) => {
  const hand = () => instance.queue.plugins.find(({ name }) => name === "Segment.io")[context.event.type](context);
  late.add(hand);
  setTimeout(() => late.delete(hand), SENT_WITHIN_MS); // the page's: after that of analytics.js in any case
};

/** Returns whether the page is being left. */
export const going = () => leaving;

const depart = guarded(() => {
  leaving = true;
  settle();
  later(() => {
    leaving = false;
  }, BUNDLE.hold); // the visitor may have stayed
  ear.up?.leave();
});

/** @param {Message} message */
const isExposure = ({ kind, name }) => /exposure|Activated/.test(kind + name);

// What was heard and is not with Segment yet. Where there is no brain to ask, that is what consent is known for.
const keep = guarded(() => {
  const { JSON, localStorage, Date } = /** @type {any} */ (ear.realm || window);
  const { unsent } = ear.up?.ask("leaving") || {};
  const messages = [...(ear.earlier?.messages || []), ...ear.journal].filter(
    (one) => isExposure(one) && (unsent ? unsent.includes(one.number) : allowed(one)),
  );
  if (!messages.length) return;
  const timed = messages.map((one) => ({ at: Date.now() - ear.clock() + one.up, ...one }));
  const left = JSON.parse(localStorage.getItem(BUNDLE.heardKey)); // by a page that no brain came to, or by another tab
  const all = [...(left?.messages || []), ...timed].slice(-MOST);
  localStorage.setItem(BUNDLE.heardKey, JSON.stringify({ code: visitor()?.code || left?.code, messages: all }));
});

// The end in two steps: in between, what was let go runs through analytics.js's pipeline.
const end = () => {
  for (const hand of late) guarded(hand)();
  keep();
};

/**
 * @param {"addEventListener" | "removeEventListener"} change
 * @param {string} type
 */
const both = (change, type) => {
  for (const step of [depart, end]) window[change](type, step, true); // before analytics.js's own listeners
};

// Let go when a navigation begins, analytics.js still sends an event. And WebKit fires no pagehide where a page is left before
// it has loaded (WebKitGTK 2.50). Listened to only until then and while events are held: in Firefox it costs the
// back-forward cache.
export const stay = () => both("addEventListener", "beforeunload");
export const stop = () => document.readyState === "complete" && both("removeEventListener", "beforeunload");

/** Begins to watch for the page's end. */
export const leave = () => {
  both("addEventListener", "pagehide");
  window.addEventListener("load", settle);
  stay();
};
