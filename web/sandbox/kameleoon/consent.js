/* The visitor's legal consent, and what it allows (1.7). What follows an answer is in consent-answer.js. */
import { DAY, readJson } from "./common.js";
import { project } from "./project.js";

/** @typedef {import("./types").Module} Module */

const KEY = "kameleoonLegalConsent";

/** @type {Partial<Record<Module, boolean | null>>} null is unknown */
export let consent = {};

/** Unknown only where the project asks for consent; a remembered answer wins. */
export function readConsent() {
  const initial = project.consent === "required" ? null : true;
  const kept = readJson(localStorage.getItem(KEY));
  const valid = kept && kept.expirationDate > Date.now() ? kept.value : {};
  consent = { AB_TESTING: initial, PERSONALIZATION: initial, PRODUCT_RECOMMENDATION: false, ...valid };
}

export function keepConsent() {
  const { AB_TESTING, PERSONALIZATION } = consent;
  const kept = { value: { AB_TESTING, PERSONALIZATION }, expirationDate: Date.now() + 365 * DAY };
  localStorage.setItem(KEY, JSON.stringify(kept));
}

export const isConsentGiven = () => consent.AB_TESTING === true || consent.PERSONALIZATION === true;

/**
 * May campaigns of this module run? "Run everything" shows without collecting; opting out is a setting, too.
 * @param {Module} module
 */
export function mayRun(module) {
  if (consent[module] === null) return project.beforeConsent !== "block";
  if (consent[module] === false) return project.afterRefusal !== "block";
  return true;
}
