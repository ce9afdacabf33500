// Where the overlay is: a corner of the page, a sheet from below where that is narrow, or a pill; and how it gets there.

const KEY = "place"; // in this origin's sessionStorage: for the tab
const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** @typedef {{ right: boolean, bottom: boolean, folded: boolean }} Place */

/** @returns {Place} */
const remembered = () => {
  const place = { right: true, bottom: true, folded: false };
  try {
    return { ...place, ...JSON.parse(sessionStorage.getItem(KEY) || "{}") };
  } catch {
    return place; // nothing is kept here
  }
};

/**
 * Returns a function that arranges the overlay: as it is to be now, and what the page says of that.
 * @param {(message: object) => void} tell the page
 */
export const moving = (tell) => {
  const root = document.documentElement;
  const element = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const [move, fold, close] = ["move", "fold", "close"].map(element);
  const place = remembered();

  /** @param {Partial<Place> & { sheet?: boolean }} [said] */
  const arrange = (said = {}) => {
    const { sheet, ...more } = said;
    if (sheet !== undefined) root.classList.toggle("is-sheet", sheet);
    Object.assign(place, more);
    root.classList.toggle("is-folded", place.folded);
    fold.setAttribute("aria-expanded", String(!place.folded));
    tell({ place });
    try {
      sessionStorage.setItem(KEY, JSON.stringify(place));
    } catch {
      // as above
    }
  };

  fold.addEventListener("click", () => arrange({ folded: !place.folded }));
  close.addEventListener("click", () => tell({ close: true }));
  move.addEventListener("keydown", (event) => {
    const [right, bottom] = STEPS[event.key] || [];
    if (right === undefined) return;
    event.preventDefault();
    arrange(right ? { right: right > 0 } : { bottom: bottom > 0 });
  });
  // By the screen: the page moves below the pointer
  move.addEventListener("pointerdown", (begin) => {
    move.setPointerCapture(begin.pointerId);
    const way = ({ screenX, screenY }) => [screenX - begin.screenX, screenY - begin.screenY];
    const drag = (event) => tell({ drag: way(event) });
    const drop = (event) => {
      move.removeEventListener("pointermove", drag);
      move.removeEventListener("pointerup", drop);
      move.removeEventListener("pointercancel", drop);
      tell({ drop: event.type === "pointerup" ? way(event) : [0, 0] });
    };
    move.addEventListener("pointermove", drag);
    move.addEventListener("pointerup", drop);
    move.addEventListener("pointercancel", drop);
  });
  return arrange;
};
