// Listens in the page: to Segment's events, to Kameleoon's DOM events and command queue, and to what else changed.

import { guarded } from "./facts.js";
import { held } from "./holding.js";
import { pick, reach, segment } from "./reach.js";
import { hear } from "./telling.js";

/** @type {Record<string, Shape>} */
const CAMPAIGN = { id: 1, name: 1, associatedVariation: { id: 1, name: 1 } };
/** @type {Shape} */
const DETAIL = { time: 1, experiment: CAMPAIGN, personalization: CAMPAIGN, legalConsentUpdate: 1 };
/** @type {Shape} */
const VISITOR = { code: 1, experimentLegalConsent: 1, personalizationLegalConsent: 1 };

const hooked = new WeakSet();
/** @type {string | undefined} */
let world; // as it was told last

// Segment: a source middleware sees each event before anything else does. analytics.js drops an event whose middleware has
// ended without next(), and waits for a promise.
/** @param {{ payload: Payload, next: (payload: Payload) => void }} event */
const middleware = async ({ payload, next }) => {
  look();
  await held(payload);
  next(payload);
};

const hookAnalytics = () => {
  const analytics = window.analytics;
  if (!analytics?.addSourceMiddleware || hooked.has(analytics)) return;
  hooked.add(analytics);
  analytics.addSourceMiddleware(middleware);
  analytics.on("initialize", () => setTimeout(look)); // the real instance replaces the stub right after
  analytics.on("reset", () => hear("reset"));
};

/** @param {any} item */
const command = (item) => {
  item = item?.command || item;
  if (Array.isArray(item)) hear("command", { name: String(item[0]), args: item.slice(1) });
};

const hookQueue = () => {
  const queue = window.kameleoonQueue;
  if (!queue?.push || hooked.has(queue.push)) return;
  if (!hooked.has(queue) && Array.isArray(queue)) queue.forEach(guarded(command));
  hooked.add(queue);
  const push = queue.push; // Kameleoon's script puts an executing push in its place when it starts
  /**
   * @this {unknown}
   * @param {any[]} items
   */
  const listening = function (...items) {
    const result = push.apply(this, items);
    items.forEach(guarded(command));
    return result;
  };
  hooked.add(listening);
  Object.defineProperty(queue, "push", { value: listening, writable: true, configurable: true });
};

// What changed: asked at each of the page's own events, and once a second.
const look = guarded(() => {
  guarded(hookAnalytics)();
  guarded(hookQueue)();
  let visitor;
  try {
    visitor = pick(reach("Kameleoon.API.Visitor"), VISITOR);
  } catch {
    // absent, or between two phases of its start
  }
  const analytics = segment();
  const now = { visitor, ready: !!(analytics?.initialized && analytics.user) };
  const text = JSON.stringify(now);
  if (text !== world) {
    world = text;
    hear("world", now);
  }
});

/** @param {number} pause */
const beat = (pause) => {
  look();
  setTimeout(beat, pause, Math.min(pause * 1.5, 1000));
};

/** Begins to listen. */
export const listen = () => {
  for (const name of ["Loaded", "Started", "ExperimentActivated", "PersonalizationActivated", "LegalConsentUpdated"]) {
    window.addEventListener(
      "Kameleoon::" + name,
      guarded(({ detail }) => {
        look();
        hear("kameleoon", { name, detail: pick(detail, DETAIL) });
      }),
    );
  }
  document.addEventListener(
    "load",
    ({ target }) => {
      if (/** @type {Node} */ (target).nodeName === "SCRIPT") look();
    },
    true,
  );
  beat(30);
};
