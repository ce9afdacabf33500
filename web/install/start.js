/* What the wizard's page does by itself, before there is Python or without it. */
import { keepTicks } from "./checklist.js";
import { handOver } from "./copying.js";
import { listen } from "./form.js";
import { load } from "./loading.js";

document.getElementById("unserved")?.remove();
listen();
keepTicks();
handOver();
load();
