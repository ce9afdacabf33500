/*
 * The ear, and the hands. From its first line on this script keeps what happens in the page, in order and with its time,
 * and it starts PyScript in a hidden frame; there the brain, written in Python, decides everything and asks of the page what
 * it wants done. Nothing in this script may throw into the page, block it or be seen in it.
 *
 * The build joins its modules, and puts what it knows in for BUNDLE (types.d.ts says what that is).
 */
import { facts } from "./facts.js";
import { stay } from "./holding.js";
import { listen } from "./hooks.js";
import { kept, recall } from "./kept.js";
import { start, started } from "./starting.js";
import { ask, hear } from "./telling.js";

/** A copy: the page may do with it what it likes. */
const status = () => ask("status", { facts }) || JSON.parse(JSON.stringify({ ...BUNDLE.status, ...facts }));

const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
if (script && !window.kameleoonSegment) {
  recall();
  window.kameleoonSegment = {
    ready: started.then(status),
    status,
    customData: (name) => kept.values[name],
    exposure: (report) => hear("exposure", { report }),
    consent: (given) => hear("consent", { given }),
    personaNames: () => kept.personas,
  };
  stay();
  listen();
  start(script);
}
