// Puts the overlay up: a visible frame with a page of the bundle's, so that neither the page's styles and scripts reach into
// it, nor it into the page.

import { forget } from "./switch.js";

const NARROW = 600; // pixels: below, the overlay is a sheet
const GAP = 12; // from the page's edges
const WITHIN_MS = 15_000; // the overlay's page answers
const STATUS_MS = 2000; // between two looks
const SOON_MS = 100; // after something crossed
const page = parent.document;
const { addEventListener: listen, removeEventListener: ignore } = EventTarget.prototype; // the page's may be anybody's
const address = new URL(BUNDLE.overlay, ear.script.src);

/** @type {HTMLIFrameElement} */
let frame;
/** @type {MessagePort} */
let port;
let place = { right: true, bottom: true, folded: false };

const isNarrow = () => parent.innerWidth < NARROW;

/**
 * Sets the frame's looks, all of them: whatever the page's styles say of frames.
 * @param {number[]} [way] that somebody drags it
 */
const draw = ([x, y] = [0, 0]) => {
  const { right, bottom, folded } = place;
  const isSheet = isNarrow() && !folded;
  const gap = isSheet ? 0 : GAP;
  const looks = {
    all: "initial",
    display: "block",
    position: "fixed",
    inset: `${bottom || isSheet ? "auto" : `${gap}px`} ${right ? `${gap}px` : "auto"} ${bottom || isSheet ? `${gap}px` : "auto"} ${right ? "auto" : `${gap}px`}`,
    width: isSheet ? "100%" : `min(${folded ? 284 : 460}px, 100% - ${2 * GAP}px)`,
    height: folded ? "44px" : isSheet ? "62%" : `min(600px, 100% - ${2 * GAP}px)`,
    "z-index": "2147483647",
    border: "0",
    "border-radius": isSheet ? "14px 14px 0 0" : folded ? "22px" : "12px",
    "box-shadow": "0 6px 30px rgb(0 0 0 / 35%)",
    overflow: "hidden",
    transform: `translate(${x}px, ${y}px)`,
  };
  frame.style.cssText = Object.entries(looks)
    .map(([name, value]) => `${name}:${value}!important`)
    .join(";");
};

const arrange = () => {
  draw();
  port.postMessage({ place: { sheet: isNarrow() } });
};

/** It goes to the corner that its middle is nearest to. @param {number[]} way that it was dragged */
const drop = (way) => {
  draw(way);
  const { left, top, width, height } = frame.getBoundingClientRect();
  const right = left + width / 2 > parent.innerWidth / 2;
  const bottom = top + height / 2 > parent.innerHeight / 2;
  port.postMessage({ place: { right, bottom } });
};

/** What the overlay asks for. @type {Record<string, (value: any) => void>} */
const wishes = {
  here: () => clearTimeout(missed),
  place: (value) => {
    place = value;
    draw();
  },
  drag: draw,
  drop,
  close: () => {
    forget();
    ear.crossings = undefined;
    end();
  },
};

const end = () => {
  clearTimeout(missed);
  clearInterval(looking);
  ignore.call(parent, "resize", onResize);
  ignore.call(page, "securitypolicyviolation", onViolation);
  ear.overlay?.remove();
  ear.overlay = undefined;
};

/** @param {string} why there is no overlay */
const give = (why) => {
  end();
  console.warn(`${BUNDLE.consolePrefix} ${why}`);
};

const onViolation = (event) => {
  const { blockedURI, disposition, effectiveDirective } = event;
  if (disposition !== "enforce" || !/^(frame|child|default)-src/.test(effectiveDirective)) return;
  if (address.href.startsWith(blockedURI)) {
    give(
      `the page's Content-Security-Policy blocks the debug overlay: add ${address.origin} to its frame-src, or switch it off with ?${BUNDLE.debugKey}=off`,
    );
  }
};

const onResize = () => {
  if (port) arrange();
};

let missed = 0;
let looking = 0;
let due = 0;

/** Shows the overlay what ``status()`` says. */
const look = () => {
  due = 0;
  const seen = {
    status: ear.status?.(),
    url: parent.location.href,
    at: new Date().toISOString(),
    at_ms: ear.clock(),
  };
  port.postMessage({ seen: JSON.stringify(seen) });
};

/**
 * Shows the overlay what crossed the seam.
 * @param {string} crossing as JSON
 */
export const show = (crossing) => {
  if (!port || !ear.overlay) return;
  port.postMessage({ seen: JSON.stringify({ crossing }) });
  due ||= setTimeout(look, SOON_MS);
};

/** @param {string[]} told what crossed so far */
const connect = (told) => {
  const channel = new MessageChannel();
  port = channel.port1;
  clearInterval(looking);
  port.onmessage = ({ data }) => {
    for (const wish in data) wishes[wish](data[wish]);
  };
  /** @type {Window} */ (frame.contentWindow).postMessage(BUNDLE.greeting, address.origin, [channel.port2]);
  told.forEach(show);
  look();
  looking = setInterval(look, STATUS_MS);
  listen.call(parent, "resize", onResize);
  arrange();
};

/**
 * Puts the overlay up; takes the one that is there where the page took the bridge's frame away.
 * @param {string[]} told what crosses the seam, from the first on
 */
export const open = (told) => {
  if (ear.overlay?.isConnected) {
    frame = ear.overlay;
    return connect(told);
  }
  frame = ear.overlay = page.createElement("iframe");
  frame.title = "Kameleoon × Segment: debug overlay";
  listen.call(page, "securitypolicyviolation", onViolation);
  missed = setTimeout(give, WITHIN_MS, `the debug overlay did not load: ${address.href} has to answer with a page`);
  listen.call(frame, "load", () => {
    if (ear.overlay === frame) connect(told);
  });
  draw();
  frame.src = address.href;
  // Where the hidden frame lies, too: frameworks look at what lies elsewhere
  ((!ear.lost && page.body) || page.documentElement).append(frame);
  frame.popover = "manual"; // above all else of the page, and fixed to nothing but the window
  frame.showPopover?.();
};
