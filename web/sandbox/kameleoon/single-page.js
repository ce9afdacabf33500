/* Single-page apps (1.8, 9.10). */
import { load } from "./boot.js";
import { guarded } from "./common.js";
import { endRun } from "./runtime.js";
import { flushTracking } from "./tracking.js";

const POLL = 100; // ms

/** @type {number | null} the timer */
let watchingAddress = null;

export const isSinglePage = () => watchingAddress !== null;

/** A single-page load: everything of the old run goes, then the whole boot happens again. */
export function reload() {
  flushTracking();
  endRun();
  load();
}

export function enableSinglePageSupport() {
  if (watchingAddress) return;
  let seen = location.href;
  watchingAddress = setInterval(() => {
    if (location.href === seen) return;
    seen = location.href;
    guarded(reload);
  }, POLL);
}
