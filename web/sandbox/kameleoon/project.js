/* What Kameleoon was told of the site: the project's definition, and its campaigns (1.2 objects, 3.1). */

/** The server puts the definition where the name stands: checked, and with every default. */
export const project = __PROJECT__;

const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
export const dataUrl = project.dataUrl || new URL(script?.src || location.href).origin;
export const generationTime = Date.now();
export const { customData: definitions, goals } = project;

/** @type {import("./types").Kind} */
export const EXPERIMENT = { label: "Experiment", key: "experiment", module: "AB_TESTING" };
/** @type {import("./types").Kind} */
export const PERSONALIZATION = { label: "Personalization", key: "personalization", module: "PERSONALIZATION" };

/** @type {import("./types").Campaign[]} */
export const campaigns = [
  ...project.experiments.map((definition) => ({ ...definition, kind: EXPERIMENT })),
  ...project.personalizations.map((definition) => ({ ...definition, kind: PERSONALIZATION })),
];
