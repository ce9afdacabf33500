// Holds the customer's events until the brain has said what to put into them, and never longer than a moment.

import { Promise, ear, guarded, later } from "./ear.js";
import { hear } from "./heard.js";
import { going, stay, stop } from "./leaving.js";

/** @type {[payload: Payload, go: (value?: unknown) => void, until: number][]} */
const waiting = []; // events on hold, in order
const passed = new WeakSet(); // events that were here already: the middleware may sit on stub and instance
/** @type {boolean | undefined} */
let settling;
/** @type {boolean | undefined} */
let vain; // an event waited its whole time for a brain that is not up: no other does

/** Lets go every event that need not wait any more. */
export const settle = guarded(() => {
  const { facts } = ear;
  while (waiting.length && !settling) {
    const [payload, go, until] = waiting[0];
    const event = payload.obj;
    settling = true; // what the brain does now may lead back here
    const starting = facts.state === "starting";
    const answer = starting ? undefined : ear.up?.ask("event", { event });
    settling = false;
    const left = going() || (starting && vain) ? 0 : until - ear.clock();
    if ((answer ? answer.hold : ear.busy || starting) && left > 0) {
      // The brain is asked again when it was told something, or when the first event's time is over
      ear.alarm ||= later(() => {
        ear.alarm = 0;
        settle();
      }, left);
      return stay();
    }
    vain = starting;
    waiting.shift();
    if (!answer) hear("event", { event }); // it goes on as it is, and is told as soon as may be
    guarded(() => {
      // New objects: the event holds the caller's own (analytics.js 2.0)
      for (const field in answer?.set) event[field] = { ...event[field], ...answer.set[field] };
    })();
    go();
  }
  if (facts.state !== "starting") stop();
});

/**
 * Holds an event, once: returns a promise that ends when it may go on. Our own have all that they need.
 * @param {Payload} payload
 */
export const held = (payload) => {
  const event = payload.obj;
  if (passed.has(event)) return;
  passed.add(event);
  return new Promise((go) => {
    if (waiting.push([payload, go, ear.clock() + BUNDLE.hold]) === 1) settle();
  });
};
