/* Who is here: the visitor code and the visits (1.6; 1.2 setVisitorCode). What the page can read is in snapshots.js. */
import { assignAnew } from "./assignment.js";
import { guarded, randomText, readJson } from "./common.js";
import { project } from "./project.js";
import { runtime } from "./runtime.js";
import { readCode, readStored, store, writeCode } from "./storage.js";

const KEY = `kameleoonData-${project.siteCode}`; // 9.13
const VISIT_IDLE = 30 * 60 * 1000; // ms
const MAX_VISITS = 25;

/** @type {string | null} set before the run */
let predefinedCode = null;

/** @returns {import("./types").Visitor} */
export function openVisitor() {
  const found = predefinedCode || readCode();
  const code = found || randomText(16, "abcdefghijklmnopqrstuvwxyz0123456789");
  if (code !== readCode()) writeCode(code);
  predefinedCode = null;

  const now = Date.now();
  const kept = revealed(readStored(KEY)) || { visits: [], customData: {} };
  if (!kept.visits.length || now - kept.visits[0].last > VISIT_IDLE) {
    kept.visits.unshift(newVisit(now));
    kept.visits.length = Math.min(kept.visits.length, MAX_VISITS);
  }
  const visit = kept.visits[0];
  visit.pageViews += 1;
  (visit.urls[location.href] ||= []).push(now);
  return { code, ...kept };
}

/**
 * @param {number} now
 * @returns {import("./types").Visit}
 */
function newVisit(now) {
  return {
    start: now,
    last: now,
    landing: location.href,
    pageViews: 0,
    urls: {},
    customData: {},
    conversions: {},
    segments: {},
    triggered: {},
    activated: {},
  };
}

export function keepVisitor() {
  const { visits, customData } = runtime.visitor;
  visits[0].last = Date.now();
  store(KEY, obscured({ visits, customData }));
}

/**
 * Kept so that nobody reads it who should not (1.6). In which way is unknown.
 * @param {unknown} value
 */
const obscured = (value) => btoa(encodeURIComponent(JSON.stringify(value)));

/** @param {string | null} text */
const revealed = (text) => text && readJson(guarded(() => decodeURIComponent(atob(text))) ?? null);

/**
 * Rewrites the cookie and buckets again; what the page already shows stays until the next run.
 * @param {string} code
 */
export function setVisitorCode(code) {
  if (!runtime?.visitor) {
    predefinedCode = code;
    return;
  }
  if (code === runtime.visitor.code) return;
  runtime.visitor.code = code;
  writeCode(code);
  assignAnew();
}
