/*
 * The strict engine's start: PyScript imports this module in place of Pyodide's own. It fetches all at once, leaves no
 * package to any other host, and fails where Pyodide would wait for ever.
 *
 * STRICT is put in by the build (../types.d.ts says what it is).
 */
import { loadPyodide as load, version } from "pyodide";
import { turn } from "../hands/turn.js";
import { add, compiled, fetched, url } from "./packs.js";

/** The only file of what a build puts in: all of it. @type {[path: string, bytes: number]} */
const BUILT = ["bridge/brain/built.py", Infinity];

/** @param {string} file */
const pyodide = (file) => url(STRICT.pyodide + file);

// The observer comes after the brain, and gets what was said before it. Who asks for what only it knows does not wait.
const observe = async (python, site) => {
  const api = parent.kameleoonSegment;
  const { status, personaNames } = api;
  const plain = (ear.plain ||= { status, personaNames }); // not those of a frame that the page took away
  const left = [...STRICT.imports];
  let possible = false;
  const step = () => {
    try {
      python.runPython("import " + left.shift());
    } catch (error) {
      left.length = 0;
      unchecked(error);
    }
  };
  const finish = () => {
    if (!possible || !ear.brain) return;
    possible = false;
    Object.assign(api, plain);
    while (left.length) step();
  };
  for (const name in plain) {
    api[name] = () => {
      finish();
      return (left.length ? plain : api)[name]();
    };
  }
  add(python, await site);
  possible = true;
  while (!ear.brain) await turn();
  while (left.length > 1) {
    await turn();
    if (left.length) step();
  }
  await turn();
  finish();
};

// Said a little later: Firefox fails the requests of a page that is left, and that is nobody's business.
/** @param {unknown} error */
const unchecked = (error) =>
  setTimeout(() => {
    const what = `the strict engine checks nothing: ${error}`;
    ear.fault(what);
    console.warn(`${STRICT.consolePrefix} ${what}`);
  }, 500);

export const loadPyodide = async (options) => {
  const [bridge, site, brain] = [...STRICT.packs, { file: ear.pack, files: [BUILT] }].map((pack) =>
    fetched(pack, STRICT.limit),
  );
  const starting = load({ ...options, indexURL: pyodide(""), lockFileContents: STRICT.lock });
  const [python, ...packs] = await Promise.all([starting, bridge, brain, compiled]);
  for (const pack of packs.slice(0, 2)) add(python, pack);
  observe(python, site).catch((error) => {
    if (!ear.brain) throw error; // the ear takes it for a failed start
    unchecked(error);
  });
  return python;
};

const preload = (href, attributes) =>
  document.head.append(Object.assign(document.createElement("link"), { href, crossOrigin: "anonymous" }, attributes));
preload(pyodide("pyodide.asm.mjs"), { rel: "modulepreload" });
preload(pyodide("python_stdlib.zip"), { rel: "preload", as: "fetch" });

export { version };
