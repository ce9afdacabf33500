// Runs pack.py on the interpreter whose bytecode it writes: node compile.mjs PYODIDE ROOT OUT ARGUMENTS…
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [pyodide, root, out, ...args] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(pyodide, "pyodide.mjs")).href);
const python = await loadPyodide({ args: ["pack.py", ...args] });
for (const [place, folder] of Object.entries({ "/pyodide": pyodide, "/root": root, "/out": out })) {
  python.FS.mkdir(place);
  python.mountNodeFS(place, folder);
}
try {
  python.runPython(readFileSync(new URL("pack.py", import.meta.url), "utf8"));
} catch (error) {
  // Of a traceback its last line; node would print the line of Pyodide's code, which is all of it.
  const said = error instanceof Error ? error.message : String(error);
  console.error(said.trim().split("\n").pop());
  process.exitCode = 1;
}
