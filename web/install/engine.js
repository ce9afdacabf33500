/*
 * Pyodide for the install wizard: PyScript imports this module in place of Pyodide's own. The files are those of the
 * bundle beside it, and no package comes from any other host.
 *
 * INSTALL is put in by the build (types.d.ts says what it is).
 */
import { loadPyodide as load, version } from "pyodide";
import { add, compiled, fetched, url } from "../tag/engines/packs.js";

export const loadPyodide = async (options) => {
  const packs = INSTALL.packs.map((pack) => fetched(pack, INSTALL.limit));
  const starting = load({ ...options, indexURL: url(INSTALL.pyodide), lockFileContents: INSTALL.lock });
  const [python, , ...contents] = await Promise.all([starting, compiled, ...packs]);
  for (const pack of contents) add(python, pack);
  return python;
};

export { version };
