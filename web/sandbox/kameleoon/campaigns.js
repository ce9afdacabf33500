/*
 * The life of a campaign in a run: targeted, triggered, activated (1.2 trigger, assignVariation; 1.3; 9.1 to 9.4; 9.7).
 */
import { assign, assignmentKey, readAssignment, staysExcluded, writeAssignment } from "./assignment.js";
import { mayRun } from "./consent.js";
import { dialect } from "./dialect.js";
import { emit } from "./events.js";
import { integrateOrHold } from "./integrations.js";
import { reportToSegment } from "./native-segment.js";
import { describe, markAllocation, segmentOf } from "./objects.js";
import { EXPERIMENT, campaigns, project } from "./project.js";
import { later, runtime, stateOf } from "./runtime.js";
import { isTargeted } from "./targeting.js";
import { trackExposure } from "./tracking.js";
import { applyVariation } from "./variations.js";
import { keepVisitor } from "./visitor.js";

/** @typedef {import("./types").Campaign} Campaign */
/** @typedef {import("./types").Kind} Kind */
/** @typedef {() => void} Step what a campaign leaves to be done when all of its round ran */

/** Called when anything that targeting looks at has changed. */
export function evaluateCampaigns() {
  if (!runtime?.started) return;
  runRound(campaigns.filter((campaign) => !campaign.featureFlag && isTargeted(campaign)));
}

/**
 * All events of a round come first, and what is written of it some time after all of it ran (9.1).
 * @param {Campaign[]} round
 */
export const runRound = (round) => finishLater(round.flatMap(activate));

/**
 * If the run ends first, for the page is left, nothing is written (9.1).
 * @param {Step[]} steps
 */
function finishLater(steps) {
  if (steps.length) later(() => steps.forEach((step) => step()), project.recordsDelay);
}

/**
 * @param {Campaign} campaign
 * @returns {Step[]}
 */
function activate(campaign) {
  const { kind } = campaign;
  const state = stateOf(campaign);
  if (state.triggered || state.blocked || !mayRun(kind.module) || staysExcluded(campaign)) return [];
  state.triggered = true;
  const visit = runtime.visitor.visits[0];
  visit.triggered[assignmentKey(kind, campaign.id)] = true;

  const { id, name } = segmentOf(campaign);
  (visit.segments[id] ||= []).push(Date.now());
  emit("SegmentTriggered", { segment: { id, name } });
  emit(`${kind.label}Triggered`, { [kind.key]: describe(campaign) }); // before the assignment
  if (campaign.suppressed) return suppress(campaign);
  const variation = assign(campaign);
  if (variation === null) return exclude(campaign);
  state.displayed = variation;
  applyVariation(campaign, variation);
  emitActivated(campaign);
  return complete(campaign, variation);
}

/** @param {Campaign} campaign */
function emitActivated(campaign) {
  emit(`${campaign.kind.label}Activated`, { [campaign.kind.key]: describe(campaign) });
}

/**
 * Targeted, but not shown, without a record (9.2). Only the native Segment tool reports it, if the exclusion group is
 * why (2.1).
 * @param {Campaign} campaign
 * @returns {Step[]}
 */
function suppress(campaign) {
  stateOf(campaign).suppressed = true;
  keepVisitor();
  return campaign.suppressed === "exclusion_group" ? [() => reportToSegment(campaign, 0)] : [];
}

/**
 * Not shown, not recorded, not tracked, not reported.
 * @param {Campaign} campaign
 * @returns {Step[]}
 */
function exclude(campaign) {
  keepVisitor();
  if (dialect.activatesExcluded && campaign.kind === EXPERIMENT) emitActivated(campaign);
  return [];
}

/**
 * The record at each activation; Kameleoon's own tracking and the analytics tools once per campaign and run.
 * @param {Campaign} campaign
 * @param {number} variation
 * @returns {Step[]}
 */
function complete(campaign, variation) {
  const state = stateOf(campaign);
  const known = state.tracked;
  state.tracked = true;
  /** @type {Step[]} */
  const reports = [
    () => trackExposure(campaign.kind, campaign.id, variation),
    () => reportToSegment(campaign, variation),
    () => integrateOrHold(campaign, variation),
  ];
  return [
    () => markAllocation(campaign, variation),
    () => recordActivation(campaign, variation),
    ...(known ? [] : reports),
  ];
}

/**
 * The visit's first variation stays, and a later one is not recorded (9.7).
 * @param {Campaign} campaign
 * @param {number} variation
 */
function recordActivation({ kind, id }, variation) {
  const { activated } = runtime.visitor.visits[0];
  const record = (activated[assignmentKey(kind, id)] ||= { times: [], variation });
  if (record.variation === variation) record.times.push(Date.now());
  keepVisitor();
}

/**
 * @param {Kind} kind
 * @param {number | string} id
 */
const find = (kind, id) => campaigns.find((each) => each.kind === kind && each.id === Number(id));

/**
 * @param {Kind} kind
 * @param {number | string} id
 * @param {boolean} [trackingOnly]
 */
export function trigger(kind, id, trackingOnly) {
  if (!runtime?.visitor) return;
  const campaign = find(kind, id);
  if (campaign && !trackingOnly) return runRound([campaign]);
  if (campaign) {
    // The SDKs' hybrid mode: records, tracking and integrations, but no DOM event.
    const variation = assign(campaign);
    const { blocked, tracked } = stateOf(campaign);
    if (variation !== null && !blocked && !tracked) finishLater(complete(campaign, variation));
    return;
  }
  // Newer than this script: Kameleoon's own tracking, and nothing else.
  const variation = readAssignment(kind, id);
  if (trackingOnly && variation !== undefined && variation !== null) trackExposure(kind, Number(id), variation);
}

/**
 * @param {number | string} id
 * @param {number} variation
 * @param {boolean} [override]
 */
export function assignVariation(id, variation, override) {
  if (!runtime?.visitor) return;
  if (override || readAssignment(EXPERIMENT, id) === undefined) writeAssignment(EXPERIMENT, id, variation);
}

/**
 * @param {Kind} kind
 * @param {number | string} id
 */
export function block(kind, id) {
  const campaign = find(kind, id);
  if (campaign && runtime?.visitor) stateOf(campaign).blocked = true;
}
