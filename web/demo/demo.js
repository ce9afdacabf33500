/*
 * The demo: the shop's buttons call analytics.js as any shop's would, and the panel reads the sandbox's log. Everything
 * shown was received there; nothing is made up here. All text goes in through textContent.
 */

const POLL = 700; // ms
const RETRY = 5000; // ms: a stopped sandbox must not fill the console
const SHOWN = 100; // rows
const ENGINES = { micropython: "MicroPython", pyodide: "Pyodide" };
const SEGMENT = ["track", "page", "identify", "group", "screen", "alias"];
const PERSONA = "vip";
const FIRST = ["k_visitorCode", "experiment_id", "experiment_name", "variation_id", "variation_name"];

const byId = (id) => document.getElementById(id);
const experiment = Number(document.body.dataset.experiment);

/** Kameleoon and analytics.js are async tags: what they say may be missing for a while. */
const tried = (read) => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

const element = (tag, className, text) => {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
};

/** Only when it changed: a text that is being copied stays selected. */
const say = (target, text) => {
  if (target.textContent !== text) target.textContent = text;
};

const clock = (time) => new Date(time).toLocaleTimeString("en-GB");

// ---- the shop

byId("cart-count").textContent = tried(() => localStorage.getItem("demo-cart")) || "0";

document.querySelector(".products").addEventListener("click", ({ target }) => {
  const product = target.matches("button") && target.closest("li");
  if (!product) return;
  const { id, name, price } = product.dataset;
  window.analytics.track("Add to cart", { product_id: id, name, price: Number(price), currency: "EUR" });
  const count = Number(byId("cart-count").textContent) + 1;
  byId("cart-count").textContent = count;
  tried(() => localStorage.setItem("demo-cart", count));
});

// ---- the presenter's bar

for (const link of document.querySelectorAll(".choice a")) {
  if (link.href === location.href.split("#")[0]) link.setAttribute("aria-current", "page");
}

const userId = () => tried(() => window.analytics.user().id());

byId("login").addEventListener("click", () => {
  if (userId()) {
    window.analytics.reset();
  } else {
    window.analytics.identify("customer-4711", { name: "Ada", plan: "premium" });
    window.analytics.group("studio-nord");
  }
  showVisitor();
});

byId("new-visitor").addEventListener("click", async () => {
  await fetch("/sandbox/reset", { method: "POST" }).catch(() => {});
  location.assign("/?new");
});

// ---- the persona: what Segment's Engage would say of the visitor, and the way that it takes to Kameleoon

const customData = (name) => tried(() => window.Kameleoon.API.CurrentVisit.customData[name]);
const isIn = (personas) => Boolean(personas?.includes(PERSONA));

/** As Engage sends it (Segment, "Using Engage data"); the sandbox's destination takes it to Kameleoon's remote data. */
async function sendMembership(entered) {
  const messageId = `personas_${crypto.randomUUID()}`;
  const message = {
    messageId,
    writeKey: "sandbox-web",
    timestamp: new Date().toISOString(),
    event: entered ? "Audience Entered" : "Audience Exited",
    anonymousId: window.analytics.user().anonymousId(),
    ...(userId() && { userId: userId() }),
    properties: { audience_key: PERSONA, [PERSONA]: entered },
    context: { personas: { computation_class: "audience", computation_key: PERSONA } },
  };
  await fetch("/v1/track", { method: "POST", body: JSON.stringify(message) }).catch(() => {});
  return messageId;
}

/** Look again until it is so; when something is switched off that has to answer, the presenter goes on after 5 s. */
async function until(isSo, look) {
  const end = performance.now() + 5000;
  while (!isSo() && performance.now() < end) {
    await look();
    await new Promise((done) => setTimeout(done, 100));
  }
}

let switching = false;

