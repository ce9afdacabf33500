// Tells the brain what the ear heard, in order and with its time.

import { wants } from "./looking.js";
import { isHere, picked } from "./reach.js";
import { crossing } from "./tap.js";
import { turn } from "./turn.js";

const KEPT_AFTER_MS = 10; // from an event's last middleware to where analytics.js keeps it if the page is left
const SLICE_MS = 8; // that activations of one burst may cost the page in one task
const LAST_MS = 100; // that they may cost a page which is left
/** @type {string[]} */
const taken = []; // ids of events of ours that analytics.js has in its pipeline
let spent = 0; // ms with the brain in this task
let due = 0; // timer of the next one
let isOpen = false; // the brain takes what was heard
/** @type {boolean | undefined} */
let missed; // somebody asked while the brain was at work

/**
 * Returns a message as text: copied, as far as it is the page's.
 * @param {Message} message
 */
const text = (message) => {
  // Its own: pages give all objects members
  if (!Object.hasOwn(message, "at")) message.at = Date.now() - ear.clock() + message.up;
  /** @type {Shape} */
  const shape = message.kind === "event" && wants.event ? { kind: 1, at: 1, up: 1, event: wants.event } : 1;
  const isPages = message.kind === "event" || !(message instanceof Object); // the page's Object is another
  return JSON.stringify(isPages ? picked(message, shape, message.kind) : message);
};

/**
 * Tells the brain, and returns its answer.
 * @param {Message} message
 */
const say = (message) => {
  if (!isHere()) return;
  const began = ear.clock();
  ear.busy = true; // it takes no call within a call
  try {
    return JSON.parse(crossing("told", text(message), /** @type {Hear} */ (ear.brain)));
  } catch (error) {
    ear.fault(error);
  } finally {
    ear.busy = false;
    soon();
    spent += ear.clock() - began || 1;
    if (ear.heard.length || missed) queueMicrotask(drain);
    missed = false;
  }
};

const CONSENT = /onsent|world/; // what may take it away: no event after it is to carry the code

/**
 * Tells the brain what was heard. What there is much of, activations and events of a burst and all that was before the brain
 * was up, takes its time, in tasks to come: nothing overtakes it.
 */
export const drain = () => {
  const last = ear.heard[ear.heard.length - 1];
  const isUrgent = last && CONSENT.test(last.kind + last.name);
  if (!isOpen) return;
  while (!ear.busy && ear.heard.length) {
    const [{ kind, name }] = ear.heard;
    const mayWait = kind === "event" || /Activated$/.test(name) || ear.facts.state === "starting";
    if (mayWait && !isUrgent && spent > SLICE_MS) break; // the next slice is on its way
    const message = /** @type {Message} */ (ear.heard.shift());
    if (message.id) take(message);
    else say(message);
  }
  ear.settle();
};

const nextSlice = () => {
  due = spent = 0;
  drain();
};

/** Tells the brain in a task to come. */
export const soon = () => {
  due ||= setTimeout(nextSlice);
};

/** Begins to tell the brain what was heard; resolves when it was told all. */
export const told = async () => {
  isOpen = true;
  for (drain(); ear.heard.length && isHere(); nextSlice()) await turn(); // sooner than a timer
};

/** Tells the brain, while the page is being left, what it would have been told later. */
export const rush = () => {
  spent = SLICE_MS - LAST_MS;
  drain();
};

/** Told together: of a burst there are many. @param {Message} message */
const take = ({ id }) => {
  if (taken.push(id) === 1) setTimeout(() => tell("taken", { ids: taken.splice(0) }), KEPT_AFTER_MS);
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
 * Tells the brain at once, before all that waits, and returns its answer: undefined where it cannot be told now.
 * @param {string} kind
 * @param {object} [more]
 * @returns {any}
 */
export const ask = (kind, more) => {
  if (ear.busy) missed = true;
  else return say({ kind, up: ear.clock(), ...more });
};
