/* From the script's arrival to the exposures: the order of a run (1.1), and the anti-flicker snippet's end (1.5). */
import { recallAssignments } from "./assignment.js";
import { evaluateCampaigns } from "./campaigns.js";
import { guarded } from "./common.js";
import { readConsent } from "./consent.js";
import { acquireCustomData } from "./custom-data.js";
import { emit } from "./events.js";
import { project } from "./project.js";
import { drainQueue, runImmediateCommands } from "./queue.js";
import { after, beginRun, runtime } from "./runtime.js";
import { flushRegularly, track } from "./tracking.js";
import { keepVisitor, openVisitor } from "./visitor.js";

export function load() {
  const { kameleoonStartLoadTime: start, kameleoonLoadingTimeout: limit } = window;
  const first = !window.kameleoonEndLoadTime;
  const loadTime = start ? Date.now() - start : Math.round(performance.now());
  const late = Boolean(first && start && limit && loadTime > limit);
  emit("Internals", { type: "load" });
  runImmediateCommands();
  releaseAntiFlicker();
  emit("Loaded", { timeout: late, loadTime });
  const reason = abortReason(late);
  if (reason) return emit("Aborted", { reason });
  after(project.runtimeDelay, startRun);
}

function releaseAntiFlicker() {
  if (typeof window.kameleoonDisplayPage === "function") guarded(() => window.kameleoonDisplayPage?.(true));
  clearTimeout(window.kameleoonDisplayPageTimeOut);
  window.kameleoonDisplayPage = null;
  window.kameleoonEndLoadTime = Date.now();
}

/** @param {boolean} late after the anti-flicker snippet's limit */
function abortReason(late) {
  try {
    localStorage.setItem("kameleoonProbe", "1");
    localStorage.removeItem("kameleoonProbe");
  } catch {
    return "STORAGE";
  }
  if (late) return "TIMEOUT";
  if (document.prerendering) return "PRERENDER";
  return location.href.includes("kameleoonDisabled") ? "PARAMETER" : null;
}

function startRun() {
  beginRun();
  after(project.visitorDelay, run);
}

/** Custom data, global script and queue all come before Started, and so before any exposure. */
function run() {
  readConsent();
  runtime.visitor = openVisitor();
  recallAssignments();
  keepVisitor();
  track("ANY", { eventType: "page", href: location.href, title: document.title });
  acquireCustomData();
  const { globalScript } = project;
  if (globalScript) guarded(() => new Function(globalScript)());
  drainQueue();
  emit("Started", { newVisitorCode: runtime.visitor.visits.length === 1 });
  runtime.started = true;
  evaluateCampaigns();
  flushRegularly();
}
