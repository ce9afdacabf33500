/*
 * The sandbox's stand-in for Kameleoon's page engine: the behaviour a bridge can observe, written from its description.
 * Not for production. The server puts the project's definition where the token below stands; the tests do the same.
 * "engine 2026" in a comment names the production build whose behaviour is meant. Where nothing is known, the comment
 * says so, and the choice is the one that asks more of the bridge.
 * Left out: Products, Triggers, omniture and redirects, which no bridge touches.
 */
(() => {
  "use strict";
  if (window.Kameleoon) return; // engine 2026: a second copy does nothing

  /*
   * siteCode, dataUrl (origin of the Data API; the script's own by default)
   * experiments, personalizations: [{id, name, variations: [{id, name, apply: {selector: text}}],
   *   deviation: {variation id: percent}, force: variation id or null (excluded),
   *   targeting: {customData, value} | {event} | {urlContains}, segment: {id, name},
   *   featureFlag: true (hybrid: runs only when triggered)}]
   * customData: [{index, name, type, format, scope, customEvalCode, localOnly}], goals: [{id, name, type}]
   * globalScript, customIntegrations: [code], escapeVariationNames
   * consent: "none" | "required", beforeConsent and afterRefusal: "all" | "block"
   * singlePage, runtimeDelay (ms from Loaded to the run), visitorDelay (ms more, in which Visitor reads null)
   */
  const project = __PROJECT__;

  // ------------------------------------------------------------------------------------------------ project

  const DAY = 24 * 3600 * 1000;
  const generationTime = Date.now();
  const dataUrl = project.dataUrl || new URL(document.currentScript?.src || location.href).origin;
  const definitions = project.customData || [];
  const goals = project.goals || [];
  const CONTROL = { id: 0, name: "Reference" };
  const EXCLUDED = { id: null, name: "Excluded" };

  const EXPERIMENT = { label: "Experiment", key: "experiment", module: "AB_TESTING" };
  const PERSONALIZATION = { label: "Personalization", key: "personalization", module: "PERSONALIZATION" };
  const campaigns = [
    ...(project.experiments || []).map((definition) => ({ ...definition, kind: EXPERIMENT })),
    ...(project.personalizations || []).map((definition) => ({ ...definition, kind: PERSONALIZATION })),
  ];

  /** One run of the engine: null before the first, replaced at each single-page load. */
  let runtime = null;

  // ------------------------------------------------------------------------------------------------ helpers

  const byIdOrName = (list, key) => list.find((item) => item.id === Number(key) || item.name === key) || null;

  /** Foreign code may throw what it likes: the page only ever sees a line in the console. */
  function guarded(run) {
    try {
      return run();
    } catch (error) {
      console.log("Kameleoon:", error);
      return undefined;
    }
  }

  /** Does not bubble, always on window, always with the time. */
  function emit(name, detail) {
    window.dispatchEvent(new CustomEvent(`Kameleoon::${name}`, { detail: { ...detail, time: Date.now() } }));
  }

  function randomText(length, alphabet) {
    const bytes = crypto.getRandomValues(new Uint8Array(length));
    return Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join("");
  }
  const nonce = () => randomText(16, "0123456789abcdef");

  /** FNV-1a with a final mix. The engine takes sha256; buckets only need to be stable and even. */
  function hash(text) {
    let value = 0x811c9dc5;
    for (const character of text) value = Math.imul(value ^ character.codePointAt(0), 0x01000193);
    value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
    value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
    return (value ^ (value >>> 16)) >>> 0;
  }

  // Timers and listeners belong to the run: a single-page load clears them all, also runWhenConditionTrue's.
  const timers = new Set();
  const listeners = [];

  function later(run, delay) {
    const id = setTimeout(() => {
      timers.delete(id);
      guarded(run);
    }, delay);
    timers.add(id);
    return id;
  }
  function every(run, delay) {
    const id = setInterval(() => guarded(run), delay);
    timers.add(id);
    return id;
  }
  function clearTimer(id) {
    clearTimeout(id); // timeouts and intervals share their ids
    timers.delete(id);
  }

  /** At once when there is nothing to wait for: most pages boot in one go. */
  const after = (delay, run) => (delay ? later(run, delay) : run());

  /** Whether a condition that throws ends the polling is unknown: here it counts as false. */
  function pollUntil(condition, run, interval) {
    if (guarded(condition)) return void guarded(run);
    const id = every(() => {
      if (!guarded(condition)) return;
      clearTimer(id);
      run();
    }, interval);
  }

  // ------------------------------------------------------------------------------------------------ consent

  const consent = {
    value: {},

    /** Unknown (null) only where the project asks for consent; a remembered answer wins. */
    setup() {
      const initial = project.consent === "required" ? null : true;
      const kept = readJson(localStorage.getItem("kameleoonLegalConsent"));
      const valid = kept && kept.expirationDate > Date.now() ? kept.value : {};
      this.value = { AB_TESTING: initial, PERSONALIZATION: initial, PRODUCT_RECOMMENDATION: initial, ...valid };
    },

    given() {
      return this.value.AB_TESTING === true || this.value.PERSONALIZATION === true;
    },

    /** May campaigns of this module run? "Run everything" shows without collecting; opting out is a setting, too. */
    runs(module) {
      if (this.value[module] === null) return project.beforeConsent !== "block";
      if (this.value[module] === false) return project.afterRefusal !== "block";
      return true;
    },

    answer(module, answer) {
      if (!runtime?.visitor) this.setup(); // a command of level IMMEDIATE may answer before the first run
      const before = { ...this.value };
      for (const each of module === "BOTH" ? ["AB_TESTING", "PERSONALIZATION"] : [module]) this.value[each] = answer;
      const { AB_TESTING, PERSONALIZATION } = this.value;
      const kept = { value: { AB_TESTING, PERSONALIZATION }, expirationDate: Date.now() + 365 * DAY };
      localStorage.setItem("kameleoonLegalConsent", JSON.stringify(kept));
      if (runtime?.visitor) {
        storage.release();
        runHeldIntegrations();
        flushTracking();
        // Engine 2026 processes its campaigns again. Whether their events repeat is unknown: here they do.
        const allowed = ({ kind }) => this.value[kind.module] === true && before[kind.module] !== true;
        campaigns.filter(allowed).forEach((campaign) => (stateOf(campaign).triggered = false));
        evaluateCampaigns();
      }
      emit("LegalConsentUpdated", { legalConsentUpdate: { AB_TESTING, PERSONALIZATION } });
    },
  };

  // ------------------------------------------------------------------------------------------------ storage

  function readJson(text) {
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  }

  /** Nothing is written before consent: until then values live here, and survive single-page loads. */
  const storage = {
    held: new Map(),
    heldCode: null,

    get(key) {
      return this.held.has(key) ? this.held.get(key) : localStorage.getItem(key);
    },
    set(key, value) {
      if (consent.given()) localStorage.setItem(key, value);
      else this.held.set(key, value);
    },
    remove(key) {
      this.held.delete(key);
      localStorage.removeItem(key);
    },
    release() {
      if (!consent.given()) return;
      this.held.forEach((value, key) => localStorage.setItem(key, value));
      this.held.clear();
      if (this.heldCode) this.writeCode(this.heldCode);
    },

    /** As it stands, also with the "_js_" that engines before 2023 put in front: engine 2026 has no handling for it. */
    readCode() {
      if (this.heldCode) return this.heldCode;
      const found = document.cookie.match(/(?:^|; )kameleoonVisitorCode=([^;]+)/);
      return found ? guarded(() => decodeURIComponent(found[1])) || found[1] : null;
    },
    writeCode(code) {
      this.heldCode = consent.given() ? null : code;
      if (this.heldCode) return;
      const host = location.hostname;
      const domain = /[a-z]/.test(host) && host.includes(".") ? `; domain=${host.split(".").slice(-2).join(".")}` : "";
      const secure = location.protocol === "https:" ? "; Secure" : "";
      document.cookie =
        `kameleoonVisitorCode=${encodeURIComponent(code)}; max-age=${(365 * DAY) / 1000}; path=/${domain}` +
        `; SameSite=Lax${secure}`;
    },
  };

  // ------------------------------------------------------------------------------------------------ visitor

  const VISIT_IDLE = 30 * 60 * 1000;
  let predefinedCode = null;

  function openVisitor() {
    const found = predefinedCode || storage.readCode();
    const code = found || randomText(16, "abcdefghijklmnopqrstuvwxyz0123456789");
    if (code !== storage.readCode()) storage.writeCode(code);
    predefinedCode = null;

    const now = Date.now();
    const kept = readJson(storage.get("kameleoonData")) || { visits: [], customData: {} };
    if (!kept.visits.length || now - kept.visits[0].last > VISIT_IDLE) {
      kept.visits.unshift({
        start: now, last: now, landing: location.href, pageViews: 0, urls: {},
        customData: {}, conversions: {}, segments: {}, triggered: {}, activated: {},
      });
      kept.visits.length = Math.min(kept.visits.length, 25);
    }
    const visit = kept.visits[0];
    visit.pageViews += 1;
    (visit.urls[location.href] ||= []).push(now);
    return { code, ...kept };
  }

  function keepVisitor() {
    const { visits, customData } = runtime.visitor;
    visits[0].last = Date.now();
    storage.set("kameleoonData", JSON.stringify({ visits, customData }));
  }

  /** Rewrites the cookie and buckets again; what the page already shows stays until the next run. */
  function setVisitorCode(code) {
    if (!runtime?.visitor) {
      predefinedCode = code;
      return;
    }
    if (code === runtime.visitor.code) return;
    runtime.visitor.code = code;
    storage.writeCode(code);
    for (const campaign of campaigns) {
      const assigned = readAssignment(campaign.kind, campaign.id) !== undefined;
      storage.remove(assignmentKey(campaign.kind, campaign.id));
      if (assigned) assign(campaign);
    }
  }

  /** A fresh snapshot at each access; without a run only the setter, and null while the run is being set up. */
  function visitorSnapshot() {
    if (!runtime) return { setVisitorCode };
    if (!runtime.visitor) return null;
    const { code, visits, customData } = runtime.visitor;
    return {
      code,
      numberOfVisits: visits.length,
      firstVisitStartDate: visits.at(-1).start,
      visits: visits.map(visitSnapshot),
      currentVisit: visitSnapshot(visits[0], 0),
      previousVisit: visits[1] ? visitSnapshot(visits[1], 1) : null,
      customData: readableCustomData(customData),
      personalizationsActive: campaigns.filter((each) => each.kind === PERSONALIZATION && isActive(each)).map(describe),
      experimentLegalConsent: consent.value.AB_TESTING,
      personalizationLegalConsent: consent.value.PERSONALIZATION,
      productRecommendationLegalConsent: consent.value.PRODUCT_RECOMMENDATION,
      setVisitorCode,
    };
  }

  function visitSnapshot(visit, age) {
    const { visits, customData } = runtime.visitor;
    const current = age === 0;
    return {
      index: visits.length - 1 - age,
      startDate: visit.start,
      duration: (current ? Date.now() : visit.last) - visit.start,
      lastEventDate: visit.last,
      pageViews: visit.pageViews,
      landingPageURL: visit.landing,
      pageURLsVisited: { ...visit.urls },
      locale: navigator.language,
      acquisitionChannel: null,
      device: {
        browser: "Chrome", browserVersion: "", os: navigator.platform, type: "DESKTOP",
        screenHeight: screen.height, screenWidth: screen.width, windowHeight: innerHeight, windowWidth: innerWidth,
        adBlocker: false, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      },
      geolocation: {},
      weather: {},
      clicks: 0,
      products: [],
      currentProduct: null,
      activatedSegments: { ...visit.segments },
      conversions: structuredClone(visit.conversions),
      customData: readableCustomData({ ...(current && customData), ...visit.customData, ...(current && runtime.page) }),
      activatedExperiments: activations(visit, EXPERIMENT),
      activatedPersonalizations: activations(visit, PERSONALIZATION),
      initialConversionPredictions: {},
    };
  }

  function activations(visit, kind) {
    return campaigns
      .filter((campaign) => campaign.kind === kind && visit.activated[assignmentKey(kind, campaign.id)])
      .map((campaign) => {
        const { times, variation } = visit.activated[assignmentKey(kind, campaign.id)];
        return {
          [`${kind.key}ID`]: campaign.id,
          [kind.key]: describe(campaign),
          times: [...times],
          associatedVariationID: variation,
          associatedVariation: describeVariation(campaign, variation),
        };
      });
  }

  // ------------------------------------------------------------------------------------------------ custom data

  /** Where values of a scope live: PAGE dies with the run, VISIT with the visit, VISITOR is inherited by the next. */
  function scopeOf(definition) {
    if (definition.scope === "PAGE") return runtime.page;
    if (definition.scope === "VISITOR") return runtime.visitor.customData;
    return runtime.visitor.visits[0].customData;
  }

  /** Values are kept as a map of value to count, and read back by type and format. */
  function readable({ type, format }, counts) {
    if (type === "COUNT_LIST") return Object.entries(counts).map(([value, count]) => ({ value, count }));
    if (type === "LIST") return Object.keys(counts);
    const [value] = Object.keys(counts);
    if (value === undefined || format === "string" || !format) return value;
    return format === "boolean" ? value === "true" : parseFloat(value);
  }

  function readableCustomData(values) {
    const entries = definitions
      .filter(({ index }) => values[index])
      .map((definition) => [definition.name, readable(definition, values[definition.index])])
      .filter(([, value]) => value !== undefined);
    return Object.fromEntries(entries);
  }

  function storeCustomData(definition, value, overwrite) {
    const { type, index, name, localOnly } = definition;
    if (value === null || value === undefined) return;
    const accumulates = type === "LIST" || type === "COUNT_LIST" || definition.scope === "PAGE";
    const replaces = overwrite === undefined ? !accumulates : Boolean(overwrite);
    const values = (Array.isArray(value) ? value : [value])
      .map(String)
      .filter((each) => localOnly || each.length <= 1000);

    const scope = scopeOf(definition);
    const counts = replaces || (type === "UNIQUE" && values.length) ? {} : { ...scope[index] };
    for (const each of type === "UNIQUE" ? values.slice(-1) : values) {
      counts[each] = type === "COUNT_LIST" ? (counts[each] || 0) + 1 : 1;
    }
    scope[index] = counts;
    keepVisitor();

    if (!localOnly) {
      const valuesCountMap = JSON.stringify(Object.fromEntries(values.map((each) => [each, 1])));
      track("ANY", { eventType: "customData", index, overwrite: replaces, valuesCountMap, mappingIdentifier: false });
    }
    emit("CustomDataSet", { name, value });
    evaluateCampaigns();
  }

  /** Silently ignored for unknown names, and before the custom data codes of this run had their first turn. */
  function setCustomData(nameOrIndex, value, overwrite) {
    const definition = definitions.find(({ name, index }) => name === nameOrIndex || index === nameOrIndex);
    if (definition && runtime?.gathered) storeCustomData(definition, value, overwrite);
  }

  /** Asked at once, each 200 ms for 3 s, then each 3 s, until it answers: any answer but null ends it for this run. */
  function acquire(definition, waited = 0) {
    // Compiled at each turn: a SyntaxError is logged and met again, for ever (engine 2026).
    const answer = guarded(() => new Function(definition.customEvalCode)());
    if (answer === null || answer === undefined) {
      const wait = waited < 3000 ? 200 : 3000;
      later(() => acquire(definition, waited + wait), wait);
      return;
    }
    const { value, overwrite } = answer;
    const known = readable(definition, scopeOf(definition)[definition.index] || {});
    const unchanged = definition.type === "UNIQUE" && known !== undefined && String(known) === String(value);
    if (!unchanged) storeCustomData(definition, value, overwrite);
  }

  // ------------------------------------------------------------------------------------------------ remote data

  /** The parsed object, or {} whatever went wrong. */
  function getObject(url, deliver) {
    const request = new XMLHttpRequest();
    request.onloadend = () => {
      const answer = request.status === 200 ? readJson(request.responseText) : null;
      deliver(answer && typeof answer === "object" ? answer : {});
    };
    request.open("GET", url);
    request.timeout = 15 * 60 * 1000;
    request.send();
  }

  /** No cache and no retry: two custom data that want one key make two requests (engine 2026). */
  function retrieveDataFromRemoteSource(key, callback) {
    const deliver = (data) => guarded(() => callback(data));
    const site = `siteCode=${project.siteCode}`;
    if (!Array.isArray(key)) return getObject(`${dataUrl}/map/map?${site}&key=${encodeURIComponent(key)}`, deliver);
    if (!key.length) return deliver({});
    const merged = {};
    let missing = Math.ceil(key.length / 100);
    for (let start = 0; start < key.length; start += 100) {
      const keys = encodeURIComponent(JSON.stringify(key.slice(start, start + 100)));
      getObject(`${dataUrl}/map/maps?${site}&keys=${keys}`, (answer) => {
        Object.assign(merged, answer);
        missing -= 1;
        if (!missing) deliver(merged);
      });
    }
  }

  function writeLocalData(key, value, persistent) {
    const expirationDate = Date.now() + (persistent ? 30 * DAY : DAY / 24);
    storage.set(`kameleoonLocalData-${key}`, JSON.stringify({ value, expirationDate }));
  }
  function readLocalData(key) {
    const kept = readJson(storage.get(`kameleoonLocalData-${key}`));
    return kept && kept.expirationDate > Date.now() ? kept.value : null;
  }

  // ------------------------------------------------------------------------------------------------ assignment

  const assignmentKey = (kind, id) => `kameleoon${kind.label}-${id}`;

  /** A variation's id, null when excluded, undefined when nothing was assigned (or a month ago). */
  function readAssignment(kind, id) {
    const [variation, time] = (storage.get(assignmentKey(kind, id)) || "").split("/");
    if (!time || Date.now() - Number(time) > 30 * DAY) return undefined;
    return variation === "null" ? null : Number(variation);
  }
  function writeAssignment(kind, id, variation) {
    storage.set(assignmentKey(kind, id), `${variation}/${Date.now()}`);
  }

  /** Forced by the project or, stronger, by the page's address: ?kameleoonForce=101:2,102:null */
  function forced({ id, force }) {
    const wish = new URLSearchParams(location.search).get("kameleoonForce") || "";
    const mine = wish.split(",").find((each) => each.startsWith(`${id}:`));
    if (!mine) return force;
    const variation = mine.slice(`${id}:`.length);
    return variation === "null" ? null : Number(variation);
  }

  function bucket({ id, kind, variations = [], deviation }) {
    const ids = [...(kind === EXPERIMENT || deviation?.[0] ? [0] : []), ...variations.map((variation) => variation.id)];
    let point = (hash(`${runtime.visitor.code}${id}`) / 2 ** 32) * 100;
    for (const each of ids) {
      point -= deviation ? deviation[each] || 0 : 100 / ids.length;
      if (point < 0) return each;
    }
    return null;
  }

  function assign(campaign) {
    const { kind, id } = campaign;
    if (forced(campaign) === undefined && readAssignment(kind, id) === undefined) {
      writeAssignment(kind, id, bucket(campaign));
    }
    return assignedVariation(campaign);
  }

  function assignedVariation(campaign) {
    const wish = forced(campaign);
    return wish === undefined ? readAssignment(campaign.kind, campaign.id) : wish;
  }

  // ------------------------------------------------------------------------------------------------ campaigns

  /** What one run knows about one campaign. */
  function stateOf(campaign) {
    if (!runtime.states.has(campaign)) runtime.states.set(campaign, {});
    return runtime.states.get(campaign);
  }

  /** Engine 2026 compares loosely, so "nothing assigned yet" reads as excluded, too. */
  function describeVariation({ variations = [] }, id) {
    const known = id === 0 ? CONTROL : variations.find((variation) => variation.id === id) || EXCLUDED;
    return { id: known.id, name: known.name, reallocationTime: null, instantiatedTemplate: null };
  }

  function segmentOf({ id, segment, targeting = null }) {
    return { id: id * 10, name: "Everybody", ...segment, targeting };
  }

  function describe(campaign) {
    const { id, name, kind, variations = [], deviation = {} } = campaign;
    const state = stateOf(campaign);
    const visit = runtime.visitor.visits[0];
    const key = assignmentKey(kind, id);
    const common = {
      id, name,
      dateLaunched: generationTime, dateModified: generationTime,
      active: isActive(campaign),
      triggered: Boolean(state.triggered),
      triggeredInVisit: Boolean(visit.triggered[key]),
      activatedInVisit: Boolean(visit.activated[key]),
      associatedVariation: describeVariation(campaign, assignedVariation(campaign)),
      targetSegment: segmentOf(campaign),
      untrackedTrafficReallocationTime: null,
      redirectProcessed: false,
      goals: goals.map((goal) => ({ ...goal })),
      mainGoal: goals[0] || null,
      trackingPerformed: Boolean(state.tracked),
    };
    if (kind === PERSONALIZATION) return common;
    const all = [CONTROL, ...variations].map((variation) => describeVariation(campaign, variation.id));
    return { ...common, variations: all, trafficDeviation: { ...deviation } };
  }

  /** Targeted or tracked in this run, or a feature flag's experiment with a variation from whenever (engine 2026). */
  function isActive(campaign) {
    const state = stateOf(campaign);
    const variation = assignedVariation(campaign);
    if (state.blocked || variation === null || variation === undefined) return false;
    return Boolean(state.triggered || state.tracked || campaign.featureFlag);
  }

  function isTargeted({ targeting }) {
    if (!targeting) return true;
    if (targeting.event) return runtime.events.includes(targeting.event);
    if (targeting.urlContains) return location.href.includes(targeting.urlContains);
    const definition = definitions.find(({ name }) => name === targeting.customData);
    const counts = definition && scopeOf(definition)[definition.index];
    return Boolean(counts && String(targeting.value) in counts);
  }

  /** Called when anything that targeting looks at has changed. */
  function evaluateCampaigns() {
    if (!runtime?.started) return;
    for (const campaign of campaigns) {
      if (!campaign.featureFlag && !stateOf(campaign).triggered && isTargeted(campaign)) process(campaign);
    }
  }

  function process(campaign) {
    const { kind } = campaign;
    const state = stateOf(campaign);
    if (state.triggered || state.blocked || !consent.runs(kind.module)) return;
    state.triggered = true;
    const visit = runtime.visitor.visits[0];
    visit.triggered[assignmentKey(kind, campaign.id)] = true;

    const { id, name } = segmentOf(campaign);
    (visit.segments[id] ||= []).push(Date.now());
    emit("SegmentTriggered", { segment: { id, name } });
    emit(`${kind.label}Triggered`, { [kind.key]: describe(campaign) }); // before the assignment
    const variation = assign(campaign);
    if (variation === null) return keepVisitor(); // excluded: not shown, not reported, not tracked
    apply(campaign, variation);
    recordActivation(campaign, variation);
    emit(`${kind.label}Activated`, { [kind.key]: describe(campaign) });
    report(campaign, variation);
  }

  function apply({ variations = [] }, id) {
    const texts = variations.find((variation) => variation.id === id)?.apply || {};
    for (const [selector, text] of Object.entries(texts)) {
      const undo = runtime.undo;
      const find = () => document.querySelector(selector);
      const change = () => {
        const element = find();
        const original = element.textContent;
        undo.push(() => (element.textContent = original));
        element.textContent = text;
      };
      pollUntil(find, change, 50); // the page may still be being parsed
    }
  }

  function recordActivation({ kind, id }, variation) {
    const { activated } = runtime.visitor.visits[0];
    const record = (activated[assignmentKey(kind, id)] ||= { times: [] });
    record.times.push(Date.now());
    record.variation = variation;
    keepVisitor();
  }

  function trigger(kind, id, trackingOnly) {
    if (!runtime?.visitor) return;
    const campaign = campaigns.find((each) => each.kind === kind && each.id === Number(id));
    if (campaign && !trackingOnly) return process(campaign);
    if (campaign) {
      // The SDKs' hybrid mode: tracking and integrations, but no DOM event.
      const variation = assign(campaign);
      if (variation === null || stateOf(campaign).blocked || stateOf(campaign).tracked) return;
      recordActivation(campaign, variation);
      report(campaign, variation);
      return;
    }
    // Newer than this engine file: Kameleoon's own tracking, and nothing else.
    const variation = readAssignment(kind, id);
    if (trackingOnly && variation !== undefined && variation !== null) trackExposure(kind, Number(id), variation);
  }

  function assignVariation(id, variation, override) {
    if (!runtime?.visitor) return;
    if (override || readAssignment(EXPERIMENT, id) === undefined) writeAssignment(EXPERIMENT, id, variation);
  }

  function block(kind, id) {
    const campaign = campaigns.find((each) => each.kind === kind && each.id === Number(id));
    if (campaign && runtime?.visitor) stateOf(campaign).blocked = true;
  }

  // ------------------------------------------------------------------------------------------------ reporting

  function report(campaign, variation) {
    const { kind, id } = campaign;
    const state = stateOf(campaign);
    if (state.tracked) return; // once per campaign and run
    state.tracked = true;
    trackExposure(kind, id, variation);
    runtime.held.push({ module: kind.module, campaign, variation });
    runHeldIntegrations();
  }

  /** Engine 2026 holds integrations until consent; a refusal drops them. */
  function runHeldIntegrations() {
    const waiting = runtime.held.filter(({ module }) => consent.value[module] !== false);
    runtime.held = waiting.filter(({ module }) => consent.value[module] === null);
    for (const { module, campaign, variation } of waiting) {
      if (consent.value[module] === true) integrate(campaign, variation);
    }
  }

  /**
   * The six arguments are pasted into the code as text. Engine 2026 escapes quotes in campaign names but not in
   * variation names, so an apostrophe there is a SyntaxError and the exposure is lost.
   */
  function integrate(campaign, id) {
    const quote = (text) => `'${text}'`;
    const escaped = (text) => text.replace(/['"\\]/g, "\\$&");
    const mine = [campaign.id, quote(escaped(campaign.name))];
    const none = ["null", "null"];
    const { name } = describeVariation(campaign, id);
    const values = [
      ...(campaign.kind === EXPERIMENT ? [...mine, ...none] : [...none, ...mine]),
      id,
      quote(project.escapeVariationNames ? escaped(name) : name),
    ];
    const names = "experimentID, experimentName, personalizationID, personalizationName, variationID, variationName";
    for (const body of project.customIntegrations || []) {
      guarded(() => new Function(`(function (${names}) {${body}\n})(${values.join(", ")});`)());
    }
  }

  const outbox = [];

  function track(module, event) {
    outbox.push({ module, line: String(new URLSearchParams({ ...event, nonce: nonce() })) });
  }
  function trackExposure(kind, id, variationId) {
    track(kind.module, { eventType: kind.key, id, variationId });
  }

  /** Held while consent is unknown, dropped once it is refused. */
  function flushTracking() {
    if (!runtime?.visitor) return;
    const refused = consent.value.AB_TESTING === false && consent.value.PERSONALIZATION === false;
    const any = consent.given() ? true : refused ? false : null;
    const answerFor = (module) => (module === "ANY" ? any : consent.value[module]);
    const pending = outbox.splice(0);
    outbox.push(...pending.filter(({ module }) => answerFor(module) === null));
    const lines = pending.filter(({ module }) => answerFor(module) === true).map(({ line }) => line);
    if (!lines.length) return;
    const tabId = sessionStorage.getItem("kameleoonTabId") || nonce();
    sessionStorage.setItem("kameleoonTabId", tabId);
    const query = new URLSearchParams({
      engine: true, siteCode: project.siteCode, visitorCode: runtime.visitor.code, itp: false, tabId,
    });
    const options = { method: "POST", keepalive: true, body: lines.join("\n") };
    fetch(`${dataUrl}/visit/events?${query}`, options).catch(() => {});
  }

  function processConversion(goalNameOrId, revenue = 0) {
    const goal = byIdOrName(goals, goalNameOrId);
    if (!goal || !runtime?.visitor) return;
    const count = (runtime.visitor.visits[0].conversions[goal.id] ||= { count: 0, revenue: 0 });
    count.count += 1;
    count.revenue += revenue;
    keepVisitor();
    track("ANY", { eventType: "conversion", goalId: goal.id, revenue });
    emit("ConversionTriggered", { ...goal });
  }

  function cancelConversion(goalNameOrId, revenue = 0) {
    const count = runtime?.visitor?.visits[0].conversions[byIdOrName(goals, goalNameOrId)?.id];
    if (!count?.count) return;
    count.count -= 1;
    count.revenue -= revenue;
    keepVisitor();
  }

  // ------------------------------------------------------------------------------------------------ public API

  /** Kameleoon.API.Experiments and .Personalizations. */
  function campaignApi(kind) {
    const own = campaigns.filter((campaign) => campaign.kind === kind);
    const list = (keep) => (runtime?.visitor ? own.filter(keep).map(describe) : []);
    const one = (campaign) => (campaign && runtime?.visitor ? describe(campaign) : null);
    const inVisit = (what) => (each) => runtime.visitor.visits[0][what][assignmentKey(kind, each.id)];
    return {
      getAll: () => list(() => true),
      getActive: () => list(isActive),
      getTriggeredInVisit: () => list(inVisit("triggered")),
      getActivatedInVisit: () => list(inVisit("activated")),
      getById: (id) => one(own.find((campaign) => campaign.id === Number(id))),
      getByName: (name) => one(own.find((campaign) => campaign.name === name)),
      trigger: (id, trackingOnly) => trigger(kind, id, trackingOnly),
      block: (id) => block(kind, id),
    };
  }

  const segments = () => campaigns.map(segmentOf);

  const API = {
    get Visitor() {
      return visitorSnapshot();
    },
    get CurrentVisit() {
      return runtime?.visitor ? visitSnapshot(runtime.visitor.visits[0], 0) : null;
    },
    Core: {
      enableLegalConsent: (module = "BOTH") => consent.answer(module, true),
      disableLegalConsent: (module = "BOTH") => consent.answer(module, false),
      enableSinglePageSupport,
      enableDynamicRefresh() {},
      getConfiguration: () => ({
        siteCode: project.siteCode,
        generationTime,
        singlePageSupport: watchingAddress !== null,
        goals: goals.map((goal) => ({ ...goal })),
      }),
      load: reload,
      runWhenConditionTrue: (condition, callback, interval = 200) => pollUntil(condition, callback, interval),
      runWhenElementPresent(selector, callback, interval) {
        const find = () => [...document.querySelectorAll(selector)];
        pollUntil(() => find().length > 0, () => callback(find()), interval || 200);
      },
    },
    Goals: { processConversion, cancelConversion },
    Data: {
      readLocalData,
      writeLocalData,
      setCustomData,
      resetCustomData: (name) => setCustomData(name, [], true),
      retrieveDataFromRemoteSource,
    },
    Events: {
      /** For targeting only: no DOM event follows. */
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
    },
    Experiments: {
      ...campaignApi(EXPERIMENT),
      assignVariation,
      triggerExperiment: (id, trackingOnly) => trigger(EXPERIMENT, id, trackingOnly),
    },
    Personalizations: { ...campaignApi(PERSONALIZATION), disable: (id) => block(PERSONALIZATION, id) },
    Segments: {
      getAll: segments,
      getById: (id) => segments().find((segment) => segment.id === Number(id)) || null,
      getByName: (name) => segments().find((segment) => segment.name === name) || null,
      reevaluate: () => evaluateCampaigns(),
      trigger(id) {
        if (!runtime?.visitor) return;
        campaigns.filter((campaign) => segmentOf(campaign).id === Number(id)).forEach(process);
      },
    },
    Variations: {
      execute(id) {
        campaigns.forEach((campaign) => runtime && apply(campaign, id));
      },
    },
    Utils: {
      addEventListener(element, type, callback) {
        const listener = (event) => guarded(() => callback.call(element, event));
        element.addEventListener(type, listener);
        listeners.push(() => element.removeEventListener(type, listener));
      },
      addUniversalClickListener: (element, callback) => API.Utils.addEventListener(element, "mousedown", callback),
      createHash: (text) => hash(text),
      computeHash: (text) => hash(text),
      setInterval: (callback, interval = 200) => every(callback, interval),
      clearInterval: clearTimer,
      setTimeout: (callback, delay = 200) => later(callback, delay),
      clearTimeout: clearTimer,
      getURLParameters: () => Object.fromEntries(new URLSearchParams(location.search)),
      querySelectorAll: (selector) => [...document.querySelectorAll(selector)],
      performRequest(url, onReadyState, onError, timeout = 5000) {
        const request = new XMLHttpRequest();
        if (onReadyState) request.onreadystatechange = onReadyState;
        if (onError) request.onerror = request.ontimeout = onError;
        request.open("GET", url);
        request.timeout = timeout;
        request.send();
      },
    },
  };

  // ------------------------------------------------------------------------------------------------ command queue

  /** A function, or ["Kameleoon.API.Goals.processConversion", …] with or without its first two words. */
  function execute(item) {
    const command = item?.command ?? item;
    guarded(() => {
      if (typeof command === "function") return command();
      const [path, ...parameters] = command;
      const names = path.replace(/^Kameleoon\.API\./, "").split(".");
      const method = names.pop();
      return names.reduce((owner, name) => owner[name], API)[method](...parameters);
    });
  }

  function runImmediateCommands() {
    const queue = (window.kameleoonQueue = window.kameleoonQueue || []);
    const immediate = queue.filter((item) => item?.level === "IMMEDIATE");
    const ordinary = queue.filter((item) => item?.level !== "IMMEDIATE");
    queue.splice(0, queue.length, ...ordinary);
    immediate.forEach(execute);
  }

  /** In order, then live: from here on a push executes. A push captured earlier fills an array nobody reads. */
  function drainQueue() {
    const queue = window.kameleoonQueue;
    while (queue.length) execute(queue.shift());
    queue.push = (...items) => items.forEach(execute);
  }

  // ------------------------------------------------------------------------------------------------ life of a run

  function releaseAntiFlicker() {
    if (typeof window.kameleoonDisplayPage === "function") guarded(() => window.kameleoonDisplayPage(true));
    clearTimeout(window.kameleoonDisplayPageTimeOut);
    window.kameleoonDisplayPage = null;
    window.kameleoonEndLoadTime = Date.now();
  }

  function abortReason(late) {
    try {
      localStorage.setItem("kameleoonProbe", "1");
      localStorage.removeItem("kameleoonProbe");
    } catch {
      return "STORAGE";
    }
    if (late) return "TIMEOUT";
    if (document.prerendering) return "PRERENDER";
    return location.href.includes("kameleoonDisabled") ? "PARAMETER" : null;
  }

  function load() {
    const { kameleoonStartLoadTime: start, kameleoonLoadingTimeout: limit } = window;
    const first = !window.kameleoonEndLoadTime;
    const loadTime = start ? Date.now() - start : Math.round(performance.now());
    const late = Boolean(first && start && limit && loadTime > limit);
    emit("Internals", { type: "load" });
    runImmediateCommands();
    releaseAntiFlicker();
    emit("Loaded", { timeout: late, loadTime });
    const reason = abortReason(late);
    if (reason) return emit("Aborted", { reason });
    return after(project.runtimeDelay, startRun);
  }

  function startRun() {
    runtime = {
      visitor: null, // until storage is open: Visitor reads null meanwhile
      gathered: false, // custom data codes had their first turn
      started: false,
      states: new Map(),
      page: {}, // custom data of PAGE scope
      events: [], // triggered through Events.trigger
      held: [], // integrations waiting for consent
      undo: [], // how to put the page back
    };
    engine.Internals.runtime = runtime;
    after(project.visitorDelay, run);
  }

  /** Engine 2026: custom data, global script and queue all come before Started, and so before any exposure. */
  function run() {
    consent.setup();
    runtime.visitor = openVisitor();
    keepVisitor();
    track("ANY", { eventType: "page", href: location.href, title: document.title });
    definitions.filter(({ customEvalCode }) => customEvalCode).forEach((definition) => acquire(definition));
    runtime.gathered = true;
    if (project.globalScript) guarded(() => new Function(project.globalScript)());
    drainQueue();
    emit("Started", { newVisitorCode: runtime.visitor.visits.length === 1 });
    runtime.started = true;
    evaluateCampaigns();
    every(flushTracking, 500);
  }

  /** A single-page load: everything of the old run goes, then the whole boot happens again. */
  function reload() {
    flushTracking();
    [...timers].forEach(clearTimer);
    listeners.splice(0).forEach((remove) => remove());
    runtime?.undo.reverse().forEach((restore) => restore());
    runtime = engine.Internals.runtime = null;
    load();
  }

  let watchingAddress = null;

  function enableSinglePageSupport() {
    if (watchingAddress) return;
    let seen = location.href;
    watchingAddress = setInterval(() => {
      if (location.href === seen) return;
      seen = location.href;
      guarded(reload);
    }, 100);
  }

  const engine = {
    API,
    Internals: { configuration: project, runtime: null },
    // Private parts that checkers look for; nothing here is meant to be called.
    Analyst: { load }, Gatherer: {}, Loader: {}, Mentalist: {}, Targeting: {}, Tracking: {}, Utils: {},
  };
  window.Kameleoon = engine;
  window.addEventListener("pagehide", flushTracking);
  if (project.singlePage) enableSinglePageSupport();
  load();
})();
