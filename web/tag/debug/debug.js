/*
 * What is loaded where somebody debugs the page, and its settings allow that: shows what crosses the seam, as events of the
 * page. Lives in the hidden frame, as the hands do.
 */
import { remembered } from "./switch.js";
import { tell } from "./events.js";

const mode = remembered();
if (mode === "off") ear.crossings = undefined;
else tell();
