// Listens in the page: to Segment's events, to Kameleoon's DOM events, and to what else may have changed.

import { ear, guarded } from "./ear.js";
import { hear } from "./heard.js";
import { held, settle } from "./holding.js";
import { recalled } from "./kept.js";
import { hurry, stay } from "./leaving.js";
import { at } from "./reach.js";

const EVENTS = "Loaded Started ExperimentActivated PersonalizationActivated LegalConsentUpdated".split(" ");

const hooked = new WeakSet(); // instances, and events that they have in their pipeline
const taken = new Set(); // ids of events of ours

/** @param {string} id of an event of ours that analytics.js takes */
const take = (id) => taken.add(id) && hear("taken", { id });

// Whatever goes wrong here, the event goes on.
const arrived = guarded((payload) => {
  look(true);
  return held(payload);
});

// analytics.js drops an event whose middleware has ended without next(), and waits for a promise. A source middleware sees
// each event before anything else does; an enrichment those that no middleware of the page dropped.
export const hook = guarded(() => {
  const name = ear.analytics;
  const analytics = at(name, window);
  if (!analytics?.addSourceMiddleware || hooked.has(analytics)) return;
  hooked.add(analytics);
  /** @param {any} event */
  const isOurs = ({ messageId }) => String(messageId).startsWith(BUNDLE.ours);
  /** @param {{ payload: Payload, next: (payload: Payload) => void }} event */
  const middleware = ({ payload, next }) => {
    const id = payload.obj.messageId;
    // The brain of a frame that was lost sent it, and could not note it any more: it is dropped
    if (ear.lost && taken.has(id)) return take(id);
    const hold = ear.analytics === name && !isOurs(payload.obj) && arrived(payload);
    if (!hold) return next(payload); // at once: what waits gives way to others
    return (async () => {
      await hold;
      next(payload);
    })();
  };
  const passing = (context) => {
    if (!hooked.has(context)) {
      hooked.add(context); // the plugin may sit on stub and instance
      if (isOurs(context.event)) take(context.event.messageId);
      hurry(context, instance);
    }
    return context;
  };
  let instance;
  analytics.addSourceMiddleware(middleware);
  // Called in one task with what begins a navigation, an event is in the pipeline after beforeunload
  analytics.on("dispatch_start", ({ event }) => isOurs(event) || stay());
  analytics.on("initialize", () => setTimeout(() => look())); // the real instance replaces the stub right after
  analytics.on("reset", () => hear("reset"));
  // A stub of old has no such method, the instance has
  analytics.register?.({
    name: BUNDLE.consolePrefix,
    type: "enrichment",
    isLoaded: () => true,
    load: async (_, loaded) => {
      instance = loaded;
    },
    track: passing,
    page: passing,
    identify: passing,
    group: passing,
    alias: passing,
    screen: passing,
  });
});

// Copied at once: Kameleoon's objects change afterwards.
const named = (one) => one && { id: one.id, name: one.name };
const campaign = (one) => one && { ...named(one), associatedVariation: named(one.associatedVariation) };
const wanted = ({ time, experiment, personalization, legalConsentUpdate }) => ({
  time,
  experiment: campaign(experiment),
  personalization: campaign(personalization),
  legalConsentUpdate,
});

/** @param {boolean} [isOften] whether this is one of many looks */
const look = (isOften) => {
  hook();
  recalled();
  if (ear.up) ear.up.look(isOften);
  else settle(); // Kameleoon's script may be there now
};

const onKameleoon = guarded(({ type, detail }) => {
  look();
  hear("kameleoon", { name: type.slice(11), detail: detail && wanted(detail) });
  ear.up?.beat(30);
});
const onLoad = ({ target }) => {
  if (target.nodeName === "SCRIPT") look();
};

/** Begins to listen; again where the page took the listeners away. */
export const listen = () => {
  for (const name of EVENTS) window.addEventListener("Kameleoon::" + name, onKameleoon);
  document.addEventListener("load", onLoad, true);
  look();
};
