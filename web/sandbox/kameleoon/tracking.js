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

/** Held until consent is given, also through a no before it (9.5). */
export function flushTracking() {
  if (!runtime?.visitor) return;
  /** @param {{ module: ModuleOrAny }} event */
  const isAllowed = ({ module }) => (module === "ANY" ? isConsentGiven() : consent[module] === true);
  const pending = outbox.splice(0);
  outbox.push(...pending.filter((event) => !isAllowed(event)));
  const lines = pending.filter(isAllowed).map(({ line }) => line);
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
