/* Whom a campaign is for (1.2 Events.trigger, 3.3). */
import { scopeOf } from "./custom-data-values.js";
import { definitions } from "./project.js";
import { runtime } from "./runtime.js";

/** @param {import("./types").Campaign} campaign */
export function isTargeted({ targeting }) {
  if (!targeting) return true;
  if (targeting.event) return runtime.events.includes(targeting.event);
  if (targeting.urlContains) return location.href.includes(targeting.urlContains);
  const definition = definitions.find(({ name }) => name === targeting.customData);
  const counts = definition && scopeOf(definition)[definition.index];
  return Boolean(counts && String(targeting.value) in counts);
}
