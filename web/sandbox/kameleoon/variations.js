/* What a variation does to the page. */
import { pollUntil, runtime } from "./runtime.js";

/**
 * @param {import("./types").Campaign} campaign
 * @param {number} id of the variation
 */
export function applyVariation({ variations }, id) {
  const texts = variations.find((variation) => variation.id === id)?.apply || {};
  for (const [selector, text] of Object.entries(texts)) {
    const undo = runtime.undo;
    const find = () => document.querySelector(selector);
    const change = () => {
      const element = /** @type {Element} */ (find());
      const original = element.textContent;
      undo.push(() => (element.textContent = original));
      element.textContent = text;
    };
    pollUntil(find, change, 50); // the page may still be being parsed
  }
}
