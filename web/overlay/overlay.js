/*
 * The overlay's page, in a frame of its own on somebody else's page: starts Python as the tag does, and gives it what comes
 * from there. What is seen stays here: this page may ask for nothing but its own bundle.
 *
 * OVERLAY is put in by the build (../tag/types.d.ts says what it is).
 */
import { moving } from "./moving.js";

/** @param {string} file */
const url = (file) => new URL(file, import.meta.url).href;
const root = document.documentElement;
/** @type {MessagePort | undefined} */
let port;
/** @type {string[]} */
const waiting = []; // for Python

const told = (/** @type {string} */ text) => {
  if (overlay.take) overlay.take(text);
  else waiting.push(text);
};

/** What Python is given, and gives: `take` takes what comes. @type {{ take?: (text: string) => void, open: () => void }} */
const overlay = {
  open: () => {
    waiting.splice(0).forEach(told);
  },
};

const failed = (why) => {
  const status = /** @type {HTMLElement} */ (document.getElementById("status"));
  status.textContent = `Python did not start: ${why}`;
  root.dataset.state = "failed";
};

// As in the tag's frame, for the same interpreter
Object.assign(window, { ear: { pack: url(OVERLAY.image) }, overlay });

const start = async () => {
  await import(url(OVERLAY.kernel));
  const onReady = ({ interpreter }) => {
    try {
      interpreter.runPython("import " + OVERLAY.starts);
      overlay.open();
    } catch (error) {
      failed(error);
    }
  };
  window[Symbol.for("polyscript")].define(null, {
    interpreter: "micropython",
    version: url(OVERLAY.module),
    hooks: { main: { onReady } },
  });
};
addEventListener("unhandledrejection", ({ reason }) => failed(reason));

const arrange = moving((message) => port?.postMessage(message));

let page = ""; // the origin of who showed it first
addEventListener("message", ({ source, origin, data, ports }) => {
  // From the bridge's hidden frame, which lies beside this one
  const isBeside = source && "parent" in source && source.parent === parent;
  if (!isBeside || data !== OVERLAY.greeting || origin !== (page ||= origin)) return;
  const isFirst = !port;
  [port] = ports; // another one where the page took the bridge's frame away
  port.onmessage = ({ data: { seen, place } }) => {
    if (seen) told(seen);
    if (place) arrange(place);
  };
  port.postMessage({ here: true });
  arrange();
  if (isFirst) start().catch(failed);
});
