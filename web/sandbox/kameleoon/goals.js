/* Goals.processConversion and cancelConversion (1.2). */
import { byIdOrName } from "./common.js";
import { emit } from "./events.js";
import { goals } from "./project.js";
import { runtime } from "./runtime.js";
import { track } from "./tracking.js";
import { keepVisitor } from "./visitor.js";

/**
 * Silently ignored for unknown goals.
 * @param {string | number} goalNameOrId
 * @param {number} [revenue]
 */
export function processConversion(goalNameOrId, revenue = 0) {
  const goal = byIdOrName(goals, goalNameOrId);
  if (!goal || !runtime?.visitor) return;
  const count = (runtime.visitor.visits[0].conversions[goal.id] ||= { count: 0, revenue: 0 });
  count.count += 1;
  count.revenue += revenue;
  keepVisitor();
  track("ANY", { eventType: "conversion", goalId: goal.id, revenue });
  emit("ConversionTriggered", { ...goal });
}

/**
 * @param {string | number} goalNameOrId
 * @param {number} [revenue]
 */
export function cancelConversion(goalNameOrId, revenue = 0) {
  const goal = byIdOrName(goals, goalNameOrId);
  const count = goal && runtime?.visitor?.visits[0].conversions[goal.id];
  if (!count?.count) return;
  count.count -= 1;
  count.revenue -= revenue;
  keepVisitor();
}
