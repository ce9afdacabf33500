// Tells the brain what the ear heard, in order and with its time.

import { wants } from "./looking.js";
import { picked } from "./reach.js";

/** @type {string[]} */
const taken = []; // ids of events of ours that analytics.js has in its pipeline
const KEPT_AFTER_MS = 10; // from there to where analytics.js keeps an event if the page is left
/** @type {boolean | undefined} */
let missed; // somebody asked while the brain was at work

/**
 * Returns the wall clock's time of a moment.
 * @param {number} up
 */
export const wall = (up) => Date.now() - ear.clock() + up;

/**
 * Tells the brain, and returns its answer.
 * @param {Message} message
 */
const say = (message) => {
  message.at ??= wall(message.up);
  ear.busy = true; // it takes no call within a call
  try {
    /** @type {Shape} */
    const shape = message.kind === "event" && wants.event ? { kind: 1, at: 1, up: 1, event: wants.event } : 1;
    return JSON.parse(/** @type {Hear} */ (ear.brain)(JSON.stringify(picked(message, shape, message.kind))));
  } catch (error) {
    ear.fault(error);
  } finally {
    ear.busy = false;
    if (ear.heard.length || missed) queueMicrotask(drain);
    missed = false;
  }
};

/** Tells the brain what was heard. */
export const drain = () => {
  while (!ear.busy && ear.heard.length) {
    const message = /** @type {Message} */ (ear.heard.shift());
    if (message.id) take(message);
    else say(message);
  }
  ear.settle();
};

/** Told together: of a burst there are many. */
/** @param {Message} message */
const take = ({ id }) => {
  if (taken.push(id) === 1) {
    setTimeout(() => {
      tell("taken", { ids: taken.splice(0) });
    }, KEPT_AFTER_MS);
  }
};

/**
 * Tells the brain as soon as it can be told.
 * @param {string} kind
 * @param {object} [more]
 */
export const tell = (kind, more) => {
  ear.heard.push({ kind, up: ear.clock(), ...more });
  drain();
};

/**
 * Tells the brain at once, and returns its answer: undefined where it cannot be told now.
 * @param {string} kind
 * @param {object} [more]
 * @returns {any}
 */
export const ask = (kind, more) => {
  if (ear.busy) missed = true;
  else return say({ kind, up: ear.clock(), ...more });
};
