// Finds out why a start failed, and says what to do.

import { url } from "./reach.js";

const ANSWER_MS = 3000;

/**
 * Returns why a file of the bundle cannot be used; nothing where it can.
 * @param {[file: string, bytes: number]} known
 */
const trouble = async ([file, bytes]) => {
  try {
    const answer = await fetch(url(file), { signal: AbortSignal.timeout(ANSWER_MS) });
    const type = answer.headers.get("content-type") || "no type";
    if (!answer.ok) {
      return `${file} answered ${answer.status}: put all files of the build beside bridge.js, and keep older ones while caches may name them`;
    }
    if (/js$/.test(file) && !/javascript/.test(type)) {
      return `${file} is served as ${type}: serve .js and .mjs as text/javascript`;
    }
    const { byteLength } = await answer.arrayBuffer();
    if (byteLength !== bytes) return `${file} has ${byteLength} bytes in place of ${bytes}: it was cut off or changed`;
  } catch (error) {
    return `${file} cannot be fetched (${error}): it has to be there, and to come with Access-Control-Allow-Origin`;
  }
};

/**
 * Returns a function that tells why an engine failed to start, once it knows.
 * @param {string} engine
 */
export const explained = (engine) => async (error, then) => {
  const troubles = await Promise.all(Object.entries(BUNDLE.engines[engine].files).map(trouble));
  const why = troubles.filter(Boolean).join("; ");
  then(why ? `${error}: ${why}` : error);
};
