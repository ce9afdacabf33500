/* What follows the visitor's answer (1.7, 9.5): Core.enableLegalConsent and disableLegalConsent. */
import { evaluateCampaigns } from "./campaigns.js";
import { consent, keepConsent, readConsent } from "./consent.js";
import { emit } from "./events.js";
import { runHeldIntegrations } from "./integrations.js";
import { runtime } from "./runtime.js";
import { releaseStorage } from "./storage.js";
import { flushTracking } from "./tracking.js";

/**
 * @param {import("./types").Module | "BOTH"} module
 * @param {boolean} answer
 */
export function answerConsent(module, answer) {
  if (!runtime?.visitor) readConsent(); // a command of level IMMEDIATE may answer before the first run
  if (module === "BOTH") Object.assign(consent, { AB_TESTING: answer, PERSONALIZATION: answer });
  else consent[module] = answer;
  keepConsent();
  if (runtime?.visitor) {
    releaseStorage();
    runHeldIntegrations();
    flushTracking();
    evaluateCampaigns(); // those that were blocked until now: the others' events do not come again (9.5)
  }
  const { AB_TESTING, PERSONALIZATION } = consent;
  emit("LegalConsentUpdated", { legalConsentUpdate: { AB_TESTING, PERSONALIZATION } });
}
