/*
 * What differs between Kameleoon's scripts of three years, a fact a row; the project's `dialect` says whose it is. 2022
 * and 2025 stand for two builds that were run, 2026 for one that was read (9). Where a year is unknown, a comment says
 * so, and the choice is the one that asks more of the bridge.
 */
import { project } from "./project.js";

/** @typedef {2022 | 2025 | 2026} Year */

const FACTS = /** @type {const} */ ({
  /** 9.3: `variation.id` of an experiment's control. */
  controlId: { 2022: "reference", 2025: 0, 2026: 0 },
  /** 9.3: `variation.id` of a visitor who is excluded. */
  excludedId: { 2022: "none", 2025: null, 2026: null },
  /** 9.3: ExperimentActivated fires for a visitor who is excluded, too. */
  activatesExcluded: { 2022: true, 2025: false, 2026: false },
  /** 1.2: getActive looks at nothing but the targeting. */
  activeMeansTargeted: { 2022: true, 2025: false, 2026: false },
  /** 9.12: campaigns have `trackingPerformed`. 2022 is unknown. */
  tellsTrackingPerformed: { 2022: false, 2025: false, 2026: true },
  /** 9.2: `associatedVariation` of a suppressed personalization: Reference only where the file lists it. */
  suppressedVariation: { 2022: "reference", 2025: "null", 2026: "reference" },
  /** 1.6: what stands before the visitor code in the cookie. The script of 2026 has no handling for it. 2025 is unknown. */
  cookiePrefix: { 2022: "_js_", 2025: "", 2026: "" },
  /** 9.13: an assignment is kept as {value, expirationDate}, else as "<id>/<time>". 2022 is unknown. */
  keepsAssignmentAsJson: { 2022: true, 2025: true, 2026: false },
  /** 9.10: before consent, each route change makes a new visitor. 2022 is unknown. */
  forgetsVisitorBeforeConsent: { 2022: true, 2025: true, 2026: false },
  /** 9.8: remote data is asked for at /data, one key at a time, as it stands. */
  legacyRemoteData: { 2022: true, 2025: false, 2026: false },
  /** 9.8: how many keys of a list go into one request; in 2022 there are no lists. */
  keysInRequest: { 2022: 1, 2025: Infinity, 2026: 100 },
  /** 9.8: an answer that is no JSON is an exception in the page, and nobody is called back. */
  throwsAtBadJson: { 2022: true, 2025: true, 2026: false },
  /** 1.2, 9.9: Data.setCustomData takes an index, too. */
  setsCustomDataByIndex: { 2022: false, 2025: true, 2026: true },
  /** 1.2: without `overwrite`, it depends on the custom data's type; else values are added. 2025 is unknown. */
  overwritesByType: { 2022: false, 2025: true, 2026: true },
  /** 1.7, 9.14: custom integrations wait for consent. 2025 is unknown. */
  integrationsWaitForConsent: { 2022: false, 2025: false, 2026: true },
  /** 2.5: quotes in the names of campaigns are escaped for custom integrations. */
  escapesCampaignNames: { 2022: false, 2025: true, 2026: true },
  /** 1.2: Core.runWhenConditionTrue goes on asking when the page has loaded. */
  asksConditionsAfterLoad: { 2022: false, 2025: true, 2026: true },
});

/** @typedef {{ [Fact in keyof typeof FACTS]: (typeof FACTS)[Fact][Year] }} Dialect */

export const dialect = /** @type {Dialect} */ (
  Object.fromEntries(Object.entries(FACTS).map(([fact, years]) => [fact, years[project.dialect]]))
);
