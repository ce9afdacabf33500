/*
 * The objects that pages get for campaigns, variations and segments (1.2 objects and getActive; 9.2; 9.3; 9.6; 9.12).
 */
import { assignmentKey } from "./assignment.js";
import { dialect } from "./dialect.js";
import { EXPERIMENT, PERSONALIZATION, generationTime, goals } from "./project.js";
import { runtime, stateOf } from "./runtime.js";

/** @typedef {import("./types").Campaign} Campaign */
/** @typedef {import("./types").Assignment} Assignment */

const ALLOCATED = " (Predicteo)";

/** @param {Campaign} campaign */
export function describe(campaign) {
  const { id, name, kind, variations, deviation } = campaign;
  const { triggered, tracked, variation } = stateOf(campaign);
  const visit = runtime.visitor.visits[0];
  const key = assignmentKey(kind, id);
  const common = {
    id,
    name,
    dateLaunched: generationTime,
    dateModified: generationTime,
    active: isActive(campaign) || (variation === undefined ? null : false), // null, not false, where none is assigned
    triggered: Boolean(triggered),
    triggeredInVisit: Boolean(visit.triggered[key]),
    activatedInVisit: Boolean(visit.activated[key]),
    ...associated(campaign),
    targetSegment: segmentOf(campaign),
    untrackedTrafficReallocationTime: null,
    redirectProcessed: false,
    goals: goals.map((goal) => ({ ...goal })),
    mainGoal: goals[0] || null,
    ...(dialect.tellsTrackingPerformed && { trackingPerformed: Boolean(tracked) }),
  };
  if (kind === PERSONALIZATION) return common;
  const all = [0, ...variations.map((each) => each.id)].map((each) => describeVariation(campaign, each));
  return { ...common, variations: all, trafficDeviation: { ...deviation } };
}

/**
 * A suppressed personalization has Reference where the file lists it, else null or nothing (9.2).
 * @param {Campaign} campaign
 */
function associated(campaign) {
  const { suppressed, variation } = stateOf(campaign);
  const shown = suppressed ? campaign.suppressedVariation || dialect.suppressedVariation : null;
  if (shown === "absent") return {};
  if (shown === "null") return { associatedVariation: null };
  return { associatedVariation: describeVariation(campaign, suppressed ? 0 : variation) };
}

/**
 * One object per variation and run, which all who ask share: names change in it (9.6). Kameleoon's script of 2026
 * compares loosely, so "nothing assigned yet" reads as excluded, too.
 * @param {Campaign} campaign
 * @param {Assignment} id
 */
export function describeVariation(campaign, id) {
  const { variations } = stateOf(campaign);
  const known = id ?? null;
  const shared = variations.get(known) || {
    ...named(campaign, known),
    reallocationTime: null,
    instantiatedTemplate: null,
  };
  variations.set(known, shared);
  return shared;
}

/**
 * @param {Campaign} campaign
 * @param {number | null} id
 */
function named({ kind, variations }, id) {
  if (id === 0) return { id: kind === EXPERIMENT ? dialect.controlId : 0, name: "Reference" };
  const known = variations.find((variation) => variation.id === id);
  return known ? { id, name: known.name } : { id: dialect.excludedId, name: "Excluded" };
}

/**
 * Where an algorithm shares out the visitors, the shared object's name says so from here on: what an event showed did
 * not (9.6).
 * @param {Campaign} campaign
 * @param {number} id of the variation
 */
export function markAllocation(campaign, id) {
  const shared = describeVariation(campaign, id);
  if (campaign.aiAllocated && !shared.name.endsWith(ALLOCATED)) shared.name += ALLOCATED;
}

/** @param {Campaign} campaign */
export function segmentOf({ id, segment, targeting }) {
  return { id: id * 10, name: "Everybody", ...segment, targeting: targeting ?? null };
}

/**
 * Targeted or tracked in this run, and with a variation: a displayed one, or of a feature flag's experiment an assigned
 * one (Kameleoon's script of 2026). Suppressed personalizations are active, too (9.2).
 * @param {Campaign} campaign
 */
export function isActive(campaign) {
  const { triggered, tracked, blocked, suppressed, displayed, variation } = stateOf(campaign);
  if (dialect.activeMeansTargeted) return Boolean(triggered);
  if (blocked || !(triggered || tracked)) return false;
  const id = displayed ?? (campaign.featureFlag ? variation : null);
  return Boolean(suppressed) || (id !== null && id !== undefined);
}
