/* The checklist: what is ticked is kept for the tab; and it can be printed. */
const KEY = "kameleoon-segment-checklist";

export const keepTicks = () => {
  const boxes = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("#checklist input")]);

  const show = () => {
    const done = boxes.filter((box) => box.checked).length;
    /** @type {HTMLElement} */ (document.getElementById("ticked")).textContent = `${done} of ${boxes.length} done`;
  };

  try {
    const ticked = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    for (const box of boxes) box.checked = ticked.includes(box.id);
  } catch {
    // storage is blocked: nothing is kept
  }
  show();
  document.getElementById("checklist")?.addEventListener("change", () => {
    show();
    try {
      sessionStorage.setItem(KEY, JSON.stringify(boxes.filter((box) => box.checked).map((box) => box.id)));
    } catch {
      // as above
    }
  });
  document.getElementById("print")?.addEventListener("click", () => print());
};
