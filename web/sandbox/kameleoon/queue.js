/* The command queue (1.4, 9.11). */
import { guarded } from "./common.js";
import { kameleoon } from "./kameleoon.js";

/**
 * A function, or ["Kameleoon.API.Goals.processConversion", …] with or without its first two words.
 * @param {any} item
 */
function execute(item) {
  const command = item?.command ?? item;
  guarded(() => {
    if (typeof command === "function") return command();
    const [path, ...parameters] = command;
    const names = path.replace(/^Kameleoon\.API\./, "").split(".");
    const method = names.pop();
    let owner = kameleoon.API;
    for (const name of names) owner = owner[name];
    return owner[method](...parameters);
  });
}

/** Before there is a visitor, the last one first (9.11). */
export function runImmediateCommands() {
  const queue = (window.kameleoonQueue = window.kameleoonQueue || []);
  const immediate = queue.filter((item) => item?.level === "IMMEDIATE");
  const ordinary = queue.filter((item) => item?.level !== "IMMEDIATE");
  queue.splice(0, queue.length, ...ordinary);
  immediate.reverse().forEach(execute);
}

/**
 * In order, then live: from here on a push executes, of several items the first alone, and returns nothing (9.11). A push
 * captured earlier fills an array nobody reads.
 */
export function drainQueue() {
  /** @type {any} */
  const queue = window.kameleoonQueue;
  while (queue.length) execute(queue.shift());
  queue.push = (/** @type {any} */ item) => void execute(item);
}
