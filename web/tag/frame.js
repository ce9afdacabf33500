// The hidden frame: a realm of the same origin that no script of the page has touched.

import { ear, guarded, later } from "./ear.js";
import { settle } from "./holding.js";
import { hook, listen } from "./hooks.js";
import { cookie, isKnown, show } from "./kept.js";
import { going } from "./leaving.js";
import { at } from "./reach.js";

const MOST = 3; // times that the frame is put up again
/** @type {HTMLIFrameElement | undefined} */
let frame;

/**
 * Gives up: the page is as without us.
 * @param {unknown} error
 */
export const fail = guarded((error) => {
  const { facts } = ear;
  if (facts.state !== "starting") return;
  facts.state = "failed";
  ear.up = undefined;
  ear.heard = [];
  settle();
  const end = (why) => {
    ear.fault(why);
    ear.started();
    if (!going()) (ear.realm || window).console.warn(`${BUNDLE.consolePrefix} could not start: ${why}`); // Firefox fails what is left undone
    clear();
  };
  if (ear.explain) ear.explain(error, end);
  else end(error);
});

const clear = () => {
  ear.realm = undefined;
  ear.alarm = 0;
  frame?.remove();
};

/** Calls back when the page has nothing to do: what it called early is on its way then. @param {() => void} then */
const idle = (then) => {
  const { requestIdleCallback } = ear.realm || window;
  if (requestIdleCallback) requestIdleCallback(then, { timeout: 50 });
  else later(then); // WebKit
};

/**
 * Calls back when analytics.js, which the page needs first, has initialised; where there is none, or it takes long, before.
 * @param {() => void} then
 */
const afterAnalytics = (then) => {
  let waits = true;
  const end = () => {
    if (waits) then();
    waits = false;
  };
  const isComing = guarded(() => {
    const analytics = at(ear.analytics, window);
    if (!analytics?.on || analytics.initialized) return;
    analytics.on(
      "initialize",
      guarded(() => (isKnown() ? idle(end) : later(end))), // a new visitor is to be linked
    );
    return later(end, BUNDLE.patience); // 0 where the page's timers do nothing
  });
  if (!isComing()) end();
};

const raise = () => {
  const { script } = ear;
  frame = document.createElement("iframe");
  frame.hidden = true;
  frame.style.cssText = "display:none!important";
  // Frameworks that take over the whole document (React 18), be it late, look at what lies beside the body, and not at what
  // follows in it. What swaps the body away (Turbo) leaves alone what lies beside it.
  ((!ear.lost && document.body) || document.documentElement).append(frame);
  // A listener of the page's load has taken it away already.
  if (!frame.isConnected) return again();
  /** @type {any} */
  const realm = frame.contentWindow;
  const page = /** @type {Document} */ (frame.contentDocument);
  page.open().close(); // gives the frame the page's address: PyScript cannot resolve a URL against about:blank
  ear.shift = ear.clock() - realm.performance.now();
  ear.realm = realm;
  realm.ear = ear;
  realm.onerror = (what, file) => !fail(`${what} in ${file}`); // it may be cut off
  // Where Trusted Types are required, the page's policies end at the frame: there its default one is asked, too.
  const trust = window.trustedTypes?.defaultPolicy;
  if (trust) realm.trustedTypes.createPolicy("default", { createScriptURL: (url) => trust.createScriptURL(url) });
  const add = (tag, attributes) => {
    page.head.append(
      Object.assign(page.createElement(tag), { crossOrigin: "anonymous", nonce: script.nonce }, attributes),
    );
  };
  const url = (file) => new realm.URL(file, script.src).href;
  /** Fetches a file that somebody will ask for. */
  const preload = (file) =>
    add("link", {
      href: url(file),
      ...(/js$/.test(file) ? { rel: "modulepreload" } : { rel: "preload", as: "fetch" }),
    });
  Object.assign(ear, { add, cookie, fail, hook, preload, settle, show });
  // What the usual engine asks for, before it does.
  const isUsual = !script.config && (script.engine || BUNDLE.engine) === BUNDLE.engine;
  if (isUsual) later(() => BUNDLE.preload.forEach(preload));
  afterAnalytics(() => {
    if (ear.realm === realm) add("script", { src: url(BUNDLE.hands), onerror: missing });
  });
  later(missing, BUNDLE.limit);
  watch();
  settle();
};

// Where scripts of the page may take the frame away: the document, its element, the body.
const watch = guarded(() => {
  const observer = new MutationObserver(() => frame?.isConnected || (ear.realm && again()));
  for (let node = frame?.parentNode; node; node = node.parentNode) observer.observe(node, { childList: true });
});

const missing = () =>
  ear.act ||
  fail(BUNDLE.hands + " did not load: the whole build belongs beside bridge.js, with Access-Control-Allow-Origin");

// Somebody took the frame away, and with it the brain: another one gets to know what may bring an exposure.
const again = () => {
  const { facts, journal, heard } = ear;
  clear();
  facts.state = "starting";
  ear.up = ear.act = ear.explain = undefined;
  ear.heard = [...new Set([...journal, ...heard])];
  listen(); // document.open() takes listeners away, too
  if (ear.lost++ < MOST) begin();
  else fail("the page removes its frame");
};

/** Puts the frame up, as soon as it disturbs nobody. */
export const begin = () => {
  const put = () => {
    // Where its own load is the last that the page's waits for, somebody asks while it is being put up.
    if (ear.realm || frame?.isConnected || ear.facts.state !== "starting") return;
    try {
      raise();
    } catch (error) {
      fail(error);
    }
  };
  // Who was here has the bundle in the cache: nothing is gained by asking for it before the page has what it needs.
  const soon = () => (isKnown() ? afterAnalytics(put) : put());
  if (document.readyState === "complete") return soon();
  document.addEventListener("readystatechange", soon); // even where the page's timers do nothing
  if (document.readyState === "loading") later(put, BUNDLE.hold);
  else later(soon); // a task of its own
};
