/* Custom data: Data.setCustomData (1.2) and the "custom JavaScript code" method (3.2, 9.9). */
import { evaluateCampaigns } from "./campaigns.js";
import { guarded } from "./common.js";
import { readable, scopeOf } from "./custom-data-values.js";
import { dialect } from "./dialect.js";
import { emit } from "./events.js";
import { definitions } from "./project.js";
import { later, runtime } from "./runtime.js";
import { track } from "./tracking.js";
import { keepVisitor } from "./visitor.js";

/** @typedef {import("./types").CustomData} CustomData */

const MAX_LENGTH = 1000; // characters of a value, unless it stays in the browser
const OFTEN = 100; // ms between two turns of a code that has not answered: run (9.9), where 200 was only read (3.2)
const OFTEN_UNTIL = 3000; // ms
const SELDOM = 3000; // ms

/**
 * Silently ignored for unknown names, and before the custom data codes of this run had their first turn.
 * @param {string | number} nameOrIndex
 * @param {unknown} value
 * @param {unknown} [overwrite]
 */
export function setCustomData(nameOrIndex, value, overwrite) {
  const definition = definitions.find(
    ({ name, index }) =>
      name === nameOrIndex || (dialect.setsCustomDataByIndex && String(index) === String(nameOrIndex)),
  );
  if (definition && runtime?.gathered) set(definition, value, overwrite);
}

/**
 * @param {CustomData} definition
 * @param {unknown} value
 * @param {unknown} overwrite
 */
function set(definition, value, overwrite) {
  const { type, index, name, localOnly } = definition;
  if (value === null || value === undefined) return;
  const accumulates = type !== "UNIQUE" || definition.scope === "PAGE" || !dialect.overwritesByType;
  const replaces = overwrite === undefined ? !accumulates : Boolean(overwrite);
  const values = (Array.isArray(value) ? value : [value])
    .map(String)
    .filter((each) => localOnly || each.length <= MAX_LENGTH);

  const scope = scopeOf(definition);
  const counts = replaces ? {} : { ...scope[index] };
  for (const each of values) {
    if (type === "UNIQUE" && Object.keys(counts).length) break; // the first one stays (9.9)
    counts[each] = type === "COUNT_LIST" ? (counts[each] || 0) + 1 : 1;
  }
  scope[index] = counts;
  keepVisitor();

  if (!localOnly) {
    const valuesCountMap = JSON.stringify(Object.fromEntries(values.map((each) => [each, 1])));
    track("ANY", { eventType: "customData", index, overwrite: replaces, valuesCountMap, mappingIdentifier: false });
  }
  emit("CustomDataSet", { name, value });
  evaluateCampaigns();
}

/** The first turn of all codes. */
export function acquireCustomData() {
  definitions.filter(({ customEvalCode }) => customEvalCode).forEach((definition) => acquire(definition));
  runtime.gathered = true;
}

/**
 * Asks at once, each 100 ms for 3 s, then each 3 s, until there is an answer: any but null ends it for this run.
 * @param {CustomData} definition
 * @param {number} waited milliseconds so far
 */
function acquire(definition, waited = 0) {
  // Compiled at each turn: a SyntaxError is logged and met again, for ever (Kameleoon's script of 2026).
  const answer = guarded(() => new Function(/** @type {string} */ (definition.customEvalCode))());
  if (answer === null || answer === undefined) {
    const wait = waited < OFTEN_UNTIL ? OFTEN : SELDOM;
    later(() => acquire(definition, waited + wait), wait);
    return;
  }
  const { value, overwrite } = answer;
  const known = readable(definition, scopeOf(definition)[definition.index] || {});
  const unchanged = definition.type === "UNIQUE" && known !== undefined && String(known) === String(value);
  if (!unchanged) set(definition, value, overwrite);
}
