// Holds the customer's events until the brain has said what to put into them, and never longer than a moment.

import { facts, guarded, wants } from "./facts.js";
import { pick } from "./reach.js";
import { ask, busy, hear } from "./telling.js";

/** @type {[payload: Payload, go: (value?: unknown) => void, until: number][]} */
const waiting = []; // events on hold, in order
const passed = new WeakSet(); // events that were here already: the middleware may sit on stub and instance
/** @type {boolean | undefined} */
let settling;
/** @type {number | undefined} */
let alarm;
/** @type {boolean | undefined} */
export let leaving; // the page

/** Lets go every event that need not wait any more. */
export const settle = guarded(() => {
  while (waiting.length && !settling) {
    const [payload, go, until] = waiting[0];
    const left = leaving || facts.state === "failed" ? 0 : until - Date.now();
    settling = true; // what the brain does now may lead back here
    const event = { event: wants.event ? pick(payload.obj, wants.event) : payload.obj };
    const answer = guarded(ask)("event", event);
    settling = false;
    if ((answer ? answer.hold : busy || facts.state === "starting") && left > 0) {
      clearTimeout(alarm);
      alarm = setTimeout(settle, busy ? 0 : left);
      return stay();
    }
    waiting.shift();
    if (!answer) hear("event", event); // it goes on as it is, and is told as soon as may be
    guarded(() => {
      // New objects: the event holds the caller's own (analytics.js 2.0)
      for (const field in answer?.set) payload.obj[field] = { ...payload.obj[field], ...answer.set[field] };
    })();
    go();
  }
  if (facts.state !== "starting") window.removeEventListener("beforeunload", leave);
});

/**
 * Holds an event, once: returns a promise that ends when it may go on.
 * @param {Payload} payload
 */
export const held = (payload) => {
  const event = payload.obj;
  if (!event || passed.has(event)) return;
  passed.add(event);
  return new Promise((go) => {
    waiting.push([payload, go, Date.now() + BUNDLE.hold]);
    settle();
  });
};

// An event on hold when the page goes is lost. Let go at beforeunload, analytics.js still sends it, or keeps it for the
// next page. Listened to only while events are held: in Firefox it costs the back-forward cache.
export const stay = () => window.addEventListener("beforeunload", leave);
const leave = () => {
  leaving = true;
  settle();
  setTimeout(() => {
    leaving = false;
  }, BUNDLE.hold); // the visitor may have stayed
};
