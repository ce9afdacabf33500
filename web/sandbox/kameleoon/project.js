/* What Kameleoon was told of the site: the project's definition, and its campaigns (1.2 objects, 3.1). */

/** The server puts the definition where the name stands; types.d.ts says what may be in it. */
export const project = __PROJECT__;

const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
export const dataUrl = project.dataUrl || new URL(script?.src || location.href).origin;
export const generationTime = Date.now();
export const definitions = project.customData || [];
export const goals = project.goals || [];

export const CONTROL = { id: 0, name: "Reference" };
export const EXCLUDED = { id: null, name: "Excluded" };

/** @type {import("./types").Kind} */
export const EXPERIMENT = { label: "Experiment", key: "experiment", module: "AB_TESTING" };
/** @type {import("./types").Kind} */
export const PERSONALIZATION = { label: "Personalization", key: "personalization", module: "PERSONALIZATION" };

/** @type {import("./types").Campaign[]} */
export const campaigns = [
  ...(project.experiments || []).map((definition) => ({ ...definition, kind: EXPERIMENT })),
  ...(project.personalizations || []).map((definition) => ({ ...definition, kind: PERSONALIZATION })),
];
