// Tells the page's window what crosses the seam, in order, and again to who asks.

const CROSSING = "kameleoonSegment:crossing";
const AGAIN = "kameleoonSegment:crossings";
const MOST = 1000; // of the latest
/** Told by an event each, as JSON; those of frames that the page took away, too. @type {string[]} */
const told = (ear.told ||= []);
/** @type {Crossing[]} */
let waiting = []; // for their answers
let isStatus = false; // kameleoonSegment.status() asks, which changes nothing: neither it nor what it reads is told

const { dispatchEvent, addEventListener: listen } = EventTarget.prototype; // the page's may be anybody's

/** Sees each of them first. @type {(crossing: string) => void} */
let see;

/** @param {string} detail */
const announce = (detail) => dispatchEvent.call(parent, new CustomEvent(CROSSING, { detail }));

const flush = () => {
  const all = waiting;
  waiting = [];
  for (const [at, way, text, answer = "null"] of all) {
    if (way === "told") isStatus = text.startsWith('{"kind":"status"');
    if (isStatus) continue;
    const crossing = JSON.stringify({ at_ms: at, way, text, answer });
    if (told.push(crossing) > MOST) told.shift();
    see(crossing);
    announce(crossing);
  }
};

/**
 * Begins to tell, with what is kept; returns all that is told, from the first on.
 * @param {(crossing: string) => void} first sees each crossing
 */
export const tell = (first) => {
  see = first;
  waiting = /** @type {Crossing[]} */ (ear.crossings);
  ear.crossings = {
    length: 0,
    // Announced when all that belongs to it is over: a listener may call the bridge, which takes no call within a call.
    push: (one) => waiting.push(one) > 1 || queueMicrotask(flush),
  };
  listen.call(parent, AGAIN, () => told.forEach(announce));
  flush();
  return told;
};