byId("vip").addEventListener("click", async () => {
  const entered = byId("vip").getAttribute("aria-checked") === "false";
  switching = byId("vip").disabled = true;
  const messageId = await sendMembership(entered);
  await until(() => rows.some(({ kind, body }) => kind === "destination.received" && body.messageId === messageId), read);
  // The next page view begins with what this one knows: let the bridge read the new map. Each call of the page makes it
  // look whether what it has is still fresh; this one has no other effect.
  const answer = () => window.kameleoonSegment.customData("Segment personas").value;
  await until(
    () => isIn(tried(answer)) === entered,
    () => tried(() => window.kameleoonSegment.exposure(null)),
  );
  location.reload();
});

// ---- who is here, and how the bridge is

function showVisitor() {
  const code = tried(() => window.Kameleoon.API.Visitor.code);
  const variation = tried(() => window.Kameleoon.API.Experiments.getById(experiment).associatedVariation.name);
  const anonymousId = tried(() => window.analytics.user().anonymousId());
  say(byId("visitor-code"), code || "not known yet");
  say(byId("variation"), variation || "not known yet");
  say(byId("anonymous-id"), anonymousId || "not known yet");
  say(byId("user-id"), userId() || "nobody is logged in");
  say(byId("login"), userId() ? "Log out" : "Log in");

  const known = ["Segment personas", "Subscribed plan", "Group id"].map(customData);
  ["personas", "plan", "group"].forEach((id, place) => say(byId(id), [known[place]].flat().join(", ") || "none"));
  byId("known").classList.toggle("seen", known.some((value) => value?.length));
  if (switching) return;
  byId("vip").disabled = !anonymousId;
  byId("vip").setAttribute("aria-checked", isIn(known[0]));
}

function showStatus() {
  const line = byId("status");
  const status = tried(() => window.kameleoonSegment.status());
  line.dataset.state = status ? status.state : "absent";
  if (!status) return say(line, document.readyState === "complete" ? "Bridge not loaded" : "Bridge not loaded yet");
  const { engine, state, timings, errors = [] } = status;
  const ready = Number.isFinite(timings?.ready) && `ready after ${Math.round(timings.ready)} ms`;
  const problems = errors.length > 0 && `${errors.length} reported: ${errors.at(-1).what}`;
  say(line, [`Bridge ${state}`, ENGINES[engine] || engine, ready, problems].filter(Boolean).join(" · "));
}

// ---- the two events that this is all about

function showCard(id, row, properties) {
  const card = byId(id);
  card.classList.toggle("seen", Boolean(row));
  card.querySelector("p").hidden = Boolean(row);
  card.querySelector("time").textContent = row ? clock(row.event.timestamp) : "";
  const list = card.querySelector("dl");
  list.replaceChildren();
  const first = FIRST.filter((name) => name in properties).map((name) => [name, properties[name]]);
  const others = Object.entries(properties).filter(([name]) => !FIRST.includes(name));
  for (const [name, value] of [...first, ...others]) {
    const line = document.createElement("div");
    line.append(element("dt", "", name), element("dd", "", typeof value === "string" ? value : JSON.stringify(value)));
    list.append(line);
  }
}

const shownAs = { identifier: 0, exposure: 0 }; // number of the row in each card

function showCards() {
  const code = tried(() => window.Kameleoon.API.Visitor.code);
  const tracks = rows.filter(({ kind, duplicate }) => kind === "track" && !duplicate);
  const identifier = tracks.findLast(
    ({ event }) => event.event === "Kameleoon identifier" && event.properties?.k_visitorCode === code,
  );
  // Of this page view only: after a switch to another variation the last exposure would tell a lie.
  const exposure = tracks.findLast(
    ({ event }) =>
      event.event === "Experiment viewed" &&
      event.properties.campaign_type === "experiment" &&
      Date.parse(event.timestamp) >= performance.timeOrigin - 50,
  );

  if (identifier && shownAs.identifier !== identifier.n) {
    shownAs.identifier = identifier.n;
    const { properties, anonymousId, userId: user } = identifier.event;
    showCard("identifier", identifier, { ...properties, anonymousId, ...(user && { userId: user }) });
  }
  if (exposure && shownAs.exposure !== exposure.n) {
    shownAs.exposure = exposure.n;
    showCard("exposure", exposure, exposure.event.properties);
  }
  const excluded = location.search.includes(`${experiment}:null`);
  if (excluded) byId("exposure").querySelector("p").textContent = "None: an excluded visitor is no exposure.";
}

