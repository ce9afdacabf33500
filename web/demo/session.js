// Remembers for this tab when each of its page views began, and what crossed the bridge's seam in them, so that the wire
// goes on over page views; wire.py reads it. Where the browser keeps nothing, each page view begins anew.

(() => {
  const KEY = "demo-session";
  const MOST_VIEWS = 20;
  const MOST_CHARACTERS = 200_000; // of crossings
  /** @type {{ views: number[], crossings: [number, string][] }} */
  let session = { views: [], crossings: [] };
  try {
    session = JSON.parse(sessionStorage.getItem(KEY) || "null") || session;
    // The wire alone shows what crosses: no overlay
    if (!sessionStorage.getItem("kameleoon-segment-debug")) sessionStorage.setItem("kameleoon-segment-debug", "events");
  } catch {
    // a page may be forbidden to keep anything
  }
  const began = performance.timeOrigin;
  session.views = [...session.views, began].slice(-MOST_VIEWS);
  const told = document.createElement("script");
  told.type = "application/json";
  told.id = KEY;
  told.textContent = JSON.stringify(session);
  document.head.append(told);

  const crossed = new Set(); // they are told again to who asks
  addEventListener("kameleoonSegment:crossing", (event) => {
    crossed.add(/** @type {CustomEvent<string>} */ (event).detail);
  });
  addEventListener("pagehide", () => {
    let room = MOST_CHARACTERS;
    const all = [...session.crossings, ...[...crossed].map((text) => [began, text])];
    const crossings = all.toReversed().filter(([, text]) => (room -= text.length) > 0);
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ ...session, crossings: crossings.toReversed() }));
    } catch {
      // as above
    }
  });
})();
