/* Custom integrations, by which other tools hear of exposures (2.5, 9.14). */
import { guarded } from "./common.js";
import { consent } from "./consent.js";
import { describeVariation } from "./objects.js";
import { EXPERIMENT, project } from "./project.js";
import { runtime } from "./runtime.js";

/** @typedef {import("./types").Campaign} Campaign */

const NAMES = "experimentID, experimentName, personalizationID, personalizationName, variationID, variationName";

/**
 * @param {Campaign} campaign
 * @param {number} variation
 */
export function integrateOrHold(campaign, variation) {
  runtime.held.push({ module: campaign.kind.module, campaign, variation });
  runHeldIntegrations();
}

/** Kameleoon's script of 2026 holds integrations until consent; a refusal drops them. */
export function runHeldIntegrations() {
  const waiting = runtime.held.filter(({ module }) => consent[module] !== false);
  runtime.held = waiting.filter(({ module }) => consent[module] === null);
  for (const { module, campaign, variation } of waiting) {
    if (consent[module] === true) integrate(campaign, variation);
  }
}

/**
 * The six arguments are pasted into the code as text. Kameleoon's script of 2026 escapes quotes in campaign names but
 * not in variation names, so an apostrophe there is a SyntaxError and the exposure is lost.
 * @param {Campaign} campaign
 * @param {number} id of the variation
 */
function integrate(campaign, id) {
  /** @param {string} text */
  const quote = (text) => `'${text}'`;
  /** @param {string} text */
  const escaped = (text) => text.replace(/['"\\]/g, "\\$&");
  const mine = [campaign.id, quote(escaped(campaign.name))];
  const none = ["null", "null"];
  const { name } = describeVariation(campaign, id);
  const values = [
    ...(campaign.kind === EXPERIMENT ? [...mine, ...none] : [...none, ...mine]),
    id,
    quote(project.escapeVariationNames ? escaped(name) : name),
  ];
  for (const body of project.customIntegrations || []) {
    guarded(() => new Function(`(function (${NAMES}) {${body}\n})(${values.join(", ")});`)());
  }
}