// ---- the log

const rows = []; // the last ones, in order
let last = 0;

/** COHORTS_<id> and its like, without whose: that is in the row. */
const kinds = (keys) => [...new Set(keys.map((key) => key.split("_")[0]))].sort().join(", ");

/** One line for a row: whose it is, and what it says. */
function summary({ kind, event, duplicate, ...row }) {
  const again = duplicate ? " (again, dropped)" : "";
  if (kind === "track") {
    const about = event.properties?.experiment_name ?? event.properties?.audience_key;
    return ["Segment", [event.event, about].filter(Boolean).join(": ") + again];
  }
  if (kind === "page" || kind === "screen") return ["Segment", [kind, event.name].filter(Boolean).join(" ") + again];
  if (kind === "identify") return ["Segment", `identify ${event.userId || event.anonymousId}${again}`];
  if (SEGMENT.includes(kind)) return ["Segment", kind + again];
  if (kind === "visit") return ["Kameleoon", `visit: ${row.events.map(({ eventType }) => eventType).join(", ")}`];
  if (kind === "data_api.get") return ["Kameleoon", `data read: ${kinds(row.keys)}`];
  if (kind === "data_api.set") return ["Kameleoon", `data written: ${kinds(Object.keys(row.maps))}`];
  if (kind === "destination.received") return ["Kameleoon", `destination: ${row.body.event || row.body.type}`];
  if (kind === "conversion") return ["Kameleoon", `conversion: ${row.goal}`];
  if (kind === "rejected") return ["Rejected", `${row.method} ${row.path}: ${row.reason}`];
  return ["Kameleoon", kind];
}

function item(row) {
  const [side, what] = summary(row);
  const line = document.createElement("summary");
  const time = element("time", "", clock(row.at));
  time.dateTime = row.at;
  line.append(time, element("span", `side ${side.toLowerCase()}`, side), element("span", "what", what));
  // The bridge's enrichment: where the Kameleoon (Actions) destination looks for the visitor code.
  const { properties, traits } = row.event || {};
  const carried = properties?.kameleoonVisitorCode || traits?.kameleoonVisitorCode;
  if (carried) line.append(element("span", "code", "+ visitor code"));

  const details = document.createElement("details");
  details.append(line);
  details.addEventListener("toggle", () => {
    if (details.childElementCount === 1) details.append(element("pre", "", JSON.stringify(row, null, 2)));
  });
  const made = document.createElement("li");
  made.append(details);
  return made;
}

function take(row) {
  last = row.n;
  if (row.kind === "destination.sent") return; // the other end says the same: destination.received
  rows.push(row);
  byId("log").prepend(item(row));
  if (rows.length > SHOWN) {
    rows.shift();
    byId("log").lastElementChild.remove();
  }
}

let timer = null; // null while nobody looks
let reading = false;

async function read() {
  if (reading) return;
  reading = true;
  let wait = POLL;
  try {
    const answer = await fetch(`/sandbox/log?after=${last}`);
    const lines = (await answer.text()).split("\n").filter(Boolean);
    lines.slice(-SHOWN).map((line) => JSON.parse(line)).forEach(take);
    say(byId("log-note"), rows.length ? "newest first" : "nothing yet");
    showCards();
  } catch {
    say(byId("log-note"), "the sandbox does not answer");
    wait = RETRY;
  }
  showVisitor();
  showStatus();
  reading = false;
  if (timer === null) return;
  clearTimeout(timer);
  timer = setTimeout(read, wait);
}

/** Only a page that is seen asks. */
function follow() {
  clearTimeout(timer);
  timer = document.visibilityState === "visible" ? setTimeout(read) : null;
}

document.addEventListener("visibilitychange", follow);
follow();
