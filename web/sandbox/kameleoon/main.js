/*
 * The sandbox's emulation of Kameleoon's page script: the behaviour that a bridge can observe, written from its
 * description. Not for production.
 *
 * The numbers in a module's first lines, such as 1.1, are the sections of our fact sheet on Kameleoon that it follows;
 * section 9, of scripts that were run, holds where another says otherwise. Meant is a production build, "Kameleoon's
 * script of 2026", unless the project's `dialect` asks for an older one: dialect.js has all that differs. Where nothing is
 * known, a comment says so, and the choice is the one that asks more of the bridge. Left out: Products, Triggers, omniture
 * and redirects, which no bridge touches.
 *
 * Here: how the page gets it (1.1).
 */
import { API } from "./api.js";
import { kameleoon } from "./kameleoon.js";
import { reload, start } from "./single-page.js";
import { flushTracking } from "./tracking.js";

/** Kameleoon's script of 2026: a second copy does nothing. */
if (!window.Kameleoon) {
  kameleoon.API = API;
  kameleoon.Analyst = { load: reload };
  window.Kameleoon = kameleoon;
  window.addEventListener("pagehide", flushTracking);
  start();
}
