/* The native "Segment" reporting tool (2.1, 9.14), as Kameleoon's script of 2022 has it: it tests no consent. */
import { describeVariation } from "./objects.js";
import { project } from "./project.js";
import { pollUntil } from "./runtime.js";

const POLL = 150; // ms

/**
 * Experiments and personalizations go under one name of the event. The control is variation 0.
 * @param {import("./types").Campaign} campaign
 * @param {number} variationId
 */
export function reportToSegment(campaign, variationId) {
  if (!project.nativeSegment) return;
  const { id: experimentId, name: experimentName, kind } = campaign;
  const { name: variationName } = describeVariation(campaign, variationId);
  const report = () => {
    const properties = { experimentId, experimentName, variationId, variationName, nonInteraction: 1 };
    window.analytics.track("Experiment Viewed", properties);
    window.analytics.identify({ [kind.label]: `${experimentName}:${variationName}` });
  };
  pollUntil(() => window.analytics, report, POLL);
}
