/* The present run (1.1, 1.8): what there is of it, and the timers and listeners that end with it. */
import { guarded } from "./common.js";
import { kameleoon } from "./kameleoon.js";

/** @typedef {import("./types").Runtime} Runtime */

/**
 * Null before the first run and between two, and without a visitor at first: what may be called then asks
 * `runtime?.visitor`.
 */
export let runtime = /** @type {Runtime} */ (/** @type {unknown} */ (null));

/** @param {Runtime | null} next */
function replace(next) {
  runtime = /** @type {Runtime} */ (next);
  kameleoon.Internals.runtime = next;
}

export function beginRun() {
  const visitor = /** @type {import("./types").Visitor} */ (/** @type {unknown} */ (null));
  replace({ visitor, gathered: false, started: false, states: new Map(), page: {}, events: [], held: [], undo: [] });
}

/** Its timers and listeners go, also those of Core.runWhenConditionTrue and Utils, and what it changed in the page. */
export function endRun() {
  [...timers].forEach(clearTimer);
  listeners.splice(0).forEach((remove) => remove());
  runtime?.undo.reverse().forEach((restore) => restore());
  replace(null);
}

/**
 * @param {import("./types").Campaign} campaign
 * @returns {import("./types").CampaignState}
 */
export function stateOf(campaign) {
  const state = runtime.states.get(campaign) || { variations: new Map() };
  runtime.states.set(campaign, state);
  return state;
}

/** @type {Set<number>} */
const timers = new Set();
/** @type {(() => void)[]} how to remove each */
const listeners = [];

/**
 * @param {() => unknown} run
 * @param {number} delay milliseconds, as all of these
 */
export function later(run, delay) {
  const id = setTimeout(() => {
    timers.delete(id);
    guarded(run);
  }, delay);
  timers.add(id);
  return id;
}

/**
 * @param {() => unknown} run
 * @param {number} delay
 */
export function every(run, delay) {
  const id = setInterval(() => guarded(run), delay);
  timers.add(id);
  return id;
}

/** @param {number} id of a timeout or an interval: they share their ids */
export function clearTimer(id) {
  clearTimeout(id);
  timers.delete(id);
}

/** @param {number} id of a timeout or an interval that no run's end has cleared */
export const isSet = (id) => timers.has(id);

/**
 * At once when there is nothing to wait for: most pages boot in one go.
 * @param {number} delay
 * @param {() => unknown} run
 */
export const after = (delay, run) => (delay ? later(run, delay) : run());

/**
 * Without a limit unless there is one (1.2, runWhenConditionTrue). Whether a condition that throws ends the polling is
 * unknown: here it counts as false.
 * @param {() => unknown} condition
 * @param {() => unknown} run
 * @param {number} interval
 * @param {() => boolean} [isOver] whether to ask no more
 */
export function pollUntil(condition, run, interval, isOver = () => false) {
  if (guarded(condition)) return void guarded(run);
  if (isOver()) return;
  const id = every(() => {
    const met = guarded(condition);
    if (met || isOver()) clearTimer(id);
    if (met) run();
  }, interval);
}

/**
 * @param {EventTarget} element
 * @param {string} type
 * @param {(event: Event) => unknown} callback
 */
export function listen(element, type, callback) {
  /** @param {Event} event */
  const listener = (event) => guarded(() => callback.call(element, event));
  element.addEventListener(type, listener);
  listeners.push(() => element.removeEventListener(type, listener));
}
