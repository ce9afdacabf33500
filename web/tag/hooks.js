// Listens in the page: to Segment's events, to Kameleoon's DOM events, and to what else changed.

import { guarded, wants } from "./facts.js";
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
const NOTHING = "{}";
/** @type {Record<string, string>} */
const told = { found: NOTHING }; // what was told last, by its kind
/** @type {number | undefined} */
let timer; // of the next beat

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

/**
 * Tells the brain, if it is something new.
 * @param {string} kind
 * @param {object} what
 */
const tell = (kind, what) => {
  const text = JSON.stringify(what);
  if (text !== told[kind]) {
    told[kind] = text;
    hear(kind, what);
  }
};

/**
 * Returns what Kameleoon's script says.
 * @param {string} path
 * @param {Shape} shape
 * @param {any[]} [args]
 */
const ofKameleoon = (path, shape, args) => {
  try {
    return pick(reach("Kameleoon.API." + path, args), shape);
  } catch {
    // absent, or between two phases of its start
  }
};

// What changed: asked at each of the page's own events, and in each beat.
const look = guarded(() => {
  guarded(hookAnalytics)();
  const analytics = segment();
  tell("world", { visitor: ofKameleoon("Visitor", VISITOR), ready: !!(analytics?.initialized && analytics.user) });
});

// What was activated without an event: the getters cost the page more than a look, so they are asked in the beat alone, at
// first soon after anything happened, then once a second.
/** @param {number} pause */
const beat = (pause) => {
  look();
  /** @type {Record<string, unknown>} */
  const found = {};
  for (const name in wants.found) found[name] = ofKameleoon(...wants.found[name]);
  guarded(tell)("found", found);
  clearTimeout(timer);
  timer = setTimeout(beat, pause, Math.min(pause * 1.5, 1000));
};

/** Begins to listen. */
export const listen = () => {
  for (const name of ["Loaded", "Started", "ExperimentActivated", "PersonalizationActivated", "LegalConsentUpdated"]) {
    window.addEventListener(
      "Kameleoon::" + name,
      guarded(({ detail }) => {
        look();
        hear("kameleoon", { name, detail: pick(detail, DETAIL) });
        told.found = NOTHING; // in another run the same is something new
        clearTimeout(timer);
        timer = setTimeout(beat, 30, 45);
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
