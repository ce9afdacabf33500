// What Segment's own packages answer: node oracle.mjs ROOT < cases. A case is a line of JSON, [kind, subject, event];
// an answer is a line, {"output": …} or {"error": {"name", "message"}}. Settings are asked with [kind, settings].
// The packages: @segment/actions-core (with liquidjs) and @segment/destination-subscriptions. It wants to be
// started with TZ=UTC and in en-US.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";

const [root] = process.argv.slice(2);
const load = createRequire(join(root, "static", "package.json"));
const { transform, createRequestClient } = load("@segment/actions-core");
const { parseFql, validate } = load("@segment/destination-subscriptions");

// The text, so that what is undefined in an array reaches the reader as JSON writes it.
const json = (value) => JSON.stringify(value);

const server = createServer((request, response) => response.end(json(request.headers)));
await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
const address = `http://127.0.0.1:${port}`;

const kinds = {
  liquid: (template, event) => transform({ text: { "@liquid": template } }, event).text,
  mapping: (mapping, event) => json(transform(mapping, event)),
  filter: (text, event) => {
    const tree = parseFql(text);
    if (tree.error) return { parse_error: tree.error.message };
    return { tree: json(tree), matches: validate(tree, event) };
  },
  // The headers that arrive when the destination's `perform` sends (destinations/kameleoon/*/index.ts).
  headers: async ({ apiKey, sitecode }) => {
    const headers = { authorization: `Basic ${apiKey}`, "x-segment-settings": sitecode };
    const answer = await createRequestClient()(address, { method: "post", headers, json: {} });
    const { authorization, "x-segment-settings": settings } = JSON.parse(answer.content);
    return { authorization, "x-segment-settings": settings };
  },
};

const answers = [];
for (const line of readFileSync(0, "utf8").split("\n")) {
  if (!line) continue;
  const [kind, ...subject] = JSON.parse(line);
  try {
    answers.push(json({ output: await kinds[kind](...subject) }));
  } catch (error) {
    const { name, message } = /** @type {Error} */ (error);
    answers.push(json({ error: { name, message } }));
  }
}
server.close();
process.stdout.write(answers.map((answer) => `${answer}\n`).join(""));
