/* Which variation a visitor has: bucketing (end of 1.2), kept in storage (1.6, 9.13). */
import { DAY, hash, readJson } from "./common.js";
import { dialect } from "./dialect.js";
import { EXPERIMENT, campaigns } from "./project.js";
import { runtime, stateOf } from "./runtime.js";
import { readStored, removeStored, store } from "./storage.js";

/** @typedef {import("./types").Campaign} Campaign */
/** @typedef {import("./types").Kind} Kind */
/** @typedef {import("./types").Assignment} Assignment */

const LIFE = 30 * DAY;

/**
 * @param {Kind} kind
 * @param {number | string} id of the campaign
 */
export const assignmentKey = (kind, id) => `kameleoon${kind.label}-${id}`;

/**
 * @param {Kind} kind
 * @param {number | string} id of the campaign
 * @returns {Assignment} undefined also after a month
 */
export function readAssignment(kind, id) {
  const text = readStored(assignmentKey(kind, id));
  if (dialect.keepsAssignmentAsJson) {
    const kept = readJson(text);
    return kept && kept.expirationDate > Date.now() ? kept.value : undefined;
  }
  const [variation, time] = (text || "").split("/");
  if (!time || Date.now() - Number(time) > LIFE) return undefined;
  return variation === "null" ? null : Number(variation);
}

/**
 * @param {Kind} kind
 * @param {number | string} id of the campaign
 * @param {number | null} variation
 */
export function writeAssignment(kind, id, variation) {
  const now = Date.now();
  const kept = JSON.stringify({ value: variation, expirationDate: now + LIFE });
  store(assignmentKey(kind, id), dialect.keepsAssignmentAsJson ? kept : `${variation}/${now}`);
}

/** A run begins with what earlier ones have assigned: that is what campaigns show until this one assigns (9.12). */
export function recallAssignments() {
  for (const campaign of campaigns) stateOf(campaign).variation = readAssignment(campaign.kind, campaign.id);
}

/**
 * Forced by the project or, stronger, by the page's address: ?kameleoonForce=101:2,102:null
 * @param {Campaign} campaign
 * @returns {Assignment}
 */
function forced({ id, force }) {
  const wish = new URLSearchParams(location.search).get("kameleoonForce") || "";
  const mine = wish.split(",").find((each) => each.startsWith(`${id}:`));
  if (!mine) return force;
  const variation = mine.slice(`${id}:`.length);
  return variation === "null" ? null : Number(variation);
}

/**
 * @param {Campaign} campaign
 * @returns {number | null}
 */
function bucket({ id, kind, variations, deviation }) {
  const ids = [...(kind === EXPERIMENT ? [0] : []), ...variations.map((variation) => variation.id)];
  let point = (hash(`${runtime.visitor.code}${id}`) / 2 ** 32) * 100;
  for (const each of ids) {
    point -= deviation ? deviation[each] || 0 : 100 / ids.length;
    if (point < 0) return each;
  }
  return null;
}

/**
 * What the visitor would get now; undefined before bucketing.
 * @param {Campaign} campaign
 * @returns {Assignment}
 */
function intended(campaign) {
  const wish = forced(campaign);
  return wish === undefined ? readAssignment(campaign.kind, campaign.id) : wish;
}

/**
 * Excluded by an earlier run, and still (9.12).
 * @param {Campaign} campaign
 */
export const staysExcluded = (campaign) => stateOf(campaign).variation === null && intended(campaign) === null;

/**
 * @param {Campaign} campaign
 * @returns {number | null}
 */
export function assign(campaign) {
  const { kind, id } = campaign;
  const known = intended(campaign);
  const variation = known === undefined ? bucket(campaign) : known;
  if (variation !== readAssignment(kind, id)) writeAssignment(kind, id, variation);
  stateOf(campaign).variation = variation;
  return variation;
}

/** For another visitor code: whoever has a variation is bucketed again. */
export function assignAnew() {
  for (const campaign of campaigns) {
    const assigned = readAssignment(campaign.kind, campaign.id) !== undefined;
    removeStored(assignmentKey(campaign.kind, campaign.id));
    if (assigned) assign(campaign);
  }
}
