/* Data.writeLocalData and readLocalData (1.2). */
import { DAY, readJson } from "./common.js";
import { readStored, store } from "./storage.js";

const HOUR = DAY / 24;

/** @param {string} key */
const storageKey = (key) => `kameleoonLocalData-${key}`;

/**
 * @param {string} key
 * @param {unknown} value
 * @param {boolean} [persistent]
 */
export function writeLocalData(key, value, persistent) {
  const expirationDate = Date.now() + (persistent ? 30 * DAY : HOUR);
  store(storageKey(key), JSON.stringify({ value, expirationDate }));
}

/** @param {string} key */
export function readLocalData(key) {
  const kept = readJson(readStored(storageKey(key)));
  return kept && kept.expirationDate > Date.now() ? kept.value : null;
}
