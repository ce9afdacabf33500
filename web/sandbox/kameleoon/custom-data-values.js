/* Custom data: where values live, and how they are read back (3.1, 9.9). How they are set is in custom-data.js. */
import { definitions } from "./project.js";
import { runtime } from "./runtime.js";

/** @typedef {import("./types").CustomData} CustomData */

/**
 * Where values of a scope live: PAGE dies with the run, VISIT with the visit, VISITOR is inherited by the next.
 * @param {CustomData} definition
 */
export function scopeOf(definition) {
  if (definition.scope === "PAGE") return runtime.page;
  if (definition.scope === "VISITOR") return runtime.visitor.customData;
  return runtime.visitor.visits[0].customData;
}

/**
 * Values are kept as a map of value to count, and read back by type and format.
 * @param {CustomData} definition
 * @param {import("./types").Counts} counts
 */
export function readable({ type, format }, counts) {
  if (type === "COUNT_LIST") return Object.entries(counts).map(([value, count]) => ({ value, count }));
  if (type === "LIST") return Object.keys(counts);
  const [value] = Object.keys(counts);
  if (value === undefined || format === "string" || !format) return value;
  return format === "boolean" ? value === "true" : parseFloat(value);
}

/**
 * @param {import("./types").Values} values
 * @returns {Record<string, unknown>} by name
 */
export function readableCustomData(values) {
  const entries = definitions
    .filter(({ index }) => Object.keys(values[index] || {}).length > 0) // what is empty is absent (9.9)
    .map((definition) => [definition.name, readable(definition, values[definition.index])])
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}
