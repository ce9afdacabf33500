/*
 * The objects that pages get for campaigns, variations and segments (1.2 objects and getActive; 9.2; 9.3; 9.6; 9.12).
 */
import { assignedVariation, assignmentKey } from "./assignment.js";
import { CONTROL, EXCLUDED, PERSONALIZATION, generationTime, goals } from "./project.js";
import { runtime, stateOf } from "./runtime.js";

/** @typedef {import("./types").Campaign} Campaign */

/** @param {Campaign} campaign */
export function describe(campaign) {
  const { id, name, kind, variations = [], deviation = {} } = campaign;
  const state = stateOf(campaign);
  const visit = runtime.visitor.visits[0];
  const key = assignmentKey(kind, id);
  const common = {
    id,
    name,
    dateLaunched: generationTime,
    dateModified: generationTime,
    active: isActive(campaign),
    triggered: Boolean(state.triggered),
    triggeredInVisit: Boolean(visit.triggered[key]),
    activatedInVisit: Boolean(visit.activated[key]),
    associatedVariation: describeVariation(campaign, assignedVariation(campaign)),
    targetSegment: segmentOf(campaign),
    untrackedTrafficReallocationTime: null,
    redirectProcessed: false,
    goals: goals.map((goal) => ({ ...goal })),
    mainGoal: goals[0] || null,
    trackingPerformed: Boolean(state.tracked),
  };
  if (kind === PERSONALIZATION) return common;
  const all = [CONTROL, ...variations].map((variation) => describeVariation(campaign, variation.id));
  return { ...common, variations: all, trafficDeviation: { ...deviation } };
}

/**
 * Kameleoon's script of 2026 compares loosely, so "nothing assigned yet" reads as excluded, too.
 * @param {Campaign} campaign
 * @param {import("./types").Assignment} id
 */
export function describeVariation({ variations = [] }, id) {
  const known = id === 0 ? CONTROL : variations.find((variation) => variation.id === id) || EXCLUDED;
  return { id: known.id, name: known.name, reallocationTime: null, instantiatedTemplate: null };
}

/** @param {Campaign} campaign */
export function segmentOf({ id, segment, targeting }) {
  return { id: id * 10, name: "Everybody", ...segment, targeting: targeting ?? null };
}

/**
 * Targeted or tracked in this run, or a feature flag's experiment with a variation from whenever (Kameleoon's script of
 * 2026).
 * @param {Campaign} campaign
 */
export function isActive(campaign) {
  const state = stateOf(campaign);
  const variation = assignedVariation(campaign);
  if (state.blocked || variation === null || variation === undefined) return false;
  return Boolean(state.triggered || state.tracked || campaign.featureFlag);
}
