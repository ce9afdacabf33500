// Runs answers.py on MicroPython, under node: node answers.mjs ROOT < cases. Prints the answers as JSON.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [root] = process.argv.slice(2);
const folder = join(root, "static", "node_modules", "@micropython", "micropython-webassembly-pyscript");
const { loadMicroPython } = await import(pathToFileURL(join(folder, "micropython.mjs")).href);
const python = await loadMicroPython({ url: join(folder, "micropython.wasm"), heapsize: 64 * 1024 * 1024 });

for (const path of ["bridge", "bridge/shared", "bridge/brain", "tests", "tests/brain", "tests/brain/portable"]) {
  python.FS.mkdir(path);
  for (const name of readdirSync(join(root, path)).filter((file) => file.endsWith(".py"))) {
    python.FS.writeFile(`${path}/${name}`, readFileSync(join(root, path, name)));
  }
}
python.runPython("from tests.brain.answers import report");
process.stdout.write(python.globals.get("report")(readFileSync(0, "utf8")));
