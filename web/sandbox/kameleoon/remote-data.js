/* Data.retrieveDataFromRemoteSource (1.2, 4.2, 9.8). */
import { guarded, readJson } from "./common.js";
import { dataUrl, project } from "./project.js";

const CHUNK = 100; // keys
const TIMEOUT = 15 * 60 * 1000; // ms

/**
 * No cache and no retry: two custom data that want one key make two requests (Kameleoon's script of 2026).
 * @param {string | string[]} key
 * @param {(data: object) => void} callback gets the parsed object, or {} whatever went wrong
 */
export function retrieveDataFromRemoteSource(key, callback) {
  /** @param {object} data */
  const deliver = (data) => guarded(() => callback(data));
  const site = `siteCode=${project.siteCode}`;
  if (!Array.isArray(key)) return getObject(`${dataUrl}/map/map?${site}&key=${encodeURIComponent(key)}`, deliver);
  if (!key.length) return deliver({});
  const merged = {};
  let missing = Math.ceil(key.length / CHUNK);
  for (let start = 0; start < key.length; start += CHUNK) {
    const keys = encodeURIComponent(JSON.stringify(key.slice(start, start + CHUNK)));
    getObject(`${dataUrl}/map/maps?${site}&keys=${keys}`, (answer) => {
      Object.assign(merged, answer);
      missing -= 1;
      if (!missing) deliver(merged);
    });
  }
}

/**
 * @param {string} url
 * @param {(answer: object) => void} deliver
 */
function getObject(url, deliver) {
  const request = new XMLHttpRequest();
  request.onloadend = () => {
    const answer = request.status === 200 ? readJson(request.responseText) : null;
    deliver(answer && typeof answer === "object" ? answer : {});
  };
  request.open("GET", url);
  request.timeout = TIMEOUT;
  request.send();
}
