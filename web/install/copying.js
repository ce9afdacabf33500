/* Buttons that copy a text of the page, or give it as a file: nothing is asked of anybody for it. */
const COPIED_FOR = 2000; // ms that a button says so

/**
 * Copies; where the page may not (over plain http there is no clipboard), what is shown is selected, and copied so.
 * @param {HTMLElement} shown
 */
const copy = async (shown) => {
  try {
    await navigator.clipboard.writeText(shown.textContent ?? "");
    return true;
  } catch {
    getSelection()?.selectAllChildren(shown);
    return document.execCommand("copy");
  }
};

/** @param {HTMLElement} shown @param {string} name */
const download = (shown, name) => {
  const address = URL.createObjectURL(new Blob([`${shown.textContent}\n`], { type: "text/plain" }));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  URL.revokeObjectURL(address);
};

export const handOver = () => {
  const said = /** @type {HTMLElement} */ (document.getElementById("copied"));
  document.addEventListener("click", async ({ target }) => {
    const button = target instanceof Element && target.closest(".copy");
    if (!(button instanceof HTMLButtonElement)) return;
    const shown = /** @type {HTMLElement} */ (document.getElementById(`text-${button.value}`));
    if (button.dataset.file) return download(shown, button.dataset.file);
    const title = button.querySelector(".unseen")?.textContent?.trim();
    if (!(await copy(shown))) {
      said.textContent = `${title}: selected; copy it with the keyboard`;
      return;
    }
    said.textContent = `${title}: copied`;
    const word = /** @type {Node} */ (button.firstChild);
    word.textContent = "Copied";
    setTimeout(() => (word.textContent = "Copy"), COPIED_FOR);
  });
};
