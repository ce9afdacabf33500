// Runs the brain's tests on an interpreter of browsers, under node: node interpreter.mjs ROOT micropython|pyodide
// Prints the runner's JSON report.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [root, engine] = process.argv.slice(2);
const modules = join(root, "static", "node_modules");
const said = [];
const stdout = (line) => said.push(line);

const start = {
  micropython: async () => {
    const folder = join(modules, "@micropython", "micropython-webassembly-pyscript");
    const { loadMicroPython } = await import(pathToFileURL(join(folder, "micropython.mjs")).href);
    return loadMicroPython({ url: join(folder, "micropython.wasm"), stdout, linebuffer: true });
  },
  pyodide: async () => {
    const { loadPyodide } = await import(pathToFileURL(join(modules, "pyodide", "pyodide.mjs")).href);
    return loadPyodide({ stdout });
  },
};

const python = await start[engine]();
for (const path of ["bridge", "tests", "tests/brain"]) python.FS.mkdir(path);
for (const path of ["bridge/shared", "bridge/brain", "tests/brain/portable"]) {
  python.FS.mkdir(path);
  for (const name of readdirSync(join(root, path)).filter((file) => file.endsWith(".py"))) {
    python.FS.writeFile(`${path}/${name}`, readFileSync(join(root, path, name)));
  }
}
python.runPython("from tests.brain.portable.runner import report\nreport()");
process.stdout.write(said.at(-1));
