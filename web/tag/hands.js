// Does in the page what the brain asks for, each call guarded: on MicroPython a JavaScript exception cannot be caught.

import { fault } from "./facts.js";
import { show } from "./kept.js";
import { pick, reach } from "./reach.js";
import { hear } from "./telling.js";

const LOCK_MS = 10000; // a lock is given back, whatever happens

/** @type {Record<number, (value?: unknown) => void>} */
const releases = {}; // of the locks that are ours, by number

/** @type {Record<string, (...args: any[]) => unknown>} */
const hands = {
  reach: (path, shape, args) => pick(reach(path, args), shape),
  after: (number, milliseconds) => {
    setTimeout(() => hear("timer", { number }), milliseconds);
  },
  lock: (number, name) => {
    const locked = () =>
      new Promise((release) => {
        releases[number] = release;
        setTimeout(release, LOCK_MS);
        hear("locked", { number });
      });
    if (navigator.locks) navigator.locks.request(name, locked).catch(fault);
    else locked();
  },
  unlock: (number, milliseconds) => {
    setTimeout(releases[number], milliseconds);
  },
  publish: (values, snippets, personas) => show({ values, snippets, personas }),
  retrieve: (number, keys, shape, address) => {
    const done = (data) => hear("remote", { number, data: pick(data, shape) });
    if (!address) return void reach("Kameleoon.API.Data.retrieveDataFromRemoteSource", [keys, done]);
    fetch(address + encodeURIComponent(JSON.stringify(keys)))
      .then((answer) => (answer.ok ? answer.json() : Promise.reject("the Data API answered " + answer.status)))
      .then(done, (problem) => hear("remote", { number, problem: String(problem) }));
  },
};

/**
 * Does what the brain asks for; returns [whether it did not throw, the value or the error's text].
 * @param {string} request
 */
export const act = (request) => {
  try {
    const [name, ...args] = JSON.parse(request);
    return JSON.stringify([true, hands[name](...args)]); // nothing becomes null
  } catch (error) {
    return JSON.stringify([false, String(error)]);
  }
};
