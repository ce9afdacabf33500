// What was heard and the brain has not been told yet; and what may bring an exposure, for as long as the page lives.

import { ear } from "./ear.js";

const MOST_IN_JOURNAL = 1000; // of a view's, far more than any page has
const JOURNALED = /kameleoon|exposure|consent/;

/**
 * Hears something: the brain is told as soon as it can be.
 * @param {string} kind
 * @param {object} [more]
 */
export const hear = (kind, more) => {
  /** @type {Message} */
  const message = { kind, up: ear.clock(), ...more };
  if (JOURNALED.test(kind)) {
    message.number = ++ear.numbered;
    if (ear.journal.push(message) > MOST_IN_JOURNAL) ear.journal.shift();
  }
  if (ear.facts.state === "failed") return;
  ear.heard.push(message);
  if (kind === "event") ear.up?.soon();
  else ear.up?.drain();
};
