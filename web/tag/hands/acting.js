// Does in the page what the brain asks for, each call guarded: on MicroPython a JavaScript exception cannot be caught.

import { picked, reach } from "./reach.js";
import { crossing } from "./tap.js";
import { tell } from "./telling.js";

const LOCK_MS = 10000; // a lock is given back, whatever happens
const LOCKED_WITHIN_MS = 3000; // who does not get it by then goes on without

/** @type {Record<number, (value?: unknown) => void>} */
const releases = {}; // of the locks that are ours, by number

/** @type {Record<string, (...args: any[]) => unknown>} */
const hands = {
  reach: (path, shape, args) => picked(reach(path, args), shape, path),
  after: (number, milliseconds) => {
    setTimeout(() => tell("timer", { number }), milliseconds);
  },
  lock: (number, name) => {
    let asked = true;
    const locked = () => {
      if (!asked) return; // it came too late
      asked = false;
      tell("locked", { number });
      return new Promise((release) => {
        releases[number] = release;
        setTimeout(release, LOCK_MS);
      });
    };
    setTimeout(locked, LOCKED_WITHIN_MS);
    try {
      navigator.locks.request(name, locked).catch(locked); // cookies may be blocked
    } catch {
      locked(); // absent, or somebody's own
    }
  },
  unlock: (number, milliseconds) => {
    setTimeout(() => releases[number]?.(), milliseconds);
  },
  kept: (key) => {
    const text = localStorage.getItem(key);
    if (text && text.length > BUNDLE.longest) {
      throw `${key} in localStorage is too long: ${text.length} characters, not read`;
    }
    return text;
  },
  keep: (key, text) => localStorage.setItem(key, text),
  forget: (key) => localStorage.removeItem(key),
  order: (code) => {
    ear.code = code;
    const order = { code, cookie: ear.cookie(BUNDLE.code), config: ear.script.config };
    if (code) localStorage.setItem(BUNDLE.orderKey, JSON.stringify(order));
  },
  publish: (values, snippets, personas) => ear.show({ values, snippets, personas }),
  retrieve: (number, keys, shape, address) => {
    const done = (data) => tell("remote", { number, data: picked(data, shape, "remote data") });
    if (!address) return void reach("Kameleoon.API.Data.retrieveDataFromRemoteSource", [keys, done]);
    fetch(address + encodeURIComponent(JSON.stringify(keys)))
      .then((answer) => (answer.ok ? answer.json() : Promise.reject("the Data API answered " + answer.status)))
      .then(done, (problem) => tell("remote", { number, problem: String(problem) }));
  },
};

/** @param {string} request */
const done = (request) => {
  try {
    const [name, ...args] = JSON.parse(request);
    return JSON.stringify([true, hands[name](...args)]); // nothing becomes null
  } catch (error) {
    return JSON.stringify([false, String(error)]);
  }
};

/**
 * Does what the brain asks for; returns [whether it did not throw, the value or the error's text].
 * @param {string} request
 */
export const act = (request) => crossing("asked", request, done);
