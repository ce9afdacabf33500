/*
 * Loads Python, and says how much of it is here. All files are fetched at once; what Pyodide asks for is answered from
 * what is already on its way.
 */
const root = document.documentElement;
const bar = /** @type {HTMLProgressElement} */ (document.getElementById("progress"));
const said = /** @type {HTMLElement} */ (document.getElementById("loading"));
const trouble = /** @type {HTMLElement} */ (document.getElementById("trouble"));

/** @param {string} file */
const url = (file) => new URL(file, import.meta.url).href;
const MEGABYTE = 1_000_000;
const total = Object.values(INSTALL.loads).reduce((sum, bytes) => sum + bytes, 0);
let loaded = 0;
let alarm = 0;

const isLoading = () => root.dataset.python === "loading";

/** Returns what an error says; of Pyodide's some are no `Error`. @param {any} reason */
const messageOf = (reason) => String(reason?.message ?? reason);

/** @param {unknown} reason */
const fail = (reason) => {
  if (!isLoading()) return;
  root.dataset.python = "failed";
  trouble.textContent = messageOf(reason);
};

const watch = () => {
  clearTimeout(alarm);
  alarm = setTimeout(() => fail("nothing has happened for a minute"), INSTALL.limit);
};

const show = () => {
  watch();
  bar.max = total;
  bar.value = loaded;
  const amount = `${(loaded / MEGABYTE).toFixed(1)} of ${(total / MEGABYTE).toFixed(1)} MB`;
  said.textContent = loaded < total ? `Loading Python and pydantic: ${amount}` : "Starting Python …";
};

/** Returns an answer whose bytes are counted on their way. @param {string} file @param {number} size */
const fetched = async (file, size) => {
  const lost = (/** @type {unknown} */ why) => new Error(`${file} did not arrive: ${messageOf(why)}`);
  const answer = await fetch(url(file)).catch((why) => Promise.reject(lost(why)));
  if (!answer.ok || !answer.body) throw new Error(`${file} answered ${answer.status}`);
  let here = 0;
  const counter = new TransformStream({
    transform(chunk, controller) {
      here += chunk.byteLength;
      loaded += chunk.byteLength;
      show();
      controller.enqueue(chunk);
    },
    flush() {
      if (here !== size) fail(`${file} has ${here} bytes in place of ${size}: it was cut off or changed`);
    },
  });
  answer.body.pipeTo(counter.writable).catch((why) => fail(lost(why)));
  const type = file.endsWith(".wasm") ? "application/wasm" : "application/octet-stream"; // many hosts do not know it
  return new Response(counter.readable, { headers: { "content-type": type } });
};

/** Starts Python, which says itself when it is up (page.py). */
export const load = () => {
  root.dataset.python = "loading";
  if (typeof WebAssembly !== "object") return fail("this browser has no WebAssembly, or it is switched off");
  addEventListener("error", (event) => fail(event.message));
  addEventListener("unhandledrejection", (event) => fail(event.reason));
  show();
  const underWay = new Map(Object.entries(INSTALL.loads).map(([file, size]) => [url(file), fetched(file, size)]));
  for (const one of underWay.values()) one.catch(fail);
  const plain = window.fetch;
  window.fetch = (what, options) => {
    const wanted = new URL(what instanceof Request ? what.url : what, location.href).href;
    const found = underWay.get(wanted);
    underWay.delete(wanted);
    return found ?? plain(what, options);
  };
  import(url(INSTALL.core)).then(({ hooks }) => hooks.worker.onBeforeRunAsync.clear(), fail); // which wants 'unsafe-eval'
};
