// Starts PyScript's kernel, and through it the brain, with the settings that the page names.

import { beat, leave, look, seen, wants } from "./looking.js";
import { url } from "./reach.js";
import { mayShow } from "./tap.js";
import { ask, drain, soon, told } from "./telling.js";
import { explained } from "./trouble.js";
import { turn } from "./turn.js";

const CONFIG_WITHIN_MS = 5000;

/**
 * Returns what within so long has not come as a failure.
 * @template T
 * @param {Promise<T>} coming
 * @param {number} milliseconds
 * @param {string} problem
 * @returns {Promise<T>}
 */
const within = (coming, milliseconds, problem) =>
  Promise.race([coming, new Promise((_, reject) => setTimeout(reject, milliseconds, problem))]);

/**
 * Returns what the page says of settings: the tag's attributes, and what data-config answers.
 * @returns {Promise<PageSettings>}
 */
const wished = async () => {
  const { sitecode, engine, config } = ear.script;
  /** @type {PageSettings} */
  const settings = { attributes: { sitecode, engine }, engine: engine || BUNDLE.engine };
  if (!config) return settings;
  const read = async () => {
    const answer = await fetch(new URL(config, parent.document.baseURI));
    if (!answer.ok) throw `${config} answered ${answer.status}`;
    return answer.text();
  };
  try {
    settings.config = await within(
      read(),
      CONFIG_WITHIN_MS,
      `${config} did not answer in ${CONFIG_WITHIN_MS / 1000} s`,
    );
    heed(JSON.parse(settings.config), settings);
  } catch (error) {
    if (settings.config === undefined) settings.problem = String(error); // else the brain says what is wrong with it
  }
  return settings;
};

/** Takes what the ear has to know before the brain is up. */
const heed = (named, settings) => {
  settings.engine = settings.attributes.engine || named.engine || BUNDLE.engine;
  ear.analytics = named.analytics || BUNDLE.analytics;
  ear.mode = named.consent || BUNDLE.consent;
  ear.enrich = named.enrich ?? BUNDLE.enrich;
  ear.hook();
};

/** Returns whether this is the frame in use: what it had begun goes on for a while where the page took it away. */
const isInPlace = () => ear.realm === window;

/** Starts. */
export const start = async () => {
  const settings = await wished();
  if (isInPlace()) boot(settings);
};

addEventListener("securitypolicyviolation", ({ disposition, blockedURI, violatedDirective }) => {
  if (disposition !== "enforce") return;
  const what = blockedURI.startsWith("wasm") ? "'wasm-unsafe-eval'" : blockedURI;
  ear.fail(`the page's Content-Security-Policy blocks ${blockedURI}: add ${what} to its ${violatedDirective}`);
});
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  if (isInPlace()) ear.fail(event.reason);
});
// What an engine says of a start is for status(): the page's console is not ours.
const said = console.error;
console.error = (...what) => ear.fault(what.join(" "));

// In a page of about:srcdoc, PyScript's kernel resolves addresses against that.
if (location.protocol === "about:") {
  window.URL = class extends URL {
    constructor(address, base) {
      super(address, /^about:/.test(base) ? parent.document.baseURI : base);
    }
  };
}

/** @param {PageSettings} settings */
const boot = (settings) => {
  const { facts, fail } = ear;
  const engines = Object.keys(BUNDLE.engines);
  const engine = (facts.engine = engines.includes(settings.engine) ? settings.engine : engines[0]);
  const { kernel, module, brain, imports, files, limit } = BUNDLE.engines[engine];
  ear.explain = explained(engine);
  ear.pack = url(brain);
  if (!document.head.querySelector("link")) Object.keys(files).forEach(ear.preload); // the ear did
  const nextTask = async () => {
    await turn();
    if (facts.state !== "starting" || !isInPlace()) throw "not wanted any more";
  };
  const open = () => {
    resume(); // what an earlier page heard comes before what this one did
    ear.up = { ask, drain, soon, look, beat, leave };
  };
  const wake = async ({ interpreter }) => {
    await nextTask();
    console.error = said;
    facts.timings.engine = ear.clock() - ear.began;
    for (const name of imports) {
      interpreter.runPython("import " + name);
      await nextTask();
    }
    const answer = ask("settings", { engines, ...settings });
    if (!answer) throw "the brain does not answer";
    facts.timings.ready = ear.clock() - ear.began;
    Object.assign(wants, answer);
    await nextTask();
    ask("world", seen());
    const { steps = [] } = answer;
    const last = steps.pop();
    for (const step of steps) {
      await nextTask();
      ask("begin", { step });
    }
    await nextTask();
    open();
    await told(); // what waits is heard first: until then, events are held
    await nextTask();
    if (last) {
      ask("begin", { step: last });
      await nextTask();
    }
    facts.state = answer.state;
    ear.settle();
    beat(0);
    ear.started();
    if (mayShow(answer.debug)) ear.add("script", { src: url(BUNDLE.debug) });
  };
  const onReady = (python) => {
    wake(python).catch((error) => isInPlace() && fail(error));
  };
  // At once, for it takes longest: PyScript imports it when it is asked to.
  ear.add("script", { type: "module", src: url(module) });
  ear.add("script", {
    type: "module",
    src: url(kernel),
    onerror: () => fail(kernel + " did not load"),
    onload: () =>
      window[Symbol.for("polyscript")].define(null, {
        interpreter: engine,
        version: url(module),
        hooks: { main: { onReady } },
      }),
  });
  setTimeout(fail, limit, `no answer after ${limit / 1000} s`); // Pyodide can hang
};

/** Returns what an earlier page left for this one, and takes it out of the storage. */
const earlier = () => {
  const text = localStorage.getItem(BUNDLE.heardKey);
  if (!text) return;
  localStorage.removeItem(BUNDLE.heardKey);
  const { code, messages } = text.length > BUNDLE.longest ? {} : JSON.parse(text);
  if (!Array.isArray(messages)) return;
  return { code, messages: messages.map((one) => ({ ...one, number: ++ear.numbered })) };
};

/** Takes up what an earlier page heard and could not send before it was left. */
const resume = () => {
  try {
    ear.earlier ||= earlier();
    if (ear.earlier) ask("kept", ear.earlier);
  } catch (error) {
    ear.fault(error);
  }
};
