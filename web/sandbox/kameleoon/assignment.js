/* Which variation a visitor has: bucketing (end of 1.2), kept in storage (1.6, 9.13). */
import { DAY, hash } from "./common.js";
import { EXPERIMENT } from "./project.js";
import { runtime } from "./runtime.js";
import { readStored, store } from "./storage.js";

/** @typedef {import("./types").Campaign} Campaign */
/** @typedef {import("./types").Kind} Kind */
/** @typedef {import("./types").Assignment} Assignment */

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
  const [variation, time] = (readStored(assignmentKey(kind, id)) || "").split("/");
  if (!time || Date.now() - Number(time) > 30 * DAY) return undefined;
  return variation === "null" ? null : Number(variation);
}

/**
 * @param {Kind} kind
 * @param {number | string} id of the campaign
 * @param {number | null} variation
 */
export function writeAssignment(kind, id, variation) {
  store(assignmentKey(kind, id), `${variation}/${Date.now()}`);
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
function bucket({ id, kind, variations = [], deviation }) {
  const ids = [...(kind === EXPERIMENT || deviation?.[0] ? [0] : []), ...variations.map((variation) => variation.id)];
  let point = (hash(`${runtime.visitor.code}${id}`) / 2 ** 32) * 100;
  for (const each of ids) {
    point -= deviation ? deviation[each] || 0 : 100 / ids.length;
    if (point < 0) return each;
  }
  return null;
}

/**
 * @param {Campaign} campaign
 * @returns {number | null}
 */
export function assign(campaign) {
  const { kind, id } = campaign;
  if (forced(campaign) === undefined && readAssignment(kind, id) === undefined) {
    writeAssignment(kind, id, bucket(campaign));
  }
  return /** @type {number | null} */ (assignedVariation(campaign));
}

/**
 * @param {Campaign} campaign
 * @returns {Assignment}
 */
export function assignedVariation(campaign) {
  const wish = forced(campaign);
  return wish === undefined ? readAssignment(campaign.kind, campaign.id) : wish;
}
