/* Custom integrations, by which other tools hear of exposures (2.5, 9.14). */
import { guarded } from "./common.js";
import { isConsentGiven } from "./consent.js";
import { dialect } from "./dialect.js";
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
  runtime.held.push({ campaign, variation });
  runHeldIntegrations();
}

/** Consent to either module will do (9.14). Whether a refusal drops what waits is unknown: here it does not. */
export function runHeldIntegrations() {
  if (dialect.integrationsWaitForConsent && !isConsentGiven()) return;
  runtime.held.splice(0).forEach(({ campaign, variation }) => integrate(campaign, variation));
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
  const mine = [campaign.id, quote(dialect.escapesCampaignNames ? escaped(campaign.name) : campaign.name)];
  const none = ["null", "null"];
  const { name } = describeVariation(campaign, id);
  const values = [
    ...(campaign.kind === EXPERIMENT ? [...mine, ...none] : [...none, ...mine]),
    id,
    quote(project.escapeVariationNames ? escaped(name) : name),
  ];
  for (const body of project.customIntegrations) {
    guarded(() => new Function(`(function (${NAMES}) {${body}\n})(${values.join(", ")});`)());
  }
}
