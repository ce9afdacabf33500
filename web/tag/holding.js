// Puts the visitor code into the customer's events; where it is not known yet, holds them, and never longer than a moment.

import { Promise, ear, guarded, later } from "./ear.js";
import { hear } from "./heard.js";
import { ordered } from "./kept.js";
import { going, stay, stop } from "./leaving.js";

/** @type {[payload: Payload, go: (value?: unknown) => void, until: number][]} */
const waiting = []; // events on hold, in order
const passed = new WeakSet(); // events that were here already: the middleware may sit on stub and instance
/** @type {boolean | undefined} */
let settling;
/** @type {boolean | undefined} */
let vain; // an event waited its whole time for a brain that is not up: no other does

/**
 * Puts a visitor code where the destination reads it, if the event has none.
 * @param {Record<string, any>} event
 * @param {string} code
 */
const enrich = guarded((event, code) => {
  const field = BUNDLE.codeFields[event.type];
  // A new object: the event holds the caller's own (analytics.js 2.0)
  if (field && !event[field]?.[BUNDLE.code]) event[field] = { ...event[field], [BUNDLE.code]: code };
});

/** Lets go every event that need not wait any more. */
export const settle = guarded(() => {
  const { facts } = ear;
  while (waiting.length && !settling) {
    const [payload, go, until] = waiting[0];
    const event = payload.obj;
    const starting = facts.state === "starting";
    let code = ordered();
    let answer;
    if (!code && !starting) {
      settling = true; // what the brain does now may lead back here
      answer = ear.up?.ask("event", { event });
      settling = false;
      code = ordered();
    }
    const left = going() || (starting && vain) ? 0 : until - ear.clock();
    if (!code && (answer ? answer.hold : ear.busy || starting) && left > 0) {
      // The brain is asked again when it was told something, or when the first event's time is over
      ear.alarm ||= later(() => {
        ear.alarm = 0;
        settle();
      }, left);
      return stay();
    }
    vain = starting && !code;
    waiting.shift();
    pass(event, code, answer);
    go();
  }
  if (facts.state !== "starting") stop();
});

/** It goes on, and the brain is told, if it was not asked, as soon as may be. */
const pass = (event, code, isKnown) => {
  if (code) enrich(event, code);
  if (!isKnown) hear("event", { event });
};

/**
 * Lets an event go on, once, with the visitor code where that is known; else returns a promise that ends when it may. Our
 * own have all that they need.
 * @param {Payload} payload
 */
export const held = (payload) => {
  const event = payload.obj;
  if (passed.has(event)) return;
  passed.add(event);
  const code = !waiting.length && ordered();
  if (code) return pass(event, code);
  return new Promise((go) => {
    if (waiting.push([payload, go, ear.clock() + BUNDLE.hold]) === 1) settle();
  });
};
