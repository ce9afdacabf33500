/*
 * The demo: the shop's buttons call analytics.js as any shop's would, and the panel reads what arrived from the sandbox's
 * log. Everything shown was received by the sandbox; nothing is made up here. All text goes in through textContent.
 */

const POLL = 700; // ms
const RETRY = 5000; // ms: a stopped sandbox must not fill the console
const SHOWN = 100; // rows
const ENGINES = { micropython: "MicroPython", pyodide: "Pyodide" };
const SEGMENT = ["track", "page", "identify", "group", "screen", "alias"];

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

const clock = (time) => new Date(time).toLocaleTimeString("en-GB");

// ---- the shop

const cart = JSON.parse(localStorage.getItem("demo-cart") || "0");
byId("cart-count").textContent = cart;

document.querySelector(".products").addEventListener("click", ({ target }) => {
  const product = target.matches("button") && target.closest("li");
  if (!product) return;
  const { id, name, price } = product.dataset;
  window.analytics.track("Add to cart", { product_id: id, name, price: Number(price), currency: "EUR" });
  const count = Number(byId("cart-count").textContent) + 1;
  byId("cart-count").textContent = count;
  localStorage.setItem("demo-cart", count);
});

// ---- the presenter's bar

for (const link of document.querySelectorAll(".choice a")) {
  if (link.href === location.href.split("#")[0]) link.setAttribute("aria-current", "page");
}

const userId = () => tried(() => window.analytics.user().id());

byId("login").addEventListener("click", () => {
  if (userId()) window.analytics.reset();
  else window.analytics.identify("customer-4711", { name: "Ada", plan: "premium" });
  showVisitor();
});

byId("new-visitor").addEventListener("click", async () => {
  await fetch("/sandbox/reset", { method: "POST" }).catch(() => {});
  location.assign("/?new");
});

// ---- who is here, and how the bridge is

function showVisitor() {
  const code = tried(() => window.Kameleoon.API.Visitor.code);
  const variation = tried(() => window.Kameleoon.API.Experiments.getById(experiment).associatedVariation.name);
  byId("visitor-code").textContent = code || "not known yet";
  byId("variation").textContent = variation || "not known yet";
  byId("anonymous-id").textContent = tried(() => window.analytics.user().anonymousId()) || "not known yet";
  byId("user-id").textContent = userId() || "nobody is logged in";
  byId("login").textContent = userId() ? "Log out" : "Log in";
}

function showStatus() {
  const status = tried(() => window.kameleoonSegment.status());
  const line = byId("status");
  line.dataset.state = status ? status.state : "absent";
  if (!status) {
    line.textContent = document.readyState === "complete" ? "Bridge not loaded" : "Bridge not loaded yet";
    return;
  }
  const { engine, state, timings, errors } = status;
  const ready = Number.isFinite(timings?.ready) ? `ready after ${Math.round(timings.ready)} ms` : null;
  const problems = errors?.length ? `${errors.length} reported` : null;
  line.textContent = [`Bridge ${state}`, ENGINES[engine] || engine, ready, problems].filter(Boolean).join(" · ");
}

// ---- the two events that this is all about

function showCard(id, row, properties) {
  const card = byId(id);
  card.classList.toggle("seen", Boolean(row));
  card.querySelector("p").hidden = Boolean(row);
  card.querySelector("time").textContent = row ? clock(row.event.timestamp) : "";
  const list = card.querySelector("dl");
  list.replaceChildren();
  for (const [name, value] of Object.entries(properties)) {
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
    ({ event }) => event.event === "Experiment viewed" && Date.parse(event.timestamp) >= performance.timeOrigin - 50,
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

/** One line for a row: whose it is, and what it says. */
function summary({ kind, event, duplicate, ...row }) {
  const again = duplicate ? " (again, dropped)" : "";
  if (kind === "track") return ["Segment", event.event + again];
  if (kind === "page" || kind === "screen") return ["Segment", [kind, event.name].filter(Boolean).join(" ") + again];
  if (kind === "identify") return ["Segment", `identify ${event.userId || event.anonymousId}${again}`];
  if (SEGMENT.includes(kind)) return ["Segment", kind + again];
  if (kind === "visit") return ["Kameleoon", `visit: ${row.events.map(({ eventType }) => eventType).join(", ")}`];
  if (kind === "data_api.get") return ["Kameleoon", `remote data read: ${row.keys.join(", ")}`];
  if (kind === "data_api.set") return ["Kameleoon", `remote data written: ${Object.keys(row.maps).join(", ")}`];
  if (kind === "destination.received") return ["Kameleoon", `destination: ${row.body.event || row.body.type}`];
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
  rows.push(row);
  byId("log").prepend(item(row));
  if (rows.length > SHOWN) {
    rows.shift();
    byId("log").lastElementChild.remove();
  }
}

let timer = null;

async function read() {
  let wait = POLL;
  try {
    const answer = await fetch(`/sandbox/log?after=${last}`);
    const lines = (await answer.text()).split("\n").filter(Boolean);
    lines.slice(-SHOWN).map((line) => JSON.parse(line)).forEach(take);
    byId("log-note").textContent = rows.length ? "newest first" : "nothing yet";
    showCards();
  } catch {
    byId("log-note").textContent = "the sandbox does not answer";
    wait = RETRY;
  }
  showVisitor();
  showStatus();
  if (timer !== null) timer = setTimeout(read, wait);
}

/** Only a page that is seen asks. */
function follow() {
  clearTimeout(timer);
  timer = null;
  if (document.visibilityState === "visible") timer = setTimeout(read);
}

document.addEventListener("visibilitychange", follow);
follow();
