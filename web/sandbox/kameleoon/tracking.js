/* Kameleoon's own tracking (1.9). */
import { nonce } from "./common.js";
import { consent, isConsentGiven } from "./consent.js";
import { dataUrl, project } from "./project.js";
import { every, runtime } from "./runtime.js";

/** @typedef {import("./types").Module | "ANY"} ModuleOrAny */

const FLUSH_INTERVAL = 500; // ms

/** @type {{ module: ModuleOrAny, line: string }[]} */
const outbox = [];

/**
 * @param {ModuleOrAny} module whose consent it needs
 * @param {Record<string, any>} event
 */
export function track(module, event) {
  outbox.push({ module, line: String(new URLSearchParams({ ...event, nonce: nonce() })) });
}

/**
 * @param {import("./types").Kind} kind
 * @param {number} id of the campaign
 * @param {number} variationId
 */
export function trackExposure(kind, id, variationId) {
  track(kind.module, { eventType: kind.key, id, variationId });
}

export const flushRegularly = () => every(flushTracking, FLUSH_INTERVAL);

/** Held while consent is unknown, dropped once it is refused. */
export function flushTracking() {
  if (!runtime?.visitor) return;
  const refused = consent.AB_TESTING === false && consent.PERSONALIZATION === false;
  const any = isConsentGiven() ? true : refused ? false : null;
  /** @param {ModuleOrAny} module */
  const answerFor = (module) => (module === "ANY" ? any : consent[module]);
  const pending = outbox.splice(0);
  outbox.push(...pending.filter(({ module }) => answerFor(module) === null));
  const lines = pending.filter(({ module }) => answerFor(module) === true).map(({ line }) => line);
  if (!lines.length) return;
  const tabId = sessionStorage.getItem("kameleoonTabId") || nonce();
  sessionStorage.setItem("kameleoonTabId", tabId);
  const query = new URLSearchParams({
    engine: "true", // Kameleoon's name for its script
    siteCode: project.siteCode,
    visitorCode: runtime.visitor.code,
    itp: "false",
    tabId,
  });
  const options = { method: "POST", keepalive: true, body: lines.join("\n") };
  fetch(`${dataUrl}/visit/events?${query}`, options).catch(() => {});
}
