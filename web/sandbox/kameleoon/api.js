/* Kameleoon.API (1.2): the names, and which module answers. */
import { assignmentKey } from "./assignment.js";
import { assignVariation, block, evaluateCampaigns, runRound, trigger } from "./campaigns.js";
import { hash } from "./common.js";
import { answerConsent } from "./consent-answer.js";
import { setCustomData } from "./custom-data.js";
import { dialect } from "./dialect.js";
import { cancelConversion, processConversion } from "./goals.js";
import { readLocalData, writeLocalData } from "./local-data.js";
import { describe, isActive, segmentOf } from "./objects.js";
import { EXPERIMENT, PERSONALIZATION, campaigns, generationTime, goals, project } from "./project.js";
import { retrieveDataFromRemoteSource } from "./remote-data.js";
import { clearTimer, every, later, listen, pollUntil, runtime } from "./runtime.js";
import { enableSinglePageSupport, isSinglePage, reload } from "./single-page.js";
import { currentVisitSnapshot, visitorSnapshot } from "./snapshots.js";
import { applyVariation } from "./variations.js";

/** @typedef {import("./types").Campaign} Campaign */
/** @typedef {import("./types").Module | "BOTH"} ModuleOrBoth */

const POLL = 200; // ms

const Core = {
  /** @param {ModuleOrBoth} [module] */
  enableLegalConsent: (module = "BOTH") => answerConsent(module, true),
  /** @param {ModuleOrBoth} [module] */
  disableLegalConsent: (module = "BOTH") => answerConsent(module, false),
  enableSinglePageSupport,
  enableDynamicRefresh() {},
  getConfiguration: () => ({
    siteCode: project.siteCode,
    generationTime,
    singlePageSupport: isSinglePage(),
    goals: goals.map((goal) => ({ ...goal })),
  }),
  load: reload,
  /**
   * @param {() => unknown} condition
   * @param {() => unknown} callback
   * @param {number} [interval]
   */
  runWhenConditionTrue(condition, callback, interval = POLL) {
    const isOver = () => !dialect.asksConditionsAfterLoad && document.readyState === "complete";
    pollUntil(condition, callback, interval, isOver);
  },
  /**
   * @param {string} selector
   * @param {(elements: Element[]) => unknown} callback
   * @param {number | null} [interval]
   */
  runWhenElementPresent(selector, callback, interval) {
    const find = () => [...document.querySelectorAll(selector)];
    pollUntil(
      () => find().length > 0,
      () => callback(find()),
      interval || POLL,
    );
  },
};

const Data = {
  readLocalData,
  writeLocalData,
  setCustomData,
  /** @param {string} name */
  resetCustomData: (name) => setCustomData(name, [], true),
  retrieveDataFromRemoteSource,
};

const Events = {
  /**
   * For targeting only: no DOM event follows.
   * @param {string} name
   */
  trigger(name) {
    pollUntil(
      () => runtime?.visitor,
      () => {
        runtime.events.push(name);
        evaluateCampaigns();
      },
      100,
    );
  },
};

/**
 * What Experiments and Personalizations have in common.
 * @param {import("./types").Kind} kind
 */
function campaignApi(kind) {
  const own = campaigns.filter((campaign) => campaign.kind === kind);
  /** @param {(campaign: Campaign) => unknown} keep */
  const list = (keep) => (runtime?.visitor ? own.filter(keep).map(describe) : []);
  /** @param {Campaign | undefined} campaign */
  const one = (campaign) => (campaign && runtime?.visitor ? describe(campaign) : null);
  /** @param {"triggered" | "activated"} what */
  const inVisit = (what) => (/** @type {Campaign} */ each) =>
    runtime.visitor.visits[0][what][assignmentKey(kind, each.id)];
  return {
    getAll: () => list(() => true),
    getActive: () => list(isActive),
    getTriggeredInVisit: () => list(inVisit("triggered")),
    getActivatedInVisit: () => list(inVisit("activated")),
    /** @param {number} id */
    getById: (id) => one(own.find((campaign) => campaign.id === Number(id))),
    /** @param {string} name */
    getByName: (name) => one(own.find((campaign) => campaign.name === name)),
    /**
     * @param {number} id
     * @param {boolean} [trackingOnly]
     */
    trigger: (id, trackingOnly) => trigger(kind, id, trackingOnly),
    /** @param {number} id */
    block: (id) => block(kind, id),
  };
}

const Experiments = {
  ...campaignApi(EXPERIMENT),
  assignVariation,
  /**
   * @param {number} id
   * @param {boolean} [trackingOnly]
   */
  triggerExperiment: (id, trackingOnly) => trigger(EXPERIMENT, id, trackingOnly),
};

const Personalizations = {
  ...campaignApi(PERSONALIZATION),
  /** @param {number} id */
  disable: (id) => block(PERSONALIZATION, id),
};

const segments = () => campaigns.map(segmentOf);

const Segments = {
  getAll: segments,
  /** @param {number} id */
  getById: (id) => segments().find((segment) => segment.id === Number(id)) || null,
  /** @param {string} name */
  getByName: (name) => segments().find((segment) => segment.name === name) || null,
  reevaluate: () => evaluateCampaigns(),
  /** @param {number} id */
  trigger(id) {
    if (!runtime?.visitor) return;
    runRound(campaigns.filter((campaign) => segmentOf(campaign).id === Number(id)));
  },
};

const Variations = {
  /** @param {number} id */
  execute(id) {
    campaigns.forEach((campaign) => runtime && applyVariation(campaign, id));
  },
};

const Utils = {
  addEventListener: listen,
  /**
   * @param {EventTarget} element
   * @param {(event: Event) => unknown} callback
   */
  addUniversalClickListener: (element, callback) => API.Utils.addEventListener(element, "mousedown", callback),
  createHash: hash,
  computeHash: hash,
  /**
   * @param {() => unknown} callback
   * @param {number} [interval]
   */
  setInterval: (callback, interval = POLL) => every(callback, interval),
  clearInterval: clearTimer,
  /**
   * @param {() => unknown} callback
   * @param {number} [delay]
   */
  setTimeout: (callback, delay = POLL) => later(callback, delay),
  clearTimeout: clearTimer,
  getURLParameters: () => Object.fromEntries(new URLSearchParams(location.search)),
  /** @param {string} selector */
  querySelectorAll: (selector) => [...document.querySelectorAll(selector)],
  /**
   * @param {string} url
   * @param {XMLHttpRequest["onreadystatechange"]} [onReadyState]
   * @param {XMLHttpRequest["onerror"]} [onError]
   * @param {number} [timeout]
   */
  performRequest(url, onReadyState, onError, timeout = 5000) {
    const request = new XMLHttpRequest();
    if (onReadyState) request.onreadystatechange = onReadyState;
    if (onError) request.onerror = request.ontimeout = onError;
    request.open("GET", url);
    request.timeout = timeout;
    request.send();
  },
};

export const API = {
  get Visitor() {
    return visitorSnapshot();
  },
  get CurrentVisit() {
    return currentVisitSnapshot();
  },
  Core,
  Goals: { processConversion, cancelConversion },
  Data,
  Events,
  Experiments,
  Personalizations,
  Segments,
  Variations,
  Utils,
};
