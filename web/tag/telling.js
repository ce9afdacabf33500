// Tells the brain what happens in the page, in order and with its time; what happens before the brain is up is kept for it.

import { facts, fault, guarded } from "./facts.js";

const MOST = 2e6; // characters of a message: remote data have at most half of it, what is longer costs seconds
/** @type {string[]} */
const heard = []; // messages that the brain has not had yet
/** @type {Hear | null} */
let brain;
/** @type {boolean | undefined} */
export let busy; // the brain is at work: it takes no call within a call
/** @type {(() => void) | undefined} */
let told;

/**
 * From now on there is a brain to tell.
 * @param {Hear} hearing
 * @param {() => void} then is called each time it may have been told something
 */
export const connect = (hearing, then) => {
  brain = hearing;
  told = then;
};

/** There will be no brain: forgets what was kept for it. */
export const disconnect = () => {
  brain = null;
  heard.length = 0;
};

/**
 * @param {string} kind
 * @param {object} [more]
 */
const message = (kind, more) => JSON.stringify({ kind, at: Date.now(), ...more });

/** @param {string} text */
const tell = (text) => {
  busy = true;
  try {
    return JSON.parse(/** @type {Hear} */ (brain)(text));
  } catch (error) {
    fault(error);
  } finally {
    busy = false;
    if (heard.length) queueMicrotask(drain);
  }
};

const free = () => brain && !busy;

/** Tells the brain what was kept for it. */
export const drain = () => {
  while (free() && heard.length) tell(/** @type {string} */ (heard.shift()));
  told?.();
};

/** Tells the brain, as soon as it can be told. */
export const hear = guarded(
  /**
   * @param {string} kind
   * @param {object} [more]
   */
  (kind, more) => {
    if (facts.state === "failed") return;
    const text = message(kind, more);
    if (text.length > MOST) throw `${kind}: too much to tell (${text.length})`;
    heard.push(text);
    drain();
  },
);

/**
 * Tells the brain at once, and returns its answer: undefined where there is none, or the brain cannot be told now.
 * @param {string} kind
 * @param {object} [more]
 * @returns {any}
 */
export const ask = (kind, more) => (free() ? tell(message(kind, more)) : undefined);
