/*
 * What is loaded where somebody debugs the page, and its settings allow that: tells the page what crosses the seam, and puts
 * the overlay up. Lives in the hidden frame, as the hands do.
 */
import { tell } from "./events.js";
import { open, show } from "./panel.js";
import { remembered } from "./switch.js";

const mode = remembered();
if (mode === "off") ear.crossings = undefined;
else {
  const told = tell(show);
  if (mode === "overlay") open(told);
}
