// Kameleoon's own JavaScript SDK as a server uses it, against a sandbox: node kameleoon_sdk.mjs ROOT ORIGIN SITECODE KEYS
// Prints what getRemoteData gives for each key: {key: [true, data]}, or [false, type, message] where it throws.
import { createRequire } from "node:module";
import { join } from "node:path";

const [root, origin, siteCode, keys] = process.argv.slice(2);
globalThis.navigator ??= { userAgent: "" }; // the SDK looks at it; node has one from version 21 on
const load = createRequire(join(root, "static", "package.json"));
const { KameleoonClient } = load("@kameleoon/javascript-sdk");

// What initialize() asks for: a project with nothing in it. Kameleoon's configuration host is not the sandbox's business.
const CONFIGURATION = {
  featureFlags: [],
  segments: [],
  customData: [],
  configuration: {
    realTimeUpdate: false,
    consentType: "NOT_REQUIRED",
    consentOptOutBehavior: "PARTIALLY_BLOCK",
    dataApiDomain: "data.kameleoon.io",
  },
};

// The SDK's own way to send requests otherwise: externals.requester (README of @kameleoon/javascript-sdk 4.17.1).
const requester = {
  async sendRequest({ url, requestType, parameters }) {
    if (requestType === "configuration") return Response.json(CONFIGURATION);
    const { host, pathname, search } = new URL(url);
    if (host !== "data.kameleoon.io") throw new Error(`the SDK asked ${host}`);
    return fetch(origin + pathname + search, parameters);
  },
};
const kept = new Map();
const storage = {
  read: (key) => kept.get(key) ?? null,
  write: (key, data) => {
    kept.set(key, data);
  },
};
const eventSource = { open() {}, close() {}, onError() {} };
const visitorCodeManager = { getData: () => null, setData() {} };

const externals = { requester, storage, eventSource, visitorCodeManager };
const client = new KameleoonClient({ siteCode, externals });
await client.initialize();
const found = {};
for (const key of JSON.parse(keys)) {
  found[key] = await client.getRemoteData(key).then(
    (data) => [true, data],
    ({ type, message }) => [false, type, message],
  );
}
process.stdout.write(JSON.stringify(found));
process.exit(); // the SDK's timers would keep node alive
