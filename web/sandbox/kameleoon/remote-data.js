/* Data.retrieveDataFromRemoteSource (1.2, 4.2, 9.8). */
import { guarded } from "./common.js";
import { dialect } from "./dialect.js";
import { dataUrl, project } from "./project.js";

const TIMEOUT = 15 * 60 * 1000; // ms
const SITE = `siteCode=${project.siteCode}`;

/**
 * No cache and no retry: two custom data that want one key make two requests (Kameleoon's script of 2026).
 * @param {string | string[]} key
 * @param {(data: object | null) => void} callback gets the parsed object, or {} if nothing was answered
 */
export function retrieveDataFromRemoteSource(key, callback) {
  /** @param {object | null} data */
  const deliver = (data) => guarded(() => callback(data));
  // The key as it stands, neither escaped nor known as a list: of that, it makes one text with commas.
  if (dialect.legacyRemoteData) getObject(`/data?${SITE}&key=${key}`, deliver);
  else if (!Array.isArray(key)) getObject(`/map/map?${SITE}&key=${encodeURIComponent(key)}`, deliver);
  else if (!key.length) deliver({});
  else getObjects(key, deliver);
}

/**
 * @param {string[]} keys
 * @param {(data: object | null) => void} deliver
 */
function getObjects(keys, deliver) {
  const parts = [];
  for (let rest = keys; rest.length; rest = rest.slice(dialect.keysInRequest)) {
    parts.push(rest.slice(0, dialect.keysInRequest));
  }
  const merged = {};
  let missing = parts.length;
  for (const part of parts) {
    getObject(`/map/maps?${SITE}&keys=${encodeURIComponent(JSON.stringify(part))}`, (answer) => {
      missing -= 1;
      Object.assign(merged, answer);
      if (!missing) deliver(parts.length === 1 ? answer : merged);
    });
  }
}

/**
 * @param {string} address below the Data API's origin
 * @param {(answer: object | null) => void} deliver
 */
function getObject(address, deliver) {
  const request = new XMLHttpRequest();
  request.onloadend = () => deliver(request.status === 200 ? parsed(request.responseText) : {});
  request.open("GET", dataUrl + address);
  request.timeout = TIMEOUT;
  request.send();
}

/**
 * Never a text (1.2), but null (9.8).
 * @param {string} text
 * @returns {object | null}
 */
function parsed(text) {
  try {
    const data = JSON.parse(text);
    return typeof data === "object" ? data : {};
  } catch (error) {
    if (dialect.throwsAtBadJson) throw error;
    return {};
  }
}
