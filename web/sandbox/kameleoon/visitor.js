/* Who is here: the visitor code and the visits (1.6; 1.2 setVisitorCode). What the page can read is in snapshots.js. */
import { assign, assignmentKey, readAssignment } from "./assignment.js";
import { randomText, readJson } from "./common.js";
import { campaigns } from "./project.js";
import { runtime } from "./runtime.js";
import { readCode, readStored, removeStored, store, writeCode } from "./storage.js";

const KEY = "kameleoonData";
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
  const kept = readJson(readStored(KEY)) || { visits: [], customData: {} };
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
  store(KEY, JSON.stringify({ visits, customData }));
}

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
  for (const campaign of campaigns) {
    const assigned = readAssignment(campaign.kind, campaign.id) !== undefined;
    removeStored(assignmentKey(campaign.kind, campaign.id));
    if (assigned) assign(campaign);
  }
}
