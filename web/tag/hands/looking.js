// Looks into the page from time to time: what changed of Kameleoon and Segment, and what was activated without an event.

import { isHere, picked, reach, segment } from "./reach.js";
import { rush, tell } from "./telling.js";

/** @type {Shape} */
const VISITOR = { code: 1, experimentLegalConsent: 1, personalizationLegalConsent: 1 };
const NOTHING = "{}";
const LOOKED_MS = 20; // for so long a look is good for the page's events

/** What the brain wants to know; nothing as long as it is not up. @type {Wants} */
export const wants = {};
/** @type {Record<string, string>} */
const told = {}; // what was told last, by its kind
let looked = -Infinity; // when
/** @type {number | undefined} */
let timer; // of the next beat

/**
 * Returns what Kameleoon's script says.
 * @param {string} path
 * @param {Shape} shape
 * @param {any[]} [args]
 */
const ofKameleoon = (path, shape, args) => {
  try {
    return picked(reach("Kameleoon.API." + path, args), shape, path);
  } catch {
    // absent, or between two phases of its start
  }
};

/**
 * Tells the brain, if it is something new.
 * @param {string} kind
 * @param {object} what
 */
const news = (kind, what) => {
  const text = JSON.stringify(what);
  if (text !== told[kind]) {
    told[kind] = text;
    tell(kind, what);
  }
};

/** Returns what may change at any time. */
export const seen = () => {
  const analytics = segment();
  return { visitor: ofKameleoon("Visitor", VISITOR), ready: !!(analytics?.initialized && analytics.user) };
};

/**
 * Looks at what may change at any time.
 * @param {boolean} [isOften] once for many events: Kameleoon's script makes its answer anew each time
 */
export const look = (isOften) => {
  if (isOften && ear.clock() - looked < LOOKED_MS) return;
  looked = ear.clock();
  news("world", seen());
};

/**
 * Looks at what was activated without an event: the getters cost the page more than a look, so they are asked in the beat
 * alone, at first soon after anything happened, then once a second.
 * @param {number} pause before the first beat
 */
export const beat = (pause) => {
  told.found = NOTHING; // in another run the same is something new
  clearTimeout(timer);
  timer = setTimeout(onBeat, pause, pause);
};

/** Looks once. */
const find = () => {
  if (!isHere()) return;
  ear.hook(); // an instance that came without a sign
  look();
  /** @type {Record<string, unknown>} */
  const found = {};
  for (const name in wants.found) found[name] = ofKameleoon(...wants.found[name]);
  news("found", found);
};

/** @param {number} pause */
const onBeat = (pause) => {
  try {
    find();
  } catch (error) {
    ear.fault(error);
  }
  const next = Math.min(pause * 1.5, 1000);
  timer = setTimeout(onBeat, next, next);
};

/** Looks for a last time: the page is being left. */
export const leave = () => {
  find();
  rush();
};
