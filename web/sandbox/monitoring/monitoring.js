/*
 * The board of deliveries: reads GET /sandbox/deliveries while somebody looks. All text goes in through textContent.
 */

const POLL = 2000; // ms
const RETRY = 5000; // ms: a stopped sandbox must not fill the console

/**
 * A row of the log (bridge/sandbox/pages/log.py) with its event.
 * @typedef {{ at: string, event: any, error: any, attempt: number, retryAt?: string, messageId: string }} Attempt
 */

/**
 * A row of the log: what was not taken in.
 * @typedef {{ at: string, path: string, reason: string, about: Record<string, string> }} Dropped
 */

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const replay = /** @type {HTMLButtonElement} */ (byId("replay"));
const number = new Intl.NumberFormat("en-GB");
/** @param {string} time */
const clock = (time) => new Date(time).toLocaleTimeString("en-GB");

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 * @param {string} text
 */
const element = (tag, className, text) => {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
};

/**
 * Only when it changed: a text that is being copied stays selected.
 * @param {string} id
 * @param {string} text
 */
const say = (id, text) => {
  const target = byId(id);
  if (target.textContent !== text) target.textContent = text;
};

/**
 * 8.25 -> "8.3 ms", 61500 -> "62 s", as nobody compares more digits.
 * @param {number} ms
 */
const duration = (ms) => {
  if (ms < 100) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 120000 ? `${(ms / 1000).toFixed(ms < 10000 ? 1 : 0)} s` : `${Math.round(ms / 60000)} min`;
};

/** @param {{ name?: string, message?: string, status?: number }} error */
const reason = ({ name, message, status }) => [status, message || name].filter(Boolean).join(" ");

/**
 * When, what, why not, and more; it opens to all that is known.
 * @param {string} at
 * @param {string} what
 * @param {string} why
 * @param {string} more
 * @param {object} all
 */
function row(at, what, why, more, all) {
  const item = element("li", "", "");
  const details = document.createElement("details");
  const line = document.createElement("summary");
  const time = element("time", "", clock(at));
  time.dateTime = at;
  line.append(time, element("span", "what", what), element("span", "why", why), element("span", "code", more));
  const full = element("pre", "", JSON.stringify(all, null, 2));
  full.tabIndex = 0; // so that it scrolls by keyboard
  details.append(line, full);
  item.append(details);
  return item;
}

/** @param {Attempt} attempt */
function attemptRow({ at, event, error, attempt, retryAt, messageId }) {
  const again = retryAt ? `, again ${clock(retryAt)}` : "";
  const more = `attempt ${attempt}${again}`;
  return row(at, event.event || event.name || event.type, reason(error), more, { messageId, error, event });
}

/** @param {Dropped} dropped */
const droppedRow = ({ at, path, reason: why, about }) =>
  row(at, about.event || about.type || "–", why, path, { reason: why, about });

const shown = { letters: "", errors: "", dropped: "", goals: "" };

/**
 * Lists are made anew only when they changed, so that what is open stays open.
 * @template T
 * @param {keyof typeof shown} id
 * @param {T[]} values
 * @param {(value: T) => HTMLElement} make
 */
function showList(id, values, make) {
  byId(`${id}-empty`).hidden = values.length > 0;
  const text = JSON.stringify(values);
  if (shown[id] === text) return;
  shown[id] = text;
  byId(id).replaceChildren(...values.map(make));
}

/** @param {[string, number]} goal */
function goal([name, count]) {
  const line = document.createElement("div");
  line.append(element("dt", "", name), element("dd", "", number.format(count)));
  return line;
}

/**
 * @param {object} report what GET /sandbox/deliveries answers (bridge/sandbox/pages/monitoring.py)
 * @param {Record<string, number>} report.counts
 * @param {number} report.retries
 * @param {Record<string, number> | null} report.latency
 * @param {{ events: number, conversions: Record<string, number> }} report.receiver
 * @param {{ count: number, last: Dropped[] }} report.dropped
 * @param {Attempt[]} report.errors
 * @param {Attempt[]} report.dead
 */
function show({ counts, retries, latency, receiver, dropped, errors, dead }) {
  for (const [id, count] of Object.entries({ ...counts, retries })) say(id, number.format(count));
  byId("dead").classList.toggle("bad", counts.dead > 0);
  say("dropped-count", number.format(dropped.count));
  byId("dropped-count").classList.toggle("bad", dropped.count > 0);
  byId("retrying").classList.toggle("bad", counts.retrying > 0);
  for (const id of ["p50", "p90", "p99", "max"]) say(id, latency ? duration(latency[id]) : "–");
  say("latency-note", latency ? `of the last ${number.format(latency.of)}` : "");
  say("goals-note", `${number.format(receiver.events)} events received`);
  const goals = Object.entries(receiver.conversions).sort(([, one], [, other]) => other - one);
  showList("goals", goals, goal);
  showList("letters", dead, attemptRow);
  showList("errors", errors, attemptRow);
  showList("dropped", dropped.last, droppedRow);
  replay.disabled = counts.dead === 0;
}

/** @type {number | undefined} */
let timer;

async function poll() {
  clearTimeout(timer);
  if (document.hidden) return;
  let pause = POLL;
  const status = byId("status");
  try {
    const answer = await fetch("/sandbox/deliveries");
    if (!answer.ok) throw new Error(answer.statusText);
    show(await answer.json());
    status.dataset.state = "on";
    say("status", "Live");
  } catch {
    pause = RETRY;
    status.dataset.state = "failed";
    say("status", "The sandbox does not answer: these are its last numbers");
  }
  clearTimeout(timer);
  timer = setTimeout(poll, pause);
}

replay.addEventListener("click", async () => {
  replay.disabled = true;
  const answer = await fetch("/sandbox/deliveries/replay", { method: "POST" }).catch(() => undefined);
  const { replayed } = answer?.ok ? await answer.json() : {};
  byId("replayed").hidden = false;
  if (replayed === undefined) say("replayed", "The sandbox does not answer: nothing was sent again.");
  else say("replayed", `${number.format(replayed)} ${replayed === 1 ? "letter is" : "letters are"} on the way again.`);
  poll();
});

document.addEventListener("visibilitychange", poll);
poll();
