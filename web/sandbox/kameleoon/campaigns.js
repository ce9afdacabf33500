/*
 * The life of a campaign in a run: targeted, triggered, activated (1.2 trigger, assignVariation; 1.3; 9.1 to 9.4; 9.7).
 */
import { assign, assignmentKey, readAssignment, writeAssignment } from "./assignment.js";
import { mayRun } from "./consent.js";
import { emit } from "./events.js";
import { integrateOrHold } from "./integrations.js";
import { describe, segmentOf } from "./objects.js";
import { EXPERIMENT, campaigns } from "./project.js";
import { runtime, stateOf } from "./runtime.js";
import { isTargeted } from "./targeting.js";
import { trackExposure } from "./tracking.js";
import { applyVariation } from "./variations.js";
import { keepVisitor } from "./visitor.js";

/** @typedef {import("./types").Campaign} Campaign */
/** @typedef {import("./types").Kind} Kind */

/** Called when anything that targeting looks at has changed. */
export function evaluateCampaigns() {
  if (!runtime?.started) return;
  for (const campaign of campaigns) {
    if (!campaign.featureFlag && !stateOf(campaign).triggered && isTargeted(campaign)) processCampaign(campaign);
  }
}

/** @param {Campaign} campaign */
export function processCampaign(campaign) {
  const { kind } = campaign;
  const state = stateOf(campaign);
  if (state.triggered || state.blocked || !mayRun(kind.module)) return;
  state.triggered = true;
  const visit = runtime.visitor.visits[0];
  visit.triggered[assignmentKey(kind, campaign.id)] = true;

  const { id, name } = segmentOf(campaign);
  (visit.segments[id] ||= []).push(Date.now());
  emit("SegmentTriggered", { segment: { id, name } });
  emit(`${kind.label}Triggered`, { [kind.key]: describe(campaign) }); // before the assignment
  const variation = assign(campaign);
  if (variation === null) return keepVisitor(); // excluded: not shown, not reported, not tracked
  applyVariation(campaign, variation);
  recordActivation(campaign, variation);
  emit(`${kind.label}Activated`, { [kind.key]: describe(campaign) });
  report(campaign, variation);
}

/**
 * @param {Campaign} campaign
 * @param {number} variation
 */
function recordActivation({ kind, id }, variation) {
  const { activated } = runtime.visitor.visits[0];
  const record = (activated[assignmentKey(kind, id)] ||= { times: [] });
  record.times.push(Date.now());
  record.variation = variation;
  keepVisitor();
}

/**
 * Once per campaign and run: Kameleoon's own tracking, and the analytics tools.
 * @param {Campaign} campaign
 * @param {number} variation
 */
function report(campaign, variation) {
  const state = stateOf(campaign);
  if (state.tracked) return;
  state.tracked = true;
  trackExposure(campaign.kind, campaign.id, variation);
  integrateOrHold(campaign, variation);
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
  if (campaign && !trackingOnly) return processCampaign(campaign);
  if (campaign) {
    // The SDKs' hybrid mode: tracking and integrations, but no DOM event.
    const variation = assign(campaign);
    if (variation === null || stateOf(campaign).blocked || stateOf(campaign).tracked) return;
    recordActivation(campaign, variation);
    report(campaign, variation);
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
