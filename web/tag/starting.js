// Starts PyScript's kernel in a friendly frame: the page's globals, prototypes and form controls stay as they are.

import { facts, fault, guarded, wants } from "./facts.js";
import { act } from "./hands.js";
import { leaving, settle } from "./holding.js";
import { ask, connect, disconnect, drain } from "./telling.js";

const began = performance.now();
/** @type {HTMLIFrameElement | undefined} */
let frame;
let end;
/** Ends when the brain has started, or could not. */
export const started = new Promise((resolve) => {
  end = resolve;
});

/** @param {unknown} error */
const fail = (error) => {
  if (facts.state !== "starting") return;
  fault(error);
  facts.state = "failed";
  disconnect();
  frame?.remove();
  if (!leaving) console.warn(BUNDLE.consolePrefix + " could not start: " + error); // Firefox fails what is left undone
  settle();
  end();
};

/**
 * @param {HTMLScriptElement} script
 * @param PageSettings} settings
 */
const boot = (script, settings) => {
  /** @param {string} file */
  const url = (file) => new URL(file, script.src).href;
  const engines = Object.keys(BUNDLE.engines);
  const engine = (facts.engine = engines.includes(settings.engine) ? settings.engine : engines[0]);
  const { brain, module, preload, limit } = BUNDLE.engines[engine];
  frame = document.createElement("iframe");
  frame.hidden = true;
  frame.style.setProperty("display", "none", "important");
  document.documentElement.append(frame);
  const page = /** @type {Document} */ (frame.contentDocument);
  page.open().close(); // gives the frame the page's address: PyScript cannot resolve a URL against about:blank
  /**
   * @param {string} tag
   * @param {object} attributes
   */
  const add = (tag, attributes) => {
    page.head.append(
      Object.assign(page.createElement(tag), { crossOrigin: "anonymous", nonce: script.nonce }, attributes),
    );
  };
  add("link", { rel: "modulepreload", href: url(module) });
  for (const file of preload) add("link", { rel: "preload", as: "fetch", href: url(file) });
  /** @type {any} */
  const realm = frame.contentWindow;
  realm.ear = { act, fault };
  realm.addEventListener("securitypolicyviolation", ({ disposition, blockedURI, violatedDirective }) => {
    if (disposition === "enforce") {
      fail(`the page's Content-Security-Policy (${violatedDirective}) blocks ${blockedURI}`);
    }
  });
  realm.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    fail(event.reason);
  });
  // Where Trusted Types are required, the page's policies end at the frame: there its default one is asked, too.
  const trust = window.trustedTypes?.defaultPolicy;
  if (trust) {
    realm.trustedTypes.createPolicy("default", { createScriptURL: (address) => trust.createScriptURL(address) });
  }
  const onReady = ({ interpreter }) => {
    if (facts.state !== "starting") return;
    facts.timings.engine = performance.now() - began;
    try {
      interpreter.runPython("import brain");
      connect(realm.ear.brain, settle);
      const answer = ask("settings", { engines, ...settings });
      if (!answer) throw "the brain does not answer";
      facts.state = answer.state;
      Object.assign(wants, answer);
    } catch (error) {
      return fail(error);
    }
    facts.timings.ready = performance.now() - began;
    drain();
    end();
  };
  add("script", {
    type: "module",
    src: url(BUNDLE.polyscript),
    onerror: () => fail(BUNDLE.polyscript + " did not load"),
    onload: guarded(() =>
      realm[Symbol.for("polyscript")].define(null, {
        interpreter: engine,
        version: url(module),
        config: { files: { [url(brain)]: "./brain.py" } },
        hooks: { main: { onReady } },
      }),
    ),
  });
  setTimeout(fail, limit, `no answer after ${limit / 1000} s`); // Pyodide can hang
};

/**
 * Starts the brain with the settings that the page names.
 * @param {HTMLScriptElement} script
 */
export const start = (script) => {
  const { sitecode, engine, config } = script.dataset;
  facts.engine = engine || facts.engine;
  /** @param {Partial<PageSettings>} [more] */
  const go = (more) => {
    try {
      boot(script, { attributes: { sitecode, engine }, engine: facts.engine, ...more });
    } catch (error) {
      fail(error);
    }
  };
  if (config) {
    fetch(config)
      .then((answer) => {
        if (!answer.ok) throw `${config} answered ${answer.status}`;
        return answer.text();
      })
      .then(
        (text) => go({ config: text, engine: engine || guarded(JSON.parse)(text)?.engine || facts.engine }),
        (error) => go({ problem: String(error) }),
      );
  } else go();
};
