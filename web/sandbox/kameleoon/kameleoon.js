/* What becomes `window.Kameleoon` (1.1). */
import { project } from "./project.js";

/** Only `API` is public. Checkers look at the other parts; nothing in them is meant to be called. */
export const kameleoon = {
  /** @type {any} */
  API: null,
  Internals: { configuration: project, runtime: /** @type {import("./types").Runtime | null} */ (null) },
  Analyst: {},
  Gatherer: {},
  Loader: {},
  Mentalist: {},
  Targeting: {},
  Tracking: {},
  Utils: {},
};
