/* Single-page apps (1.8, 9.10). */
import { load } from "./boot.js";
import { dialect } from "./dialect.js";
import { project } from "./project.js";
import { endRun, every, isSet } from "./runtime.js";
import { forgetHeld } from "./storage.js";
import { flushTracking } from "./tracking.js";

const POLL = 100; // ms

/** The timer; like any, it ends with its run (9.10). */
let watch = 0;

export const isSinglePage = () => isSet(watch);

/** The site's setting asks for single-page support in each run, a page's call for the next route change only (9.10). */
export function start() {
  if (project.singlePage) enableSinglePageSupport();
  load();
}

/** A single-page load: everything of the old run goes, then the whole boot happens again. */
export function reload() {
  flushTracking();
  endRun();
  if (dialect.forgetsVisitorBeforeConsent) forgetHeld();
  start();
}

export function enableSinglePageSupport() {
  if (isSinglePage()) return;
  const seen = location.href;
  watch = every(() => location.href === seen || reload(), POLL);
}
