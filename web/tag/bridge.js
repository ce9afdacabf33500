/*
 * The ear: the part of the tag that lives in the page. From its first line on it hears what happens there, keeps it, in
 * order and with its time, and puts up a hidden frame: all else happens in that clean realm, where the hands (hands/) start
 * PyScript and the brain, written in Python, decides everything. Nothing in this script may throw into the page, block it or
 * be seen in it.
 *
 * The build joins its modules, and puts what it knows in for BUNDLE (types.d.ts says what that is).
 */
import { ear, guarded, started } from "./ear.js";
import { begin, fail } from "./frame.js";
import { hear } from "./heard.js";
import { listen } from "./hooks.js";
import { custom, recall, recalled } from "./kept.js";
import { leave } from "./leaving.js";
import { ownScript } from "./script.js";

// Copies: the page may do with it what it likes.
const status = () => {
  const { facts } = ear;
  return ear.status?.() || { ...facts, versions: { ...facts.versions }, errors: [...facts.errors] };
};

guarded(() => {
  if (Object.hasOwn(window, "kameleoonSegment")) return; // ours: an element's id answers, too, but is no own property
  window.kameleoonSegment = {
    ready: started(status),
    status,
    customData: (name) => {
      recalled();
      if (Object.hasOwn(custom.values, name)) return custom.values[name];
    },
    exposure: (report) => hear("exposure", { report }),
    consent: (given) => {
      ear.given = given;
      hear("consent", { given });
    },
    personaNames: () => custom.personas.map((value) => ({ value, label: value })),
  };
  try {
    ear.script = ownScript();
  } catch (error) {
    return fail(error);
  }
  recall();
  listen();
  leave();
  begin();
})();
