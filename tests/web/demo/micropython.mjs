// Plays the tour's story on MicroPython, under node: node micropython.mjs ROOT. Prints what it does, as JSON.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const [root] = process.argv.slice(2);
const folder = join(root, "static", "node_modules", "@micropython", "micropython-webassembly-pyscript");
const FILES = [
  "bridge/shared/vocabulary.py",
  ...["situation", "tour_place", "tour_player", "tour_story", "tour_world"].map((name) => `web/demo/${name}.py`),
  "tests/web/demo/playing.py",
];

/** @type {string[]} */
const said = [];
const { loadMicroPython } = await import(pathToFileURL(join(folder, "micropython.mjs")).href);
const python = await loadMicroPython({
  url: join(folder, "micropython.wasm"),
  stdout: (/** @type {string} */ line) => said.push(line),
  linebuffer: true,
});
for (const file of FILES) {
  const parts = dirname(file).split("/");
  parts.forEach((_, depth) => {
    const path = parts.slice(0, depth + 1).join("/");
    if (!python.FS.analyzePath(path).exists) python.FS.mkdir(path);
  });
  python.FS.writeFile(file, readFileSync(join(root, file)));
}
python.runPython("import json\nfrom tests.web.demo.playing import played\nprint(json.dumps(played()))");
process.stdout.write(said.at(-1) ?? "");
